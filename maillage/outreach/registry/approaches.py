"""Approaches, target lists and campaigns: settings, words of the journal, what becomes of them at a merging."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import name_task, say
from maillage.directory.registry.relations import Relation, Values, follow
from maillage.networks.registry import Setting, declare

LATER = declare(
    Setting("later_months", 6, _("Quand revenir vers un acteur qui dit « plus tard » sans date (mois)"), 1, 36)
)
REFUSAL = declare(
    Setting(
        "refusal_months", 18, _("Durée pendant laquelle un acteur qui a dit non n'est plus sollicité (mois)"), 1, 120
    )
)
ANSWERS_OPEN = declare(
    Setting("campaign_link_days", 120, _("Durée pendant laquelle on peut répondre à une campagne (jours)"), 7, 365)
)
KEPT = declare(
    Setting("approach_months", 36, _("Durée pendant laquelle les mots d'une approche close sont gardés (mois)"), 6, 120)
)

say(
    approach__begun=_("a commencé l'approche de : %(label)s"),
    approach__many=_("a commencé %(count)s approches, de la liste : %(label)s"),
    approach__changed=_("a modifié l'approche de : %(label)s"),
    approach__moved=_("a fait passer l'approche de %(label)s de « %(was)s » à « %(stage)s »"),
    list__created=_("a fait une liste cible de %(count)s acteurs : %(label)s"),
    list__changed=_("a modifié une liste cible : %(label)s"),
    list__archived=_("a clos une liste cible : %(label)s"),
    list__unarchived=_("a rouvert une liste cible : %(label)s"),
    campaign__written=_("a préparé une campagne : %(label)s"),
    campaign__changed=_("a modifié une campagne : %(label)s"),
    campaign__removed=_("a jeté une campagne en préparation : %(label)s"),
    campaign__sent=_("a lancé une campagne vers %(count)s acteurs : %(label)s"),
    campaign__resumed=_("a repris l'envoi d'une campagne : %(label)s"),
    campaign__stopped=_("a arrêté une campagne : %(label)s"),
    campaign__answered=_("a répondu « %(answer)s » à une campagne : %(label)s"),
)
name_task("maillage.outreach.actions.sending.send_campaign", _("Envoi d'une campagne"))
name_task("maillage.outreach.actions.approaches.welcome_members", _("Approches d'acteurs devenus membres"))
name_task("maillage.outreach.actions.approaches.forget_approaches", _("Oubli des mots des approches closes"))
name_task("maillage.outreach.actions.answering.forget_messages", _("Oubli des messages des campagnes à leur terme"))


# The order of `enums.Stage`, which stands on the same floor.
OPEN_ORDER = ("identify", "contact", "contacted", "met", "later", "interested")


def _further(row: Any, held: Any) -> Values:
    """The stage that is further stays, with who follows it; a reason is not lost."""
    taken: Values = {} if held.reason else {"reason": row.reason}
    if OPEN_ORDER.index(row.stage) > OPEN_ORDER.index(held.stage):
        taken |= {
            "stage": row.stage,
            "next_on": row.next_on,
            "moved_at": row.moved_at,
            "follower_id": row.follower_id or held.follower_id,
        }
    return taken


def _once(row: Any, held: Any) -> Values:
    return {}


def _answered(row: Any, held: Any) -> Values:
    """An answer is not lost, nor a wish to be left alone."""
    taken: Values = {}
    if row.answer and not held.answer:
        taken = {name: getattr(row, name) for name in ("answer", "answered_at", "later_on", "word")}
    if row.stopped_at and not held.stopped_at:
        taken["stopped_at"] = row.stopped_at
    return taken


follow(
    Relation(
        "outreach.Approach.actor",
        _("approches"),
        _("De deux approches en cours, la plus avancée reste."),
        settle=_further,
    )
)
follow(Relation("outreach.ApproachStep.actor", _("étapes d'approche")))
follow(
    Relation(
        "outreach.ListMember.actor",
        _("listes cibles"),
        _("Une liste qui a les deux fiches garde celle qui reste."),
        settle=_once,
    )
)
follow(
    Relation(
        "outreach.CampaignMessage.actor",
        _("messages de campagne"),
        _("D'une campagne envoyée aux deux fiches, un message reste, avec la réponse."),
        settle=_answered,
    )
)
