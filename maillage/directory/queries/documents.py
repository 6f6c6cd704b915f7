"""What the search knows of an actor in each network that lists it; nothing internal: no circle, no note, no address."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet

from maillage.core.richtext import as_text
from maillage.directory.enums import ListingState
from maillage.directory.models import Actor, Listing
from maillage.directory.queries.homes import point_told_of
from maillage.search.registry import SearchDocument
from maillage.topics.enums import Vocabulary

KIND = "actor"
_BATCH = 1000


def documents(listings: QuerySet[Listing] | None = None) -> Iterator[SearchDocument]:
    """Those of some listings, or of all; three queries for each thousand."""
    chosen = Listing.objects.all() if listings is None else listings
    rows = chosen.order_by("pk").values_list("network_id", "actor_id", "state").iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        found = Actor.objects.filter(pk__in={row[1] for row in batch}).for_rows().select_related("commune__epci")
        actors = {actor.pk: actor for actor in found}
        yield from (_document(actors[pk], network, state) for network, pk, state in batch if pk in actors)


def _document(actor: Actor, network_id: int, state: str) -> SearchDocument:
    terms = [term.label for term in actor.terms.all()]
    place = actor.commune.name if actor.commune else ""
    department = actor.commune.department.name if actor.commune and actor.commune.department else ""
    within = [actor.commune, actor.commune.epci, actor.commune.department] if actor.commune else []
    family = actor.family.label if actor.family else ""
    point = point_told_of(actor)
    return SearchDocument(
        kind=KIND,
        object_id=actor.pk,
        network_id=network_id,
        title=actor.name,
        url=actor.get_absolute_url(),
        subtitle=" · ".join(filter(None, [family, place])),
        text=" ".join([actor.acronym, actor.summary, *terms, department, as_text(actor.description)]),
        excerpt=actor.summary or ", ".join(terms),
        is_public=state == ListingState.PUBLISHED and actor.archived_at is None,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        themes=tuple(term.pk for term in actor.terms.all() if term.vocabulary == Vocabulary.THEME),
        places=tuple(each.code for each in within if each),
    )
