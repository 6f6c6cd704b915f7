"""What becomes of the directory's own rows when two accounts of a person are made one."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import follow
from maillage.core.following import Relation, Values
from maillage.directory.enums import ClaimState, MemberRole, RevisionState
from maillage.directory.models import ActorMember, SavedView
from maillage.directory.models.claims import OPEN_STATES


def _stronger_role(row: Any, held: Any) -> Values:
    return {"role": MemberRole.ADMIN} if MemberRole.ADMIN in (row.role, held.role) else {}


def _one_request(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """Who asked twice waits once, who holds the sheet already asks no more: the request is closed, with its proof."""
    there: QuerySet[Any] = QuerySet(type(row)).filter(actor=row.actor_id, user=kept, state__in=OPEN_STATES)
    is_moot = there.exists() or ActorMember.objects.filter(actor=row.actor_id, user__in=[kept, gone]).exists()
    if row.state in OPEN_STATES and is_moot:
        return {"user_id": kept, "state": ClaimState.CANCELLED, "decided_at": timezone.now()}
    return {"user_id": kept}


def _nowhere(row: Any, field: str, gone: int, kept: int) -> Values | None:
    return None


def _named_apart(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """Two views of one name are two views: the one that comes takes a number."""
    taken = set(SavedView.objects.filter(network=row.network_id, owner__in=[kept, gone]).values_list("name", flat=True))
    mine = SavedView.objects.filter(network=row.network_id, owner=kept)
    if not mine.filter(name=row.name).exists():
        return {"owner_id": kept}
    number = 2
    while (name := f"{row.name[:70]} ({number})") in taken:
        number += 1
    return {"owner_id": kept, "name": name}


def _one_waiting(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """Two revisions of one sheet do not wait together: that of the account that goes is withdrawn, with what it says."""
    there: QuerySet[Any] = QuerySet(type(row)).filter(actor=row.actor_id, author=kept, state=RevisionState.WAITING)
    if row.state == RevisionState.WAITING and there.exists():
        return {"author_id": kept, "state": RevisionState.WITHDRAWN, "decided_at": timezone.now()}
    return {"author_id": kept}


def _trusted_once(row: Any, field: str, gone: int, kept: int) -> Values | None:
    there: QuerySet[Any] = QuerySet(type(row)).filter(network=row.network_id, user=kept, revoked_at=None)
    if row.revoked_at is None and there.exists():
        return {"user_id": kept, "revoked_at": timezone.now(), "revoked_reason": gettext("Deux comptes réunis")}
    return {"user_id": kept}


for own in (
    Relation(
        "directory.Revision.author",
        _("modifications proposées"),
        _("Quand les deux comptes proposent de modifier une même fiche, la proposition du compte gardé attend seule."),
        rewrite=_one_waiting,
    ),
    Relation(
        "directory.Trust.user",
        _("confiance donnée par un réseau"),
        _("La confiance donnée aux deux comptes ne compte qu'une fois."),
        rewrite=_trusted_once,
    ),
    Relation(
        "directory.ActorMember.user",
        _("fiches tenues"),
        _("Une fiche tenue avec les deux comptes garde le rôle le plus large."),
        settle=_stronger_role,
    ),
    Relation(
        "directory.Claim.user",
        _("demandes de tenir une fiche"),
        _("Une demande faite avec les deux comptes n'attend qu'une fois."),
        rewrite=_one_request,
    ),
    Relation("directory.ClaimCode.user", _("codes demandés"), rewrite=_nowhere, is_told=False),
    Relation(
        "directory.SavedView.owner",
        _("vues enregistrées"),
        _("Deux vues de même nom sont gardées : celle de l'autre compte prend un numéro."),
        rewrite=_named_apart,
    ),
):
    follow(own)
