"""Forms of the tours: a season, what a host asks, the answer, a move by hand."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.catalogue.enums import Kind, Power
from maillage.catalogue.models import Copy, Resource
from maillage.catalogue.rules import in_reach
from maillage.core.forms import SeenForm
from maillage.core.viewer import Viewer
from maillage.directory.kit.choosing import ActorField
from maillage.directory.models import Actor
from maillage.networks.queries import departments_of
from maillage.territories.kit import CommuneField
from maillage.tours.engine.periods import read_periods, shown_periods
from maillage.tours.enums import RequestState, Weekday
from maillage.tours.models import HostRequest, Season

WINDOWS = 3  # Periods that the form offers.


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PeriodsField(forms.CharField):
    """Periods, one a line, as dates are written: « 21/12/2026 – 3/1/2027 », or one day. Cleaned to pairs of ISO dates."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return shown_periods(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return [[first.isoformat(), last.isoformat()] for first, last in read_periods(text)]
        except ValueError as unread:
            sentence = _("« %s » n'est pas une période : écrivez 21/12/2026 – 3/1/2027.")
            raise ValidationError(sentence % str(unread)[:60], code="period") from None

    def run_validators(self, value: Any) -> None:
        """The length of the text says nothing of what was read from it."""


class SeasonForm(forms.ModelForm):
    """`copy` is one of those of resources that come or are lent."""

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Jours travaillés"), choices=Weekday.choices, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    closures = PeriodsField(
        label=gettext_lazy("Périodes de fermeture"),
        required=False,
        help_text=gettext_lazy("Une par ligne : « 21/12/2026 – 3/1/2027 », ou un seul jour."),
    )
    base = CommuneField(label=gettext_lazy("Commune de la base"))

    class Meta:
        model = Season
        fields = (
            "name", "summary", "copy", "base", "first_on", "last_on", "weekdays", "closures", "set_up", "move_km", "day_km", "road_km",
            "most_stops", "per_host", "idle_days", "break_days", "far_km", "far_bonus", "people_per_100_km",
        )  # fmt: skip
        widgets = {"first_on": day_input(), "last_on": day_input(), "summary": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "copy": gettext_lazy("Il ne sera ni prêté ni ailleurs pendant ses haltes."),
            "set_up": gettext_lazy("Jours pris avant l'ouverture de chaque halte."),
            "day_km": gettext_lazy("Un trajet plus long demande un jour libre de plus entre deux haltes."),
            "far_bonus": gettext_lazy("100 : une personne rencontrée loin de tout acteur compte double."),
            "people_per_100_km": gettext_lazy(
                "Ce que la route coûte, en personnes : plus c'est grand, plus elle est courte."
            ),
        }

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = Resource.objects.visible_to(viewer).filter(kind__in=[Kind.VEHICLE, Kind.EXHIBITION])
        placed = kinds.select_related("commune__department", "actor__commune__department")
        mobile = [resource.pk for resource in placed if in_reach(viewer, resource)]
        promised = Copy.objects.promised().filter(resource__in=mobile)
        copies = Copy.objects.filter(Q(pk__in=promised) | Q(pk=self.instance.copy_id)).select_related("resource")
        self.fields["copy"] = _CopyField(
            copies.order_by("resource__title_key", "label"), label=_("Ressource et exemplaire"),
            help_text=self.fields["copy"].help_text,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first_on"), found.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("La saison finit avant de commencer."))
        return found

    def values(self) -> dict[str, Any]:
        """The fields of the action."""
        return {**self.cleaned_data, "resource": self.cleaned_data["copy"].resource}


class _CopyField(forms.ModelChoiceField):
    def label_from_instance(self, copy: Any) -> str:
        return f"{copy.resource.title} – {copy.label}"


class RequestForm(forms.ModelForm):
    """What a host asks; the needs of the resource are the questions. Without periods, any date of the season suits."""

    has_access = forms.TypedChoiceField(label=gettext_lazy("Un camion y accède"), required=False)
    has_parking = forms.TypedChoiceField(label=gettext_lazy("Il peut y stationner la nuit"), required=False)

    class Meta:
        model = HostRequest
        fields = (
            "place", "days", "people", "audience", "surface", "height", "power", "has_access", "has_parking", "helpers", "note",
        )  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, viewer: Viewer, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.season = season
        fields: dict[str, forms.Field] = {}
        own = (
            Actor.objects.current()
            .filter(members__user=viewer.user_id)
            .visible_to(viewer)
            .distinct()
            .order_by("name_key")
        )
        if viewer.runs_network:
            fields["actor"] = ActorField(viewer=viewer, label=_("Structure qui accueille"))
        else:
            fields["actor"] = forms.ModelChoiceField(own, label=_("Votre structure"), empty_label=None)
        within = {each.pk for each in departments_of(viewer.network)}
        fields["commune"] = CommuneField(label=_("Commune"), within=lambda: within)
        for rank in range(1, WINDOWS + 1):
            label = _("Période possible %d") % rank
            fields[f"from_{rank}"] = forms.DateField(label=_("%s : du") % label, required=False, widget=day_input())
            fields[f"to_{rank}"] = forms.DateField(label=_("%s : au") % label, required=False, widget=day_input())
        self.fields = {**fields, **self.fields}
        answers = [("", _("je ne sais pas")), ("oui", _("oui")), ("non", _("non"))]
        for name in ("has_access", "has_parking"):
            field: Any = self.fields[name]
            field.choices, field.coerce, field.empty_value = answers, lambda value: value == "oui", None
        power: Any = self.fields["power"]
        power.choices = [("", _("je ne sais pas")), *Power.choices]
        if season.resource.kind != Kind.VEHICLE:
            del self.fields["has_access"], self.fields["has_parking"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for rank in range(1, WINDOWS + 1):
            first, last = found.get(f"from_{rank}"), found.get(f"to_{rank}")
            if bool(first) != bool(last) and not self.errors.keys() & {f"from_{rank}", f"to_{rank}"}:
                self.add_error(f"to_{rank}" if first else f"from_{rank}", _("Donnez les deux dates de cette période."))
            elif first and last and last < first:
                self.add_error(f"to_{rank}", _("Cette période finit avant de commencer."))
        return found

    def windows(self) -> list[tuple[date, date]]:
        return list(self._windows())

    def _windows(self) -> Iterator[tuple[date, date]]:
        for rank in range(1, WINDOWS + 1):
            first, last = self.cleaned_data.get(f"from_{rank}"), self.cleaned_data.get(f"to_{rank}")
            if first and last:
                yield first, last

    def values(self) -> dict[str, Any]:
        names = (*self.Meta.fields, "commune")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class JudgeForm(SeenForm, forms.Form):
    """The answer as it is, to be given or changed."""

    def __init__(self, data: Any = None, *, row: HostRequest) -> None:
        self.held = {"state": row.state, "reason": row.reason}
        super().__init__(data, initial=dict(self.held))

    state = forms.ChoiceField(
        label=gettext_lazy("Réponse"),
        choices=[
            (RequestState.FEASIBLE, gettext_lazy("Faisable : elle entre dans le calcul de la tournée")),
            (RequestState.REFUSED, gettext_lazy("Refusée")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Explication"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("La structure la lira. Obligatoire pour un refus."),
    )


class MoveForm(forms.Form):
    """The day when set-up would begin."""

    day = forms.DateField(label=gettext_lazy("Arrivée (montage compris) le"), widget=day_input())


class CanvassForm(forms.Form):
    halts = forms.IntegerField(label=gettext_lazy("Haltes"), min_value=1, max_value=20, initial=6)
    km = forms.IntegerField(label=gettext_lazy("Rayon (km de route)"), min_value=2, max_value=60, initial=15)
