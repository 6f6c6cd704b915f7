"""Places that the directory offers to the apps above, and its settings of a network."""

from django.utils.translation import gettext_lazy as _

from maillage.core.panels import Slot
from maillage.networks.registry import Setting, declare

actor_main = Slot("directory.actor_main")
actor_side = Slot("directory.actor_side")
actor_work = Slot("directory.actor_work")

declare(
    Setting("lookalike_metres", 100, _("Distance sous laquelle deux acteurs peuvent être les mêmes (mètres)"), 10, 2000)
)
declare(Setting("stale_months", 12, _("Délai de vérification d'une fiche par défaut (mois)"), 1, 36))
