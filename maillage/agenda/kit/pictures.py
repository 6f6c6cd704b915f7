"""Forms of a picture with its words, lent to the apps above: the short one of a contribution, the whole one of an editor."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import images
from maillage.core.forms import EITHER
from maillage.directory.enums import ImageRole, Licence
from maillage.directory.kit import pictures

_SALT = "maillage.agenda.picture"
_KEPT_SECONDS = 23 * 3600
_WITH_A_PHOTO: Any = {"template_name": EITHER}  # Required as soon as there is a photo: not « facultatif ».


class ShortPictureForm(forms.Form):
    """A photo, what it shows, who made it, how it may be used again. A photo that comes with a form that is not over is kept by
    `keep`, which gives its name: the page carries that name signed (`picture_token`), so that it is not sent twice; `is_taken`
    says that something has it already."""

    image = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": pictures.ACCEPT}),
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


class PictureForm(pictures.PictureForm):
    """With its licence; credit and licence are required, as the picture leaves for other sites."""

    none = ""
    words = (*pictures.PictureForm.words, "image_licence")

    image_licence = forms.ChoiceField(
        label=gettext_lazy("Droits"),
        required=False,
        choices=[("", "—"), *Licence.choices],
        help_text=gettext_lazy("Comment d'autres peuvent s'en servir : l'image part aussi vers d'autres sites."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.words:
            self.fields[name].template_name = EITHER  # type: ignore[attr-defined]
        self.fields["image"].help_text = _(
            "JPEG, PNG ou WebP, 12 Mo au plus. Le lieu de prise de vue est effacé. Une photo demande les réponses qui suivent."
        )

    def require_words(self, cleaned: dict[str, Any]) -> None:
        super().require_words(cleaned)
        if not cleaned.get("image_credit"):
            self.add_error("image_credit", _("Dites qui a fait la photo."))
        if not cleaned.get("image_licence"):
            self.add_error("image_licence", _("Dites comment elle peut être réutilisée."))
