"""Is this event already there? Two announcements of the same thing by its host and by a partner: the same day, near, called
nearly the same. A person decides; what they said of a pair is not asked again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from maillage.agenda.enums import WITHDRAWN, Attendance, EventState
from maillage.agenda.models import DistinctEvents, Event, EventIdentifier, Organiser, Timing
from maillage.agenda.queries.calendar import Schedule, horizon
from maillage.core.geo import distance_km
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.territories.models import Territory
from maillage.territories.queries.zones import zone_of

NEAR_KM = 2.0
_HERE_KM = 0.15
_MOST_DAYS = 400
_GENERIC = frozenset(
    word
    for line in (
        "a au aux avec dans de des du en et l la le les par pour sur un une d animation animations atelier ateliers",
        "conference conferences visite visites guidee guidees exposition expo spectacle concert rencontre rencontres",
        "soiree journee journees decouverte decouvrir stage cafe projection debat sortie balade evenement edition",
        "programme seance cycle special speciale annule reporte complet",
    )
    for word in line.split()
)
# A title alone, then one with the same place and hour; and one that the same source tells under two keys.
_TITLE, _TITLE_HERE, _TITLE_TWICE = 0.88, 0.72, 0.97
_SAME_PLACE = 88
_LOOSE = 80


@dataclass(frozen=True, slots=True)
class Traits:
    """What of an event is compared; `starts` are moments in minutes, `keys` its identifiers by scheme; not `placed` when its
    point is but the middle of its commune."""

    ref: Any
    title: str
    words: str
    distinctive: bool
    days: frozenset[date]
    starts: frozenset[int]
    commune: int | None
    latitude: float | None
    longitude: float | None
    place: str
    venue: int | None
    organisers: frozenset[int]
    organiser_name: str
    keys: Mapping[str, str] = field(default_factory=dict)
    placed: bool = True
    online: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """`score` from 0 to 1; `day` is the first on which both take place."""

    ref: Any
    score: float
    reasons: tuple[str, ...]
    day: date


def words_of(title: str) -> tuple[str, bool]:
    """The telling words of a title, in order; and whether it has some."""
    every = folded(title).split()
    telling = [word for word in every if word not in _GENERIC]
    return " ".join(telling or every), bool(telling)


# --- comparing two --------------------------------------------------------------------------------------------------------


def compare(one: Traits, other: Traits, *, loosely: bool = False) -> Match | None:
    """None when they are not the same, or when nothing says so. `loosely`: to be shown to who is about to announce one, whom a
    candidate too many costs a glance."""
    if not one.days & other.days:
        return None
    here = _is_same_place(one, other)
    if not (here or _is_near(one, other) or _share_people(one, other)):
        return None
    alike = title_likeness(one, other)
    together = bool(one.starts & other.starts)
    if any(one.keys.get(scheme) not in (None, value) for scheme, value in other.keys.items()):
        # Their source holds them for two: only the very same words may deny it.
        whole = fuzz.ratio(folded(one.title), folded(other.title)) / 100
        enough = whole >= _TITLE_TWICE and here and together
    elif one.distinctive and other.distinctive:
        enough = alike >= _TITLE or (alike >= _TITLE_HERE and here and together)
    else:
        enough = alike >= _TITLE_TWICE and here and together
    if loosely and alike and one.distinctive and other.distinctive and not enough:
        enough = _is_near(one, other) and fuzz.token_set_ratio(folded(one.title), folded(other.title)) >= _LOOSE
    if not enough:
        return None
    score = 0.6 * alike + 0.2 * together + 0.2 * here
    reasons = tuple(_reasons(one, other, alike, together, here))
    return Match(other.ref, round(score, 3), reasons, min(one.days & other.days))


def title_likeness(one: Traits, other: Traits) -> float:
    """From 0 to 1; 0 when they have not the same numbers: « Atelier 1 » is not « Atelier 2 »."""
    first, second = one.words.split(), other.words.split()
    if {word for word in first if word.isdigit()} ^ {word for word in second if word.isdigit()}:
        return 0.0
    alike = fuzz.token_sort_ratio(one.words, other.words)
    # One may add a subtitle to the words of the other, when those say enough.
    if min(len(set(first)), len(set(second))) >= 2 and min(len(one.words), len(other.words)) >= 10:
        alike = max(alike, 0.93 * fuzz.token_set_ratio(one.words, other.words))
    return float(alike) / 100


def _is_same_place(one: Traits, other: Traits) -> bool:
    if one.venue is not None and one.venue == other.venue:
        return True
    if one.place and other.place:
        return bool(fuzz.token_set_ratio(one.place, other.place) >= _SAME_PLACE) and one.commune == other.commune
    if not (one.placed and other.placed):
        return False
    return one.commune == other.commune and (distance := _distance(one, other)) is not None and distance <= _HERE_KM


def _is_near(one: Traits, other: Traits) -> bool:
    if one.online and other.online:
        return True
    if one.commune is not None and one.commune == other.commune:
        return True
    distance = _distance(one, other)
    return distance is not None and distance <= NEAR_KM


def _share_people(one: Traits, other: Traits) -> bool:
    same_name = bool(one.organiser_name) and one.organiser_name == other.organiser_name
    return same_name or bool(one.organisers & other.organisers)


def _distance(one: Traits, other: Traits) -> float | None:
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    return distance_km(one.latitude, one.longitude, other.latitude, other.longitude)  # type: ignore[arg-type]


def _reasons(one: Traits, other: Traits, alike: float, together: bool, here: bool) -> Iterator[str]:
    yield _("même titre") if one.words == other.words else _("titres proches à %d %%") % round(100 * alike)
    yield _("à la même heure") if together else _("le même jour")
    if here:
        yield _("au même endroit")
    elif one.commune is not None and one.commune == other.commune:
        yield _("dans la même commune")
    elif one.online and other.online:
        yield _("en ligne tous deux")
    elif _is_near(one, other):
        yield _("à moins de deux kilomètres")
    if _share_people(one, other):
        yield _("le même organisateur")


# --- many -----------------------------------------------------------------------------------------------------------------


class LikenessIndex:
    """Events by their days; those of a file come in as they are read."""

    def __init__(self, traits: Iterable[Traits] = ()) -> None:
        self.by_ref: dict[Any, Traits] = {}
        self.by_day: dict[date, list[Any]] = defaultdict(list)
        for each in traits:
            self.put(each)

    def put(self, traits: Traits) -> None:
        self.by_ref[traits.ref] = traits
        for day in traits.days:
            self.by_day[day].append(traits.ref)

    def alike(self, traits: Traits, limit: int = 5, *, loosely: bool = False) -> list[Match]:
        """The likest first, itself aside."""
        refs = {ref for day in traits.days for ref in self.by_day.get(day, ())} - {traits.ref}
        found = [match for ref in refs if (match := compare(traits, self.by_ref[ref], loosely=loosely))]
        return sorted(found, key=lambda match: (-match.score, str(match.ref)))[:limit]

    def pairs(self) -> list[tuple[Any, Match]]:
        """Every likely pair once, the likest first."""
        seen: set[tuple[Any, Any]] = set()
        found = []
        for refs in self.by_day.values():
            for one, other in combinations(sorted(set(refs)), 2):
                if (one, other) not in seen:
                    seen.add((one, other))
                    if (match := compare(self.by_ref[one], self.by_ref[other])) is not None:
                        found.append((one, match))
        return sorted(found, key=lambda pair: (-pair[1].score, pair[0], pair[1].ref))


def traits_of(events: QuerySet[Event]) -> Iterator[Traits]:
    """Four queries, whatever their number."""
    ids = events.order_by().values("pk")
    days: dict[int, set[date]] = defaultdict(set)
    starts: dict[int, set[int]] = defaultdict(set)
    rows = Timing.objects.filter(event__in=ids).order_by("starts_at", "pk")
    for event_id, day, begins, ends, zone in rows.values_list("event", "day", "starts_at", "ends_at", "event__zone"):
        last = (ends - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
        if len(days[event_id]) < _MOST_DAYS:
            days[event_id].update(_days_between(day, last))
            starts[event_id].add(int(begins.timestamp() // 60))
    organisers: dict[int, set[int]] = defaultdict(set)
    for event_id, actor_id in Organiser.objects.filter(event__in=ids, withdrawn_at=None).values_list("event", "actor"):
        organisers[event_id].add(actor_id)
    keys: dict[int, dict[str, str]] = defaultdict(dict)
    for event_id, scheme, value in EventIdentifier.objects.filter(event__in=ids).values_list(
        "event", "scheme", "value"
    ):
        keys[event_id][scheme] = value
    found = events.order_by("pk").select_related("commune").only(
        "title", "latitude", "longitude", "place_name", "venue", "organiser_name", "commune__name", "commune__latitude",
        "commune__longitude", "attendance",
    )  # fmt: skip
    for event in found:
        words, distinctive = words_of(event.title)
        yield Traits(
            event.pk, event.title, words, distinctive, frozenset(days[event.pk]), frozenset(starts[event.pk]),
            event.commune_id, event.latitude, event.longitude,
            _place(event.place_name, event.commune), event.venue_id, frozenset(organisers[event.pk]),
            folded(event.organiser_name), keys[event.pk],
            _is_placed(event.latitude, event.longitude, event.commune), event.attendance == Attendance.ONLINE,
        )  # fmt: skip


def _place(name: str, commune: Territory | None) -> str:
    """The words of a place; « Brest » says no more than the commune does."""
    town = set(folded(commune.name).split()) if commune is not None else set()
    return " ".join(word for word in folded(name).split() if word not in town)


def _is_placed(latitude: float | None, longitude: float | None, commune: Territory | None) -> bool:
    """Not where everything is that nobody placed."""
    if latitude is None or longitude is None:
        return False
    middle = (round(commune.latitude or 0, 5), round(commune.longitude or 0, 5)) if commune is not None else None
    return (round(latitude, 5), round(longitude, 5)) != middle


def traits_of_values(
    values: Mapping[str, Any], ref: Any = None, identifiers: Mapping[str, str] | None = None
) -> Traits:
    """Of an event being written: values as `actions.create_event` takes them."""
    venue, commune = values.get("venue"), values.get("commune")
    commune = commune if commune is not None else getattr(venue, "commune", None)
    days, starts = _moments(values.get("schedule") or Schedule(), ZoneInfo(zone_of(commune)))
    words, distinctive = words_of(values.get("title") or "")
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if latitude is None and commune is not None:
        latitude, longitude = commune.latitude, commune.longitude
    return Traits(
        ref, values.get("title") or "", words, distinctive, days, starts, commune.pk if commune is not None else None,
        latitude, longitude, _place(str(values.get("place_name") or getattr(venue, "name", "")), commune),
        venue.pk if venue is not None else None, frozenset(actor.pk for actor in values.get("organisers") or ()),
        folded(values.get("organiser_name") or ""), dict(identifiers or {}),
        _is_placed(latitude, longitude, commune), values.get("attendance") == Attendance.ONLINE,
    )  # fmt: skip


def _moments(schedule: Schedule, zone: ZoneInfo) -> tuple[frozenset[date], frozenset[int]]:
    days: set[date] = set()
    starts: set[int] = set()
    for slot in schedule.slots[:_MOST_DAYS]:
        days.update(_days_between(slot.starts.date(), slot.ends.date()))
        starts.add(int(slot.span(zone)[0].timestamp() // 60))
    for rule in schedule.rules:
        for day in rule.days(horizon(timezone.localdate()) if rule.last_on is None else rule.last_on):
            if len(days) >= _MOST_DAYS:
                break
            days.add(day)
            starts.add(int(rule.span(day, zone)[0].timestamp() // 60))
    return frozenset(days), frozenset(starts)


def _days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(min((last - first).days, _MOST_DAYS) + 1)]


# --- asked by forms and pages ---------------------------------------------------------------------------------------------


def lookalikes(event_or_values: Event | Mapping[str, Any], viewer: Viewer, limit: int = 5) -> list[Event]:
    """The events that one, written or being written, may be, among those that the viewer sees; those judged different aside.
    `meets_on` is the first day on which both take place."""
    known: set[int] = set()
    if isinstance(event_or_values, Event):
        traits = next(traits_of(Event.objects.filter(pk=event_or_values.pk)), None)
        known = distinct_from(event_or_values.pk) | {event_or_values.pk}
    else:
        traits = traits_of_values(event_or_values)
    if traits is None or not traits.days or not traits.words:
        return []
    on_those_days = Timing.objects.overlapping(*_bounds(traits.days)).values("event")
    near = Event.objects.visible_to(viewer).filter(pk__in=on_those_days).exclude(pk__in=known)
    near = near.exclude(state__in=[EventState.REFUSED, *WITHDRAWN])
    found = LikenessIndex(traits_of(near)).alike(traits, limit, loosely=True)
    events = Event.objects.for_cards().in_bulk([match.ref for match in found])
    for match in found:
        if match.ref in events:
            told: Any = events[match.ref]
            told.meets_on = match.day
    return [events[match.ref] for match in found if match.ref in events]


def _bounds(days: frozenset[date]) -> tuple[Any, Any]:
    now = timezone.localtime()
    first, last = min(days), max(days)
    return (
        now.replace(year=first.year, month=first.month, day=first.day, hour=0, minute=0) - timedelta(days=1),
        now.replace(year=last.year, month=last.month, day=last.day, hour=0, minute=0) + timedelta(days=2),
    )


def distinct_from(event_id: int) -> set[int]:
    """Those that somebody said it is not."""
    rows = DistinctEvents.objects.filter(Q(first=event_id) | Q(second=event_id)).values_list("first", "second")
    return {pk for pair in rows for pk in pair} - {event_id}


def all_pairs(network: Network) -> list[tuple[int, Match]]:
    """Likely pairs of events still to come that nobody judged: (key of one, match of the other), the likest first."""
    coming = Event.objects.filter(Q(last_at=None) | Q(last_at__gt=timezone.now()), network=network)
    coming = coming.exclude(state__in=[EventState.REFUSED, *WITHDRAWN])
    judged = set(DistinctEvents.objects.filter(first__network=network).values_list("first", "second"))
    return [
        (one, match)
        for one, match in LikenessIndex(traits_of(coming)).pairs()
        if (min(one, match.ref), max(one, match.ref)) not in judged
    ]
