"""On what terms a resource is lent: what it says, else its lender, else the network."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from maillage.catalogue import registry
from maillage.catalogue.engine.halves import Span, day_of, half_of, week_half
from maillage.catalogue.engine.holidays import is_holiday
from maillage.catalogue.enums import Borrowers
from maillage.catalogue.models import Closure, LendingTerms, Resource
from maillage.directory.models import Actor
from maillage.networks.models import Network

_FEW = 50
WEEKDAYS = tuple(range(10))  # Monday morning to Friday afternoon.


@dataclass(frozen=True)
class Terms:
    """See `models.lending.LendingTerms`; nothing is unknown here. `families` are ids, `closures` sorted pairs of days."""

    open_halves: frozenset[int]
    hours: str
    pickup_notes: str
    notice_days: int
    max_days: int
    ahead_days: int
    renewals: int
    at_once: int
    transport: int
    setup: int
    buffer: int
    borrowers: Borrowers
    families: frozenset[int]
    open_first_days: int
    offer_hours: int
    needs_agreement: bool
    needs_insurance: bool
    needs_deposit: bool
    closed_on_holidays: bool = False
    closures: tuple[tuple[date, date], ...] = ()

    def is_open(self, half: int) -> bool:
        """Whether things are fetched and brought back then."""
        day = day_of(half)
        if week_half(half) not in self.open_halves or self.rests(day):
            return False
        return not any(first <= day <= last for first, last in self.closures)

    def rests(self, day: date) -> bool:
        """A public holiday on which its lender is closed."""
        return self.closed_on_holidays and is_holiday(day)

    def span(self, first: int, last: int) -> Span:
        return Span(first, last, self.transport, self.setup, self.buffer)

    def use_of(self, first_on: date, last_on: date, today: date) -> Span | None:
        """The longest use of these days that may be asked for: from the first half-day of the first that its lender is open, to the
        last of the last. None when a request would be refused whatever is free."""
        if first_on < self.earliest(today) or last_on > self.latest(today):
            return None
        begins = next(filter(self.is_open, (half_of(first_on), half_of(first_on, afternoon=True))), None)
        ends = next(filter(self.is_open, (half_of(last_on, afternoon=True), half_of(last_on))), None)
        if begins is None or ends is None or ends < begins:
            return None
        days = (ends - begins) // 2 + 1
        if days > self.max_days and (last_on - first_on).days >= self.max_days:
            return None
        return self.span(begins, ends)

    def tonight(self, now: int) -> Span | None:
        """A use that begins now and ends when its lender is next open from tomorrow evening on."""
        evening = half_of(day_of(now), afternoon=True) + 2
        if self.notice_days or not self.is_open(now):
            return None
        ends = next(filter(self.is_open, range(evening, now + 2 * self.max_days)), None)
        return self.span(now, ends) if ends is not None else None

    def earliest(self, today: date) -> date:
        """The first day that may be asked for."""
        return today + timedelta(days=self.notice_days)

    def latest(self, today: date) -> date:
        return today + timedelta(days=self.ahead_days)


def terms_of(resource: Resource) -> Terms:
    return terms_of_many(resource.network, [resource])[resource.pk]


def terms_of_many(network: Network, resources: Iterable[Resource]) -> dict[int, Terms]:
    """By key of the resource, in three queries."""
    rows = list(resources)
    actors = {row.actor_id for row in rows}
    said = LendingTerms.objects.filter(network=network).prefetch_related("families")
    # Few lenders say anything: past some rows, naming them costs more than reading all that was said.
    few = len(rows) <= _FEW
    of_resource = {
        each.resource_id: each for each in (said.filter(resource__in=rows) if few else said.filter(actor=None))
    }
    of_actor = {each.actor_id: each for each in (said.filter(actor__in=actors) if few else said.filter(resource=None))}
    closures: dict[int, list[tuple[date, date]]] = {}
    closed_on = Closure.objects.filter(network=network)
    closed_on = closed_on.filter(actor__in=actors) if few else closed_on
    for actor, first, last in closed_on.values_list("actor", "first_on", "last_on"):
        closures.setdefault(actor, []).append((first, last))
    # Most lenders say nothing: what comes of the same words is worked out once.
    worked: dict[Any, Terms] = {}
    found = {}
    for row in rows:
        own, lender, closed = of_resource.get(row.pk), of_actor.get(row.actor_id), closures.get(row.actor_id, [])
        said_by = (own and own.pk, lender and lender.pk, row.actor_id if closed else None)
        if said_by not in worked:
            worked[said_by] = _resolved(network, [own, lender], closed)
        found[row.pk] = worked[said_by]
    return found


def default_terms(network: Network, actor: Actor | None = None) -> Terms:
    """Of who says nothing in the network: a lender, or with `actor` one of its resources."""
    said = (
        LendingTerms.objects.filter(network=network, actor=actor).prefetch_related("families").first()
        if actor
        else None
    )
    return _resolved(network, [said], [])


def _resolved(network: Network, said: list[LendingTerms | None], closures: list[tuple[date, date]]) -> Terms:
    told = [each for each in said if each is not None]

    def first(name: str, default: Any) -> Any:
        return next((value for each in told if (value := getattr(each, name)) not in (None, "")), default)

    def setting(declared: Any) -> Any:
        return network.setting(declared.name)

    everyone = Borrowers.ACTORS if setting(registry.ACTORS_ONLY) else Borrowers.ANYONE
    chosen = next((each for each in told if each.borrowers), None)
    return Terms(
        open_halves=frozenset(first("open_halves", WEEKDAYS)),
        hours=first("hours", ""),
        pickup_notes=first("pickup_notes", ""),
        notice_days=first("notice_days", setting(registry.NOTICE)),
        max_days=first("max_days", setting(registry.LONGEST)),
        ahead_days=30 * setting(registry.AHEAD),
        renewals=first("renewals", setting(registry.RENEWALS)),
        at_once=first("at_once", setting(registry.AT_ONCE)),
        transport=first("transport", setting(registry.TRANSPORT)),
        setup=first("setup", setting(registry.SETUP)),
        buffer=first("buffer", setting(registry.BUFFER)),
        borrowers=Borrowers(chosen.borrowers) if chosen else everyone,
        families=frozenset(term.pk for term in chosen.families.all()) if chosen else frozenset(),
        open_first_days=first("open_first_days", setting(registry.OPEN_FIRST)),
        offer_hours=first("offer_hours", setting(registry.OFFER)),
        needs_agreement=first("needs_agreement", setting(registry.AGREEMENT)),
        needs_insurance=first("needs_insurance", setting(registry.INSURANCE)),
        needs_deposit=first("needs_deposit", False),
        closed_on_holidays=first("closed_on_holidays", False),
        closures=tuple(sorted(closures)),
    )
