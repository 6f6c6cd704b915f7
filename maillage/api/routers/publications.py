"""Publications of the network, to read: what changed, what left, and each with its whole text."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, QueryDict
from ninja import Path, Query, Router, Status

from maillage.api import paging
from maillage.api.auth import viewer_of
from maillage.api.conditional import conditional
from maillage.api.schemas import READ_PROBLEMS
from maillage.api.schemas_publications import (
    PublicationFilters,
    PublicationOut,
    PublicationPage,
    PublicationTombstoneOut,
)
from maillage.core.mail import absolute_url
from maillage.publications.kit import ask
from maillage.publications.models import Piece, Publication
from maillage.publications.queries import published
from maillage.publications.queries.published import Published
from maillage.publications.queries.taking import text_to_take
from maillage.topics.enums import Vocabulary

router = Router(tags=["Publications"])
Slug = Annotated[str, Path(max_length=100, pattern=r"^[-a-zA-Z0-9_]+$")]
_HELD = ("publication", "event", "actor")
_OWN = ("id", "slug", "kind", "announcement", "title", "summary", "website", "closes_on", "updated_at")


def _shown(each: Published, base: str) -> dict[str, Any]:
    publication = each.publication
    url = base + publication.get_absolute_url()
    terms = {name: [{"slug": term.slug, "label": term.label} for term in found] for name, found in each.terms.items()}
    return {
        **{name: getattr(publication, name) for name in _OWN},
        "url": url,
        "text": text_to_take(publication, url, each.pieces),
        "pieces": [_piece(piece, base) for piece in each.pieces],
        "signatures": [
            {"name": one.name, "url": base + one.url if one.url else "", "is_actor": one.is_actor}
            for one in each.signatures
        ],
        "themes": terms[Vocabulary.THEME],
        "audiences": terms[Vocabulary.AUDIENCE],
        "places": [{"code": place.code, "name": place.name} for place in publication.places.all()],
        "image": _image(publication, base),
        "appeared_at": each.appeared_at,
    }


def _piece(piece: Piece, base: str) -> dict[str, str]:
    kind = "link" if piece.url else piece.kind or next(name for name in _HELD if getattr(piece, name) is not None)
    url = piece.url or base + piece.address
    return {"kind": kind, "title": piece.name, "url": url, "summary": piece.introduction}


def _image(publication: Publication, base: str) -> dict[str, str] | None:
    if not publication.image:
        return None
    return {
        "url": base + publication.image.url,
        "alternative": publication.image_alt,
        "credit": publication.image_credit,
        "licence": publication.image_licence,
    }


def _many(request: HttpRequest, ids: list[int]) -> list[dict[str, Any]]:
    """The publications of `ids` in that order: as many queries whatever their number, up to a hundred."""
    network = request.network  # type: ignore[attr-defined]
    base = absolute_url(network, "")
    return [_shown(each, base) for each in published.published(network, ids)]


@router.get(
    "/publications",
    response={200: PublicationPage, 304: None, **READ_PROBLEMS},
    summary="Les publications du réseau",
    description=(
        "Articles, portraits, annonces en cours et dossiers publiés ; avec un filtre, ceux des pages /articles/, /annonces/ et "
        "/dossiers/ qui lui répondent. Les pages suivent les identifiants : un texte modifié pendant le parcours n'est ni perdu "
        "ni répété ; un texte qui ne se lit plus, une annonce terminée sont annoncés dans `tombstones`."
    ),
)
@conditional
def list_publications(
    request: HttpRequest,
    asked: Query[PublicationFilters],
    updated_since: Annotated[
        datetime | None, Query(description="Ne donner que ce qui a changé depuis cette date.")
    ] = None,
    since: Annotated[str | None, Query(max_length=60, description="Le `marker` d'une réponse précédente.")] = None,
    cursor: Annotated[str | None, Query(max_length=60, description="Le `next` de la page précédente.")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Publications par page.")] = 50,
) -> Any:
    network = request.network  # type: ignore[attr-defined]
    if network is None:
        raise Http404
    after, changed = paging.decode(cursor), paging.since_of(updated_since, since)
    recent = published.published_ids(network.pk, changed, after=after)
    found = ask(_filters_only(request.GET), network, asked.rubrique, outgoing=True)
    if asked.rubrique or not found.filters.is_empty:
        recent = recent.filter(pk__in=found.selection.found.order_by().values("pk"))
    ids = list(recent.values_list("pk", flat=True)[: limit + 1])
    last = ids[limit - 1] if len(ids) > limit else None
    left = [] if changed.is_everything else published.left(network.pk, changed, after=after, last=last)
    return {
        "items": _many(request, ids[:limit]),
        "tombstones": [_grave(each) for each in left],
        "next": paging.encode(last) if last else None,
        "marker": paging.encode(network.content_version),
    }


def _filters_only(params: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name in PublicationFilters.model_fields:
        kept.setlist(name, params.getlist(name))
    return kept


def _grave(publication: Publication) -> PublicationTombstoneOut:
    return PublicationTombstoneOut(id=publication.pk, at=publication.updated_at)


@router.get(
    "/publications/{slug}",
    response={200: PublicationOut, 304: None, 410: PublicationTombstoneOut, **READ_PROBLEMS},
    summary="Une publication",
)
@conditional
def read_publication(request: HttpRequest, slug: Slug) -> Any:
    viewer = viewer_of(request)
    if viewer.network is None:
        raise Http404
    ids = list(Publication.objects.visible_to(viewer).filter(slug=slug).values_list("pk", flat=True))
    if shown := _many(request, ids):
        return Status(200, shown[0])
    gone = published.left_by_slug(viewer.network_id, slug)
    if gone is None:
        raise Http404
    return Status(410, _grave(gone))
