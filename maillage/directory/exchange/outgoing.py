"""Whole sheets: a column for each field that an import fills, so that the file comes back as it went (`recipes`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from maillage.core.viewer import Viewer
from maillage.directory.enums import Nature, PlaceAccess
from maillage.directory.exchange.fields import FIELDS, SCHEMES, VOCABULARIES
from maillage.directory.exchange.referring import territory_cell
from maillage.directory.kit import LANGUAGES
from maillage.directory.models import Actor, Listing, Qualification
from maillage.directory.queries.homes import as_told
from maillage.exchange.queries.parsing import rich_cell
from maillage.networks.queries import vocabularies

CHUNK = 500
LONGEST_CELL = 32_000  # What a cell of a workbook holds; a text cut there would come back cut.


def whole_columns() -> list[str]:
    return [str(field.label) for field in FIELDS]


def whole_rows(viewer: Viewer, ids: Sequence[int], *, longest: int | None = None) -> Iterator[list[Any]]:
    """The sheets of `ids` that the viewer may see, parents before their branches; texts longer than `longest` left out."""
    ordered = _parents_first(viewer, ids)
    labels = {term.pk: term.label for terms in vocabularies(viewer.network).values() for term in terms}
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        found = {actor.pk: as_told(actor, viewer) for actor in _sheets(viewer, chunk)}
        listed = Listing.objects.filter(
            network=viewer.network_id, actor__in=[actor.parent_id for actor in found.values()]
        )
        parents = set(listed.values_list("actor_id", flat=True))
        for actor in (found[pk] for pk in chunk if pk in found):
            if actor.parent_id not in parents:
                actor.parent = None
            cells = [_cell(actor, field.name, labels) for field in FIELDS]
            yield [
                "" if longest is not None and isinstance(cell, str) and len(cell) > longest else cell for cell in cells
            ]


def _sheets(viewer: Viewer, ids: Sequence[int]) -> Any:
    held = Qualification.objects.filter(network=viewer.network_id, nature=Nature.ASSESSED).in_force()
    return (
        Actor.objects.visible_to(viewer)
        .filter(pk__in=ids)
        .select_related("commune__department", "parent")
        .prefetch_related(
            "terms",
            "zone",
            "identifiers",
            Prefetch("qualifications", held, to_attr="held"),
            Prefetch("listings", Listing.objects.visible_to(viewer), to_attr="here"),
        )
    )


def _parents_first(viewer: Viewer, ids: Sequence[int]) -> list[int]:
    branches = Actor.objects.visible_to(viewer).exclude(parent=None)
    parents = dict(branches.values_list("pk", "parent_id"))

    def depth(pk: int) -> int:
        above: list[int] = []
        while (pk := parents.get(pk, 0)) and pk not in above:
            above.append(pk)
        return len(above)

    return sorted(ids, key=depth)


def _cell(actor: Any, name: str, labels: Mapping[int, str]) -> Any:
    """`labels` are those of the terms that the network uses, under its names: an import knows no other."""
    if name in _CELLS:
        return _CELLS[name](actor)
    if name == "family":
        return labels.get(actor.family_id, "")
    if name in VOCABULARIES:
        return [
            labels[term.pk] for term in actor.terms.all() if term.vocabulary == VOCABULARIES[name] and term.pk in labels
        ]
    if name.startswith("identifier:"):
        return next((each.value for each in actor.identifiers.all() if f"identifier:{each.scheme}" == name), "")
    return getattr(actor, name)


def _department(actor: Actor) -> str:
    return actor.commune.department.name if actor.commune is not None and actor.commune.department is not None else ""


def _other_identifiers(actor: Actor) -> list[str]:
    """« source=value »; one that holds the separator of lists could not be read again."""
    told = [f"{each.scheme}={each.value}" for each in actor.identifiers.all() if each.scheme not in SCHEMES]
    return [text for text in told if "|" not in text]


def _confirmed(actor: Actor) -> Any:
    return timezone.localdate(actor.confirmed_at) if actor.confirmed_at is not None else ""


_CELLS: dict[str, Callable[[Any], Any]] = {
    "identifier": _other_identifiers,
    "kind": lambda actor: actor.get_kind_display(),
    "description": lambda actor: rich_cell(actor.description),
    "commune": lambda actor: actor.commune.name if actor.commune else "",
    "insee": lambda actor: actor.commune.code if actor.commune else "",
    "department": _department,
    "position_quality": lambda actor: actor.get_position_quality_display(),
    "zone": lambda actor: [territory_cell(territory) for territory in actor.zone.all()],
    "parent": lambda actor: actor.parent.slug if actor.parent else "",
    "languages": lambda actor: [str(LANGUAGES.get(code, code)) for code in actor.languages],
    "place_access": lambda actor: [str(dict(PlaceAccess.choices).get(code, code)) for code in actor.place_access],
    "confirmed_at": _confirmed,
    "circle": lambda actor: actor.held[0].circle if actor.held else "",
    "circle_reason": lambda actor: actor.held[0].reason if actor.held else "",
    "circle_since": lambda actor: actor.held[0].since if actor.held else "",
    "listing_state": lambda actor: actor.here[0].get_state_display() if actor.here else "",
}
