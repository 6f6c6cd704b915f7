"""What becomes of reports and cases of a person when two accounts are made one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import follow
from maillage.core.following import Relation, Values
from maillage.moderation.models import Report


def _counted_once(row: Any, field: str, gone: int, kept: int) -> Values:
    """What the account that goes said stays in the case, without a name: one person counts once."""
    there = Report.objects.filter(case=row.case_id, reporter=kept)
    return {"reporter_id": None if there.exists() else kept}


follow(
    Relation(
        "moderation.Report.reporter",
        _("signalements"),
        _("Quand les deux comptes ont signalé un même contenu, cela compte pour un signalement."),
        rewrite=_counted_once,
    )
)
follow(
    Relation(
        "moderation.CaseAuthor.user",
        _("contenus signalés que l'on a écrits"),
        _("Un contenu signalé que les deux comptes ont écrit compte une fois."),
    )
)
