"""A form that shows every kind of field, for the gallery."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    name = forms.CharField(
        label=_("Nom de la structure"), help_text=_("Tel qu'il figure sur votre enseigne."), max_length=80
    )
    email = forms.EmailField(
        label=_("Adresse électronique"), widget=forms.EmailInput(attrs={"autocomplete": "email"}), required=False
    )
    family = forms.ChoiceField(
        label=_("Famille"), choices=[("", _("Choisir")), ("museum", _("Musée")), ("association", _("Association"))]
    )
    audiences = forms.MultipleChoiceField(
        label=_("Publics"),
        choices=[("families", _("Familles")), ("schools", _("Scolaires")), ("seniors", _("Personnes âgées"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Plusieurs réponses possibles."),
    )
    frequency = forms.ChoiceField(
        label=_("Fréquence"),
        choices=[("often", _("Toutes les semaines")), ("rarely", _("De temps en temps"))],
        widget=forms.RadioSelect,
    )
    description = forms.CharField(label=_("Présentation"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    opened_on = forms.DateField(label=_("Ouverture"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    agrees = forms.BooleanField(label=_("J'accepte la charte du réseau"), help_text=_("Elle tient sur une page."))
