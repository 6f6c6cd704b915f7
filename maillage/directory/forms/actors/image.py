"""The picture of the actor and what is said of it to those who do not see it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import images
from maillage.directory.enums import ImageRole
from maillage.directory.forms.actors.step import StepForm
from maillage.directory.models import Actor


class ImageForm(StepForm):
    """The alternative is asked for in three ways; an empty answer is refused."""

    step, title = "image", gettext_lazy("Image")
    writes = ("image", "image_alt", "image_role", "image_credit")

    image = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("JPEG, PNG ou WebP, 12 Mo au plus. Le lieu de prise de vue est effacé."),
    )
    remove = forms.BooleanField(label=gettext_lazy("Retirer la photo actuelle"), required=False)
    image_role = forms.ChoiceField(
        label=gettext_lazy("Pour les personnes qui ne voient pas l'image"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (ImageRole.DESCRIBED, gettext_lazy("L'image montre quelque chose : je la décris")),
            (ImageRole.IN_TEXT, gettext_lazy("Ce qu'elle montre est déjà dit dans la présentation")),
            (ImageRole.DECORATIVE, gettext_lazy("L'image est décorative")),
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
        role = ImageRole.DESCRIBED if actor.image_alt else actor.image_role
        return {"image_alt": actor.image_alt, "image_credit": actor.image_credit, "image_role": role}

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
        role = cleaned.get("image_role")
        if not role:
            sentence = _("Choisissez une des trois réponses : une image sans alternative n'est pas enregistrée.")
            self.add_error("image_role", ValidationError(sentence))
        elif role == ImageRole.DESCRIBED and not cleaned.get("image_alt"):
            self.add_error("image_alt", ValidationError(_("Décrivez l'image en une phrase.")))
        return cleaned

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("remove") and not cleaned["image"]:
            return {"image": False, "image_alt": "", "image_role": "", "image_credit": ""}
        role = cleaned["image_role"]
        alt = cleaned["image_alt"] if role == ImageRole.DESCRIBED else ""
        values: dict[str, Any] = {"image_alt": alt, "image_role": role, "image_credit": cleaned["image_credit"]}
        if cleaned["image"]:
            values["image"] = cleaned["image"]
        return values
