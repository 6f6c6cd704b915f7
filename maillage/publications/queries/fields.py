"""What a publication holds of each field that its forms show, the values kept in its versions, and back."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from maillage.core.richtext import sanitised
from maillage.core.viewer import Viewer
from maillage.directory.enums import ImageRole
from maillage.networks.queries import vocabularies
from maillage.publications.enums import State
from maillage.publications.models import Publication, Version
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

# The terms of a publication are shown vocabulary by vocabulary.
TERMS = {"themes": Vocabulary.THEME, "audiences": Vocabulary.AUDIENCE}
PLACES = {"departments": TerritoryKind.DEPARTMENT, "commune": TerritoryKind.COMMUNE}
SPECIAL = {*TERMS, *PLACES}
PLAIN = (
    "title", "summary", "body", "media", "sources", "reviewer", "announcement", "closes_on", "website", "contact",
    "image", "image_alt", "image_role", "image_credit", "image_licence",
)  # fmt: skip
CONTENT = (*PLAIN, "terms", "places")  # What readers read: a version keeps these.


def held_fields(publication: Publication, viewer: Viewer, names: Collection[str]) -> dict[str, Any]:
    """As the forms show them, what is being written over what everyone reads; names that are no field left out."""
    over = open_values(publication)
    return {
        name: _held(publication, over, viewer, name) for name in names if name in SPECIAL or hasattr(Publication, name)
    }


def open_version(publication: Publication) -> Version | None:
    return publication.versions.being_written().first() if publication.pk else None


def open_values(publication: Publication) -> Mapping[str, Any]:
    """What is being written over what everyone reads; of another text the row itself is written."""
    version = open_version(publication) if publication.state == State.PUBLISHED else None
    return version.values if version is not None else {}


def _held(publication: Publication, over: Mapping[str, Any], viewer: Viewer, name: str) -> Any:
    if name in TERMS:
        offered = {term.pk for term in vocabularies(viewer.network)[TERMS[name]]}
        keys = over["terms"] if "terms" in over else term_keys(publication)
        return [key for key in keys if key in offered]
    if name in PLACES:
        found = places_of(over["places"]) if "places" in over else _places(publication)
        kept = [place for place in found if place.kind == PLACES[name]]
        return [place.pk for place in kept] if name == "departments" else next(iter(kept), None)
    value = over.get(name, stored(publication, name))
    if name == "body":
        return sanitised(value, trusted=viewer.runs_network)
    if name == "image_role":
        return ImageRole.DESCRIBED if over.get("image_alt", publication.image_alt) else value
    if name == "closes_on" and isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value


def term_keys(publication: Publication) -> list[int]:
    return [term.pk for term in publication.terms.all()] if publication.pk else []


def _places(publication: Publication) -> list[Territory]:
    return list(publication.places.all()) if publication.pk else []


def place_keys(publication: Publication) -> list[int]:
    return sorted(place.pk for place in _places(publication))


def stored(publication: Publication, name: str) -> Any:
    """A plain field as it is kept; a picture by its name."""
    value = getattr(publication, name)
    return value.name or "" if name == "image" else value


def snapshot(publication: Publication) -> dict[str, Any]:
    """All that readers read of it, as JSON."""
    told = {name: as_json(stored(publication, name)) for name in PLAIN}
    return told | {"terms": sorted(term_keys(publication)), "places": place_keys(publication)}


def as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return [as_json(each) for each in value]
    return getattr(value, "pk", value)


def recorded(publication: Publication, viewer: Viewer, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values that those of a form make, as JSON: terms of the other vocabularies, and the other kind of place, stay."""
    values = {name: as_json(value) for name, value in fields.items() if name not in SPECIAL}
    if TERMS.keys() & fields.keys():
        words = vocabularies(viewer.network)
        offered = {term.pk for name in TERMS.keys() & fields.keys() for term in words[TERMS[name]]}
        held = open_values(publication).get("terms", term_keys(publication))
        chosen = [_key(term) for name in TERMS for term in fields.get(name, ())]
        values["terms"] = sorted({*(key for key in held if key not in offered), *chosen})
    if PLACES.keys() & fields.keys():
        held = held_fields(publication, viewer, PLACES)
        departments = fields.get("departments", held["departments"])
        commune = fields.get("commune", held["commune"])
        chosen = [*departments, *([commune] if commune is not None else [])]
        values["places"] = sorted({_key(place) for place in chosen})
    return values


def _key(row: Any) -> int:
    return int(getattr(row, "pk", row))


def terms_of(keys: Iterable[int]) -> list[Term]:
    return list(Term.objects.filter(pk__in=list(keys)))


def places_of(keys: Iterable[int]) -> list[Territory]:
    return list(Territory.objects.filter(pk__in=list(keys)).order_by("pk"))
