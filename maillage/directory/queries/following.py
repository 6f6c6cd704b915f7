"""What becomes of the directory's own rows when two sheets are made one."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.directory.enums import ClaimState, ListingState, MemberRole, RevisionState
from maillage.directory.models import Signature
from maillage.directory.models.claims import OPEN_STATES
from maillage.directory.registry.relations import Relation, Values


def _stronger_role(row: Any, held: Any) -> Values:
    return {"role": MemberRole.ADMIN} if MemberRole.ADMIN in (row.role, held.role) else {}


def _as_shown(row: Any, field: str, gone: int, kept: int) -> Values:
    """A sheet out of the archives takes there nothing that an archived one no longer showed."""
    if row.state != ListingState.PUBLISHED or row.actor.archived_at is None:
        return {"actor_id": kept}
    return {"actor_id": kept, "state": ListingState.DRAFT}


def _settled_state(row: Any, held: Any) -> Values:
    """What someone hid stays hidden; else what is in the public list stays there."""
    dates = [date for date in (row.published_at, held.published_at) if date is not None]
    states = {held.state, row.state if row.actor.archived_at is None else held.state}
    decided = [state for state in (ListingState.HIDDEN, ListingState.PUBLISHED) if state in states]
    return {"state": next(iter(decided), held.state), "published_at": min(dates, default=None)}


def _before_the_others(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """A day has one circle: those of the sheet that goes tell of the time before the first of the one that stays."""
    there: QuerySet[Any] = QuerySet(type(row)).filter(actor=kept, network=row.network_id, nature=row.nature)
    first = there.order_by("since").values_list("since", flat=True).first()
    if first is None:
        return {"actor_id": kept}
    if row.since >= first:
        return None
    return {"actor_id": kept, "until": min(row.until or first, first)}


def _ordered(row: Any, field: str, gone: int, kept: int) -> Values | None:
    other = row.second_id if field == "first" else row.first_id
    return None if other == kept else {"first_id": min(kept, other), "second_id": max(kept, other)}


def _signed_once(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """Every signature is kept as a proof; where both sheets have one in force, that of the sheet that stays counts."""
    standing = Signature.objects.in_force().filter(actor=kept, network=row.network_id, major=row.major)
    if row.withdrawn_on is not None or not standing.exists():
        return {"actor_id": kept}
    ended = {
        "withdrawn_on": max(timezone.localdate(), row.signed_on),
        "withdrawal_reason": gettext("Fiches fusionnées"),
    }
    return {"actor_id": kept, **ended}


def _nowhere(row: Any, field: str, gone: int, kept: int) -> Values | None:
    return None


def _one_request(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """Someone who asked for both sheets waits once: their other request is closed, and stays with its proof."""
    there: QuerySet[Any] = QuerySet(type(row)).filter(actor=kept, user=row.user_id, state__in=OPEN_STATES)
    if row.state in OPEN_STATES and there.exists():
        return {"actor_id": kept, "state": ClaimState.CANCELLED, "decided_at": timezone.now()}
    return {"actor_id": kept}


def _one_revision(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """What an author proposed for both sheets: that of the sheet that stays waits, the other is withdrawn."""
    there: QuerySet[Any] = QuerySet(type(row)).filter(actor=kept, author=row.author_id, state=RevisionState.WAITING)
    if row.state == RevisionState.WAITING and there.exists():
        return {"actor_id": kept, "state": RevisionState.WITHDRAWN, "decided_at": timezone.now()}
    return {"actor_id": kept}


OWN = [
    Relation(
        "directory.ActorMember.actor",
        _("personnes qui tiennent la fiche"),
        _("Qui tient les deux fiches garde le rôle le plus large."),
        settle=_stronger_role,
    ),
    Relation(
        "directory.Listing.actor",
        _("réseaux où elle paraît"),
        _(
            "Dans un réseau qui a les deux fiches, celle qui reste est masquée si l'une l'était, sinon publiée si l'une l'était."
        ),
        settle=_settled_state,
        rewrite=_as_shown,
    ),
    Relation(
        "directory.Qualification.actor",
        _("cercles, présents et passés"),
        _("Le cercle de la fiche gardée l'emporte ; l'autre ne compte que pour le temps d'avant."),
        rewrite=_before_the_others,
    ),
    Relation(
        "directory.Claim.actor",
        _("demandes de la tenir"),
        _("Qui demande les deux fiches garde une demande en attente ; l'autre est close."),
        rewrite=_one_request,
    ),
    Relation("directory.ClaimCode.actor", _("codes envoyés"), rewrite=_nowhere, is_told=False),
    Relation("directory.ActorInvitation.actor", _("invitations à la tenir")),
    Relation("directory.Suggestion.actor", _("suggestions de visiteurs")),
    Relation(
        "directory.Revision.actor",
        _("modifications à relire ou relues"),
        _("Qui a proposé une modification des deux fiches garde celle de la fiche qui reste."),
        rewrite=_one_revision,
    ),
    Relation(
        "directory.Signature.actor",
        _("signatures de la charte"),
        _("Quand les deux fiches ont signé, la signature de la fiche gardée vaut ; l'autre reste dans l'historique."),
        rewrite=_signed_once,
    ),
    Relation("directory.SigningLink.actor", _("liens envoyés pour signer la charte")),
    Relation("directory.Actor.parent", _("antennes")),
    Relation("directory.Reminder.actor", _("relances envoyées")),
    Relation("directory.Note.actor", _("notes internes")),
    Relation("directory.Identifier.actor", _("identifiants dans des sources")),
    Relation("directory.FormerSlug.actor", _("anciennes adresses")),
    Relation("directory.Merge.kept", _("fusions antérieures")),
    *(
        Relation(
            f"directory.DistinctPair.{field}",
            _("acteurs dont on sait qu'ils diffèrent"),
            _("Une paire déjà jugée garde ce qui en a été dit."),
            rewrite=_ordered,
        )
        for field in ("first", "second")
    ),
    # Found anew each night.
    *(
        Relation(f"directory.Suspect.{field}", _("paires à examiner"), rewrite=_nowhere, is_told=False)
        for field in ("first", "second")
    ),
]
