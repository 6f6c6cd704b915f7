"""What the search knows of communities: the public ones alone."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from maillage.communities.models import Community
from maillage.core.richtext import as_text
from maillage.search.registry import SearchDocument

KIND = "community"


def documents(communities: "QuerySet[Community] | None" = None) -> Iterator[SearchDocument]:
    """Hidden ones have no document at all: not even those who run the network find them."""
    chosen: Any = Community.objects.all() if communities is None else communities
    for each in chosen.public().prefetch_related("terms", "places").order_by("pk"):
        terms, places = list(each.terms.all()), list(each.places.all())
        names = [str(one) for one in (*terms, *places)]
        yield SearchDocument(
            kind=KIND,
            object_id=each.pk,
            network_id=each.network_id,
            title=each.name,
            url=each.get_absolute_url(),
            subtitle=", ".join(str(place) for place in places[:3]),
            text=" ".join([each.summary, *names, as_text(each.description)]),
            excerpt=each.summary,
            boost=0.5 if each.is_archived else 1.0,
            latitude=places[0].latitude if places else None,
            longitude=places[0].longitude if places else None,
            themes=tuple(term.pk for term in terms),
            places=tuple(place.code for place in places),
        )
