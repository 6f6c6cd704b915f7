"""Figures of a year: what was lent, for whom, where; how much of its time each copy serves; what nobody could lend."""

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from maillage.catalogue.enums import BookingKind, Part
from maillage.catalogue.models import Copy, Occupancy, Resource
from maillage.catalogue.models import Use as CountedUse
from maillage.catalogue.queries.halves import half_at, half_of
from maillage.core.viewer import Viewer
from maillage.loans.models import UnmetRequest
from maillage.loans.queries.board import loans_of

FIRST_YEAR = 2000
TOWN = Coalesce("commune", "actor__commune")
"""Where it is used, else where its borrower is."""


def halves_of(year: int, month: int = 0) -> tuple[int, int]:
    """The first and the last half-days of a year, or of one of its months."""
    last_month = month or 12
    last = date(year, last_month, calendar.monthrange(year, last_month)[1])
    return half_of(date(year, month or 1, 1)), half_of(last, afternoon=True)


@dataclass
class Use:
    """What a resource served in a year, lent or on tour. `days`: of all its copies together, a half-day counts half."""

    resource: int
    title: str
    lender: str
    loans: int = 0
    reached: int = 0
    days: float = 0
    towns: set[int] = field(default_factory=set)


def uses(viewer: Viewer, year: int) -> list[Use]:
    """By resource, of loans that began in the year and left, and of stops of tours that took place in it; three queries. Days out are
    those of the year, whenever they left."""
    first, last = halves_of(year)
    found: dict[int, Use] = {}
    seen = loans_of(viewer).filter(left_at__isnull=False)
    for resource, title, lender, reached, commune in _in_year(seen, year).values_list(
        "resource", "resource__title", "resource__actor__name", "reached", TOWN
    ):
        use = found.setdefault(resource, Use(resource, title, lender))
        use.loans += 1
        use.reached += reached or 0
        use.towns |= {commune} if commune else set()
    toured = CountedUse.objects.filter(booking__kind=BookingKind.TOUR, used_on__year=year, resource__in=_lent(viewer))
    for resource, title, lender, reached, commune in toured.order_by().values_list(
        "resource", "resource__title", "resource__actor__name", "reached", "commune"
    ):
        use = found.setdefault(resource, Use(resource, title, lender))
        use.reached += reached or 0
        use.towns |= {commune} if commune else set()
    served = Q(hold__booking__loan__in=seen.values("pk")) | (_toured() & Q(copy__resource__in=_lent(viewer)))
    taken = Occupancy.objects.filter(served, hold__via=None, part=Part.USE, half__range=(first, last))
    rows = taken.order_by().values("copy__resource", "copy__resource__title", "copy__resource__actor__name")
    for row in rows.annotate(halves=Count("pk")):
        key = row["copy__resource"]
        use = found.setdefault(key, Use(key, row["copy__resource__title"], row["copy__resource__actor__name"]))
        use.days = row["halves"] / 2
    return sorted(found.values(), key=lambda use: (-use.loans, use.title, use.resource))


def _toured() -> Q:
    """Half-days of a tour that are behind us."""
    return Q(hold__booking__kind=BookingKind.TOUR, half__lt=half_of(timezone.localdate()))


def _lent(viewer: Viewer) -> Any:
    """What those who run the network see all of, others of the actors that they look after."""
    here = Resource.objects.filter(network=viewer.network_id)
    return (here if viewer.runs_network else here.lent_by(viewer)).order_by().values("pk")


def _in_year(loans: Any, year: int) -> Any:
    return loans.filter(first__range=halves_of(year)).order_by()


@dataclass(frozen=True)
class Indicators:
    """Of the loans of a network that began in a year. Shares are between 0 and 1, None when nothing came back yet; `answer` is the
    median time before the lender's answer, None when nobody answered."""

    loans: int
    borrowers: int
    communes: int
    reached: int
    late: float | None
    answer: timedelta | None


