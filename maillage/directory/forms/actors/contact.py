"""How to reach the actor, and the rhythm at which its sheet is checked."""

from django import forms
from django.utils.translation import gettext_lazy

from maillage.directory.forms.actors.step import StepForm, typed
from maillage.directory.forms.fields import phone_validator
from maillage.directory.kit import LANGUAGES


class ContactForm(StepForm):
    step, title = "contact", gettext_lazy("Contact")

    website = forms.URLField(
        label=gettext_lazy("Site web"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail de contact"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Téléphone"),
        max_length=30,
        required=False,
        validators=[phone_validator],
        widget=typed(type="tel", autocomplete="tel"),
    )
    contact_name = forms.CharField(
        label=gettext_lazy("Référent"),
        max_length=120,
        required=False,
        widget=typed(autocomplete="name"),
        help_text=gettext_lazy("La personne à qui s'adresser."),
    )
    contact_is_public = forms.BooleanField(
        label=gettext_lazy("Montrer à tous l'e-mail, le téléphone et le nom"),
        required=False,
        help_text=gettext_lazy(
            "Pour une personne indépendante, seulement avec son accord. Sinon un formulaire transmet les messages."
        ),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Langues parlées"),
        choices=LANGUAGES.items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        others = [(code, code) for code in self.actor.languages if code not in LANGUAGES]
        self.fields["languages"].choices = [*LANGUAGES.items(), *others]


class FollowUpForm(StepForm):
    """The source is the team's business."""

    step, title = "suivi", gettext_lazy("Suivi")

    update_rhythm = forms.IntegerField(
        label=gettext_lazy("Vérifier la fiche tous les (mois)"), min_value=1, max_value=36
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("D'où vient cet acteur : fichier, rencontre, appel…"),
    )

    def prepare(self) -> None:
        if not self.viewer.runs_network:
            del self.fields["source"]
