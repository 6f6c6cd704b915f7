"""Forms of the accounts: sign-up, profile, tokens, people of a network."""

import re
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from maillage.accounts.actions import require_willing
from maillage.accounts.enums import INVITED_KINDS, TokenScope
from maillage.accounts.models import User
from maillage.accounts.queries.merging import opens
from maillage.core.errors import Refused
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks.queries import departments_of
from maillage.networks.validators import validate_one_line


class SignupForm(forms.Form):
    """What allauth asks in more at sign-up."""

    name = forms.CharField(
        label=_("Votre nom"),
        max_length=120,
        validators=[validate_one_line],
        help_text=_("Tel que le réseau vous connaît. Il n'est montré qu'aux personnes qui animent le réseau."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])
        EmailAddress.objects.filter(user=user, email="").delete()


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ["name"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class PasskeyForm(AddWebAuthnForm):
    """The library's labels are not translated; `passwordless` is the name that its script knows."""

    name = forms.CharField(
        label=_("Nom de la clé"),
        required=False,
        help_text=_("Pour la reconnaître : « téléphone », « clé USB du bureau »."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    passwordless = forms.BooleanField(
        label=_("Me connecter avec cette clé seule, sans mot de passe"),
        required=False,
        help_text=_("L'appareil demandera alors votre empreinte, votre visage ou son code."),
    )


class PasskeyNameForm(EditWebAuthnForm):
    name = forms.CharField(
        label=_("Nom de la clé"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class IdentityCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code reçu par e-mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


class OtherAddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Adresse e-mail de l'autre compte"),
        max_length=254,
        help_text=_("Un code part à cette adresse : vous devez pouvoir lire ses messages."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if opens(self.user, email):
            raise ValidationError(_("Cette adresse ouvre déjà ce compte : donnez celle de l'autre."))
        return email


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Nom du jeton"),
        max_length=80,
        validators=[validate_one_line],
        help_text=_("Pour vous y retrouver : « export du site de l'association », par exemple."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Ce que ce jeton permet"),
        choices=TokenScope.choices,
        initial=[TokenScope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Durée de validité"),
        choices=[(30, _("30 jours")), (90, _("90 jours")), (365, _("un an"))],
        coerce=int,
        initial=90,
    )


class RoleForm(forms.Form):
    """A role to give; the département narrows an animator only."""

    kind = forms.ChoiceField(label=_("Rôle"))
    department = forms.ChoiceField(
        label=_("Département"),
        required=False,
        help_text=_("Pour une animatrice ou un animateur seulement : laisser « tous » pour le réseau entier."),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        kinds: Any = self.fields["kind"]
        kinds.choices = [(kind.value, kind.label) for kind in INVITED_KINDS]
        departments: Any = self.fields["department"]
        departments.choices = [("", _("tous")), *((place.code, place.name) for place in departments_of(viewer.network))]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("department") and cleaned.get("kind") not in (None, RoleKind.ANIMATOR):
            self.add_error("department", _("Seul le rôle d'animation se limite à un département."))
        return cleaned


class InvitationForm(RoleForm):
    emails = forms.CharField(
        label=_("Adresses e-mail"),
        help_text=_("Une ou plusieurs, séparées par des espaces, des virgules ou des retours à la ligne ; 50 au plus."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        max_length=20_000,
    )
    message = forms.CharField(
        label=_("Mot d'accueil"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Repris dans le message."),
    )
    field_order = ["emails", "kind", "department", "message"]

    def clean_emails(self) -> list[str]:
        found = [word for word in re.split(r"[\s,;]+", self.cleaned_data["emails"]) if word]
        wrong = []
        for address in found:
            try:
                validate_email(address)
            except ValidationError:
                wrong.append(address)
        if wrong:
            raise ValidationError(
                _("Ces adresses ne sont pas valides : %(addresses)s. Exemple : prenom.nom@exemple.fr"),
                params={"addresses": ", ".join(wrong[:5])},
            )
        if len(found) > 50:
            raise ValidationError(_("Pas plus de 50 adresses à la fois."))
        try:
            require_willing(by=self.viewer, emails=found)
        except Refused as refusal:
            raise ValidationError(refusal.sentence) from refusal
        return found


class PeopleFilterForm(forms.Form):
    q = forms.CharField(label=_("Nom ou adresse"), required=False, max_length=100)
    role = forms.ChoiceField(
        label=_("Rôle"),
        required=False,
        choices=[("", _("tous")), *((kind.value, kind.label) for kind in INVITED_KINDS)],
    )


class ErasureForm(forms.Form):
    understood = forms.BooleanField(
        label=_("J'ai compris : mon compte est supprimé tout de suite et ne peut pas être rétabli."),
    )
