"""What the catalogue is asked for, read from the address."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.geo import distance_km
from maillage.core.text import whole_number
from maillage.directory.queries.filters import RADII
from maillage.networks.models import Network
from maillage.territories.models import Territory

DATES = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y"]
LONGEST_DAYS = 366
_AROUND = 0.1  # Degrees.
FACETS: dict[str, Any] = {
    "forme": gettext_lazy("Comment en profiter"),
    "nature": gettext_lazy("Nature"),
    "theme": gettext_lazy("Thématique"),
    "public": gettext_lazy("Public"),
    "niveau": gettext_lazy("Niveau scolaire"),
    "duree": gettext_lazy("Durée"),
    "prix": gettext_lazy("Prix"),
    "departement": gettext_lazy("Département"),
    "electricite": gettext_lazy("Électricité"),
    "internet": gettext_lazy("Internet"),
    "transport": gettext_lazy("Se transporte avec"),
    "acces": gettext_lazy("Accessibilité"),
    "langue": gettext_lazy("Langue"),
    "licence": gettext_lazy("Licence"),
}
SWITCHES: dict[str, Any] = {
    "cesoir": gettext_lazy("Utilisable ce soir"),
    "gratuit": gettext_lazy("Gratuit"),
}
NUMBERS: dict[str, tuple[Any, int]] = {
    "surface": (gettext_lazy("tient dans %d m²"), 100_000),
    "hauteur": (gettext_lazy("tient sous %s m"), 99),
    "groupe": (gettext_lazy("pour %d personnes"), 10_000),
    "age": (gettext_lazy("dès %d ans"), 120),
}
ORDERS = ("recent", "titre", "distance")
VIEWS = ("liste", "carte")


@dataclass
class Filters:
    """The parsed address; the number « hauteur » is in metres. `first` and `last` are days, both included, when it must be free; `near` a point in degrees with its
    name; `actor` the slug of who offers it. What is unknown is left out."""

    network: Network
    today: date
    q: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    switches: frozenset[str] = frozenset()
    numbers: dict[str, int | Decimal] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    near: tuple[float, float] | None = None
    near_label: str = ""
    near_commune: Territory | None = None
    radius: int = 20
    actor: str = ""
    order: str = "recent"
    view: str = "liste"

    @classmethod
    def from_params(cls, params: QueryDict, network: Network) -> "Filters":
        filters = cls(network, timezone.localdate())
        filters.q = params.get("q", "").replace("\x00", "").strip()[:200]
        for name in FACETS:
            values = [value.replace("\x00", "")[:80] for value in params.getlist(name)[:50] if value]
            if values:
                filters.chosen[name] = list(dict.fromkeys(values))
        filters.switches = frozenset(name for name in SWITCHES if params.get(name) == "oui")
        for name, (_label, most) in NUMBERS.items():
            number = _metres(params.get(name, "")) if name == "hauteur" else whole_number(params.get(name, ""))
            if number is not None and 0 < number <= most:
                filters.numbers[name] = number
        filters._read_dates(params)
        filters._read_place(params.get("pres", ""))
        if (radius := whole_number(params.get("rayon", ""))) in RADII:
            filters.radius = radius or cls.radius
        filters.actor = params.get("par", "").replace("\x00", "")[:100]
        order, view = params.get("tri", ""), params.get("vue", "")
        filters.order = order if order in ORDERS and (order != "distance" or filters.near) else filters.default_order
        filters.view = view if view in VIEWS else cls.view
        return filters

    def _read_dates(self, params: QueryDict) -> None:
        first, last = day_in(params.get("du", "")), day_in(params.get("au", ""))
        first, last = first or last, last or first
        if first is None or last is None:
            return
        self.first, self.last = min(first, last), min(max(first, last), min(first, last) + timedelta(days=LONGEST_DAYS))

    def _read_place(self, text: str) -> None:
        if "," in text:
            try:
                latitude, longitude = (float(part) for part in text.split(",", 1))
            except ValueError:
                return
            if -90 <= latitude <= 90 and -180 <= longitude <= 180:
                self.near, self.near_label = (latitude, longitude), str(_("ma position"))
                self.near_commune = _commune_at(latitude, longitude)
        elif text:
            commune = Territory.objects.communes().filter(code=text[:5]).first()
            if commune is not None and commune.latitude is not None and commune.longitude is not None:
                self.near, self.near_label = (commune.latitude, commune.longitude), commune.name
                self.near_commune = commune

    @property
    def default_order(self) -> str:
        return "distance" if self.near else "recent"

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows what is read there."""
        return not (self.q or self.chosen or self.switches or self.numbers or self.first or self.near or self.actor)

    def canonical(self, place: str = "") -> QueryDict:
        """The parameters that count, in a fixed order: the same list has one address. The reader's own position is rounded to about
        a hundred metres."""
        kept = QueryDict(mutable=True)
        near = ""
        if self.near is not None:
            near = "{:.3f},{:.3f}".format(*self.near) if "," in place else place[:5]
        told = {
            "q": self.q,
            **{name: "oui" for name in SWITCHES if name in self.switches},
            **{name: str(number) for name, number in self.numbers.items()},
            "du": self.first.isoformat() if self.first else "",
            "au": self.last.isoformat() if self.last and self.last != self.first else "",
            "par": self.actor,
            "pres": near,
            "rayon": str(self.radius) if self.near and self.radius != Filters.radius else "",
        }
        for name, value in told.items():
            if value:
                kept[name] = value
        for name in FACETS:
            if name in self.chosen:
                kept.setlist(name, self.chosen[name])
        if self.order != self.default_order:
            kept["tri"] = self.order
        if self.view != Filters.view:
            kept["vue"] = self.view
        return kept


def _metres(text: str) -> Decimal | None:
    """« 2,40 » or « 2.4 », to the centimetre."""
    found = re.fullmatch(r"(\d{1,3})(?:[.,](\d{1,2})\d*)?", text.strip(), re.ASCII)
    if found is None:
        return None
    whole, rest = found[1].lstrip("0") or "0", (found[2] or "").rstrip("0")
    return Decimal(f"{whole}.{rest}" if rest else whole)


def _commune_at(latitude: float, longitude: float) -> Territory | None:
    """The one whose middle is the nearest, some ten kilometres around."""
    around = Territory.objects.communes().filter(
        latitude__range=(latitude - _AROUND, latitude + _AROUND),
        longitude__range=(longitude - _AROUND, longitude + _AROUND),
    )
    near = (
        (distance_km(latitude, longitude, each.latitude, each.longitude), each.pk, each)
        for each in around
        if each.latitude is not None and each.longitude is not None
    )
    return min(near, default=(0.0, 0, None))[2]


def day_in(text: str) -> date | None:
    """A day as an address or a person writes it."""
    for pattern in DATES:
        try:
            found = datetime.strptime(text.strip()[:10], pattern).date()  # noqa: DTZ007 (a day of the calendar)
        except ValueError:
            continue
        return found if 1900 <= found.year <= 2200 else None
    return None
