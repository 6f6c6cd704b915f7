"""The form of a picture and of what is said of it, lent to the apps above."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import images
from maillage.directory.enums import ImageRole

ACCEPT = "image/jpeg,image/png,image/webp"


class PictureForm(forms.Form):
    """The alternative is asked for in three ways; an empty answer is refused. `has_picture`: one is there or waits; `none` is
    what the cleaned form says of one that is taken away; `words` are the fields that go with it."""

    none: Any = False
    words: tuple[str, ...] = ("image_role", "image_alt", "image_credit")

    image = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("JPEG, PNG ou WebP, 12 Mo au plus. Le lieu de prise de vue est effacé."),
    )
    remove = forms.BooleanField(label=gettext_lazy("Retirer la photo actuelle"), required=False)
    image_role = forms.ChoiceField(
        label=gettext_lazy("Pour les personnes qui ne voient pas l'image"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (ImageRole.DESCRIBED, gettext_lazy("L'image montre quelque chose : je la décris")),
            (ImageRole.IN_TEXT, gettext_lazy("Ce qu'elle montre est déjà dit dans la présentation")),
            (ImageRole.DECORATIVE, gettext_lazy("L'image est décorative")),
        ],
    )
    image_alt = forms.CharField(
        label=gettext_lazy("Description de l'image"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Ce qu'il faut savoir de l'image en une phrase, sans « image de »."),
    )
    image_credit = forms.CharField(
        label=gettext_lazy("Crédit"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Qui a fait la photo, par exemple « Marie Durand »."),
    )

    @property
    def has_picture(self) -> bool:
        raise NotImplementedError

    def clean_image(self) -> Any:
        """Without an upload the field gives back the name of the photo that is held."""
        upload = self.cleaned_data.get("image")
        return images.received(upload) if isinstance(upload, UploadedFile) else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload, remove = cleaned.pop("image", None), cleaned.get("remove")
        if "image" in self.errors:
            return cleaned
        if upload or remove:
            cleaned["image"] = upload or self.none
        if upload or (self.has_picture and not remove):
            self.require_words(cleaned)
        elif remove:
            cleaned |= dict.fromkeys(self.words, "")
        return cleaned

    def require_words(self, cleaned: dict[str, Any]) -> None:
        role = cleaned.get("image_role")
        if not role:
            sentence = _("Choisissez une des trois réponses : une image sans alternative n'est pas enregistrée.")
            self.add_error("image_role", sentence)
        elif role != ImageRole.DESCRIBED:
            cleaned["image_alt"] = ""
        elif not cleaned.get("image_alt"):
            self.add_error("image_alt", _("Décrivez l'image en une phrase."))
