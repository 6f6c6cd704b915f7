"""What a running order may be made of: dates of the agenda, actors, texts of the network, with who was little heard."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.http import QueryDict
from django.utils import timezone

from maillage.agenda.enums import EventStatus
from maillage.agenda.models import Event, Timing
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.networks.queries import departments_of, vocabularies
from maillage.publications.models import Publication
from maillage.radio.models import Episode
from maillage.radio.queries.airtime import Period, heard_actors, little_heard, period_of, with_last_heard
from maillage.topics.enums import Vocabulary

MOST_EVENTS, MOST_ACTORS, MOST_TEXTS = 60, 30, 12
_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Asked:
    """Unknown values of the address are left out."""

    period: Period
    department: str = ""
    theme: str = ""
    q: str = ""
    little: bool = False


@dataclass(frozen=True)
class Chosen:
    """An event with its dates of the period, `marks` what is worth knowing before choosing."""

    event: Event
    timings: list[Timing]
    never: bool
    little: bool
    is_in: bool

    @property
    def begins(self) -> datetime:
        return self.timings[0].starts_at.astimezone(self.event.tz)

    @property
    def until(self) -> datetime | None:
        """The end of a date that lasts more than a day."""
        ends = self.timings[0].ends_at.astimezone(self.event.tz)
        return ends if (ends - self.begins).days >= 1 else None


@dataclass(frozen=True)
class Proposed:
    actor: Actor
    last_heard: datetime | None
    little: bool
    is_in: bool


@dataclass(frozen=True)
class Candidates:
    events: list[Chosen] = field(default_factory=list)
    actors: list[Proposed] = field(default_factory=list)
    texts: list[Any] = field(default_factory=list)
    more_events: bool = False
    more_actors: bool = False


def asked_of(params: QueryDict, network: Network, episode: Episode) -> Asked:
    """The fortnight that follows the broadcast when the address says nothing."""
    start = timezone.localtime(episode.planned_at).date() if episode.planned_at else timezone.localdate()
    period = period_of(params) if params.get("du") or params.get("au") else Period(start, start + _AHEAD)
    if params.get("du") and not params.get("au"):
        first = _begin(params.get("du", ""), start)
        period = Period(first, first + _AHEAD)
    known = {each.code for each in departments_of(network)}
    themes = {term.slug for term in vocabularies(network)[Vocabulary.THEME]}
    department, theme = params.get("departement", ""), params.get("theme", "")
    return Asked(
        period=period,
        department=department if department in known else "",
        theme=theme if theme in themes else "",
        q=params.get("q", "").replace("\x00", "").strip()[:100],
        little=params.get("peu") == "oui",
    )


def _begin(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if 2000 <= found.year <= 2100 else otherwise


def candidates(viewer: Viewer, episode: Episode, asked: Asked) -> Candidates:
    """In a constant number of queries."""
    network: Any = viewer.network
    heard, quiet = heard_actors(network), little_heard(network)
    items = list(episode.items.values_list("event", "actor", "publication"))
    held: list[set[int]] = [{row[at] for row in items if row[at]} for at in range(3)]
    events = _events(viewer, asked, heard, quiet, held[0])
    actors = _actors(viewer, asked, quiet, held[1])
    texts = Publication.objects.told_in(network).open_on(timezone.localdate())
    if asked.theme:
        texts = texts.filter(terms__slug=asked.theme, terms__vocabulary=Vocabulary.THEME)
    if asked.q:
        texts = texts.filter(title_key__contains=folded(asked.q))
    found = list(texts.order_by("-published_at", "-pk")[:MOST_TEXTS])
    for text in found:
        text.is_in = text.pk in held[2]  # type: ignore[attr-defined]  # said by the page
    return Candidates(
        events=events[:MOST_EVENTS],
        actors=actors[:MOST_ACTORS],
        texts=found,
        more_events=len(events) > MOST_EVENTS,
        more_actors=len(actors) > MOST_ACTORS,
    )


def _events(viewer: Viewer, asked: Asked, heard: set[int], quiet: set[str], held: set[int]) -> list[Chosen]:
    shown = Event.objects.told_in(viewer.network).exclude(status=EventStatus.CANCELLED)
    if asked.department:
        shown = shown.filter(commune__department__code=asked.department)
    if asked.theme:
        shown = shown.filter(terms__slug=asked.theme, terms__vocabulary=Vocabulary.THEME)
    if asked.q:
        shown = shown.filter(title_key__contains=folded(asked.q))
    begins, ends = asked.period.bounds()
    dates: dict[int, list[Timing]] = defaultdict(list)
    open_dates = Timing.objects.overlapping(begins, ends).filter(event__in=shown.values("pk"), is_cancelled=False)
    for timing in open_dates.order_by("starts_at", "pk"):
        dates[timing.event_id].append(timing)
    # What begins in the period first, then what is under way: an exhibition can be told of any week.
    dates = dict(sorted(dates.items(), key=lambda pair: pair[1][0].starts_at < begins))
    keys = list(dates)[: MOST_EVENTS * 4 if asked.little else MOST_EVENTS + 1]
    rows = (
        Event.objects.filter(pk__in=keys).select_related("commune__department", "venue").prefetch_related("organisers")
    )
    found = {event.pk: event for event in rows}
    chosen = []
    for key in keys:
        event = found[key]
        organisers = {each.actor_id for each in event.organisers.all() if each.withdrawn_at is None}
        department = event.commune.department.code if event.commune and event.commune.department else ""
        one = Chosen(
            event,
            dates[key],
            never=bool(organisers) and not organisers & heard,
            little=department in quiet,
            is_in=key in held,
        )
        if not asked.little or one.never or one.little:
            chosen.append(one)
    return chosen


def _actors(viewer: Viewer, asked: Asked, quiet: set[str], held: set[int]) -> list[Proposed]:
    """Those never heard first, then those heard longest ago."""
    network: Any = viewer.network
    shown = Actor.objects.visible_to(Viewer(network=network)).current()
    if asked.department:
        shown = shown.filter(commune__department__code=asked.department)
    if asked.theme:
        shown = shown.filter(terms__slug=asked.theme, terms__vocabulary=Vocabulary.THEME)
    if asked.q:
        shown = shown.filter(name_key__contains=folded(asked.q))
    if asked.little:
        shown = shown.filter(commune__department__code__in=quiet)
    rows = with_last_heard(shown, network).select_related("commune__department", "family")
    ordered: Any = rows.order_by(F("last_heard").asc(nulls_first=True), "-completeness", "name_key", "pk")
    proposed = []
    for actor in ordered[: MOST_ACTORS + 1]:
        department = actor.commune.department.code if actor.commune and actor.commune.department else ""
        proposed.append(Proposed(actor, actor.last_heard, department in quiet, actor.pk in held))
    return proposed


def dates_of(events: Iterable[Event], period: Period) -> dict[int, list[Timing]]:
    """The dates of some events in a period, those that have any; one query."""
    found: dict[int, list[Timing]] = defaultdict(list)
    rows = Timing.objects.overlapping(*period.bounds()).filter(event__in=[event.pk for event in events])
    for timing in rows.order_by("starts_at", "pk"):
        found[timing.event_id].append(timing)
    return dict(found)
