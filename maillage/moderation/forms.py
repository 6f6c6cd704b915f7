"""Forms of reports: what is wrong, what is decided and why, why it is contested."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.core.forms import VisitorForm
from maillage.moderation.enums import ReportReason


class ReportForm(VisitorForm):
    reason = forms.ChoiceField(label=_("Ce qui ne va pas"), choices=ReportReason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Expliquez en quelques mots"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Quel passage, quelle image ; si c'est faux, d'où vous le savez. Lu par l'équipe seulement."),
    )

    field_order = ["reason", "words", "site", "opened"]


class WordsForm(forms.Form):
    """Of a decision or of the answer to a contest; the button says which."""

    words = forms.CharField(
        label=_("Pourquoi"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Envoyé à la personne qui l'a écrit et à celles qui l'ont signalé."),
    )


class AppealForm(forms.Form):
    words = forms.CharField(
        label=_("Pourquoi cette décision vous semble injuste"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Lu par quelqu'un d'autre dans l'équipe d'animation, qui vous répondra."),
    )
