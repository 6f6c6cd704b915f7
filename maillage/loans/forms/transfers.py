"""The form that plans a transfer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.loans.models import Loan
from maillage.loans.queries.transfers import next_loans, said


class TransferForm(forms.Form):
    """To which loan the copies go straight on."""

    receiving = forms.ModelChoiceField(Loan.objects.none(), label=_("Emprunt suivant"), empty_label=None)
    place = forms.CharField(label=_("Lieu de la remise"), max_length=200, required=False)

    def __init__(self, *args: Any, giving: Loan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["receiving"]
        field.queryset = next_loans(giving)
        field.label_from_instance = said
