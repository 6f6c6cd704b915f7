"""Forms of a picture with its words, lent to the apps above: the short one of a contribution, the whole one of an editor."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda.enums import Licence
from maillage.core import images
from maillage.core.forms import EITHER
from maillage.directory.enums import ImageRole

_SALT = "maillage.agenda.picture"
_KEPT_SECONDS = 23 * 3600
_WITH_A_PHOTO: Any = {"template_name": EITHER}  # Required as soon as there is a photo: not « facultatif ».
ACCEPT = "image/jpeg,image/png,image/webp"


class ShortPictureForm(forms.Form):
    """A photo, what it shows, who made it, how it may be used again. A photo that comes with a form that is not over is kept by
    `keep`, which gives its name: the page carries that name signed (`picture_token`), so that it is not sent twice; `is_taken`
    says that something has it already."""

    image = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("JPEG, PNG ou WebP, 12 Mo au plus."),
    )
    image_alt = forms.CharField(
        **_WITH_A_PHOTO,
        label=gettext_lazy("Ce que montre la photo"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("En une phrase, pour qui ne la voit pas."),
    )
    image_credit = forms.CharField(
        **_WITH_A_PHOTO, label=gettext_lazy("Qui a fait la photo"), max_length=120, required=False
    )
    image_licence = forms.ChoiceField(
        **_WITH_A_PHOTO, label=gettext_lazy("Droits"), required=False, choices=[("", "—"), *Licence.choices]
    )
    kept_picture = forms.CharField(required=False, widget=forms.HiddenInput)
    keep: Callable[[Any], str]
    is_taken: Callable[[str], bool]
    picture = ""  # Name of the one that is kept while the form is not over.

    def clean_image(self) -> Any:
        upload = self.cleaned_data.get("image")
        return images.received(upload) if isinstance(upload, UploadedFile) else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if upload := cleaned.get("image"):
            self.picture = type(self).keep(upload)
        elif token := cleaned.get("kept_picture"):
            self.picture = self._kept(token)
        if self.picture:
            for name, sentence in (
                ("image_alt", _("Dites ce que montre la photo.")),
                ("image_credit", _("Dites qui a fait la photo.")),
                ("image_licence", _("Dites comment elle peut être réutilisée.")),
            ):
                if not cleaned.get(name):
                    self.add_error(name, sentence)
        return cleaned

    def _kept(self, token: str) -> str:
        """The name of the picture that was kept; each serves once."""
        try:
            name: str = signing.loads(token, salt=self._salt(), max_age=_KEPT_SECONDS)
        except signing.BadSignature:
            self.add_error("image", _("La photo n'a pas été gardée : choisissez-la de nouveau."))
            return ""
        if type(self).is_taken(name):
            self.add_error("image", _("Cette photo accompagne déjà autre chose : choisissez-la de nouveau."))
            return ""
        return name

    def _salt(self) -> str:
        """A picture kept for one kind of thing is of no other."""
        return f"{_SALT}:{type(self).__module__}"

    @property
    def picture_token(self) -> str:
        """What the page sends back for a picture that is kept."""
        return signing.dumps(self.picture, salt=self._salt()) if self.picture else ""

    @property
    def opens_picture(self) -> bool:
        return bool(self.picture or any(self.errors.get(name) for name in self.fields if name.startswith("image")))

    def picture_values(self) -> dict[str, Any]:
        if not self.picture:
            return {}
        words = {name: self.cleaned_data[name] for name in ("image_alt", "image_credit", "image_licence")}
        return {"image": self.picture, "image_role": ImageRole.DESCRIBED, **words}


class PictureForm(forms.Form):
    """The alternative is asked for in three ways; an empty answer is refused. `has_picture`: one is there or waits."""

    image = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy(
            "JPEG, PNG ou WebP, 12 Mo au plus. Le lieu de prise de vue est effacé. Une photo demande les réponses qui suivent."
        ),
    )
    remove = forms.BooleanField(label=gettext_lazy("Retirer la photo actuelle"), required=False)
    image_role = forms.ChoiceField(
        **_WITH_A_PHOTO,
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
        **_WITH_A_PHOTO,
        label=gettext_lazy("Description de l'image"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Ce qu'il faut savoir de l'image en une phrase, sans « image de »."),
    )
    image_credit = forms.CharField(
        **_WITH_A_PHOTO,
        label=gettext_lazy("Crédit"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Qui a fait la photo, par exemple « Marie Durand »."),
    )
    image_licence = forms.ChoiceField(
        **_WITH_A_PHOTO,
        label=gettext_lazy("Droits"),
        required=False,
        choices=[("", "—"), *Licence.choices],
        help_text=gettext_lazy("Comment d'autres peuvent s'en servir : l'image part aussi vers d'autres sites."),
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
            cleaned["image"] = upload or ""
        if upload or (self.has_picture and not remove):
            self._require_words(cleaned)
        elif remove:
            cleaned |= {"image_alt": "", "image_role": "", "image_credit": "", "image_licence": ""}
        return cleaned

    def _require_words(self, cleaned: dict[str, Any]) -> None:
        role = cleaned.get("image_role")
        if not role:
            sentence = _("Choisissez une des trois réponses : une image sans alternative n'est pas enregistrée.")
            self.add_error("image_role", sentence)
        elif role != ImageRole.DESCRIBED:
            cleaned["image_alt"] = ""
        elif not cleaned.get("image_alt"):
            self.add_error("image_alt", _("Décrivez l'image en une phrase."))
        if not cleaned.get("image_credit"):
            self.add_error("image_credit", _("Dites qui a fait la photo."))
        if not cleaned.get("image_licence"):
            self.add_error("image_licence", _("Dites comment elle peut être réutilisée."))
