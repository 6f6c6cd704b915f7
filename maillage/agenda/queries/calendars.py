"""Events as iCalendar (RFC 5545): one VEVENT a date, named by its row, in a stream.

What all the dates of an event share is written once, escaped and folded here: the library that reads calendars takes most of the
time of a year of them to write one. What is proper to a date is in letters and figures alone, short enough to need neither.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.agenda.enums import Attendance, BookingFor, EventStatus, OrganiserRole
from maillage.agenda.models import Event, Timing
from maillage.agenda.queries.filters import at_midnight
from maillage.agenda.queries.programme import Programme
from maillage.agenda.queries.wording import PARIS
from maillage.agenda.queries.zones import vtimezone
from maillage.core.mail import absolute_url
from maillage.core.richtext import as_text
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary

BEHIND_DAYS, AHEAD_DAYS = 30, 400  # Of a subscription, around today.
REFRESH = timedelta(hours=6)
CHUNK = 200
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DESCRIPTION = 600  # Characters of a presentation without summary.

Window = tuple[datetime, datetime]


def to_follow(found: Programme) -> Programme:
    """What a calendar that subscribes to this agenda holds: a period that was asked for, else what has just been too, so that
    nothing vanishes from it the day after."""
    if found.filters.has_period:
        return found
    wide = Programme(found.filters, found.matched)
    today = found.filters.today
    wide.window = (
        at_midnight(today - timedelta(days=BEHIND_DAYS)),
        at_midnight(today + timedelta(days=AHEAD_DAYS)),
    )
    return wide


def calendar_parts(
    network: Network, ids: Iterable[int], *, base: str, name: str = "", window: Window | None = None
) -> Iterator[bytes]:
    """The calendar of the events of `ids` that everyone reads, whole or in `window`; `base` is the address of the site. `name`
    makes it one to subscribe to. Three queries for each two hundred events, and three."""
    keys = list(ids)
    timings = Timing.objects.filter(event__in=Event.objects.told_in(network).filter(pk__in=keys))
    if window is not None:
        timings = timings.overlapping(*window)
    yield _head(name)
    zones = timings.order_by().values_list("event__zone").annotate(Min("starts_at"), Max("ends_at"))
    framed = {zone: (first.year, last.year) for zone, first, last in zones}
    this_year = timezone.now().year
    for key, (first, last) in {PARIS.key: (this_year, this_year), **framed}.items():
        yield vtimezone(key, first, last)
    writer = _Writer(network, base, is_followed=bool(name))
    rest = iter(keys)
    while chunk := list(islice(rest, CHUNK)):
        told = _dates_of(chunk, window)
        yield b"".join(writer.written(event, told[event.pk]) for event in _events(network, chunk))
    yield b"END:VCALENDAR\r\n"


def _events(network: Network, ids: list[int]) -> Iterable[Event]:
    return (
        Event.objects.told_in(network)
        .filter(pk__in=ids)
        .select_related("commune__department", "venue", "network")
        .prefetch_related("terms")
        .order_by("pk")
    )


def _dates_of(ids: list[int], window: Window | None) -> dict[int, list[Any]]:
    """What the dates of these events tell, by event, in order: rows, of which there are thousands, rather than objects."""
    timings = Timing.objects.all() if window is None else Timing.objects.overlapping(*window)
    rows = timings.filter(event__in=ids).order_by("starts_at", "pk")
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.values_list(
        "event_id", "uid", "starts_at", "ends_at", "all_day", "is_cancelled", "note", named=True
    ):
        found[row.event_id].append(row)
    return found


def _head(name: str) -> bytes:
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//Maillage//Agenda//FR")
    made.add("version", "2.0")
    if name := " ".join(name.split()):
        made.add("name", name)
        made.add("x-wr-calname", name)
        made.add("x-wr-timezone", PARIS.key)
        made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", "PT6H")
    return bytes(made.to_ical()).removesuffix(b"END:VCALENDAR\r\n")


class _Writer:
    """The VEVENTs of events. One that is taken alone names who leads it by the address that its sheet shows; a calendar to
    follow (`is_followed`) gathers none of these, and takes no time of who follows it."""

    def __init__(self, network: Network, base: str, *, is_followed: bool) -> None:
        self.network, self.base = network, base
        self.themes = {term.pk: term.label for term in vocabularies(network)[Vocabulary.THEME]}
        self.is_followed = is_followed

    def _page(self, event: Event) -> str:
        """In its own network, when it is another's."""
        path = event.get_absolute_url()
        return self.base + path if event.network_id == self.network.pk else absolute_url(event.network, path)

    def written(self, event: Event, timings: Iterable[Any]) -> bytes:
        organiser = None if self.is_followed else _lead_of(event)
        shared: dict[tuple[bool, str], bytes] = {}
        parts = []
        for timing in timings:
            kind = (timing.is_cancelled, timing.note)
            if kind not in shared:
                shared[kind] = self._shared(event, timing, organiser)
            parts.append(_dates(event, timing) + shared[kind])
        return b"".join(parts)

    def _shared(self, event: Event, timing: Any, organiser: Actor | None) -> bytes:
        """What follows the dates of a VEVENT, its end included."""
        changed = f"{event.updated_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        page = self._page(event)
        told = [
            f"DTSTAMP:{changed}",
            f"LAST-MODIFIED:{changed}",
            f"SEQUENCE:{event.sequence}",
            f"STATUS:{_status(event, timing)}",
            f"SUMMARY:{_escaped(_summary(event, timing))}",
            f"DESCRIPTION:{_escaped(_description(event, timing, page))}",
            f"URL:{page}",
        ]
        if place := whole_place_of(event):
            told.append(f"LOCATION:{_escaped(place)}")
        if event.latitude is not None and event.longitude is not None and event.attendance != Attendance.ONLINE:
            told.append(f"GEO:{event.latitude};{event.longitude}")
        if held := [self.themes[term.pk] for term in event.terms.all() if term.pk in self.themes]:
            told.append(f"CATEGORIES:{','.join(map(_escaped, held))}")
        if organiser is not None:
            name = " ".join(organiser.name.replace('"', "'").split())  # What a quoted parameter may hold.
            told.append(f'ORGANIZER;CN="{name}":mailto:{organiser.email}')
        if self.is_followed:
            told.append("TRANSP:TRANSPARENT")
        return b"".join(map(_folded, told)) + b"END:VEVENT\r\n"


