"""What becomes of the rows of a person when two accounts are made one."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import follow
from maillage.core.following import Relation, Values
from maillage.publications.enums import CreditState

_STANDING = (CreditState.WAITING, CreditState.ACCEPTED)


def _signs_once(row: Any, field: str, gone: int, kept: int) -> Values:
    standing: QuerySet[Any] = QuerySet(type(row)).filter(publication=row.publication_id, user=kept, state__in=_STANDING)
    if row.state in _STANDING and standing.exists():
        return {"user_id": kept, "state": CreditState.REMOVED, "answered_at": timezone.now()}
    return {"user_id": kept}


follow(
    Relation(
        "publications.Credit.user",
        _("signatures"),
        _("Un texte que les deux comptes signent garde une signature."),
        rewrite=_signs_once,
    )
)
