"""The picture of the actor and what is said of it to those who do not see it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import images
from maillage.directory.forms.actors.step import StepForm
from maillage.directory.models import Actor


class ImageForm(StepForm):
    """The alternative is asked for, or said to be of no use: what is kept is what was asked. An empty answer is refused."""

    step, title = "image", gettext_lazy("Image")
    writes = ("image", "image_alt", "image_credit")
    DESCRIBES, SILENT = "decrit", "decorative"

    image = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("JPEG, PNG ou WebP, 12 Mo au plus. Le lieu de prise de vue est effacé."),
    )
    remove = forms.BooleanField(label=gettext_lazy("Retirer la photo actuelle"), required=False)
    alt_choice = forms.ChoiceField(
        label=gettext_lazy("Pour les personnes qui ne voient pas l'image"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (DESCRIBES, gettext_lazy("L'image montre quelque chose : je la décris")),
            (SILENT, gettext_lazy("Elle est décorative, ou la présentation dit déjà ce qu'elle montre")),
        ],
    )
    image_alt = forms.CharField(
        label=gettext_lazy("Description de l'image"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Ce qu'il faut savoir de l'image en une phrase, sans « image de »."),
    )
    image_credit = forms.CharField(
        label=gettext_lazy("Crédit"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Qui a fait la photo, par exemple « Marie Durand »."),
    )

    def initial_of(self, actor: Actor) -> dict[str, Any]:
        choice = self.DESCRIBES if actor.image_alt else self.SILENT if actor.image else ""
        return {"image_alt": actor.image_alt, "image_credit": actor.image_credit, "alt_choice": choice}

    def prepare(self) -> None:
        if not self.actor.image:
            del self.fields["remove"]

    def clean_image(self) -> Any:
        upload = self.cleaned_data.get("image")
        return images.received(upload) if upload else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        shows = cleaned.get("image") or (self.actor.image and not cleaned.get("remove"))
        if not shows or "image" in self.errors:
            return cleaned
        choice = cleaned.get("alt_choice")
        if not choice:
            sentence = _("Choisissez une des deux réponses : une image sans alternative n'est pas enregistrée.")
            self.add_error("alt_choice", ValidationError(sentence))
        elif choice == self.DESCRIBES and not cleaned.get("image_alt"):
            self.add_error("image_alt", ValidationError(_("Décrivez l'image en une phrase.")))
        return cleaned

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("remove") and not cleaned["image"]:
            return {"image": False, "image_alt": "", "image_credit": ""}
        alt = cleaned["image_alt"] if cleaned["alt_choice"] == self.DESCRIBES else ""
        values: dict[str, Any] = {"image_alt": alt, "image_credit": cleaned["image_credit"]}
        if cleaned["image"]:
            values["image"] = cleaned["image"]
        return values
