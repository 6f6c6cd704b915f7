"""Pairs that may be one actor, as a person reads them: side by side, with what speaks for it and against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from maillage.core.geo import distance_km
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.enums import Band
from maillage.directory.models import Actor, DistinctPair, Suspect
from maillage.directory.queries.explaining import Argument, arguments, percent
from maillage.directory.queries.history import provenance
from maillage.directory.queries.lookalikes import known_to, lookalikes
from maillage.directory.queries.sheet import Beside, beside
from maillage.linkage.queries.records import Profile

_NEAR_KM = 1
_WHOLE = ("family", "commune__department", "parent")


@dataclass(frozen=True)
class Listed:
    """A pair in a list."""

    suspect: Suspect
    one: Actor
    other: Actor
    percent: int
    is_held: bool


@dataclass(frozen=True)
class Twins:
    """A pair side by side."""

    one: Actor
    other: Actor
    rows: list[Beside]
    for_it: list[Argument]
    against_it: list[Argument]
    distance: str


def counts(viewer: Viewer) -> dict[str, int]:
    """How many pairs wait, by band, and how many were put off ("later")."""
    visible = Suspect.objects.visible_to(viewer)
    found = {band.value: visible.waiting().filter(band=band).count() for band in Band}
    return found | {"later": visible.count() - sum(found.values())}


def chosen(viewer: Viewer, band: str) -> Any:
    """The pairs of a band, the likeliest first; those put off for "later"."""
    visible = Suspect.objects.visible_to(viewer).select_related("holder")
    if band == "later":
        return visible.exclude(pk__in=visible.waiting().values("pk")).order_by("later_until", "pk")
    return visible.waiting().filter(band=band) if band else visible.waiting()


def listed(suspects: Iterable[Suspect], viewer: Viewer) -> list[Listed]:
    """One query for the actors of a page."""
    suspects = list(suspects)
    ids = {pk for suspect in suspects for pk in (suspect.first_id, suspect.second_id)}
    actors = Actor.objects.select_related(*_WHOLE).in_bulk(ids)
    return [
        Listed(
            suspect,
            actors[suspect.first_id],
            actors[suspect.second_id],
            percent(suspect.score),
            suspect.is_held_against(viewer),
        )
        for suspect in suspects
        if suspect.first_id in actors and suspect.second_id in actors
    ]


def decided(viewer: Viewer) -> Any:
    """What was told of two sheets that are not one, the latest verdict first."""
    found = DistinctPair.objects.visible_to(viewer).select_related("first__commune", "second__commune", "by")
    return found.order_by("-updated_at", "-pk")


def twins(one: Actor, other: Actor, viewer: Viewer) -> Twins:
    """Two sheets that the viewer may see; the names of the team are shown to the team alone."""
    rows = beside(one, other, (provenance(one, viewer), provenance(other, viewer)))
    known = known_to(viewer.network)
    here, there = known.records.get(one.pk), known.records.get(other.pk)
    for_it: list[Argument] = []
    against_it: list[Argument] = []
    if here is not None and there is not None:
        for_it, against_it = arguments(Profile.of(here), Profile.of(there), known.explain(here, there))
    return Twins(one, other, rows, for_it, against_it, _distance(one, other))


def _distance(one: Actor, other: Actor) -> str:
    """How far apart they are on the map, and how far that may be trusted."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return _("L'une des deux n'a pas de position.")
    kilometres = distance_km(one.latitude, one.longitude, other.latitude, other.longitude)
    far = _("%d m") % round(1000 * kilometres) if kilometres < _NEAR_KM else _("%d km") % round(kilometres)
    rough = [
        actor.get_position_quality_display()
        for actor in (one, other)
        if actor.position_quality not in ("exact", "address")
    ]
    sentence = _("%s l'une de l'autre sur la carte") % far
    return f"{sentence} ({', '.join(dict.fromkeys(rough))})" if rough else sentence


def resembling(actor: Actor, viewer: Viewer) -> list[Actor]:
    """The sheets that resemble one, best first, among those that the viewer may change."""
    values = {field.name: getattr(actor, field.name) for field in Actor._meta.concrete_fields}
    ids = [match.ref for match in lookalikes(values, viewer.network, exclude=actor.pk)]
    found = Actor.objects.editable_by(viewer).select_related(*_WHOLE).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def named(text: str, actor: Actor, viewer: Viewer, limit: int = 20) -> list[Actor]:
    """Other sheets, of those that the viewer may change, whose name holds all the words asked for."""
    found = Actor.objects.editable_by(viewer).exclude(pk=actor.pk).filter(listings__network=viewer.network_id)
    for word in folded(text).split()[:8]:
        found = found.filter(name_key__contains=word)
    return list(found.select_related(*_WHOLE).order_by("name_key", "pk")[:limit]) if folded(text) else []
