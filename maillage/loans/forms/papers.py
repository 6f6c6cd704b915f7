"""Forms of the agreement and of the documents of a loan."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import documents
from maillage.core.forms import RichTextField
from maillage.loans.actions.agreements import Signer
from maillage.loans.enums import DocumentKind, Side
from maillage.loans.models import Agreement
from maillage.loans.queries.agreements import unknown_names
from maillage.networks.validators import validate_one_line


class SigningForm(forms.Form):
    """`texte` is the print of the text that was shown; a page that comes back after it changed carries the new one."""

    name = forms.CharField(
        label=gettext_lazy("Votre nom et votre prénom"),
        max_length=120,
        validators=[validate_one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    capacity = forms.CharField(
        label=gettext_lazy("Votre qualité"),
        max_length=120,
        validators=[validate_one_line],
        help_text=gettext_lazy("À quel titre vous signez. Par exemple : directrice, président, en mon nom."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Votre adresse e-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    is_mandated = forms.BooleanField(
        label=gettext_lazy("J’ai lu la convention, j’ai mandat pour l’engager et je la signe"),
        error_messages={"required": gettext_lazy("Cochez cette case si vous pouvez signer.")},
    )
    texte = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, agreement: Agreement, known: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, initial={**(known or {}), "texte": agreement.text_sha256})
        self.read = self.data.get("texte", "")
        if data is not None:
            self.data = data.copy()
            self.data["texte"] = agreement.text_sha256

    @property
    def signer(self) -> Signer:
        given = self.cleaned_data
        return Signer(given["name"], given["capacity"], given["email"])


class LinkForm(forms.Form):
    side = forms.ChoiceField(label=gettext_lazy("Qui doit signer"), choices=Side.choices)
    email = forms.EmailField(
        label=gettext_lazy("Adresse e-mail de la personne qui signe"),
        max_length=254,
        widget=forms.EmailInput(attrs={"inputmode": "email"}),
    )


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Pièce"), choices=DocumentKind.choices)
    document = forms.FileField(
        label=gettext_lazy("Document"),
        widget=forms.FileInput(attrs={"accept": documents.ACCEPT}),
        help_text=gettext_lazy("PDF, PNG ou JPEG, 8 Mo au plus. Masquez ce qui ne sert pas."),
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valable jusqu’au"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=gettext_lazy("Pour une attestation d’assurance."),
    )

    def clean_document(self) -> documents.Document | None:
        upload = self.cleaned_data.get("document")
        if not isinstance(upload, UploadedFile):
            return None
        self.given_name = upload.name or ""
        return documents.received(upload)

    given_name = ""


class DepositForm(forms.Form):
    amount = forms.DecimalField(
        label=gettext_lazy("Caution reçue (euros)"), min_value=0, max_digits=8, decimal_places=2, required=False
    )


class TextForm(forms.Form):
    body = RichTextField(trusted=True, label=gettext_lazy("Texte de la convention"), rows=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].required = True

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if unknown := unknown_names(body):
            raise forms.ValidationError(_("Aucun prêt ne sait ce que veut dire : %s.") % ", ".join(unknown))
        return body
