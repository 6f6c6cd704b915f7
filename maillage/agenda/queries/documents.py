"""What the search knows of an event."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from maillage.agenda.models import Event, Organiser
from maillage.agenda.queries.wording import place_of
from maillage.agenda.registry import EVENT
from maillage.core.dates import date_format
from maillage.core.mail import address_in
from maillage.core.richtext import as_text
from maillage.directory.enums import ListingState
from maillage.directory.models import Listing
from maillage.search.registry import LASTING, SearchDocument
from maillage.sharing.queries import hosts_of
from maillage.topics.enums import Vocabulary

KIND = "event"
_BATCH = 1000
# Those of the directory that everyone reads: the search of an event tells no other name.
_SHOWN = Listing.objects.filter(
    actor=OuterRef("actor"), network=OuterRef("event__network"), state=ListingState.PUBLISHED
)


def documents(events: QuerySet[Event] | None = None) -> Iterator[SearchDocument]:
    """Those of some events, or of all, in their network and where they are told besides; a constant number of queries for each
    thousand."""
    chosen = Event.objects.all() if events is None else events
    rows = chosen.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        found = Event.objects.filter(pk__in=batch).select_related(
            "commune__department", "commune__epci", "venue", "network"
        )
        organising = Organiser.objects.filter(Exists(_SHOWN), withdrawn_at=None).select_related("actor")
        hosts = hosts_of(EVENT, batch)
        for event in found.prefetch_related("terms", Prefetch("organisers", organising)).order_by("pk"):
            document = _document(event)
            yield document
            for host in hosts.get(event.pk, ()) if document.is_public else ():
                yield replace(document, network_id=host.pk, url=address_in(host, event))


def _document(event: Event) -> SearchDocument:
    terms = [term.label for term in event.terms.all()]
    organisers = [each.actor.name for each in event.organisers.all()]
    place = place_of(event)
    department = event.commune.department.name if event.commune and event.commune.department else ""
    within = [event.commune, event.commune.epci, event.commune.department] if event.commune else []
    first, last = _days(event)
    return SearchDocument(
        kind=KIND,
        object_id=event.pk,
        network_id=event.network_id,
        title=event.title,
        url=event.get_absolute_url(),
        subtitle=" · ".join(
            filter(None, [_("depuis le %s") % date_format(first, "j F Y") if first and _is_long(event) else "", place])
        ),
        text=" ".join([event.summary, *terms, *organisers, department, as_text(event.description)]),
        excerpt=event.summary or ", ".join(terms),
        is_public=event.is_shown,
        on=last,
        latitude=event.latitude,
        longitude=event.longitude,
        themes=tuple(term.pk for term in event.terms.all() if term.vocabulary == Vocabulary.THEME),
        places=tuple(each.code for each in within if each),
        since=first,
        ends_on=last,
    )


def _days(event: Event) -> tuple[date | None, date | None]:
    """The first and the last, by the clock of the place; no day after a midnight at which it ends."""
    if event.first_at is None:
        return None, None
    first = event.first_at.astimezone(event.tz).date()
    if event.last_at is None:
        return first, LASTING
    return first, max(first, (event.last_at - timedelta(microseconds=1)).astimezone(event.tz).date())


def _is_long(event: Event) -> bool:
    """Of more than a night; a hit tells the last day."""
    return event.first_at is not None and (event.last_at is None or (event.last_at - event.first_at).days >= 1)
