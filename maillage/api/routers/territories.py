"""Territories of France."""

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Query, Router

from maillage.api import paging
from maillage.api.conditional import conditional
from maillage.api.schemas import READ_PROBLEMS, TerritoryOut, TerritoryPage
from maillage.core.text import folded
from maillage.territories.models import Territory

router = Router(tags=["Territoires"])
Code = Annotated[str | None, Query(max_length=9, pattern=r"^[0-9A-Z]*$")]
Kind = Literal["region", "department", "epci", "commune"]


def _shown(territory: Territory) -> dict[str, Any]:
    return {
        "kind": territory.kind,
        "code": territory.code,
        "name": territory.name,
        "population": territory.population,
        "latitude": territory.latitude,
        "longitude": territory.longitude,
        "position_source": territory.position_source,
        "region": territory.region.code if territory.region else None,
        "department": territory.department.code if territory.department else None,
        "epci": territory.epci.code if territory.epci else None,
        "postal_codes": sorted({postal.code for postal in territory.postal_codes.all()}),
    }


@router.get(
    "/territories",
    response={200: TerritoryPage, 304: None, **READ_PROBLEMS},
    summary="Régions, départements, intercommunalités, communes",
)
@conditional
def list_territories(
    request: HttpRequest,
    kind: Kind | None = None,
    region: Code = None,
    department: Code = None,
    epci: Code = None,
    postal_code: Annotated[str | None, Query(pattern=r"^\d{5}$")] = None,
    q: Annotated[str | None, Query(max_length=100, description="Début du nom.")] = None,
    cursor: Annotated[str | None, Query(max_length=60)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Any:
    found = Territory.objects.select_related("region", "department", "epci").prefetch_related("postal_codes")
    wanted = {
        "kind": kind,
        "region__code": region,
        "department__code": department,
        "epci__code": epci,
        "postal_codes__code": postal_code,
    }
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    if q:
        found = found.filter(name_key__startswith=folded(q))
    rows = list(found.filter(pk__gt=paging.decode(cursor)).order_by("pk")[: limit + 1])
    following = paging.encode(rows[limit - 1].pk) if len(rows) > limit else None
    return {"items": [_shown(territory) for territory in rows[:limit]], "next": following}


@router.get(
    "/territories/{kind}/{code}", response={200: TerritoryOut, 304: None, **READ_PROBLEMS}, summary="Un territoire"
)
@conditional
def read_territory(request: HttpRequest, kind: Kind, code: str) -> Any:
    territories = Territory.objects.select_related("region", "department", "epci").prefetch_related("postal_codes")
    found = territories.filter(kind=kind, code=code.replace("\x00", "")).first()
    if found is None and kind == "commune":
        found = territories.filter(former_communes__code=code.replace("\x00", "")).first()
    if found is None:
        raise Http404
    return _shown(found)
