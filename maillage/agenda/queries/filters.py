"""What the agenda is asked for, read from the address: a period, a place, whom for, about what."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.dates import date_format
from maillage.core.text import whole_number
from maillage.directory.queries.filters import RADII
from maillage.networks.models import Network
from maillage.territories.models import Territory

LONGEST_DAYS = 400  # Of a period asked for by its days.
CHILDREN = (3, 11)  # Ages that « avec des enfants » means, both included.
OLDEST = 120
VIEWS = ("liste", "mois", "carte")
PERIODS: dict[str, Any] = {
    "aujourdhui": gettext_lazy("Aujourd'hui"),
    "demain": gettext_lazy("Demain"),
    "week-end": gettext_lazy("Ce week-end"),
    "semaine": gettext_lazy("Les 7 jours à venir"),
    "passes": gettext_lazy("Les 12 derniers mois"),
}
SWITCHES: dict[str, Any] = {
    "enfants": gettext_lazy("Avec des enfants"),
    "gratuit": gettext_lazy("Gratuit"),
    "une": gettext_lazy("À ne pas manquer"),
    "longue": gettext_lazy("Au long cours"),
}
FACETS: dict[str, Any] = {
    "action": gettext_lazy("Type"),
    "theme": gettext_lazy("Thématique"),
    "public": gettext_lazy("Public"),
    "departement": gettext_lazy("Département"),
    "acces": gettext_lazy("Accessibilité"),
    "niveau": gettext_lazy("Niveau scolaire"),
    "lieu": gettext_lazy("Sur place ou en ligne"),
}
ALL_OF = frozenset({"acces"})  # Facets whose choices are needs: all of them are to be met, not one.
ORDERS = ("date", "distance", "pertinence")


@dataclass
class Filters:
    """The parsed address. `period` is a key of `PERIODS` or "", `first` and `last` days included, `month` the first day of one;
    `near` a point in degrees with its name; `organiser` the slug of an actor."""

    network: Network
    today: date
    q: str = ""
    period: str = ""
    first: date | None = None
    last: date | None = None
    month: date | None = None
    chosen: dict[str, list[str]] = field(default_factory=dict)
    switches: frozenset[str] = frozenset()
    age: int | None = None
    near: tuple[float, float] | None = None
    near_label: str = ""
    radius: int = 20
    organiser: str = ""
    order: str = "date"
    view: str = "liste"

    @classmethod
    def from_params(cls, params: QueryDict, network: Network) -> "Filters":
        filters = cls(network=network, today=timezone.localdate())
        filters.q = params.get("q", "").replace("\x00", "").strip()[:200]
        filters._read_period(params)
        for name in FACETS:
            values = [value[:80] for value in params.getlist(name)[:50] if value]
            if values:
                filters.chosen[name] = list(dict.fromkeys(values))
        filters.switches = frozenset(name for name in SWITCHES if params.get(name) == "oui")
        age = whole_number(params.get("age", ""))
        filters.age = age if age is not None and age <= OLDEST else None
        filters._read_place(params.get("pres", ""))
        radius = whole_number(params.get("rayon", ""))
        if radius in RADII:
            filters.radius = radius
        filters.organiser = params.get("par", "").replace("\x00", "")[:100]
        filters.view = view if (view := params.get("vue", "")) in VIEWS else "liste"
        if filters.view == "mois" and filters.month is None:
            filters.month = (filters.first or filters.today).replace(day=1)
        order = params.get("tri", "")
        means_something = {"date": True, "distance": bool(filters.near), "pertinence": bool(filters.q)}
        filters.order = order if means_something.get(order) else "date"
        return filters

    def _read_period(self, params: QueryDict) -> None:
        if (period := params.get("quand", "")) in PERIODS:
            self.period = period
            return
        self.first, self.last = day_in(params.get("du", "")), day_in(params.get("au", ""))
        if self.first and self.last and self.last < self.first:
            self.first, self.last = self.last, self.first
        self.month = month_in(params.get("mois", ""))

    def _read_place(self, text: str) -> None:
        if "," in text:
            try:
                latitude, longitude = (float(part) for part in text.split(",", 1))
            except ValueError:
                return
            if -90 <= latitude <= 90 and -180 <= longitude <= 180:
                self.near, self.near_label = (latitude, longitude), str(_("ma position"))
        elif text:
            commune = Territory.objects.communes().filter(code=text[:5]).first()
            if commune is not None and commune.latitude is not None and commune.longitude is not None:
                self.near, self.near_label = (commune.latitude, commune.longitude), commune.name

    @property
    def is_past(self) -> bool:
        return self.period == "passes"

    @property
    def starts_now(self) -> bool:
        """Whether the period is all that is to come: its beginning moves with the clock, its end with the day."""
        return not (self.has_period or (self.view == "mois" and self.month is not None))

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows what is to come."""
        return not (
            self.q
            or self.chosen
            or self.near
            or self.switches
            or self.age is not None
            or self.organiser
            or self.has_period
        )

    @property
    def has_period(self) -> bool:
        return bool(self.period or self.first or self.last or (self.month and self.view != "mois"))

    def window(self, now: datetime | None = None) -> tuple[datetime, datetime]:
        """The moments asked for: [start, end[. What is over today is not to come, but in a month or between two days."""
        now = now or timezone.now()
        if self.view == "mois" and self.month is not None:
            return at_midnight(self.month), at_midnight(next_month(self.month))
        if self.period == "aujourdhui":
            return now, at_midnight(self.today + timedelta(days=1))
        if self.period == "demain":
            return at_midnight(self.today + timedelta(days=1)), at_midnight(self.today + timedelta(days=2))
        if self.period == "week-end":
            saturday = self.today + timedelta(days=5 - self.today.weekday()) if self.today.weekday() < 5 else self.today
            monday = saturday + timedelta(days=7 - saturday.weekday())
            return max(now, at_midnight(saturday)), at_midnight(monday)
        if self.period == "semaine":
            return now, at_midnight(self.today + timedelta(days=7))
        if self.is_past:
            return at_midnight(self.today - timedelta(days=365)), now
        if self.month is not None:
            return at_midnight(self.month), at_midnight(next_month(self.month))
        return self._between(now)

    def _between(self, now: datetime) -> tuple[datetime, datetime]:
        start = at_midnight(self.first) if self.first else now
        if self.last and not self.first and self.last < self.today:
            start = at_midnight(self.last - timedelta(days=LONGEST_DAYS - 1))
        limit = at_midnight(timezone.localdate(start) + timedelta(days=LONGEST_DAYS))
        return start, min(at_midnight(self.last + timedelta(days=1)), limit) if self.last else limit

    def period_in_words(self) -> str:
        if self.period:
            return str(PERIODS[self.period])
        if self.first and self.first == self.last:
            return date_format(self.first, "l j F Y")
        if self.first and self.last:
            return _("du %(first)s au %(last)s") % {
                "first": date_format(self.first, "j F Y"),
                "last": date_format(self.last, "j F Y"),
            }
        if self.first:
            return _("à partir du %s") % date_format(self.first, "j F Y")
        if self.last:
            return _("jusqu'au %s") % date_format(self.last, "j F Y")
        return date_format(self.month, "F Y") if self.month else ""


def at_midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def day_in(text: str) -> date | None:
    """A day as an address or a person writes it: 2026-03-05 or 05/03/2026."""
    parts = text.strip()[:10].split("-") if "-" in text else text.strip()[:10].split("/")[::-1]
    numbers = [whole_number(part) for part in parts]
    if len(numbers) != 3 or None in numbers:
        return None
    try:
        found = date(*numbers)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None
    return found if 1900 <= found.year <= 2200 else None


def month_in(text: str) -> date | None:
    return day_in(f"{text[:7]}-01")
