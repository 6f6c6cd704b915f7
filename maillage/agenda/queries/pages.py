"""What the page of an event tells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.agenda.enums import Attendance, BookingBy, BookingFor, EventState, EventStatus
from maillage.agenda.models import Event, Organiser, Timing
from maillage.agenda.queries.filters import Filters
from maillage.agenda.queries.period import Row, rows_of
from maillage.agenda.queries.programme import programme
from maillage.agenda.queries.wording import place_of, timing_in_words
from maillage.core.viewer import Viewer
from maillage.directory.enums import LANGUAGES, PlaceAccess
from maillage.directory.models import Actor
from maillage.networks.queries import vocabularies
from maillage.topics.enums import SchoolCycle, Vocabulary

COMING = 60  # Dates written on the page.
AT_ONCE = 6  # Of which so many are in sight before one unfolds.
AROUND = 4
AROUND_KM = 30
PARTS = 60
_MOST_HOPS = 5


@dataclass(frozen=True)
class Date:
    words: str
    note: str
    is_cancelled: bool
    iso: str


@dataclass(frozen=True)
class Organising:
    """An actor whose sheet the reader sees, or (`url` "") the name of one that is not in the directory."""

    name: str
    url: str
    is_lead: bool


@dataclass
class Told:
    """`dates` are to come (the last ones of an event that is over); `past` how many are gone. `parent` and `parts` are the whole
    it belongs to and what it is made of."""

    event: Event
    place: str
    dates: list[Date]
    folded: list[Date]
    past: int
    is_over: bool
    organisers: list[Organising]
    venue_url: str
    terms: dict[str, list[Any]]
    bookings: list[tuple[Any, list[tuple[str, str, str]]]]
    ages: str
    cycles: list[Any]
    accesses: list[Any]
    languages: list[str]
    status: str
    parent: Event | None
    parts: list[Row] = field(default_factory=list)
    around: list[Row] = field(default_factory=list)
    kind: Any = None

    @property
    def date(self) -> Date | None:
        """The first that is not cancelled, else the first."""
        dates = [*self.dates, *self.folded]
        return next((each for each in dates if not each.is_cancelled), dates[0] if dates else None)

    @property
    def hue(self) -> int:
        return self.kind.hue if self.kind is not None else 1


def page_of_event(pk: int, viewer: Viewer) -> Told:
    """A constant number of queries."""
    organisers = Organiser.objects.filter(withdrawn_at=None).select_related("actor")
    visible = Event.objects.visible_to(viewer).select_related("commune__department", "venue", "parent", "network")
    event = visible.prefetch_related("terms", Prefetch("organisers", organisers)).get(pk=pk)
    coming = list(event.timings.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")[: COMING + 1])
    past = event.timings.filter(ends_at__lte=timezone.now())
    gone = past.count()
    shown = coming[:COMING] or list(past.order_by("-starts_at")[:AT_ONCE])[::-1]
    dates = [as_date(timing, event) for timing in shown]
    terms = _terms(event)
    kinds = terms[Vocabulary.ACTION_KIND]
    children = visible.filter(parent=event).values_list("pk", flat=True)[:PARTS]
    return Told(
        event=event,
        place=place_of(event),
        dates=dates[:AT_ONCE],
        folded=dates[AT_ONCE:],
        past=gone if coming else 0,
        is_over=not coming and not event.by_appointment and bool(shown),
        organisers=_organising(event, viewer),
        venue_url=_url_of(event.venue_id, viewer),
        terms=terms,
        bookings=_bookings(event),
        ages=ages_in_words(event.age_min, event.age_max),
        cycles=[label for value, label in SchoolCycle.choices if value in event.cycles],
        accesses=[label for value, label in PlaceAccess.choices if value in event.place_access],
        languages=[] if event.languages == ["fr"] else [str(LANGUAGES.get(code, code)) for code in event.languages],
        status=_status(event),
        parent=event.parent if event.parent is not None and event.parent.is_shown else None,
        parts=rows_of(children),
        around=_around(event),
        kind=kinds[0] if kinds else None,
    )


def kept_for(slug: str, viewer: Viewer) -> Event | None:
    """Of an event that everyone read and that was withdrawn as the double of another, the one that was kept, if the viewer may
    see it; of doubles of doubles, the last."""
    doubles = Event.objects.filter(network=viewer.network_id, state=EventState.HIDDEN, published_at__isnull=False)
    kept = doubles.filter(slug=slug).values_list("same_as", flat=True).first()
    for _hop in range(_MOST_HOPS):
        if kept is None:
            return None
        if (found := Event.objects.visible_to(viewer).shown().filter(pk=kept).first()) is not None:
            return found
        kept = doubles.filter(pk=kept).values_list("same_as", flat=True).first()
    return None


def as_date(timing: Timing, event: Event) -> Date:
    iso = timing.starts_at.astimezone(event.tz).isoformat()
    return Date(timing_in_words(timing, event.tz), timing.note, timing.is_cancelled, iso)


def _terms(event: Event) -> dict[str, list[Any]]:
    held = {term.pk for term in event.terms.all()}
    return {
        vocabulary: [term for term in terms if term.pk in held]
        for vocabulary, terms in vocabularies(event.network).items()
    }


def _organising(event: Event, viewer: Viewer) -> list[Organising]:
    rows = list(event.organisers.all())
    visible = Actor.objects.visible_to(viewer).filter(pk__in=[each.actor_id for each in rows])
    seen = set(visible.values_list("pk", flat=True))
    found = [
        Organising(each.actor.name, each.actor.get_absolute_url(), each.role == "lead")
        for each in rows
        if each.actor_id in seen
    ]
    if event.organiser_name and event.organiser_name not in {each.name for each in found}:
        found.append(Organising(event.organiser_name, "", not found))
    return found


def _url_of(actor_id: int | None, viewer: Viewer) -> str:
    if actor_id is None:
        return ""
    actor = Actor.objects.visible_to(viewer).filter(pk=actor_id).only("slug").first()
    return actor.get_absolute_url() if actor is not None else ""


def _bookings(event: Event) -> list[tuple[Any, list[tuple[str, str, str]]]]:
    """For each public, (address of a link, words, icon)."""
    found = []
    for value, label in BookingFor.choices:
        ways = [_way(each) for each in event.bookings if each["for"] == value]
        if ways:
            found.append((label, ways))
    return found


def _way(booking: dict[str, str]) -> tuple[str, str, str]:
    value = booking["value"]
    if booking["by"] == BookingBy.EMAIL:
        return f"mailto:{value}", value, "mail"
    if booking["by"] == BookingBy.PHONE:
        return "tel:" + "".join(char for char in value if char.isdecimal() or char == "+"), value, "phone"
    return value, value.split("://", 1)[-1].split("/", 1)[0].removeprefix("www."), "external-link"


def ages_in_words(low: int | None, high: int | None) -> str:
    if low and high is not None:
        return _("de %(low)d à %(high)d ans") % {"low": low, "high": high} if low != high else _("%d ans") % low
    if low:
        return _("à partir de %d ans") % low
    return _("jusqu'à %d ans") % high if high is not None else ""


def _status(event: Event) -> str:
    """What a reader must know before anything else."""
    return {
        EventStatus.CANCELLED: _("Cet événement est annulé."),
        EventStatus.POSTPONED: _("Cet événement est reporté : les nouvelles dates ne sont pas encore connues."),
        EventStatus.RESCHEDULED: _("Les dates de cet événement ont changé."),
        EventStatus.MOVED_ONLINE: _("Cet événement a lieu en ligne."),
        EventStatus.FULL: _("Cet événement est complet."),
    }.get(EventStatus(event.status), "")


def _around(event: Event) -> list[Row]:
    """What is on soon near it."""
    if event.latitude is None or event.longitude is None or event.attendance == Attendance.ONLINE:
        return []
    near = Filters(event.network, timezone.localdate(), near=(event.latitude, event.longitude), radius=AROUND_KM)
    return [row for row in programme(near).rows if row.pk != event.pk][:AROUND]


def name_of_organiser(filters: Filters) -> str:
    """The name of the actor whose agenda is asked for; "" for one that the network does not show."""
    shown = Actor.objects.visible_to(Viewer(network=filters.network)).filter(slug=filters.organiser)
    return shown.values_list("name", flat=True).first() or ""


def next_of(actor_ids: Iterable[int], viewer: Viewer, limit: int = 6) -> list[Row]:
    """What actors organise or receive, to come: the soonest first."""
    keys = list(actor_ids)
    organised = Q(organisers__actor__in=keys, organisers__withdrawn_at=None) | Q(venue__in=keys)
    coming = Q(last_at__gt=timezone.now()) | Q(last_at=None)
    events = Event.objects.filter(network=viewer.network_id).shown().filter(organised, coming).distinct()
    return rows_of(events.order_by("first_at", "pk").values_list("pk", flat=True)[:50])[:limit]
