"""Forms of who organises: how registrations are open, the places of a date, a word to someone whose registration is cancelled."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda.kit.fields import DayField, HourField
from maillage.attendance.models import Opening
from maillage.attendance.models.openings import MOST
from maillage.attendance.queries.fields import fields_of
from maillage.core.forms import SeenForm


def _number(label: Any, most: int, least: int = 1, **kwargs: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=widget, **kwargs)


class OpeningForm(SeenForm, forms.Form):
    """Fields are named as `queries.fields` does."""

    is_open = forms.BooleanField(
        label=gettext_lazy("Les inscriptions sont ouvertes"), required=False,
        help_text=gettext_lazy("Décochez pour les fermer : la liste et la liste d'attente restent."),
    )  # fmt: skip
    per_date = forms.TypedChoiceField(
        label=gettext_lazy("On s'inscrit"), coerce=lambda value: value == "True", widget=forms.RadioSelect,
        choices=[(True, gettext_lazy("pour une date : chacune a ses places")), (False, gettext_lazy("pour l'ensemble des dates"))],
    )  # fmt: skip
    capacity = _number(
        gettext_lazy("Nombre de places"),
        MOST,
        help_text=gettext_lazy("De chaque date ; une date peut en avoir un autre."),
    )
    most = _number(gettext_lazy("Places au plus par inscription"), 100)
    groups = forms.BooleanField(label=gettext_lazy("Les groupes scolaires s'inscrivent aussi"), required=False)
    most_group = _number(gettext_lazy("Places au plus pour un groupe"), 1000)
    opens_on = DayField(
        label=gettext_lazy("Ouvrir à partir du"), required=False, help_text=gettext_lazy("Vide : dès maintenant.")
    )
    opens_hour = HourField(label=gettext_lazy("À"), required=False)
    closes_before = _number(
        gettext_lazy("Fermer combien d'heures avant le début"), 2000, 0,
        help_text=gettext_lazy("0 : on s'inscrit jusqu'au début. 24 : jusqu'à la veille à la même heure."),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("Un mot aux personnes inscrites"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Dans leur confirmation et leur rappel : où se retrouver, quoi apporter, le lien en ligne…"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, opening: Opening, may_change_kind: bool) -> None:
        self.held = fields_of(opening)
        super().__init__(data, initial=self.held)
        if not may_change_kind:
            del self.fields["per_date"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("opens_hour") and not cleaned.get("opens_on") and "opens_on" not in self.errors:
            self.add_error("opens_on", _("Donnez le jour de l'ouverture."))
        return cleaned


class SizeForm(forms.Form):
    capacity = _number(
        gettext_lazy("Nombre de places de cette date"), MOST, required=False,
        help_text=gettext_lazy("Vide : autant que les autres dates."),
    )  # fmt: skip


class RemovalForm(forms.Form):
    message = forms.CharField(
        label=gettext_lazy("Votre message"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Envoyé à la personne : pourquoi, et que faire."),
    )  # fmt: skip
