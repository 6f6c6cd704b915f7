"""Forms of what waits for the team: proposing again, answering; giving trust and taking it back."""

from django import forms
from django.utils.translation import gettext_lazy


class AgainForm(forms.Form):
    message = forms.CharField(
        label=gettext_lazy("Votre message à l'équipe"),
        max_length=1000,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Par exemple : « Le nouvel horaire est affiché sur notre site depuis lundi. »"),
    )


class WordForm(forms.Form):
    word = forms.CharField(
        label=gettext_lazy("Un mot pour l'auteur"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Utile si vous ne retenez qu'une partie."),
    )


class TrustForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Gardé avec votre nom et la date ; l'équipe et la personne peuvent le lire."),
    )
