"""What becomes of the agenda's rows of a person when two accounts are made one."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import follow
from maillage.agenda.enums import RevisionState
from maillage.core.following import Relation, Values


def _one_waiting(row: Any, field: str, gone: int, kept: int) -> Values:
    waiting: QuerySet[Any] = QuerySet(type(row)).filter(event=row.event_id, author=kept, state=RevisionState.WAITING)
    if row.state == RevisionState.WAITING and waiting.exists():
        return {"author_id": kept, "state": RevisionState.WITHDRAWN, "decided_at": timezone.now()}
    return {"author_id": kept}


follow(
    Relation(
        "agenda.EventRevision.author",
        _("modifications d'événements proposées"),
        _(
            "Quand les deux comptes proposent de modifier un même événement, la proposition du compte gardé attend seule."
        ),
        rewrite=_one_waiting,
    )
)
