"""What a resource holds of each field that its forms show, as JSON for the journal, and back."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from maillage.catalogue.models import Resource
from maillage.core.richtext import sanitised
from maillage.core.viewer import Viewer
from maillage.networks.queries import vocabularies
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

TERMS = {"themes": Vocabulary.THEME, "audiences": Vocabulary.AUDIENCE}
SPECIAL = {*TERMS, "zone"}
KEYS = ("actor", "commune")
PLAIN = (
    "kind", "title", "summary", "description", "languages", "age_min", "age_max", "cycles", "licence", "duration",
    "group_min", "group_max", "surface", "height", "power", "connection", "volume", "transport", "setup_minutes", "people",
    "place_access", "access_notes", "safety", "price", "fee", "deposit", "value", "conditions", "website", "pickup",
    "latitude", "longitude",
)  # fmt: skip
CONTENT = (*PLAIN, *KEYS, "terms", "zone")


def held_fields(resource: Resource, viewer: Viewer, names: Collection[str]) -> dict[str, Any]:
    """As the forms show them; names that are no field left out."""
    return {name: _held(resource, viewer, name) for name in names if name in SPECIAL or hasattr(Resource, name)}


def _held(resource: Resource, viewer: Viewer, name: str) -> Any:
    if name in TERMS:
        offered = {term.pk for term in vocabularies(viewer.network)[TERMS[name]]}
        return [key for key in term_keys(resource) if key in offered]
    if name == "zone":
        return zone_keys(resource)
    value = getattr(resource, name)
    return sanitised(value, trusted=viewer.runs_network) if name == "description" else value


def term_keys(resource: Resource) -> list[int]:
    return [term.pk for term in resource.terms.all()] if resource.pk else []


def zone_keys(resource: Resource) -> list[int]:
    return sorted(place.pk for place in resource.zone.all()) if resource.pk else []


def as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | tuple | set):
        return [as_json(each) for each in value]
    return getattr(value, "pk", value)


def recorded(resource: Resource, viewer: Viewer, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values that those of a form make: the two kinds of terms are one column, of which other vocabularies stay."""
    values = {name: value for name, value in fields.items() if name not in SPECIAL}
    asked = TERMS.keys() & fields.keys()
    if asked:
        words = vocabularies(viewer.network)
        offered = {term.pk for name in asked for term in words[TERMS[name]]}
        chosen = [int(as_json(term)) for name in asked for term in fields[name]]
        values["terms"] = sorted({*(key for key in term_keys(resource) if key not in offered), *chosen})
    if "zone" in fields:
        values["zone"] = sorted(int(as_json(place)) for place in fields["zone"])
    return values


def snapshot(resource: Resource) -> dict[str, Any]:
    """All that is read of it, as JSON."""
    told = {name: as_json(getattr(resource, name)) for name in (*PLAIN, *KEYS)}
    return told | {"terms": sorted(term_keys(resource)), "zone": zone_keys(resource)}


def terms_of(keys: Iterable[int]) -> list[Term]:
    return list(Term.objects.filter(pk__in=list(keys)))


def places_of(keys: Iterable[int]) -> list[Territory]:
    return list(Territory.objects.filter(pk__in=list(keys)).order_by("pk"))
