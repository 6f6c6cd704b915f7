"""Pieces lent upwards: a field of territories, the form of a new network."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.networks.models import Network
from maillage.networks.queries import territories_by_codes
from maillage.networks.validators import validate_host
from maillage.territories.models import Territory


def code_of(territory: Territory) -> str:
    """How a territory is written in a list of codes."""
    prefix = {"region": "region", "department": "departement", "epci": "epci", "commune": "commune"}[territory.kind]
    return f"{prefix}:{territory.code}"


class TerritoriesField(forms.CharField):
    """Territories by their codes, one a line, each possibly followed by its name: `departement:31 Haute-Garonne`."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"})
    default_help = _(
        "Un territoire par ligne : region:76, departement:31, epci:243100518 ou commune:31555. Le nom écrit après est ignoré."
    )

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", self.default_help)
        super().__init__(max_length=200_000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return "\n".join(f"{code_of(territory)} {territory.name}" for territory in value)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        codes = [line.split()[0].strip(",;") for line in text.splitlines() if line.split()]
        found, unknown = territories_by_codes(codes)
        if unknown:
            raise ValidationError(
                _("Territoires inconnus : %(codes)s. Exemple : departement:31"),
                params={"codes": ", ".join(unknown[:10])},
            )
        return found


class NewNetworkForm(forms.Form):
    name = forms.CharField(label=_("Nom du réseau"), max_length=120)
    host = forms.CharField(label=_("Nom d'hôte"), max_length=200, validators=[validate_host])
    perimeter = TerritoriesField(label=_("Périmètre"), required=False)
    admin_email = forms.EmailField(
        label=_("Première personne qui administre"), help_text=_("Elle reçoit une invitation à cette adresse.")
    )

    def clean_host(self) -> str:
        host = self.cleaned_data["host"].strip().lower()
        if Network.objects.filter(host=host).exists():
            raise ValidationError(_("Un réseau répond déjà à ce nom d'hôte."))
        return host
