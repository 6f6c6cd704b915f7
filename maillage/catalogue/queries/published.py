"""Resources as everyone finds them, whoever asks: for feeds, files, programs and harvesters, with what changed and what left."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from maillage.catalogue.models import Resource, ResourceTombstone
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.queries.published import Since
from maillage.networks.models import Network
from maillage.networks.queries import vocabularies
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary

CHUNK = 100


@dataclass(frozen=True)
class Published:
    """`terms` by vocabulary as the network names them; `actor_url` "" when its sheet is not public; `stock` copies that may be
    promised."""

    resource: Resource
    terms: dict[str, list[Any]]
    actor_url: str
    place: Territory | None
    stock: int


def published(network: Network, ids: Iterable[int]) -> Iterator[Published]:
    """Those of `ids` that everyone finds, in that order; a constant number of queries for each hundred."""
    words = {term.pk: term for terms in vocabularies(network).values() for term in terms}
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        rows = Resource.objects.filter(network=network, pk__in=chunk).shown().order_by()
        rows = rows.select_related("network", "actor__commune__department", "commune__department")
        related = ("terms", "photos", "zone", "files__latest", "links", "copies", "modules")
        found = {each.pk: each for each in rows.prefetch_related(*related)}
        actors = Actor.objects.visible_to(Viewer(network=network)).filter(
            pk__in={each.actor_id for each in found.values()}
        )
        urls = {actor.pk: actor.get_absolute_url() for actor in actors}
        for each in (found[pk] for pk in chunk if pk in found):
            terms: dict[str, list[Any]] = {vocabulary: [] for vocabulary in Vocabulary.values}
            for term in each.terms.all():
                if term.pk in words:
                    terms[term.vocabulary].append(words[term.pk])
            stock = sum(copy.state == "fit" for copy in each.copies.all())
            yield Published(each, terms, urls.get(each.actor_id, ""), each.commune or each.actor.commune, stock)


def published_ids(network_id: int | None, since: Since, *, after: int = 0) -> "QuerySet[Resource]":
    """Above `after`, changed since."""
    found = Resource.objects.filter(network=network_id, pk__gt=after).shown().order_by("pk")
    return since.narrow(found, "updated_at")


def tombstones(network_id: int, since: Since, *, after: int = 0, last: int | None = None) -> list[ResourceTombstone]:
    """Those whose resource's id is in ]after, last], so that a walk meets each once."""
    buried = since.narrow(ResourceTombstone.objects.filter(network=network_id, resource_id__gt=after), "at")
    if last is not None:
        buried = buried.filter(resource_id__lte=last)
    return list(buried.order_by("resource_id"))


def tombstone_of(network_id: int | None, resource_id: int) -> ResourceTombstone | None:
    return ResourceTombstone.objects.filter(network=network_id, resource_id=resource_id).first()
