"""What the search knows of a publication."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from django.db.models import QuerySet
from django.utils import timezone

from maillage.core.mail import address_in
from maillage.core.richtext import as_text
from maillage.publications.enums import CreditState, Kind, Section, State
from maillage.publications.models import Publication
from maillage.publications.registry import TEXT
from maillage.search.registry import SearchDocument
from maillage.sharing.queries import hosts_of
from maillage.topics.enums import Vocabulary

# A kind of the search for each section, all keyed by publications.
KIND_OF = {
    Section.ARTICLES: "article",
    Section.ANNOUNCEMENTS: "announcement",
    Section.DOSSIERS: "dossier",
}
KINDS = tuple(KIND_OF.values())
FORMERLY = "publication"  # They were one kind: its addresses still answer.
_BATCH = 500


def documents(publications: QuerySet[Publication] | None = None) -> Iterator[SearchDocument]:
    """Those of some publications, or of all, but the drafts, which are their authors' alone; a constant number of queries for each
    five hundred."""
    chosen = Publication.objects.all() if publications is None else publications
    rows = chosen.exclude(state=State.DRAFT).order_by("pk").values_list("pk", flat=True).iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        found = Publication.objects.filter(pk__in=batch).select_related("network")
        hosts = hosts_of(TEXT, batch)
        related = ("terms", "places__department", "places__epci", "credits__actor")
        for publication in found.prefetch_related(*related).order_by("pk"):
            document = _document(publication)
            yield document
            for host in hosts.get(publication.pk, ()) if document.is_public else ():
                yield replace(document, network_id=host.pk, url=address_in(host, publication))


def documents_in(section: Section) -> Iterator[SearchDocument]:
    return documents(Publication.objects.in_section(section))


def _document(publication: Publication) -> SearchDocument:
    terms = list(publication.terms.all())
    places = list(publication.places.all())
    within = [each for place in places for each in (place, place.epci, place.department) if each is not None]
    signed = [each.signature for each in publication.credits.all() if each.state == CreditState.ACCEPTED]
    at = publication.appeared_at
    words = [publication.summary, *(term.label for term in terms), *signed, *(place.name for place in places)]
    return SearchDocument(
        kind=KIND_OF[Section(publication.section)],
        object_id=publication.pk,
        network_id=publication.network_id,
        title=publication.title,
        url=publication.get_absolute_url(),
        subtitle=" · ".join(filter(None, [_sort(publication), ", ".join(place.name for place in places[:3])])),
        text=" ".join([*words, as_text(publication.body)]),
        excerpt=publication.summary,
        is_public=publication.is_shown,
        on=timezone.localtime(at).date() if at is not None else None,
        latitude=places[0].latitude if places else None,
        longitude=places[0].longitude if places else None,
        themes=tuple(term.pk for term in terms if term.vocabulary == Vocabulary.THEME),
        places=tuple(dict.fromkeys(each.code for each in within)),
        ends_on=publication.closes_on,
    )


def _sort(publication: Publication) -> str:
    """What the kind does not say."""
    if publication.announcement:
        return publication.get_announcement_display().capitalize()
    return publication.get_kind_display().capitalize() if publication.kind == Kind.PORTRAIT else ""
