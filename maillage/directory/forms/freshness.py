"""What the holder of a personal link corrects, on one page: the sentence, the place, the contact, the rhythm of reminders."""

from django import forms
from django.utils.translation import gettext_lazy

from maillage.directory.forms.actors.contact import ContactForm
from maillage.directory.forms.actors.step import typed
from maillage.territories.kit import CommuneField


class ReminderForm(ContactForm):
    step, title = "relance", gettext_lazy("Votre fiche")

    summary = forms.CharField(
        label=gettext_lazy("En une phrase"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Ce que vous faites, pour qui : 300 caractères au plus."),
    )
    address = forms.CharField(
        label=gettext_lazy("Adresse"), max_length=250, required=False, widget=typed(autocomplete="street-address")
    )
    commune = CommuneField(required=False)
    update_rhythm = forms.IntegerField(
        label=gettext_lazy("Nous le redemander tous les (mois)"), min_value=1, max_value=36
    )

    field_order = [
        "summary", "address", "commune", "website", "email", "phone", "contact_name", "contact_is_public", "languages",
        "update_rhythm",
    ]  # fmt: skip
