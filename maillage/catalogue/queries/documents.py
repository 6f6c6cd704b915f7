"""What the search knows of a resource."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet

from maillage.catalogue.enums import State
from maillage.catalogue.models import Resource
from maillage.core.richtext import as_text
from maillage.search.registry import SearchDocument
from maillage.topics.enums import Vocabulary

KIND = "resource"
_BATCH = 500


def documents(resources: "QuerySet[Resource] | None" = None) -> Iterator[SearchDocument]:
    """Those of some resources, or of all, but the drafts; a constant number of queries for each five hundred."""
    chosen = Resource.objects.all() if resources is None else resources
    rows = chosen.exclude(state=State.DRAFT).order_by("pk").values_list("pk", flat=True).iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        found = Resource.objects.filter(pk__in=batch).with_shown().order_by("pk")
        related = found.select_related("commune__department", "actor__commune__department", "actor__commune__epci")
        for resource in related.prefetch_related("terms", "modules", "files"):
            yield _document(resource)


def _document(resource: Resource) -> SearchDocument:
    terms = list(resource.terms.all())
    place = resource.commune or resource.actor.commune
    within = [each for each in (place, place.epci, place.department) if each is not None] if place is not None else []
    point = (resource.latitude, resource.longitude)
    if point[0] is None and place is not None:
        point = (place.latitude, place.longitude)
    words = [resource.summary, *(term.label for term in terms), resource.actor.name, place.name if place else ""]
    words += [module.title for module in resource.modules.all()] + [file.title for file in resource.files.all()]
    return SearchDocument(
        kind=KIND,
        object_id=resource.pk,
        network_id=resource.network_id,
        title=resource.title,
        url=resource.get_absolute_url(),
        subtitle=" · ".join(filter(None, [resource.get_kind_display().capitalize(), resource.actor.name])),
        text=" ".join([*words, as_text(resource.description)]),
        excerpt=resource.summary,
        is_public=resource.is_shown,
        latitude=point[0],
        longitude=point[1],
        themes=tuple(term.pk for term in terms if term.vocabulary == Vocabulary.THEME),
        places=tuple(dict.fromkeys(each.code for each in within)),
    )
