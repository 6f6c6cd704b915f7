"""The share of airtime: seconds on air by département and by family over a period, against how many actors are there.

Counted: the items of episodes broadcast or published, by the day they first went on air. An item lasts what was planned for it,
else the time to read its words. About n départements (families), it counts 1/n for each; about none, it is told apart: the parts
always make the total.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.networks.queries import departments_of, vocabularies
from maillage.radio.engine.reading import clock
from maillage.radio.engine.shares import shared, whole
from maillage.radio.enums import ON_AIR
from maillage.radio.models import Heard, Item
from maillage.topics.enums import Vocabulary

NOWHERE = ""
_YEAR = 365


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included."""

    first: date
    last: date

    def bounds(self) -> tuple[datetime, datetime]:
        begins = timezone.make_aware(datetime.combine(self.first, time.min))
        return begins, timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time.min))


def period_of(params: QueryDict) -> Period:
    """`du`, `au`; the last twelve months when they are not days, or not in order."""
    today = timezone.localdate()
    first, last = _day(params.get("du", "")), _day(params.get("au", ""))
    last = last or today
    first = first or last - timedelta(days=_YEAR)
    return Period(first, last) if first <= last else Period(last, first)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


@dataclass(frozen=True)
class Share:
    """`seconds` on air, `percent` of the total, `actors` there, `each`: seconds for one actor (None: no actor there)."""

    key: str
    label: Any
    seconds: int
    percent: float
    actors: int
    hue: int = 0

    @property
    def clock(self) -> str:
        return clock(self.seconds)

    @property
    def each(self) -> float | None:
        return self.seconds / self.actors if self.actors else None

    @property
    def each_shown(self) -> str:
        return "—" if self.each is None else f"{self.each:.1f}".replace(".", ",")


@dataclass(frozen=True)
class Airtime:
    total: int
    episodes: int
    departments: list[Share]
    families: list[Share]

    @property
    def clock(self) -> str:
        return clock(self.total)


def airtime(network: Network, period: Period) -> Airtime:
    """In a constant number of queries."""
    begins, ends = period.bounds()
    items = list(
        Item.objects.filter(
            episode__network=network, episode__state__in=ON_AIR, episode__on_air_at__gte=begins, episode__on_air_at__lt=ends
        )
        .select_related("episode__show")
        .prefetch_related("departments", "heard__actor__family")
        .order_by("pk")
    )  # fmt: skip
    lengths = [(item, item.seconds(item.episode.show.rate)) for item in items]
    by_place = shared(((seconds, _codes(item)) for item, seconds in lengths), NOWHERE)
    by_family = shared(((seconds, _families(item)) for item, seconds in lengths), NOWHERE)
    there, of_family = _actors(network)
    places = [(each.code, each.name, 0) for each in departments_of(network)]
    known = {code for code, _name, _hue in places}
    elsewhere = {
        place.code: place.name for item in items for place in item.departments.all() if place.code not in known
    }
    places += [(code, name, 0) for code, name in sorted(elsewhere.items())]
    kinds = [(term.slug, term.label, term.hue or 0) for term in vocabularies(network)[Vocabulary.FAMILY]]
    held = {slug for slug, _label, _hue in kinds}
    others = {
        heard.actor.family.slug: heard.actor.family
        for item in items
        for heard in item.heard.all()
        if heard.actor.family is not None and heard.actor.family.slug not in held
    }
    kinds += [(slug, term.label, term.hue or 0) for slug, term in sorted(others.items())]
    return Airtime(
        total=sum(seconds for _item, seconds in lengths),
        episodes=len({item.episode_id for item in items}),
        departments=_told(places, by_place, there, _("Sans territoire")),
        families=_told(kinds, by_family, of_family, _("Sans acteur")),
    )


def _codes(item: Any) -> list[str]:
    return [place.code for place in item.departments.all()]


def _families(item: Any) -> list[str]:
    return [heard.actor.family.slug for heard in item.heard.all() if heard.actor.family is not None]


def _actors(network: Network) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Published sheets of the network, by département and by family."""
    rows = Actor.objects.visible_to(Viewer(network=network)).current().order_by()
    pairs = list(rows.values_list("commune__department__code", "family__slug"))
    return Counter(code for code, _slug in pairs if code), Counter(slug for _code, slug in pairs if slug)


def _told(
    names: Iterable[tuple[str, Any, int]], parts: Mapping[str, Fraction], actors: Mapping[str, int], nobody: str
) -> list[Share]:
    """The most heard first; what is about nobody last, when there is any."""
    seconds = whole(parts)
    total = sum(seconds.values()) or 1
    shares = [
        Share(key, label, seconds.get(key, 0), 100 * seconds.get(key, 0) / total, actors.get(key, 0), hue)
        for key, label, hue in names
    ]
    shares.sort(key=lambda share: -share.seconds)
    if NOWHERE in seconds:
        shares.append(Share(NOWHERE, nobody, seconds[NOWHERE], 100 * seconds[NOWHERE] / total, 0))
    return shares


# --- who is heard little ------------------------------------------------------------------------------------------------------

_AIRED: Any = Q(heard_in__item__episode__state__in=ON_AIR)


def with_last_heard(actors: QuerySet[Actor], network: Network) -> QuerySet[Actor]:
    """Annotates `last_heard`: when each was last on air in the network; None: never."""
    return actors.annotate(
        last_heard=Max(
            "heard_in__item__episode__on_air_at", filter=_AIRED & Q(heard_in__item__episode__network=network)
        )
    )


def heard_actors(network: Network) -> set[int]:
    """Keys of those who were ever on air."""
    on_air: Any = Heard.objects.filter(item__episode__network=network, item__episode__state__in=ON_AIR)
    return set(on_air.values_list("actor", flat=True))


def never_heard(network: Network) -> QuerySet[Actor]:
    """Published sheets never on air, by name."""
    on_air = Heard.objects.filter(item__episode__network=network, item__episode__state__in=ON_AIR)
    found = Actor.objects.visible_to(Viewer(network=network)).current().exclude(pk__in=on_air.values("actor"))
    return found.select_related("commune__department", "family").order_by("name_key", "pk")


def little_heard(network: Network) -> set[str]:
    """Codes of the départements whose actors are on air less than half as much as those of the network, over a year."""
    today = timezone.localdate()
    found = airtime(network, Period(today - timedelta(days=_YEAR), today))
    there = [share for share in found.departments if share.actors]
    actors = sum(share.actors for share in there)
    if not actors:
        return set()
    usual = sum(share.seconds for share in there) / actors
    return {share.key for share in there if (share.each or 0) < usual / 2} if usual else {share.key for share in there}
