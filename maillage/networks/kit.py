"""Pieces lent upwards: a field of territories, the form of a new network."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.core.text import folded
from maillage.networks.models import Network
from maillage.networks.queries import territories_by_codes
from maillage.networks.validators import validate_host
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory


def code_of(territory: Territory) -> str:
    """How a territory is written in a list of codes."""
    prefix = {"region": "region", "department": "departement", "epci": "epci", "commune": "commune"}[territory.kind]
    return f"{prefix}:{territory.code}"


def _code_in(line: str) -> str:
    """The code that a line begins with, else the whole line, to be told as it was written."""
    first = line.split(maxsplit=1)[0].rstrip(",;")
    return first if any(letter.isdigit() for letter in first) else line


def _named() -> dict[str, str]:
    """The codes of régions and départements under their names. Where a région has one département, of the same name, the
    département comes first and the région replaces it."""
    places = Territory.objects.filter(kind__in=[TerritoryKind.DEPARTMENT, TerritoryKind.REGION]).order_by("kind")
    return {place.name_key: code_of(place) for place in places}


class TerritoriesField(forms.CharField):
    """Territories one a line: a code that its name may follow (`epci:243100518 Toulouse`), or a region or department by name.
    Those that their name is enough to find are shown by it."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"})
    default_help = _(
        "Un territoire par ligne : le nom d'une région ou d'un département, ou un code (epci:243100518, commune:31555)."
    )

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", self.default_help)
        super().__init__(max_length=200_000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        named = _named()
        return "\n".join(
            place.name if named.get(place.name_key) == code_of(place) else f"{code_of(place)} {place.name}"
            for place in value
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        lines = [line for line in (each.strip(" \t,;") for each in text.splitlines()) if line]
        named = _named()
        found, unknown = territories_by_codes([named.get(folded(line)) or _code_in(line) for line in lines])
        if unknown:
            raise ValidationError(
                _("Territoires inconnus : %(codes)s. Exemple : Haute-Garonne, ou departement:31"),
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
