"""Settings of the registrations in a network, the words of their acts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import name_task, say
from maillage.networks.registry import Setting, declare

HOLD = declare(
    Setting("registration_hold_hours", 2, _("Inscriptions : une place non confirmée est gardée (heures)"), 1, 24)
)
OFFER = declare(
    Setting("registration_offer_hours", 24, _("Inscriptions : une place libérée est proposée pendant (heures)"), 1, 168)
)
# Two months: the time to count who came, to write to them once, and to answer a question; longer serves nothing.
KEPT = declare(
    Setting("registrants_kept_days", 60, _("Inscriptions : noms et adresses gardés après la date (jours)"), 7, 365)
)
UNCONFIRMED_KEPT = timedelta(days=2)
MOST_A_DAY = 3  # Messages to one address for what somebody asked without an account.
MOST_WAITS = 300  # In the list of one date.

say(
    registrations__opened=_("a ouvert les inscriptions : %(label)s"),
    registrations__changed=_("a réglé les inscriptions : %(label)s"),
    registrations__sized=_("a changé le nombre de places d'une date : %(label)s"),
    registrations__exported=_("a exporté la liste des personnes inscrites : %(label)s (%(count)s)"),
    registrations__removed=_("a annulé une inscription : %(label)s"),
    registrations__counted=_("a noté qui est venu : %(label)s"),
)
_ACTIONS = "maillage.attendance.actions"
name_task(f"{_ACTIONS}.minding.mind_places", _("Places non confirmées, places proposées sans réponse"))
name_task(f"{_ACTIONS}.minding.remind", _("Rappel la veille aux personnes inscrites"))
name_task(f"{_ACTIONS}.minding.forget_registrants", _("Oubli des noms après la date"))
name_task(f"{_ACTIONS}.following.tell_changes", _("Annonce d'un changement de date aux personnes inscrites"))
