"""Resources of the network's catalogue, to read: what changed, what left."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from ninja import Path, Query, Router, Status

from maillage.api import paging
from maillage.api.auth import viewer_of
from maillage.api.conditional import conditional
from maillage.api.schemas import READ_PROBLEMS
from maillage.api.schemas_resources import ResourceFilters, ResourceOut, ResourcePage, ResourceTombstoneOut
from maillage.catalogue.kit import ask
from maillage.catalogue.models import ResourceTombstone
from maillage.catalogue.queries import published
from maillage.catalogue.queries.published import Published
from maillage.core.mail import absolute_url
from maillage.topics.enums import Vocabulary

router = Router(tags=["Catalogue"])
ResourceId = Annotated[int, Path(ge=1, le=2**53)]
_OWN = (
    "id", "uid", "kind", "title", "summary", "description", "languages", "age_min", "age_max", "cycles", "licence", "duration",
    "group_min", "group_max", "surface", "height", "power", "connection", "volume", "transport", "setup_minutes", "people",
    "place_access", "access_notes", "price", "fee", "deposit", "conditions", "website", "source", "source_url", "published_at",
    "updated_at",
)  # fmt: skip


def _place(territory: Any) -> dict[str, str]:
    return {"code": territory.code, "name": territory.name}


def _shown(each: Published, base: str) -> dict[str, Any]:
    resource = each.resource
    terms = {name: [{"slug": term.slug, "label": term.label} for term in found] for name, found in each.terms.items()}
    return {
        **{name: getattr(resource, name) for name in _OWN},
        "url": base + resource.get_absolute_url(),
        "form": resource.form.value,
        "actor": {"id": resource.actor_id, "name": resource.actor.name},
        "commune": _place(each.place) if each.place else None,
        "zone": [_place(territory) for territory in resource.zone.all()],
        "themes": terms[Vocabulary.THEME],
        "audiences": terms[Vocabulary.AUDIENCE],
        "copies": each.stock if resource.is_lent else None,
        "modules": [
            {"title": module.title, "surface": module.surface, "details": module.details}
            for module in resource.modules.all()
        ],
        "documents": [
            {
                "title": file.title,
                "url": base + reverse("catalogue:resource_download", args=[resource.slug, file.latest.pk]),
                "version": file.latest.number,
                "media_type": file.latest.kind,
                "size": file.latest.size,
                "sha256": file.latest.digest,
                "safety": file.is_safety,
            }
            for file in resource.files.all()
            if file.latest is not None
        ],
        "links": [
            {"title": link.title, "url": link.url, "broken": link.told_at is not None} for link in resource.links.all()
        ],
        "images": [
            {
                "url": base + photo.image.url,
                "alternative": photo.alt,
                "credit": photo.credit,
                "licence": photo.licence,
            }
            for photo in resource.photos.all()
        ],
    }


def _many(request: HttpRequest, ids: list[int]) -> list[dict[str, Any]]:
    """The resources of `ids` in that order: as many queries whatever their number, up to a hundred."""
    network = request.network  # type: ignore[attr-defined]
    base = absolute_url(network, "")
    return [_shown(each, base) for each in published.published(network, ids)]


@router.get(
    "/resources",
    response={200: ResourcePage, 304: None, **READ_PROBLEMS},
    summary="Le catalogue du réseau",
    description=(
        "Tout ce que le réseau partage : documents, prêts, ce qui vient ; avec un filtre, ce qui lui répond sur la page "
        "/ressources/. Les pages suivent les identifiants : une ressource modifiée pendant le parcours n'est ni perdue ni "
        "répétée ; une ressource sortie du catalogue est annoncée dans `tombstones`."
    ),
)
@conditional
def list_resources(
    request: HttpRequest,
    asked: Query[ResourceFilters],
    updated_since: Annotated[
        datetime | None, Query(description="Ne donner que ce qui a changé depuis cette date.")
    ] = None,
    since: Annotated[str | None, Query(max_length=60, description="Le `marker` d'une réponse précédente.")] = None,
    cursor: Annotated[str | None, Query(max_length=60, description="Le `next` de la page précédente.")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Ressources par page.")] = 50,
) -> Any:
    network = request.network  # type: ignore[attr-defined]
    if network is None:
        raise Http404
    after, changed = paging.decode(cursor), paging.since_of(updated_since, since)
    recent = published.published_ids(network.pk, changed, after=after)
    found = ask(_filters_only(request.GET), network)
    if not found.filters.is_empty:
        recent = recent.filter(pk__in=found.selection.keys)
    ids = list(recent.values_list("pk", flat=True)[: limit + 1])
    last = ids[limit - 1] if len(ids) > limit else None
    buried = [] if changed.is_everything else published.tombstones(network.pk, changed, after=after, last=last)
    return {
        "items": _many(request, ids[:limit]),
        "tombstones": [_grave(tomb) for tomb in buried],
        "next": paging.encode(last) if last else None,
        "marker": paging.encode(network.content_version),
    }


def _filters_only(params: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name in ResourceFilters.model_fields:
        kept.setlist(name, params.getlist(name))
    return kept


def _grave(tomb: ResourceTombstone) -> ResourceTombstoneOut:
    return ResourceTombstoneOut(id=tomb.resource_id, uid=tomb.uid, at=tomb.at)


@router.get(
    "/resources/{resource_id}",
    response={200: ResourceOut, 304: None, 410: ResourceTombstoneOut, **READ_PROBLEMS},
    summary="Une ressource",
)
@conditional
def read_resource(request: HttpRequest, resource_id: ResourceId) -> Any:
    viewer = viewer_of(request)
    if viewer.network is None:
        raise Http404
    if shown := _many(request, [resource_id]):
        return Status(200, shown[0])
    if (tomb := published.tombstone_of(viewer.network_id, resource_id)) is None:
        raise Http404
    return Status(410, _grave(tomb))
