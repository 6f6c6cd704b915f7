"""Settings that may differ between networks: each is declared once, with its default and its sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.territories.enums import METROPOLE, ZONES


@dataclass(frozen=True)
class Setting:
    """`check` raises ValidationError on a text that is not one; `choices`, as those of a form, are all the values there are."""

    name: str
    default: Any
    label: Any
    minimum: int | None = None
    maximum: int | None = None
    check: Callable[[Any], None] | None = None
    choices: Sequence[tuple[str, Any]] = ()


SETTINGS: dict[str, Setting] = {}


def declare(setting: Setting) -> Setting:
    """Called by any app for its own delays, limits and thresholds (`networks.Network.setting` reads them)."""
    SETTINGS[setting.name] = setting
    return setting


TIME_ZONE = declare(Setting("time_zone", METROPOLE, _("Heure du réseau"), choices=ZONES))
declare(Setting("invitation_days", 14, _("Durée de validité d'une invitation (jours)"), 1, 90))
declare(Setting("mails_per_hour", 500, _("Messages envoyés par heure au plus"), 10, 100_000))
declare(Setting("quiet_from", 21, _("Heures calmes, sans message qui puisse attendre : à partir de (heure)"), 0, 23))
declare(Setting("quiet_until", 8, _("Heures calmes : jusqu'à (heure) ; la même heure deux fois pour aucune"), 0, 23))
declare(
    Setting("digest_day", 4, _("Jour de la lettre personnelle de la semaine (1 pour lundi, 7 pour dimanche)"), 1, 7)
)
declare(Setting("digest_hour", 9, _("Heure des lettres personnelles"), 6, 20))
declare(Setting("invitations_per_hour", 100, _("Invitations envoyées par heure au plus"), 1, 1000))
