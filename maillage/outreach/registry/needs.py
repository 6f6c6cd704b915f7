"""Needs and offers: settings, words of the journal, personal data, what becomes of them at a merging."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField
from maillage.accounts.registry import declare as declare_personal
from maillage.activity.registry import name_task, say
from maillage.directory.registry.relations import Relation, Values, follow
from maillage.networks.registry import Setting, declare

NEED_DAYS = declare(Setting("need_days", 180, _("Durée de validité d'un besoin ou d'une offre (jours)"), 30, 730))
NEEDS_KEPT = declare(
    Setting("need_months", 36, _("Durée pendant laquelle les mots d'un besoin clos sont gardés (mois)"), 6, 120)
)

say(
    need__recorded=_("a noté un besoin ou une offre : %(label)s"),
    need__changed=_("a modifié un besoin ou une offre : %(label)s"),
    need__kept=_("a prolongé un besoin ou une offre : %(label)s"),
    need__answered=_("a indiqué qu'un besoin ou une offre est pourvu : %(label)s"),
    need__abandoned=_("a abandonné un besoin ou une offre : %(label)s"),
    need__expired=_("a laissé expirer un besoin ou une offre : %(label)s"),
    need__asked=_("a demandé si un besoin ou une offre est toujours d'actualité : %(label)s"),
    need__dismissed=_("a écarté une proposition pour : %(label)s"),
    need__recalled=_("a remis une proposition écartée pour : %(label)s"),
)
name_task("maillage.outreach.actions.asking.mind_needs", _("Besoins et offres qui arrivent à leur terme"))
name_task("maillage.outreach.actions.asking.forget_needs", _("Oubli des mots des besoins clos à leur terme"))


def _once(row: Any, held: Any) -> Values:
    return {}


def _not_by_itself(row: Any, field: str, gone: int, kept: int) -> Values:
    """Of two that are one, none answered the other: that it was answered stays."""
    actor, answered_by = (kept if pk == gone else pk for pk in (row.actor_id, row.answered_by_id))
    return {f"{field}_id": kept, **({"answered_by_id": None} if actor == answered_by else {})}


_NOBODY = _("Un besoin de l'une des deux fiches auquel l'autre avait répondu reste pourvu, sans dire par qui.")
follow(Relation("outreach.Need.actor", _("besoins et offres"), _NOBODY, rewrite=_not_by_itself))
follow(Relation("outreach.Need.answered_by", _("besoins auxquels il a répondu"), _NOBODY, rewrite=_not_by_itself))
follow(
    Relation(
        "outreach.Mismatch.actor",
        _("propositions écartées pour un besoin"),
        _("Un besoin pour lequel les deux fiches étaient écartées ne l'écarte qu'une fois."),
        settle=_once,
    )
)

_NEEDS = _("Faire connaître ce que les acteurs cherchent et proposent, et les rapprocher")
_TERM = _("Trois ans après la fin du besoin (ou le délai réglé par le réseau)")
declare_personal(
    PersonalField(
        "outreach.Need",
        "author",
        _NEEDS,
        LegalBasis.LEGITIMATE,
        _("Tant que le besoin est gardé, sans le nom après la fermeture du compte"),
        Erasure.PSEUDONYM,
        also=("side", "kind", "title", "description", "opened_on", "expires_on", "state", "outcome"),
        label=_("Besoins et offres que vous avez notés"),
    ),
    PersonalField(
        "outreach.Need",
        "heard_from",
        _NEEDS,
        LegalBasis.LEGITIMATE,
        _TERM,
        Erasure.KEEP,
        export=False,
        owner="",
        label=_("Personne auprès de qui un besoin a été entendu"),
    ),
    PersonalField(
        "outreach.Mismatch",
        "by",
        _NEEDS,
        LegalBasis.LEGITIMATE,
        _("Tant que le besoin est gardé, sans le nom après la fermeture du compte"),
        Erasure.PSEUDONYM,
        export=False,
        label=_("Propositions que vous avez écartées"),
    ),
    PersonalField(
        "outreach.NeedAsking",
        "email",
        _("Demander si un besoin ou une offre est toujours d'actualité"),
        LegalBasis.LEGITIMATE,
        _("Un an après l'envoi ; plus longtemps si la personne ne veut plus de ces messages"),
        Erasure.KEEP,
        export=False,
        owner="",
        label=_("Adresse à qui la question a été posée"),
    ),
)
