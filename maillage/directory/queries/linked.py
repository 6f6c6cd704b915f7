"""What machines read in an actor's page: schema.org, with the type of each family in `data/schema_types.json`."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from maillage.directory.enums import ActorKind
from maillage.directory.models import Actor
from maillage.directory.queries.homes import keeps_home_private, told_point

_TYPES = Path(__file__).resolve().parent.parent / "data" / "schema_types.json"
_PLACES = {"Museum", "Library", "Park", "LandmarksOrHistoricalBuildings", "TouristAttraction"}


@cache
def schema_types() -> dict[str, str]:
    """Type by slug of family; "" is the type of the others."""
    types: dict[str, str] = json.loads(_TYPES.read_text())
    return types


def schema_type(actor: Actor) -> str:
    if actor.kind == ActorKind.PERSON:
        return "Person"
    slug = actor.family.slug if actor.family else ""
    return schema_types().get(slug, schema_types()[""])


def linked_data(
    actor: Actor, url: str, image_url: str = "", themes: list[str] | None = None, parent: Actor | None = None
) -> dict[str, Any]:
    """The actor as schema.org says it; empty values are left out. `parent` is its parent where it may be seen."""
    kind = schema_type(actor)
    private = keeps_home_private(actor.kind, actor.contact_is_public)
    point = None if private else told_point(actor.latitude, actor.longitude, private=False)
    commune = actor.commune
    address = {
        "@type": "PostalAddress",
        "streetAddress": "" if private else actor.address,
        "postalCode": actor.postal_code,
        "addressLocality": commune.name if commune else "",
        "addressRegion": commune.department.name if commune and commune.department else "",
        "addressCountry": "FR",
    }
    geo = {"@type": "GeoCoordinates", "latitude": point[0], "longitude": point[1]} if point else None
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": url,
        "url": url,
        "name": actor.name,
        "alternateName": actor.acronym,
        "description": actor.summary,
        "image": image_url,
        "sameAs": actor.website,
        "address": {key: value for key, value in address.items() if value},
        "knowsAbout": themes or [],
        "knowsLanguage": actor.languages,
    }
    if actor.shows_contact:
        data |= {"email": actor.email, "telephone": actor.phone}
    if kind in _PLACES:
        data["geo"] = geo
    elif geo and kind != "Person":
        data["location"] = {"@type": "Place", "name": actor.name, "geo": geo}
    if parent and kind != "Person":
        data["parentOrganization"] = {"@type": "Organization", "name": parent.name}
    if kind == "Person":
        data.pop("alternateName")
    return {key: value for key, value in data.items() if value}
