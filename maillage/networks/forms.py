"""Forms of a network's set-up. Colours, limits and texts are checked here for the eye, by the actions for good."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.core.forms import RichTextField, SeenForm
from maillage.networks.kit import TerritoriesField
from maillage.networks.models import ConsortiumMember, Network
from maillage.networks.queries import TermUse, consortium_values, held_terms, settings_of
from maillage.networks.registry import SETTINGS
from maillage.topics.enums import Shape


class SharedModelForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]  # Django's own takes no argument.
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = self.stored()

    def stored(self) -> Mapping[str, Any]:
        return {name: getattr(self.instance, name) for name in self.fields}


class NetworkForm(SharedModelForm):
    class Meta:
        model = Network
        fields = ["name", "tagline", "description", "accent", "signal", "contact_email", "sender_name", "sender_email"]
        widgets = {
            "accent": forms.TextInput(attrs={"type": "color"}),
            "signal": forms.TextInput(attrs={"type": "color"}),
            "description": forms.Textarea(attrs={"rows": 6}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "sender_email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "tagline": _("Une phrase, sous le nom, en tête de la page d'accueil."),
            "accent": _("Les contrastes sont corrigés d'eux-mêmes, en clair comme en sombre."),
            "contact_email": _("Donnée dans le pied des pages, et adresse de réponse des messages."),
            "sender_email": _(
                "Vide : celle de la plateforme. Votre nom de domaine doit autoriser ce serveur à écrire."
            ),
        }


class PlatformForm(SharedModelForm):
    class Meta:
        model = Network
        fields = ["host", "is_public"]
        help_texts = {
            "host": _(
                "L'adresse du site de ce réseau. Vide : celle de la machine, pour une installation à un seul réseau."
            ),
            "is_public": _("Décoché : seules les personnes qui y tiennent un rôle voient le site."),
        }

    def clean_host(self) -> str | None:
        return (self.cleaned_data["host"] or "").strip().lower() or None


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG ou WebP, 12 Mo au plus. Ce que l'appareil y a écrit (lieu, date) est retiré."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


class SettingsForm(SeenForm, forms.Form):
    """One field for each declared setting, with its bounds."""

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = settings_of(network)
        for name, value in self.held.items():
            self.fields[name] = _field_of(SETTINGS[name], value)


def _field_of(setting: Any, value: Any) -> forms.Field:
    default = _("Valeur de départ : %(default)s.") % {"default": setting.default}
    if isinstance(setting.default, bool):
        return forms.BooleanField(label=setting.label, required=False, initial=value)
    if isinstance(setting.default, int):
        return forms.IntegerField(
            label=setting.label,
            initial=value,
            min_value=setting.minimum,
            max_value=setting.maximum,
            help_text=default,
            localize=False,
        )
    if setting.choices:
        return forms.ChoiceField(label=setting.label, choices=setting.choices, initial=value)
    checks = [setting.check] if setting.check else []
    return forms.CharField(label=setting.label, initial=value, max_length=300, required=False, validators=checks)


class HeldForm(SeenForm, forms.Form):
    """Shows `held`."""

    def __init__(self, data: Any = None, *, held: Mapping[str, Any]) -> None:
        super().__init__(data, initial=held)
        self.held = held


class LegalTextForm(HeldForm):
    body = RichTextField(
        label=_("Texte"),
        trusted=True,
        rows=20,
        max_length=200_000,
        help_text=_("Vide : le texte fourni avec Maillage est montré. Titres, listes, liens et tableaux sont gardés."),
    )


class PerimeterForm(HeldForm):
    perimeter = TerritoriesField(label=_("Périmètre"), required=False)


class TermsForm(SeenForm, forms.Form):
    """Every term of a vocabulary: its name in this network, and whether it is hidden."""

    def __init__(self, data: Any = None, *, uses: list[TermUse]) -> None:
        super().__init__(data)
        self.uses, self.held = uses, held_terms(uses)
        for use in uses:
            names = {"label": use.label}
            self.fields[f"label-{use.term.pk}"] = forms.CharField(
                label=_("Libellé de « %(label)s »") % names, initial=use.label, max_length=80, required=False
            )
            self.fields[f"hidden-{use.term.pk}"] = forms.BooleanField(
                label=_("Masquer « %(label)s »") % names, initial=use.is_hidden, required=False
            )

    def clean(self) -> dict[str, Any]:
        """A name emptied stays as it was."""
        cleaned = super().clean() or {}
        return {name: self.held[name] if value == "" else value for name, value in cleaned.items()}

    def rows(self) -> list[tuple[TermUse, forms.BoundField, forms.BoundField]]:
        return [(use, self[f"label-{use.term.pk}"], self[f"hidden-{use.term.pk}"]) for use in self.uses]


class TermForm(forms.Form):
    label = forms.CharField(label=_("Nouveau terme"), max_length=80)
    hue = forms.TypedChoiceField(
        label=_("Teinte"), coerce=int, choices=[(number, str(number)) for number in range(1, 9)], initial=1
    )
    shape = forms.ChoiceField(label=_("Forme"), choices=Shape.choices)


class ConsortiumForm(SharedModelForm):
    website = forms.URLField(label=_("Site"), required=False, assume_scheme="https")
    territories = TerritoriesField(label=_("Territoires"), required=False)

    class Meta:
        model = ConsortiumMember
        fields = ["name", "website", "contact_email", "role", "position"]
        labels = {"position": _("Rang")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial |= self.held

    def stored(self) -> Mapping[str, Any]:
        return consortium_values(self.instance)
