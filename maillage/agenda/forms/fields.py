"""Fields of the forms of events: days and hours as people type them, terms, coordinates, those who organise, the whole."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda.kit.fields import DayField
from maillage.agenda.models import Event
from maillage.agenda.queries.fields import actors_of, keys_in_order
from maillage.agenda.queries.parents import named_parents, shown_parent
from maillage.core.proposals import ProposalInput
from maillage.core.text import whole_number
from maillage.core.viewer import Viewer
from maillage.directory.kit.choosing import ActorField, ActorInput
from maillage.directory.models import Actor
from maillage.directory.queries.naming import shown_actor

_RANGE = re.compile(r"\s+(?:au|-|–)\s+")
LONGEST_RANGE = 200
MOST_ORGANISERS = 30


def typed(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)


class DaysField(forms.CharField):
    """Days, one a line; « 20/12/2026 au 03/01/2027 » is all of them. Cleaned to a set of days."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=8000, **kwargs)
        self.day = DayField(required=True)

    def prepare_value(self, value: Any) -> Any:
        return days_in_lines(value) if isinstance(value, (set, frozenset)) else value

    def clean(self, value: Any) -> frozenset[date]:  # type: ignore[override]
        found: set[date] = set()
        for line in filter(None, (line.strip(" ,;") for line in super().clean(value).splitlines())):
            ends = _RANGE.split(line.removeprefix("du "))
            if len(ends) > 2:
                raise ValidationError(_("« %(line)s » n'est pas un jour."), params={"line": line[:60]})
            try:
                first, last = self.day.clean(ends[0]), self.day.clean(ends[-1])
            except ValidationError as error:
                sentence = _("« %(line)s » n'est pas un jour : écrivez-le ainsi : 03/12/2026.")
                raise ValidationError(sentence, params={"line": line[:60]}) from error
            if not 0 <= (last - first).days <= LONGEST_RANGE:
                raise ValidationError(_("« %(line)s » : vérifiez ces deux jours."), params={"line": line[:60]})
            found |= {first + timedelta(days=away) for away in range((last - first).days + 1)}
        return frozenset(found)


def days_in_lines(days: Any) -> str:
    """Days that follow one another are written as one period."""
    lines: list[list[date]] = []
    for day in sorted(days):
        if lines and (day - lines[-1][-1]).days == 1:
            lines[-1].append(day)
        else:
            lines.append([day])
    written = [f"{run[0]:%d/%m/%Y}" if len(run) == 1 else f"{run[0]:%d/%m/%Y} au {run[-1]:%d/%m/%Y}" for run in lines]
    return "\n".join(written)


class CoordinateField(forms.FloatField):
    """A coordinate in degrees, with a comma or a point."""

    def __init__(self, limit: int, **kwargs: Any) -> None:
        widget = typed(inputmode="decimal", autocomplete="off")
        super().__init__(required=False, min_value=-limit, max_value=limit, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",") if isinstance(value, float) else value

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".").strip() if isinstance(value, str) else value)


class HostInput(ActorInput):
    """Proposals for anyone with an account: the actors that they may see."""

    url = reverse_lazy("agenda:actor_options")


class HostField(ActorField):
    widget = HostInput


class ParentInput(ProposalInput):
    url = reverse_lazy("agenda:parent_options")
    question = gettext_lazy("Quel événement ?")

    def options(self) -> Iterator[tuple[str, str, str]]:
        return ((str(event.pk), event.title, shown_parent(event)) for event in self.proposals)


