"""What may go into a letter: recent publications and coming events, by period, département and theme."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, F, Min, Q, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.agenda.enums import EventStatus
from maillage.agenda.models import Event, Timing
from maillage.agenda.queries.wording import day_in_words, place_of
from maillage.core.dates import date_format
from maillage.core.mail import address_in
from maillage.core.viewer import Viewer
from maillage.newsletters.enums import BlockKind
from maillage.newsletters.models import Block, Letter
from maillage.newsletters.queries.reading import came_from
from maillage.publications.enums import Kind
from maillage.publications.models import Publication
from maillage.territories.enums import TerritoryKind

FRONT, AGENDA, ANNOUNCEMENTS = _("À la une"), _("Agenda"), _("Annonces")
MOST = 60
AHEAD = timedelta(days=45)
BEHIND = timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """`since` and `until` are days included; `theme` is the id of a term."""

    since: date
    until: date
    department: str = ""
    theme: int | None = None


@dataclass(frozen=True)
class Candidate:
    """`was_told`: in the last letter sent. `is_there`: in this one."""

    kind: str
    pk: int
    title: str
    url: str
    mention: str
    summary: str
    is_featured: bool
    was_told: bool
    is_there: bool

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.pk}"


@dataclass(frozen=True)
class Shelf:
    title: Any
    candidates: list[Candidate]


def last_letter(letter: Letter) -> Letter | None:
    sent = Letter.objects.filter(network=letter.network_id).published().exclude(pk=letter.pk)
    return sent.order_by("-started_at", "-pk").first()


def default_since(letter: Letter) -> date:
    """The day of the last letter, else a month ago."""
    last = last_letter(letter)
    today = timezone.localdate()
    return min(today, timezone.localtime(last.started_at).date()) if last and last.started_at else today - BEHIND


def shelves(letter: Letter, asked: Asked) -> list[Shelf]:
    """What everyone reads, featured first; nine queries whatever there is."""
    last = last_letter(letter)
    told, there = _held(last), _held(letter)
    reader = Viewer(network=letter.network)
    texts = _publications(reader, asked, told, there)
    return [
        Shelf(FRONT, [each for kind, each in texts if kind != Kind.ANNOUNCEMENT][:MOST]),
        Shelf(AGENDA, _events(reader, asked, told, there)),
        Shelf(ANNOUNCEMENTS, [each for kind, each in texts if kind == Kind.ANNOUNCEMENT][:MOST]),
    ]


def _held(letter: Letter | None) -> set[tuple[str, int]]:
    rows = Block.objects.filter(letter=letter).values_list("kind", "publication", "event") if letter else []
    return {(kind, publication or event) for kind, publication, event in rows if publication or event}


def _put_forward(reader: Viewer) -> Case:
    """When the network of the letter put it forward: another's « à la une » is not its own."""
    return Case(When(network=reader.network_id, then="featured_at"), default=None)


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _publications(
    reader: Viewer, asked: Asked, told: set[tuple[str, int]], there: set[tuple[str, int]]
) -> list[tuple[str, Candidate]]:
    appeared: Any = Coalesce(Greatest("publish_at", "published_at"), "published_at")
    found = Publication.objects.told_in(reader.network).open_on(timezone.localdate())
    found = found.annotate(appeared=appeared, put_forward=_put_forward(reader)).filter(
        appeared__gte=_moment(asked.since)
    )
    if asked.department:
        inside = Q(territory__kind=TerritoryKind.DEPARTMENT, territory__code=asked.department)
        inside |= Q(territory__department__code=asked.department)
        found = found.filter(pk__in=Publication.places.through.objects.filter(inside).values("publication"))
    if asked.theme is not None:
        found = found.filter(terms=asked.theme)
    rows: Any = found.order_by(F("put_forward").desc(nulls_last=True), "-appeared", "-pk").for_cards()[: 3 * MOST]
    shelved = []
    for each in rows:
        day = date_format(timezone.localtime(each.appeared), "j F")
        where = ", ".join(place.name for place in each.places.all()[:2])
        mention = " · ".join(filter(None, [each.get_kind_display().capitalize(), day, where, came_from(each, reader)]))
        key = (BlockKind.PUBLICATION.value, each.pk)
        shelved.append(
            (
                each.kind,
                Candidate(*key, each.title, address_in(reader.network, each), mention, each.summary,
                          each.put_forward is not None, key in told, key in there),
            )
        )  # fmt: skip
    return shelved


def _events(reader: Viewer, asked: Asked, told: set[tuple[str, int]], there: set[tuple[str, int]]) -> list[Candidate]:
    now, until = timezone.now(), _moment(asked.until + timedelta(days=1))
    coming = Timing.objects.filter(is_cancelled=False, ends_at__gt=now, starts_at__lt=until)
    found = Event.objects.told_in(reader.network).filter(pk__in=coming.values("event"))
    found = found.exclude(status=EventStatus.CANCELLED)
    if asked.department:
        found = found.filter(commune__department__code=asked.department)
    if asked.theme is not None:
        found = found.filter(terms=asked.theme)
    soon = Min("timings__starts_at", filter=Q(timings__starts_at__gte=now, timings__is_cancelled=False))
    found = (
        found.annotate(next_at=soon, put_forward=_put_forward(reader))
        .select_related("commune__department", "venue", "network")
        .defer("description", "provenance")
    )
    rows: Any = found.order_by(F("put_forward").desc(nulls_last=True), F("next_at").asc(nulls_last=True), "pk")[:MOST]
    shelved = []
    for each in rows:
        key = (BlockKind.EVENT.value, each.pk)
        # What has begun and goes on comes after what begins.
        day = day_in_words(each.next_at.astimezone(each.tz), year=False) if each.next_at else str(_("en cours"))
        mention = " · ".join(filter(None, [day, place_of(each), came_from(each, reader)]))
        shelved.append(
            Candidate(*key, each.title, address_in(reader.network, each), mention, each.summary, each.put_forward is not None,
                      key in told, key in there)
        )  # fmt: skip
    return shelved
