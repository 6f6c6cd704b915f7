"""The forms of a damage: what comes of it, what its borrower says of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.loans.enums import CaseState


class CaseForm(forms.Form):
    """What the lender decides about a damage."""

    state = forms.ChoiceField(
        label=_("Suite"),
        choices=[(each.value, each.label) for each in CaseState if each != CaseState.OPEN],
        widget=forms.RadioSelect,
    )
    amount = forms.DecimalField(
        label=_("Montant demandé (euros)"), required=False, min_value=0, max_digits=10, decimal_places=2
    )
    resolution = forms.CharField(
        label=_("Comment c’est réglé"), required=False, max_length=500, widget=forms.Textarea({"rows": 3})
    )
    is_fit = forms.BooleanField(label=_("L’exemplaire est de nouveau en état d’être prêté"), required=False)

    def changes(self) -> dict[str, Any]:
        return {**self.cleaned_data, "state": CaseState(self.cleaned_data["state"])}


class AnswerForm(forms.Form):
    """What the borrower says of it."""

    answer = forms.CharField(label=_("Votre réponse"), max_length=2000, widget=forms.Textarea({"rows": 4}))
