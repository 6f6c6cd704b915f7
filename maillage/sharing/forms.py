"""Forms of sharing: to whom, and why not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.sharing.queries import Side


class ShareForm(forms.Form):
    to = forms.MultipleChoiceField(label=_("Réseaux"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(
        label=_("Un mot pour leurs équipes"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Pourquoi cela intéresse leur public. Lu par leur équipe seulement."),
    )

    def __init__(self, *args: Any, sides: list[Side], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.choices = [(str(side.network.pk), str(side.network)) for side in sides if side.is_free]


class AnswerForm(forms.Form):
    """The button says whether it is taken; a refusal says why."""

    reason = forms.CharField(
        label=_("Pourquoi, si vous ne le prenez pas"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lu par l'équipe du réseau qui le propose."),
    )


class RemovalForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi vous le retirez"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
