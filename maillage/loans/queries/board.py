"""The lender's pages: what today asks for, all the loans with their filters, a month of half-days copy by copy."""

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from maillage.accounts.models import User
from maillage.catalogue.models import Copy, Hold, Resource
from maillage.catalogue.queries.halves import half_of
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.rules import in_reach
from maillage.loans.enums import HOLDING, PROMISED, WAITS, ExtensionState, LoanState
from maillage.loans.models import Loan, LoanQuerySet, WaitingEntry
from maillage.loans.queries.halves import half_now

SHOWN = 50
MOST_LENDERS = 500
MOST_PERSONS = 200


def loans_of(viewer: Viewer) -> LoanQuerySet:
    """Those that the viewer lends; all of the network's for its team."""
    found = Loan.objects.visible_to(viewer) if viewer.runs_network else Loan.objects.lent_by(viewer)
    return found.for_lists()


def lenders_for(viewer: Viewer) -> list[Actor]:
    """From whose loans the viewer may suspend: the actors that they look after; those who lend where they animate, when that is not
    the whole network."""
    mine = viewer.user.actor_memberships.select_related("actor__commune__department").order_by("pk")
    found = {each.actor_id: each.actor for each in mine}
    if viewer.runs_network and not viewer.animates(""):
        lent = Resource.objects.filter(network=viewer.network_id, copies__isnull=False).values("actor")
        actors = Actor.objects.filter(pk__in=lent).select_related("commune__department").order_by("name_key", "pk")
        found |= {actor.pk: actor for actor in actors[:MOST_LENDERS] if in_reach(viewer, actor)}
    return list(found.values())


@dataclass(frozen=True)
class Today:
    """Lists of at most `SHOWN`."""

    to_answer: list[Loan]
    extensions: list[Loan]
    leaving: list[Loan]
    coming_back: list[Loan]
    late: list[Loan]
    to_close: list[Loan]
    never_left: list[Loan]
    waiting: list[WaitingEntry]

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


def today_of(viewer: Viewer) -> Today:
    now, today = half_now(), timezone.localdate()
    first, last = half_of(today), half_of(today, afternoon=True)
    found = loans_of(viewer)
    # Copies that travel or are set up leave before the first day of use, from the half-day at which they are kept.
    leaves = Exists(Hold.objects.filter(booking=OuterRef("booking"), first__lte=last))

    def some(*conditions: Any, order: str = "first", **values: Any) -> list[Loan]:
        return list(found.filter(*conditions, **values).order_by(order, "pk")[:SHOWN])

    return Today(
        to_answer=some(state=LoanState.ASKED, order="expires_at"),
        extensions=some(state__in=HOLDING, extensions__state=ExtensionState.ASKED),
        leaving=some(leaves, state__in=PROMISED, last__gte=now),
        coming_back=list(found.away().filter(last__range=(max(first, now), last)).order_by("last", "pk")[:SHOWN]),
        late=list(found.away().filter(last__lt=now).order_by("last", "pk")[:SHOWN]),
        to_close=some(state=LoanState.RETURNED, order="returned_at"),
        never_left=some(state__in=PROMISED, last__lt=now),
        waiting=waiting_for(viewer),
    )


def persons_for(viewer: Viewer) -> list[User]:
    """Those who borrow in their own name from the viewer, whom they may suspend: the latest to have asked."""
    asked = loans_of(viewer).filter(actor=None, contact__is_active=True, contact__erased_at=None)
    if viewer.user_id is not None:
        asked = asked.exclude(contact=viewer.user_id)
    latest = asked.order_by().values_list("contact").annotate(latest=Max("pk")).order_by("-latest")[:MOST_PERSONS]
    return list(User.objects.filter(pk__in=[pk for pk, _last in latest]).order_by("name", "pk"))