def indicators(viewer: Viewer, year: int, zone: Any) -> Indicators:
    """One query."""
    rows = list(
        _in_year(loans_of(viewer), year).values_list(
            "left_at", "actor", "contact", TOWN, "reached", "returned_at", "last", "created_at", "answered_at"
        )
    )
    left = [row for row in rows if row[0] is not None]
    back = [half_at(row[5], zone) > row[6] for row in left if row[5] is not None]
    waits = [row[8] - row[7] for row in rows if row[8] is not None]
    return Indicators(
        loans=len(left),
        borrowers=len({("actor", row[1]) if row[1] else ("person", row[2]) for row in left if row[1] or row[2]}),
        communes=len({row[3] for row in left if row[3]}),
        reached=sum(row[4] or 0 for row in left),
        late=sum(back) / len(back) if back else None,
        answer=median(waits) if waits else None,
    )


@dataclass(frozen=True)
class Share:
    """How much of its half-days each month the copies of a resource served: 12 shares between 0 and 1."""

    resource: int
    title: str
    lender: str
    copies: int
    months: list[float]

    @property
    def percents(self) -> list[int]:
        return [round(100 * share) for share in self.months]

    @property
    def year_percent(self) -> int:
        return round(100 * sum(self.months) / 12)


def occupation(viewer: Viewer, year: int) -> list[Share]:
    """Of each resource with copies that may be promised; two queries, twelve counts in the second."""
    stock = Copy.objects.filter(resource__network=viewer.network_id).promised().order_by()
    rows = list(
        stock.values("resource", "resource__title", "resource__actor__name", "resource__title_key")
        .annotate(copies=Count("pk"))
        .order_by("resource__title_key", "resource")
    )
    months = {f"m{month}": halves_of(year, month) for month in range(1, 13)}
    taken = Occupancy.objects.filter(
        Q(hold__booking__loan__left_at__isnull=False) | _toured(), copy__in=stock.values("pk"), part=Part.USE,
        half__range=halves_of(year),
    )  # fmt: skip
    counts: dict[int, Any] = {
        row["copy__resource"]: row
        for row in taken.order_by()
        .values("copy__resource")
        .annotate(**{name: Count("pk", filter=Q(half__range=halves)) for name, halves in months.items()})
    }
    return [
        Share(
            row["resource"],
            row["resource__title"],
            row["resource__actor__name"],
            row["copies"],
            [
                counts.get(row["resource"], {}).get(name, 0) / (row["copies"] * (last - first + 1))
                for name, (first, last) in months.items()
            ],
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Lack:
    """Requests that nobody met, of a theme or of a département; `told`: those that became a need of the network."""

    label: str
    requests: int
    told: int


def lacks(viewer: Viewer, year: int) -> tuple[list[Lack], list[Lack]]:
    """By theme, by département; two queries. A request of several themes counts for each."""
    unmet = UnmetRequest.objects.filter(network=viewer.network_id, first__range=halves_of(year))
    themes = unmet.order_by().values(label=F("terms__label"))
    places = unmet.order_by().values(label=F("territory__department__name"))
    counted = {"requests": Count("pk"), "told": Count("need")}
    return _lacks(themes.annotate(**counted)), _lacks(places.annotate(**counted))


def _lacks(rows: Iterable[Any]) -> list[Lack]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        found[row["label"] or ""][0] += row["requests"]
        found[row["label"] or ""][1] += row["told"]
    return sorted(
        (Lack(label, *counts) for label, counts in found.items()), key=lambda lack: (-lack.requests, lack.label)
    )


def years(viewer: Viewer) -> list[int]:
    """Those in which a loan began, the last first; two queries."""
    found = loans_of(viewer).order_by("first")
    first, last = found.values_list("first", flat=True).first(), found.values_list("first", flat=True).last()
    today = timezone.localdate().year
    if first is None or last is None:
        return [today]
    span = range(date.fromordinal(first // 2).year, max(today, date.fromordinal(last // 2).year) + 1)
    return [year for year in sorted(span, reverse=True) if year >= FIRST_YEAR]
