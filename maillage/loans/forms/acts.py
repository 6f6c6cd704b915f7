"""What either side says of a loan: a small form for each act of its page."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.catalogue.queries.halves import day_of
from maillage.catalogue.queries.lending import terms_of
from maillage.directory.kit.choosing import ActorField
from maillage.loans.actions import Back
from maillage.loans.enums import Outcome
from maillage.loans.forms.halves import AFTERNOON, SpanForm, day_field, half_field, half_in
from maillage.loans.models import Loan
from maillage.loans.queries.board import lenders_for, persons_for
from maillage.loans.queries.terms import extension_refused
from maillage.territories.kit import CommuneField


def _words(label: Any, *, required: bool = False, most: int = 500) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, widget=forms.Textarea(attrs={"rows": 2}))


class AcceptForm(forms.Form):
    answer = _words(gettext_lazy("Un mot pour l'emprunteur"))


class ReasonForm(forms.Form):
    reason = _words(gettext_lazy("Pourquoi"), required=True)


class CancelForm(forms.Form):
    reason = _words(gettext_lazy("Pourquoi"))


class CounterForm(SpanForm):
    answer = _words(gettext_lazy("Un mot pour l'emprunteur"))


class ExtensionForm(forms.Form):
    """Of a loan: what its lender takes is said next to the day; whether someone has the copies after, by the action alone."""

    last_on = day_field(gettext_lazy("Jusqu'au"))
    last_half = half_field(gettext_lazy("Retour"), AFTERNOON)
    reason = _words(gettext_lazy("Pourquoi"), most=300)

    def __init__(self, data: Any = None, *, loan: Loan, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.loan = loan
        self.terms = terms_of(loan.resource) if data is not None else None
        self.fields["last_on"].widget.attrs["min"] = day_of(loan.last).isoformat()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.terms is not None and given.get("last_on") and given.get("last_half"):
            if sentence := extension_refused(self.loan, self.terms, self.last):
                self.add_error("last_on", sentence)
        return given

    @property
    def last(self) -> int:
        return half_in(self.cleaned_data["last_on"], self.cleaned_data["last_half"])


class ExtensionAnswerForm(forms.Form):
    answer = _words(gettext_lazy("Un mot pour l'emprunteur"), most=300)


class CloseForm(forms.Form):
    reached = forms.IntegerField(
        label=gettext_lazy("Personnes touchées"), min_value=0, max_value=10_000_000, required=False
    )
    commune = CommuneField(required=False, label=gettext_lazy("Commune"))


class ReturnForm(forms.Form):
    """Each copy that is away: still away, or how it came back."""

    def __init__(self, data: Any = None, *, loan: Loan, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.units = list(loan.units.away().select_related("copy"))
        choices = [("", _("pas encore rendu")), *Outcome.choices]
        for unit in self.units:
            label = unit.copy.label
            self.fields[f"unit-{unit.pk}"] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=Outcome.FIT
            )
            self.fields[f"note-{unit.pk}"] = forms.CharField(
                label=_("Remarque sur %s") % label, max_length=300, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.backs():
            raise forms.ValidationError(_("Dites ce qui est rendu."), code="nothing")
        return cleaned

    def backs(self) -> dict[int, Back]:
        found = {}
        for unit in self.units:
            if outcome := self.cleaned_data.get(f"unit-{unit.pk}"):
                found[unit.pk] = Back(Outcome(outcome), self.cleaned_data.get(f"note-{unit.pk}", ""))
        return found


LONGEST_SUSPENSION = timedelta(days=5 * 365)


class SuspensionForm(forms.Form):
    until = day_field(gettext_lazy("Jusqu'au"))
    reason = _words(gettext_lazy("Motif, jamais montré à l'emprunteur"), required=True, most=1000)

    def __init__(self, data: Any = None, *, viewer: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["actor"] = ActorField(viewer=viewer, label=_("Structure suspendue"), required=False)
        self.persons = {str(person.pk): person for person in persons_for(viewer)}
        self.fields["person"] = forms.ChoiceField(
            label=_("Ou personne suspendue"), required=False,
            choices=[("", _("Aucune")), *((key, person.name) for key, person in self.persons.items())],
            help_text=_("Qui a emprunté en son nom."),
        )  # fmt: skip
        self.lenders = {str(actor.pk): actor for actor in lenders_for(viewer)}
        choices = [(key, actor.name) for key, actor in self.lenders.items()]
        everywhere = viewer.runs_network and viewer.animates("")
        if everywhere:
            choices.insert(0, ("", _("De tous les prêts du réseau")))
        self.fields["lender"] = forms.ChoiceField(label=_("Des prêts de"), choices=choices, required=not everywhere)
        self.order_fields(["actor", "person", "lender", "until", "reason"])

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        today = timezone.localdate()
        if not today <= until <= today + LONGEST_SUSPENSION:
            raise forms.ValidationError(_("Choisissez un jour à venir, dans les cinq ans."), code="until")
        return until

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"actor", "person"} <= cleaned.keys() and bool(cleaned["actor"]) == bool(cleaned["person"]):
            self.add_error("actor", _("Choisissez une structure, ou une personne."))
        return cleaned

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "actor": cleaned["actor"],
            "user": self.persons.get(cleaned["person"]),
            "lender": self.lenders.get(cleaned["lender"]),
            "until": cleaned["until"],
            "reason": cleaned["reason"],
        }
