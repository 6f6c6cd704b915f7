"""Events of the network's agenda, to read: what changed, what left, and each with its dates."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, QueryDict
from ninja import Path, Query, Router, Status

from maillage.agenda.kit import ask
from maillage.agenda.models import EventTombstone
from maillage.agenda.queries import published
from maillage.agenda.queries.published import Published
from maillage.agenda.queries.rows import local_iso
from maillage.agenda.registry.places import Places, places_of
from maillage.api import paging
from maillage.api.auth import viewer_of
from maillage.api.conditional import conditional
from maillage.api.schemas import READ_PROBLEMS
from maillage.api.schemas_events import EventFilters, EventOut, EventPage, EventTombstoneOut
from maillage.core.mail import absolute_url
from maillage.topics.enums import Vocabulary

router = Router(tags=["Agenda"])
EventId = Annotated[int, Path(ge=1, le=2**53)]
_OWN = (
    "id", "title", "summary", "description", "status", "status_note", "attendance", "online_url", "place_name", "address",
    "postal_code", "place_access", "access_notes", "age_min", "age_max", "cycles", "price", "conditions",
    "languages", "website", "by_appointment", "available_from", "available_until", "source", "source_url", "updated_at",
)  # fmt: skip


def _shown(each: Published, base: str, places: Places | None) -> dict[str, Any]:
    event = each.event
    commune = event.commune
    department = commune.department if commune else None
    terms = {name: [{"slug": term.slug, "label": term.label} for term in found] for name, found in each.terms.items()}
    placed = event.latitude is not None and event.longitude is not None and event.attendance != "online"
    return {
        **{name: getattr(event, name) for name in _OWN},
        "url": base + event.get_absolute_url(),
        "previous_start": event.previous_at,
        "timings": [
            {
                "uid": timing.uid,
                "starts_at": local_iso(event, timing, "starts_at"),
                "ends_at": local_iso(event, timing, "ends_at"),
                "all_day": timing.all_day,
                "cancelled": timing.is_cancelled,
                "note": timing.note,
            }
            for timing in each.timings
        ],
        "timezone": event.zone,
        "bookings": [{"public": way["for"], "by": way["by"], "value": way["value"]} for way in event.bookings],
        "registration": {"state": places.state, "places_left": places.left, "url": base + places.path}
        if places
        else None,
        "kinds": terms[Vocabulary.ACTION_KIND],
        "themes": terms[Vocabulary.THEME],
        "audiences": terms[Vocabulary.AUDIENCE],
        "venue": {"id": each.venue.pk, "name": each.venue.name} if each.venue else None,
        "commune": {"code": commune.code, "name": commune.name} if commune else None,
        "department": {"code": department.code, "name": department.name} if department else None,
        "position": {"latitude": event.latitude, "longitude": event.longitude} if placed else None,
        "organisers": [{"id": actor.pk, "name": actor.name} for actor in each.organisers],
        "organiser_name": event.organiser_name,
        "image": _image(each, base),
        "parent": {"id": each.parent.pk, "title": each.parent.title} if each.parent else None,
    }


def _image(each: Published, base: str) -> dict[str, str] | None:
    event = each.event
    if not event.image:
        return None
    return {
        "url": base + event.image.url,
        "alternative": event.image_alt,
        "credit": event.image_credit,
        "licence": event.image_licence,
    }


def _many(request: HttpRequest, ids: list[int]) -> list[dict[str, Any]]:
    """The events of `ids` in that order: as many queries whatever their number, up to a hundred."""
    network = request.network  # type: ignore[attr-defined]
    base = absolute_url(network, "")
    held = places_of(ids)
    return [_shown(each, base, held.get(each.event.pk)) for each in published.published(network, ids)]


@router.get(
    "/events",
    response={200: EventPage, 304: None, **READ_PROBLEMS},
    summary="L'agenda du réseau",
    description=(
        "Tous les événements publiés, passés et à venir ; avec un filtre, ceux de la page /agenda/ qui lui répondent, dont "
        "les dates sont à venir ou dans la période demandée. Les pages suivent les identifiants : un événement modifié "
        "pendant le parcours n'est ni perdu ni répété ; un événement sorti de l'agenda est annoncé dans `tombstones`."
    ),
)
@conditional
def list_events(
    request: HttpRequest,
    asked: Query[EventFilters],
    updated_since: Annotated[
        datetime | None, Query(description="Ne donner que ce qui a changé depuis cette date.")
    ] = None,
    since: Annotated[str | None, Query(max_length=60, description="Le `marker` d'une réponse précédente.")] = None,
    cursor: Annotated[str | None, Query(max_length=60, description="Le `next` de la page précédente.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Événements par page.")] = 50,
) -> Any:
    network = request.network  # type: ignore[attr-defined]
    if network is None:
        raise Http404
    after, changed = paging.decode(cursor), paging.since_of(updated_since, since)
    recent = published.published_ids(network.pk, changed, after=after)
    found = ask(_filters_only(request.GET), network)
    if found.filters.is_empty:
        ids = list(recent.values_list("pk", flat=True)[: limit + 1])
    else:
        ids = sorted(pk for pk in found.programme.ids if pk > after)
        if not changed.is_everything:
            kept = set(recent.values_list("pk", flat=True))
            ids = [pk for pk in ids if pk in kept]
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
    for name in EventFilters.model_fields:
        kept.setlist(name, params.getlist(name))
    return kept


def _grave(tomb: EventTombstone) -> EventTombstoneOut:
    return EventTombstoneOut(id=tomb.event_id, at=tomb.at)


@router.get(
    "/events/{event_id}",
    response={200: EventOut, 304: None, 410: EventTombstoneOut, **READ_PROBLEMS},
    summary="Un événement",
)
@conditional
def read_event(request: HttpRequest, event_id: EventId) -> Any:
    viewer = viewer_of(request)
    if viewer.network is None:
        raise Http404
    shown = _many(request, [event_id])
    if shown:
        return Status(200, shown[0])
    tomb = published.tombstone_of(viewer.network_id, event_id)
    if tomb is None:
        raise Http404
    return Status(410, _grave(tomb))
