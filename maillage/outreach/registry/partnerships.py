"""Partnerships: settings, words of the journal, personal data, what becomes of them at a merging."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField
from maillage.accounts.registry import declare as declare_personal
from maillage.activity.registry import anyone_does, name_task, say
from maillage.directory.registry.relations import Relation, Values, follow
from maillage.networks.registry import Setting, declare

_CONFIRMED = "confirmed"

PARTNERSHIP_LINK_DAYS = declare(
    Setting("partnership_link_days", 60, _("Durée de validité du lien pour confirmer un partenariat (jours)"), 7, 365)
)

say(
    partnership__declared=_("a déclaré un partenariat : %(label)s"),
    partnership__confirmed=_("a confirmé un partenariat : %(label)s"),
    partnership__refused=_("n'a pas confirmé un partenariat : %(label)s"),
    partnership__asked=_("a redemandé de confirmer un partenariat : %(label)s"),
)
anyone_does("partnership.declared", "partnership.confirmed", "partnership.refused")
name_task("maillage.outreach.actions.partnerships.forget_partnership_links", _("Oubli des liens des partenariats"))


def _ordered(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """The smaller id stays first, and whoever declared it is the same; a partnership of the two with one another goes."""
    first, second = (kept if pk == gone else pk for pk in (row.first_id, row.second_id))
    if first == second:
        return None
    by_first = row.by_first if first < second else not row.by_first
    return {"first_id": min(first, second), "second_id": max(first, second), "by_first": by_first}


def _counted(row: Any, held: Any) -> Values:
    """Of the same partnership declared with both sheets, the confirmed one is worth more; a wish to be left alone is not lost."""
    taken: Values = {"stopped_at": row.stopped_at} if row.stopped_at and not held.stopped_at else {}
    if row.state == _CONFIRMED != held.state:
        taken |= {"state": row.state, "decided_at": row.decided_at, "decided_by_id": row.decided_by_id}
    return taken


for name in ("first", "second"):
    follow(
        Relation(
            f"outreach.Partnership.{name}",
            _("partenariats"),
            _("Un partenariat déclaré avec les deux fiches est compté une fois ; il reste confirmé s'il l'était."),
            settle=_counted,
            rewrite=_ordered,
        )
    )

_WHY = _("Compter les partenariats nés dans le réseau, chacun confirmé par l'autre partie")
_UNNAMED = _("Tant que le partenariat est compté, sans le nom après la fermeture du compte")
declare_personal(
    PersonalField(
        "outreach.Partnership",
        "declared_by",
        _WHY,
        LegalBasis.LEGITIMATE,
        _UNNAMED,
        Erasure.PSEUDONYM,
        also=("title", "declared_at", "state"),
        label=_("Partenariats que vous avez déclarés"),
    ),
    PersonalField(
        "outreach.Partnership",
        "decided_by",
        _WHY,
        LegalBasis.LEGITIMATE,
        _UNNAMED,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Partenariats que vous avez confirmés ou refusés"),
    ),
    PersonalField(
        "outreach.Partnership",
        "email",
        _WHY,
        LegalBasis.LEGITIMATE,
        _("Jusqu'à la réponse, ou jusqu'à la fin du lien"),
        Erasure.KEEP,
        export=False,
        owner="",
        label=_("Adresse où la confirmation d'un partenariat est demandée"),
    ),
)
