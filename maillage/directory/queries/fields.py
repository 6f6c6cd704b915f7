"""What a record holds of each field that its form shows, and what is offered there."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from maillage.core.richtext import sanitised
from maillage.core.viewer import Viewer
from maillage.directory.enums import ImageRole
from maillage.directory.models import Actor
from maillage.networks.queries import vocabularies
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

# The terms of a record are shown vocabulary by vocabulary.
TERMS = {"themes": Vocabulary.THEME, "audiences": Vocabulary.AUDIENCE, "action_kinds": Vocabulary.ACTION_KIND}


def held_fields(actor: Actor, viewer: Viewer, names: Collection[str]) -> dict[str, Any]:
    """As the form shows them, which is what it sends back when nothing was changed: of terms and territories, the keys of
    those that this network offers; coordinates to the tenth of a metre; names that are no field of a record left out."""
    held: dict[str, Any] = {}
    for name in names:
        if name in TERMS:
            held[name] = [term.pk for term in offered_terms(viewer, name, actor)]
        elif name == "zone":
            offered = {place.pk for place in offered_zones(viewer)}
            held[name] = [place.pk for place in actor.zone.all() if place.pk in offered]
        elif name == "family":
            held[name] = actor.family_id
        elif name == "image":
            held[name] = actor.image.name or ""
        elif name == "image_role":
            held[name] = ImageRole.DESCRIBED if actor.image_alt else actor.image_role
        elif name == "description":
            held[name] = sanitised(actor.description, trusted=viewer.runs_network)
        elif name in ("latitude", "longitude"):
            value = getattr(actor, name)
            held[name] = value if value is None else round(value, 6)
        elif hasattr(actor, name):
            held[name] = getattr(actor, name)
    return held


def offered_terms(viewer: Viewer, name: str, actor: Actor) -> list[Term]:
    """The terms of `actor` in a vocabulary that the network offers."""
    offered = {term.pk for term in vocabularies(viewer.network)[TERMS[name]]}
    return [term for term in actor.terms.all() if term.pk in offered]


def offered_zones(viewer: Viewer) -> list[Territory]:
    """The régions and départements of the network's perimeter; all of them when it has none."""
    perimeter = list(viewer.network.perimeter.values_list("pk", flat=True)) if viewer.network else []
    within = Q(pk__in=perimeter) | Q(region__in=perimeter) if perimeter else Q()
    return list(Territory.objects.filter(within, kind__in=["department", "region"]).order_by("-kind", "code"))


def recorded(actor: Actor, viewer: Viewer, fields: dict[str, Any]) -> dict[str, Any]:
    """The values of a record that those of its form make: what this network does not offer stays, as another may use it."""
    values = {name: value for name, value in fields.items() if name not in TERMS and name != "zone"}
    if TERMS.keys() & fields.keys():
        replaced = {term.pk for name in TERMS.keys() & fields.keys() for term in offered_terms(viewer, name, actor)}
        kept = [term for term in actor.terms.all() if term.pk not in replaced]
        values["terms"] = [*kept, *(term for name in TERMS for term in fields.get(name, ()))]
    if "zone" in fields:
        zones = {place.pk: place for place in offered_zones(viewer)}
        kept_zones = [place for place in actor.zone.all() if place.pk not in zones]
        values["zone"] = [*kept_zones, *(zones[pk] for pk in fields["zone"] if pk in zones)]
    return values