class ParentField(forms.Field):
    """An event that may contain others, chosen among proposals or by its title; cleaned to an `Event` or None."""

    widget = ParentInput

    def __init__(self, *, viewer: Viewer, **kwargs: Any) -> None:
        self.viewer = viewer
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return (str(value.pk), value.title) if isinstance(value, Event) else value

    def clean(self, value: Any) -> Event | None:
        key, text = value if isinstance(value, tuple) else ("", "")
        if not text and not key:
            return None
        if (pk := whole_number(key)) is not None:
            chosen = Event.objects.visible_to(self.viewer).filter(pk=pk).first()
            if chosen is not None and text in ("", chosen.title):
                return chosen
        found = named_parents(text, self.viewer)
        exact = [event for event in found if event.title == text]
        if len(exact) == 1 or len(found) == 1:
            return (exact if len(exact) == 1 else found)[0]
        if not found:
            sentence = _("Aucun événement ne correspond à « %(text)s ».")
            raise ValidationError(sentence, code="unknown", params={"text": text[:80]})
        self.widget.proposals = found
        raise ValidationError(_("Plusieurs événements correspondent : choisissez le bon."), code="ambiguous")


# --- those who organise -------------------------------------------------------------------------------------------------


class OrganisersInput(forms.Widget):
    """Rows of one actor each with its rank; one more row is empty. `ajouter` in the form gives two more."""

    template_name = "agenda/widgets/organisers.html"
    invalid: set[int]

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.rows: list[HostInput] = []
        self.extra = 1

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str, str]]:
        """(key, text, rank) of each row; those emptied or ticked to go are left out by the field."""
        count = min(whole_number(str(data.get(f"{name}_lignes", ""))) or 0, MOST_ORGANISERS + 5)
        found = []
        for number in range(count):
            key, text = HostInput().value_from_datadict(data, files, f"{name}_{number}")
            found.append((key, text, str(data.get(f"{name}_{number}_rang", ""))))
        return found

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_lignes" not in data

    def posted(self, name: str, value: Any) -> dict[str, str]:
        """What a browser would send of a value."""
        rows = _rows(value)
        sent = {f"{name}_lignes": str(len(rows))}
        for number, (key, text, rank) in enumerate(rows):
            sent |= {f"{name}_{number}": key, f"{name}_{number}_text": text, f"{name}_{number}_rang": rank}
        return sent

    def words(self, value: Any) -> str:
        return ", ".join(text for _key, text, _rank in _rows(value))

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        rows = _rows(value)
        rows += [("", "", "")] * min(self.extra, MOST_ORGANISERS - len(rows))
        base = context["widget"]["attrs"].get("id", name)
        drawn = []
        for number, (key, text, rank) in enumerate(rows):
            box = self.rows[number] if number < len(self.rows) else HostInput()
            given = {"id": f"{base}_{number}"} | {
                name: value for name, value in context["widget"]["attrs"].items() if name.startswith("aria-")
            }
            html = box.render(f"{name}_{number}", (key, text), given)
            drawn.append({"number": number + 1, "html": html, "rank": rank or (number + 1 if text else ""),
                          "id": f"{base}_{number}", "rank_name": f"{name}_{number}_rang"})  # fmt: skip
        context["widget"] |= {"rows": drawn, "count": len(drawn), "count_name": f"{name}_lignes"}
        return context


def _rows(value: Any) -> list[tuple[str, str, str]]:
    """The keys of a text, or what was typed."""
    if isinstance(value, str):
        actors = actors_of(value)
        return [(str(actor.pk), shown_actor(actor), str(rank + 1)) for rank, actor in enumerate(actors)]
    return list(value or [])


class OrganisersField(forms.Field):
    """Actors in order, the first leads; cleaned to the text of `queries.fields.keys_in_order`."""

    widget = OrganisersInput

    def __init__(self, *, viewer: Viewer, **kwargs: Any) -> None:
        self.viewer = viewer
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> str:
        found: list[tuple[int, int, Actor]] = []
        self.widget.rows = []
        wrong: list[str] = []
        for number, (key, text, rank) in enumerate(value or []):
            row = HostField(viewer=self.viewer, required=False)
            self.widget.rows.append(row.widget)
            try:
                actor = row.clean((key, text)) if text or key else None
            except ValidationError as error:
                wrong += error.messages
                continue
            if actor is not None and text:
                found.append((whole_number(rank) or 900 + number, number, actor))
        if wrong:
            raise ValidationError(wrong)
        keys = dict.fromkeys(actor.pk for _rank, _number, actor in sorted(found, key=lambda each: each[:2]))
        return keys_in_order(keys)