def waiting_for(viewer: Viewer) -> list[WaitingEntry]:
    """Those who wait for what the viewer lends, in the order in which they are served (LOAN-8)."""
    lent = (
        Resource.objects.filter(network=viewer.network_id) if viewer.runs_network else Resource.objects.lent_by(viewer)
    )
    found = WaitingEntry.objects.filter(network=viewer.network_id, resource__in=lent, state__in=WAITS)
    return list(found.select_related("resource", "actor", "contact").order_by("resource__title_key", "pk")[:SHOWN])


def to_answer(viewer: Viewer) -> int:
    return Loan.objects.lent_by(viewer).filter(state=LoanState.ASKED).count()


# --- all of them --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    state: str = ""
    q: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_narrow(self) -> bool:
        return bool(self.q or self.since or self.until)


def filters_of(params: QueryDict) -> Filters:
    state = params.get("etat", "")
    return Filters(
        state=state if state in LoanState.values else "",
        q=params.get("q", "").strip()[:100],
        since=_day(params.get("du", "")),
        until=_day(params.get("au", "")),
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def matching(viewer: Viewer, asked: Filters) -> QuerySet[Loan]:
    """Without the state, which the tabs choose."""
    found = loans_of(viewer)
    if asked.q:
        words = folded(asked.q)
        found = found.filter(Q(resource__title_key__contains=words) | Q(actor__name_key__contains=words))
    if asked.since is not None:
        found = found.filter(last__gte=half_of(asked.since))
    if asked.until is not None:
        found = found.filter(first__lte=half_of(asked.until, afternoon=True))
    return found


def state_counts(viewer: Viewer, asked: Filters) -> dict[str, int]:
    rows = matching(viewer, asked).order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


def table(viewer: Viewer, asked: Filters) -> QuerySet[Loan]:
    found = matching(viewer, asked)
    found = found.filter(state=asked.state) if asked.state else found
    return found.order_by("-first", "-pk")


# --- a month ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A half-day of a copy: the loan that holds it (None with `why` for an offer, a tour or upkeep), or nothing."""

    half: int
    loan: Loan | None = None
    why: str = ""

    @property
    def is_taken(self) -> bool:
        return self.loan is not None or bool(self.why)


@dataclass(frozen=True)
class Row:
    copy: Copy
    days: list[tuple[date, Cell, Cell]]


def month_of(text: str, today: date) -> date:
    """« 2026-03 » as the first of the month; this one when it says nothing."""
    try:
        year, month = (int(part) for part in text.split("-"))
        found = date(year, month, 1)
    except ValueError:
        return today.replace(day=1)
    return found if 2000 <= found.year <= 2200 else today.replace(day=1)


def copies_of(viewer: Viewer) -> QuerySet[Copy]:
    resources = (
        Resource.objects.filter(network=viewer.network_id) if viewer.runs_network else Resource.objects.lent_by(viewer)
    )
    return Copy.objects.filter(resource__in=resources).exclude(state="retired").select_related("resource", "module")


def month_rows(viewer: Viewer, copies: list[Copy], month: date) -> list[Row]:
    """Three queries for any number of copies; half-days within an interval belong to what holds it."""
    days = [month + timedelta(days=n) for n in range(calendar.monthrange(month.year, month.month)[1])]
    first, last = half_of(days[0]), half_of(days[-1], afternoon=True)
    holds = Hold.objects.filter(copy__in=copies, first__lte=last, last__gte=first).select_related("booking")
    rows = list(holds.order_by("first", "pk"))
    loans = {loan.booking_id: loan for loan in loans_of(viewer).filter(booking__in={hold.booking_id for hold in rows})}
    held: dict[int, dict[int, Cell]] = defaultdict(dict)
    for hold in rows:
        for half in range(max(first, hold.first), min(last, hold.last) + 1):
            loan = loans.get(hold.booking_id)
            why = "" if loan is not None else (hold.booking.note or hold.booking.get_kind_display())
            held[hold.copy_id][half] = Cell(half, loan, why)
    return [
        Row(
            copy,
            [
                (day, held[copy.pk].get(half, Cell(half)), held[copy.pk].get(half + 1, Cell(half + 1)))
                for day in days
                for half in (half_of(day),)
            ],
        )
        for copy in copies
    ]
