"""The short form: a resource told in two minutes. The rest comes after, step by step."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.catalogue.enums import FORM_OF, Form, Kind
from maillage.catalogue.forms.fields import actor_field, column
from maillage.catalogue.forms.steps import kinds_by_form
from maillage.core import images
from maillage.core.forms import EITHER
from maillage.core.viewer import Viewer
from maillage.directory.enums import ImageRole, Licence
from maillage.directory.kit.pictures import ACCEPT
from maillage.directory.models import Actor


class ContributionForm(forms.Form):
    """`fields_of()` are those of `actions.create_resource`; `is_draft`: a title is enough."""

    kind = forms.ChoiceField(label=gettext_lazy("Nature"))
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=140)
    licence = forms.ChoiceField(
        label=gettext_lazy("Licence"),
        required=False,
        template_name=EITHER,
        choices=[("", "—"), *Licence.choices],
        help_text=gettext_lazy("Pour ce qui se télécharge : comment d'autres peuvent le réutiliser."),
    )
    image = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("JPEG, PNG ou WebP, 12 Mo au plus. Le lieu de prise de vue est effacé."),
    )
    image_alt = forms.CharField(
        label=gettext_lazy("Ce que montre la photo"), max_length=200, required=False, template_name=EITHER
    )
    image_credit = forms.CharField(
        label=gettext_lazy("Qui a fait la photo"), max_length=120, required=False, template_name=EITHER
    )
    image_licence = forms.ChoiceField(
        label=gettext_lazy("Droits de la photo"),
        required=False,
        template_name=EITHER,
        choices=[("", "—"), *Licence.choices],
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, viewer: Viewer, own: list[Actor], is_draft: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.is_draft = is_draft
        self.fields["kind"].choices = kinds_by_form()  # type: ignore[attr-defined]
        self.fields["actor"] = actor_field(viewer, own)
        if own:
            self.fields["actor"].initial = own[0] if viewer.runs_network else str(own[0].pk)
        self.fields["summary"] = column(
            "summary", widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Ce que c'est, pour qui.")
        )
        self.fields["website"] = column(
            "website", assume_scheme="https", help_text=_("Où la trouver, si elle est ailleurs.")
        )
        self.order_fields(["kind", "title", "actor", "summary", "licence", "website"])

    def clean_image(self) -> Any:
        upload = self.cleaned_data.get("image")
        return images.received(upload) if isinstance(upload, UploadedFile) else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.is_draft and not cleaned.get("summary") and "summary" not in self.errors:
            self.add_error("summary", _("Dites-la en une phrase."))
        kind = cleaned.get("kind")
        if kind and FORM_OF[Kind(kind)] == Form.DOCUMENT and not self.is_draft and not cleaned.get("licence"):
            self.add_error("licence", _("Un document a une licence : dites comment il peut être réutilisé."))
        if cleaned.get("image"):
            for name, sentence in (
                ("image_alt", _("Dites ce que montre la photo.")),
                ("image_credit", _("Dites qui a fait la photo.")),
                ("image_licence", _("Dites comment elle peut être réutilisée.")),
            ):
                if not cleaned.get(name):
                    self.add_error(name, sentence)
        return cleaned

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            name: given[name] for name in ("kind", "title", "actor", "summary", "licence", "website") if name in given
        }

    @property
    def picture(self) -> Any:
        return self.cleaned_data.get("image")

    def words_of_picture(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "role": ImageRole.DESCRIBED,
            "alt": given["image_alt"],
            "credit": given["image_credit"],
            "licence": given["image_licence"],
        }
