"""Forms of claims and of the members of a sheet."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.accounts.actions import require_willing
from maillage.core import documents
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.directory.enums import MemberRole, RefusalReason
from maillage.directory.models import ActorMember


class ClaimForm(forms.Form):
    message = forms.CharField(
        label=gettext_lazy("Qui êtes-vous dans cette structure ?"),
        min_length=20,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Votre fonction, et de quoi vous reconnaître. Lu seulement par qui décide."),
    )
    document = forms.FileField(
        label=gettext_lazy("Un document"),
        required=False,
        widget=forms.FileInput(attrs={"accept": documents.ACCEPT}),
        help_text=gettext_lazy(
            "PDF, PNG ou JPEG, 8 Mo au plus : un courrier à en-tête, une carte professionnelle… Masquez ce qui ne sert pas."
        ),
    )

    def clean_document(self) -> documents.Document | None:
        upload = self.cleaned_data.get("document")
        return documents.received(upload) if isinstance(upload, UploadedFile) else None


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"^\d{6}$",
        label=gettext_lazy("Le code à 6 chiffres"),
        error_messages={"invalid": gettext_lazy("Le code a six chiffres.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "9"}),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        if data is not None and "code" in data:
            data = data.copy()
            data["code"] = "".join(data["code"].split())  # Written « 123 456 » as in the message.
        super().__init__(data, **kwargs)


class AnswerForm(forms.Form):
    """The answer to a claim; which one is said by the button."""

    role = forms.ChoiceField(
        label=gettext_lazy("Si vous acceptez"), choices=MemberRole.choices, widget=forms.RadioSelect
    )
    code = forms.ChoiceField(
        label=gettext_lazy("Si vous refusez, pourquoi"),
        choices=[("", gettext_lazy("Choisissez un motif")), *RefusalReason.choices],
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Explication"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Nécessaire pour refuser. La personne la lira."),
    )

    def __init__(self, data: Any = None, *, accepting: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.accepting = accepting
        self.fields["role"].required = accepting or data is None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.accepting and not cleaned.get("code") and "code" not in self.errors:
            self.add_error("code", _("Choisissez un motif."))
        if not self.accepting and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Dites pourquoi vous refusez : la personne le lira."))
        return cleaned


class ContestForm(forms.Form):
    message = forms.CharField(
        label=gettext_lazy("Pourquoi cette réponse n'est pas la bonne"),
        min_length=20,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("L'équipe d'animation relira toute la demande. Cela se fait une seule fois."),
    )


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Adresse e-mail"),
        help_text=gettext_lazy("Par exemple : prenom.nom@exemple.fr"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Rôle"), choices=MemberRole.choices, widget=forms.RadioSelect, initial=MemberRole.EDITOR
    )
    message = forms.CharField(
        label=gettext_lazy("Mot d'accueil"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        try:
            require_willing(by=self.viewer, emails=[email])
        except Refused as refusal:
            raise ValidationError(refusal.sentence) from refusal
        return email


class RoleForm(forms.Form):
    """`releasing` is asked for when the change leaves nobody responsible."""

    role = forms.ChoiceField(label=gettext_lazy("Rôle"), choices=MemberRole.choices)
    releasing = forms.BooleanField(required=False)


class LeaveForm(forms.Form):
    """For the last responsible person: a successor, or a release that is confirmed. Others have nothing to say."""

    NOBODY = "personne"
    successor = forms.ChoiceField(label=gettext_lazy("Qui devient responsable"), widget=forms.RadioSelect)
    releasing = forms.BooleanField(
        label=gettext_lazy("Je confirme : la fiche reste sans responsable, l'équipe d'animation en est prévenue"),
        required=False,
    )

    def __init__(self, data: Any = None, *, others: list[ActorMember], is_last: bool) -> None:
        super().__init__(data)
        self.others = {str(member.pk): member for member in others}
        if not is_last:
            self.fields.clear()
        elif not others:
            del self.fields["successor"]
        else:
            people = [(key, f"{member.user} ({member.get_role_display()})") for key, member in self.others.items()]
            self.fields["successor"].choices = [*people, (self.NOBODY, _("Personne : je libère la fiche"))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        nobody = "successor" not in self.fields or cleaned.get("successor") == self.NOBODY
        if self.fields and nobody and not cleaned.get("releasing"):
            self.add_error("releasing", _("Confirmez que la fiche reste sans responsable."))
        return cleaned

    @property
    def heir(self) -> ActorMember | None:
        return self.others.get(self.cleaned_data.get("successor") or "")
