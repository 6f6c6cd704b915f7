"""Bookings that a closure, or other hours, would break: they are fetched or brought back when their lender is closed (LOAN-12)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from maillage.catalogue.engine.halves import day_of, half_at, half_of, week_half
from maillage.catalogue.engine.holidays import is_holiday
from maillage.catalogue.enums import BookingKind
from maillage.catalogue.models import Booking, Hold, Resource
from maillage.catalogue.queries.lending import terms_of_many
from maillage.directory.models import Actor
from maillage.networks.models import Network


@dataclass(frozen=True)
class Clash:
    """A booking, and which of its ends falls when its lender would be closed."""

    booking: Booking
    out: bool
    back: bool

    @property
    def first_on(self) -> date:
        return day_of(self.booking.first)

    @property
    def last_on(self) -> date:
        return day_of(self.booking.last)


def _holding() -> Exists:
    """A booking that holds copies to its end: one that was cancelled, or came back sooner, is broken by nothing."""
    return Exists(Hold.objects.filter(booking=OuterRef("pk"), last__gte=OuterRef("last")))


def _coming(network: Network, actor: Actor, since: int) -> Any:
    lent = Booking.objects.filter(_holding(), resource__network=network, resource__actor=actor, last__gte=since)
    return lent.exclude(kind=BookingKind.UPKEEP).select_related("resource").order_by("first", "pk")


def coming_bookings(resource: Resource) -> "QuerySet[Booking]":
    """What others were promised of it, and is not over; upkeep is its lender's own."""
    now = half_at(timezone.now(), timezone.get_current_timezone())
    return resource.bookings.filter(_holding(), last__gte=now).exclude(kind=BookingKind.UPKEEP).order_by("first", "pk")


def shown_bookings(resource: Resource, most: int = 50) -> list[Clash]:
    """The first of them, for a page."""
    return [Clash(each, out=False, back=False) for each in coming_bookings(resource).select_related("resource")[:most]]


def broken_by_closure(network: Network, actor: Actor, first_on: date, last_on: date, since: int) -> list[Clash]:
    begins, ends = half_of(first_on), half_of(last_on, afternoon=True)
    found = _coming(network, actor, since).filter(first__lte=ends, last__gte=begins)
    told = [
        Clash(each, since <= each.first and begins <= each.first <= ends, begins <= each.last <= ends) for each in found
    ]
    return [clash for clash in told if clash.out or clash.back]


def broken_by_hours(
    network: Network,
    actor: Actor,
    open_halves: Collection[int],
    since: int,
    resource: Resource | None = None,
    *,
    holidays: bool = False,
) -> list[Clash]:
    """With these half-days of the week, and closed on public `holidays` or not; those that were broken before are left out. Of one resource, or of all that say nothing
    of their own."""
    found = [each for each in _coming(network, actor, since) if resource is None or each.resource_id == resource.pk]
    terms = terms_of_many(network, {each.resource_id: each.resource for each in found}.values())
    own = set() if resource is not None else _with_hours(found)
    told = []
    for each in found:
        if each.resource_id in own:
            continue
        was = terms[each.resource_id]

        def closes(half: int, was: Any = was) -> bool:
            closed = week_half(half) not in open_halves or (holidays and is_holiday(day_of(half)))
            return half >= since and was.is_open(half) and closed

        clash = Clash(each, closes(each.first), closes(each.last))
        if clash.out or clash.back:
            told.append(clash)
    return told


def _with_hours(bookings: list[Booking]) -> set[int]:
    keys = {each.resource_id for each in bookings}
    said = Resource.objects.filter(pk__in=keys, lending_terms__open_halves__isnull=False)
    return set(said.values_list("pk", flat=True))
