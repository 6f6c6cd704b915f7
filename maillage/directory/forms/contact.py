"""The form that writes to an actor without an account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.core.forms import VisitorForm


class ContactForm(VisitorForm):
    name = forms.CharField(label=_("Votre nom"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Votre adresse e-mail"),
        help_text=_("La réponse vous parviendra à cette adresse. Par exemple : prenom.nom@exemple.fr"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    message = forms.CharField(
        label=_("Votre message"),
        max_length=4000,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Dites qui vous êtes et ce que vous cherchez : un intervenant, une visite, un partenariat…"),
    )

    field_order = ["name", "email", "message", "site", "opened"]