def _escaped(text: str) -> str:
    """As a TEXT value (RFC 5545, 3.3.11), without what no line may hold."""
    lines = (_UNWRITABLE.sub("", line) for line in text.splitlines())
    escaped = "\n".join(lines).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """In pieces of 75 octets at most, no letter being cut (RFC 5545, 3.1)."""
    rest, found = line.encode(), []
    most = 75
    while len(rest) > most:
        end = most
        while rest[end] & 0xC0 == 0x80:  # Inside a letter.
            end -= 1
        found.append(rest[:end])
        rest, most = rest[end:], 74
    return b"\r\n ".join([*found, rest]) + b"\r\n"


def _lead_of(event: Event) -> Actor | None:
    """The actor that leads an event, when its sheet shows its address to all."""
    leads = event.organisers.filter(role=OrganiserRole.LEAD, withdrawn_at=None).values("actor")
    seen = Actor.objects.visible_to(Viewer(network=event.network)).filter(pk__in=leads).first()
    return seen if seen is not None and seen.shows_contact and seen.email else None


def _dates(event: Event, timing: Any) -> bytes:
    """The beginning of a VEVENT. By the clock of the place; in UTC where the clock shows an hour for the second time, which
    local time cannot say."""
    starts, ends = timing.starts_at.astimezone(event.tz), timing.ends_at.astimezone(event.tz)
    if timing.all_day:
        told = [f";VALUE=DATE:{at:%Y%m%d}" for at in (starts, ends)]
    elif starts.fold or ends.fold:
        told = [f":{at:%Y%m%dT%H%M%SZ}" for at in (timing.starts_at, timing.ends_at)]
    else:
        told = [f";TZID={event.zone}:{at:%Y%m%dT%H%M%S}" for at in (starts, ends)]
    lines = ("BEGIN:VEVENT", f"UID:{timing.uid}@maillage", f"DTSTART{told[0]}", f"DTEND{told[1]}", "")
    return "\r\n".join(lines).encode()


def _status(event: Event, timing: Any) -> str:
    if event.is_cancelled or timing.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if event.status == EventStatus.POSTPONED else "CONFIRMED"


def _summary(event: Event, timing: Any) -> str:
    """Calendars that show no status say it all the same."""
    if event.is_cancelled or timing.is_cancelled:
        return _("[Annulé] %s") % event.title
    marks = {EventStatus.POSTPONED.value: _("[Reporté] %s"), EventStatus.FULL.value: _("[Complet] %s")}
    return marks.get(event.status, "%s") % event.title


def whole_place_of(event: Event) -> str:
    """« Médiathèque, 2 rue Haute, 46000 Cahors »."""
    if event.attendance == Attendance.ONLINE:
        return event.online_url or _("en ligne")
    commune = event.commune.name if event.commune is not None else ""
    name = event.place_name or (event.venue.name if event.venue is not None else "")
    return ", ".join(filter(None, [name, event.address, f"{event.postal_code} {commune}".strip()]))


def _description(event: Event, timing: Any, page: str) -> str:
    presented = event.summary or as_text(event.description)
    if len(presented) > _DESCRIPTION:
        presented = presented[:_DESCRIPTION].rsplit(" ", 1)[0] + "…"
    status = event.get_status_display().capitalize() if event.status != EventStatus.SCHEDULED else ""
    online = event.online_url if event.attendance != Attendance.ONSITE else ""
    publics = dict(BookingFor.choices)
    parts = [
        " : ".join(filter(None, [status, event.status_note])),
        timing.note,
        presented,
        event.conditions or (event.get_price_display().capitalize() if event.price else ""),
        *(f"{_('Inscription')} ({publics[each['for']]}) : {each['value']}" for each in event.bookings),
        f"{_('En ligne')} : {online}" if online else "",
        page,
    ]
    return "\n".join(filter(None, parts))
