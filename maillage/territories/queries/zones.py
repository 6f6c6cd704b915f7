"""The time zone of a commune, by the code of its territory."""

from maillage.territories.enums import METROPOLE
from maillage.territories.models import Territory

_OVERSEAS = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}


def zone_of(commune: Territory | None) -> str:
    """The name of the zone in the IANA database; that of the mainland when nothing says otherwise."""
    return _OVERSEAS.get(commune.code[:3], METROPOLE) if commune is not None else METROPOLE
