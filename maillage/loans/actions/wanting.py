"""What nobody could lend: counted for the network, and told as a need when whoever asked agrees."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.catalogue.models import Resource
from maillage.catalogue.queries.halves import day_of
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.loans.enums import Unmet
from maillage.loans.models import UnmetRequest
from maillage.loans.models.loans import Wish
from maillage.loans.queries.halves import span_said
from maillage.loans.queries.terms import Asked
from maillage.outreach.actions.needs import record_need
from maillage.outreach.enums import NeedKind, Sharing, Side
from maillage.territories.models import Territory

_SAME_WISH = timedelta(days=30)
"""Tries of one person for one resource, made within that time of each other and for days no farther apart, are one request."""


def note_unmet(*, by: Viewer, asked: Asked, reason: Unmet, consents: bool = False) -> UnmetRequest:
    """Once for the tries of a person; the need (of the actor that would borrow) once too. Outside the transactions that hold a stock:
    `outreach` holds the actor first."""
    with transaction.atomic():
        row = _counted(asked.resource, by.user, reason, asked.first, asked.last, asked.actor, asked.place)
    is_told = row.need is not None and row.need.actor_id == (asked.actor and asked.actor.pk)
    if consents and not is_told and asked.actor is not None:
        with transaction.atomic():
            row.need = record_need(
                by=by,
                actor=asked.actor,
                terms=row.terms.all(),
                side=Side.NEED,
                kind=NeedKind.LOAN,
                title=(_("Emprunter : %s") % asked.resource.title)[:150],
                description=span_said(asked.first, asked.last),
                territory=asked.place,
                wanted_on=day_of(asked.first),
                sharing=Sharing.MEMBERS,
            )
            row.save(update_fields=["need", "updated_at"])
    return row


def count_unmet(wish: Wish, reason: Unmet) -> None:
    """Of a request that was refused, or stayed without an answer; of a place in a waiting list that was never served. In the transaction
    of the act, which holds its actor first."""
    if wish.contact is not None:
        place = wish.commune or (wish.actor.commune if wish.actor is not None else None)
        _counted(wish.resource, wish.contact, reason, wish.first, wish.last, wish.actor, place)


def forget_met(by: Viewer, asked: Asked) -> None:
    """Whoever is served after all lacked nothing for that actor; what became a need of the network stays it."""
    if by.user is not None:
        _near(asked.resource, by.user, asked.first).filter(need=None, actor=asked.actor).delete()


def _near(resource: Resource, user: User, first: int) -> Any:
    """What they lacked of it around those days."""
    near = 2 * _SAME_WISH.days
    return UnmetRequest.objects.filter(resource=resource, user=user, first__range=(first - near, first + near))


def _counted(
    resource: Resource,
    user: User | None,
    reason: Unmet,
    first: int,
    last: int,
    actor: Actor | None,
    place: Territory | None,
) -> UnmetRequest:
    """The last of their tries says why; dates are those of the first one."""
    since = timezone.now() - _SAME_WISH
    tries = _near(resource, user, first).filter(updated_at__gte=since).order_by("pk") if user is not None else None
    before = tries.first() if tries is not None else None
    if before is not None:
        before.reason, before.actor, before.territory = reason, actor or before.actor, place or before.territory
        before.save(update_fields=["reason", "actor", "territory", "updated_at"])
        return before
    row, is_new = UnmetRequest.objects.get_or_create(
        resource=resource, user=user, first=first, last=last,
        defaults={"network": resource.network, "actor": actor, "territory": place, "reason": reason},
    )  # fmt: skip
    if is_new:
        row.terms.set(resource.terms.all())
    return row
