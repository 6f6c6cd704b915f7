"""Pieces lent to upper apps: the form field of a commune."""

from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.territories.models import Territory
from maillage.territories.queries import FoundCommune, find_communes

_SURE = 95  # A proposal scored so, alone at its height, is taken without asking.
_CHOICES = 10


def shown_commune(commune: Territory) -> str:
    """How a commune is written in a field: read back, it means that commune and no other."""
    return f"{commune.name} ({commune.code})"


class CommuneInput(forms.Widget):
    """A text box with proposals; `name` carries the INSEE code chosen, `name_text` what was typed.

    Without JavaScript the typed text is resolved by the server; when several communes answer, the box comes back with
    them as radio buttons.
    """

    template_name = "territories/widgets/commune.html"
    url = reverse_lazy("territories:commune_options")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.proposals: list[FoundCommune] = []

    def value_from_datadict(self, data: Any, files: MultiValueDict, name: str) -> tuple[str, str]:
        """(code, text). A radio button of the proposals, when one is ticked, is the code."""
        return (
            str(data.get(f"{name}_choice") or data.get(name) or "").strip(),
            str(data.get(f"{name}_text") or "").strip(),
        )

    def posted(self, name: str, value: Any) -> dict[str, str]:
        """What a browser would send of a value, as `value_from_datadict` reads it."""
        code, text = value or ("", "")
        return {name: code, f"{name}_text": text}

    def words(self, value: Any) -> str:
        return str(value[1]) if value else ""

    def value_omitted_from_data(self, data: Any, files: MultiValueDict, name: str) -> bool:
        return name not in data and f"{name}_text" not in data

    def id_for_label(self, id_: str) -> str:
        return id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        code, text = value if isinstance(value, tuple) else (value or "", "")
        if code and not text:
            commune = Territory.objects.communes().filter(code=code).first()
            text = shown_commune(commune) if commune else code
        given = context["widget"]["attrs"]
        context["widget"] |= {
            "code": code,
            "text": text,
            "url": self.url,
            "proposals": self.proposals,
            "described_by": given.get("aria-describedby", ""),
            "invalid": given.get("aria-invalid", ""),
        }
        return context


class CommuneField(forms.Field):
    """A commune (`Territory`) chosen among proposals or resolved from what was typed.

    `within` gives the keys of the départements where the commune is expected: its namesakes elsewhere give way.
    """

    widget = CommuneInput

    def __init__(self, *, within: Callable[[], Collection[int]] | None = None, **kwargs: Any) -> None:
        self.within = within
        kwargs.setdefault("label", gettext_lazy("Commune"))
        kwargs.setdefault("help_text", gettext_lazy("Nom ou code postal, par exemple « Sète » ou « 34200 »."))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Territory):
            return (value.code, shown_commune(value))
        if isinstance(value, int):
            code = Territory.objects.communes().filter(pk=value).values_list("code", flat=True).first()
            return (code or "", "")
        return value

    def clean(self, value: Any) -> Territory | None:
        code, text = value if isinstance(value, tuple) else (str(value or "").strip(), "")
        if code:
            chosen = Territory.objects.communes().select_related("department").filter(code=code[:9]).first()
            # A text changed after the choice, without JavaScript to undo it, speaks louder than the choice.
            if chosen is not None and (not text or text in {shown_commune(chosen), chosen.name}):
                return chosen
            if chosen is not None and any(found.commune == chosen for found in find_communes(text, limit=_CHOICES)):
                return chosen
        if not text:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return self._resolved(text)

    def _resolved(self, text: str) -> Territory:
        found = find_communes(text, limit=_CHOICES)
        sure = [each for each in found if each.score >= _SURE]
        if self.within is not None and len(found) > 1:
            expected = self.within()
            found.sort(key=lambda each: each.commune.department_id not in expected)
            sure = [each for each in sure if each.commune.department_id in expected] or sure
            found = sure or found
        if len(sure) == 1:
            return sure[0].commune
        if len(found) == 1:
            return found[0].commune
        if not found:
            sentence = _("Aucune commune ne correspond à « %(text)s ». Vérifiez le nom ou le code postal.")
            raise ValidationError(sentence, code="unknown", params={"text": text[:80]})
        self.widget.proposals = found
        raise ValidationError(_("Plusieurs communes correspondent : choisissez la vôtre."), code="ambiguous")

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.prepare_value(initial)
        code = before[0] if isinstance(before, tuple) else str(before or "")
        after, text = data if isinstance(data, tuple) else (str(data or ""), "")
        return code != after or bool(text and not after)
