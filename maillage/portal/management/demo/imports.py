"""Lists that the team of the demonstration imported: one done and taken over since, one whose preview waits."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files import File

from maillage.core.viewer import Viewer
from maillage.directory import actions
from maillage.directory.actions import Stamp
from maillage.directory.enums import ListingState, Origin
from maillage.directory.models import Actor, Listing, Qualification
from maillage.exchange import actions as exchange
from maillage.exchange.models import Batch, Change, Recipe
from maillage.portal.management.demo.chronicle import Chronicle
from maillage.portal.management.demo.world import World
from maillage.territories.models import Territory
from maillage.topics.models import Term

DATA = Path(__file__).parent / "data"
BY_HAND = [  # Typed in one by one, before a list names them too: name, commune, family.
    ("La Fabrique du vent", "11262", "association-de-culture-scientifique"),
    ("Pieds dans la Garonne", "31395", "association-de-culture-scientifique"),
    ("Bois debout", "65286", "education-a-l-environnement"),
]
MADE = 16 + len(BY_HAND)  # Actors that come with this life: those of the finished import, and these.
SOURCE = "Fédération des ateliers de sciences"
_SPEC = {
    "source": SOURCE,
    "fields": {
        "identifier": {"columns": ["Numéro"]},
        "name": {"columns": ["Nom"]},
        "summary": {"columns": ["Activité"]},
        "themes": {"columns": ["Thématiques"]},
        "family": {"constant": "association-de-culture-scientifique"},
        "address": {"columns": ["Adresse"]},
        "postal_code": {"columns": ["CP"]},
        "commune": {"columns": ["Ville"]},
        "phone": {"columns": ["Téléphone"]},
        "email": {"columns": ["Courriel"]},
        "website": {"columns": ["Site"]},
        "circle": {"columns": ["Cercle"]},
    },
    "options": {"state": "published", "perimeter": "only", "overwrite": "own", "scheme": "ateliers"},
}


def tell_imports(world: World) -> None:
    """A list imported this autumn, with its recipe; its next edition, whose preview waits for decisions.

    No earlier: after three months the program forgets the lines of an import, and read notices.
    """
    by = world.viewer("animation")
    world.chronicle.add(world.chronicle.ago(320, 17, 5), partial(_by_hand, by))
    world.chronicle.add(world.chronicle.ago(75, 14, 20), partial(_first_import, by, world.chronicle))
    world.chronicle.add(world.chronicle.ago(2, 16, 40), partial(_second_import, by))


def _by_hand(by: Viewer, at: datetime) -> None:
    for name, code, family in BY_HAND:
        commune = Territory.objects.communes().get(code=code)
        values = {"name": name, "commune": commune, "family": Term.objects.get(vocabulary="family", slug=family)}
        stamp = Stamp(Origin.ANIMATOR, "Forum régional 2025", by.user_id, at=at)
        actor = actions.create_actor(by=by, values=values, state=ListingState.PUBLISHED, stamp=stamp)
        Actor.objects.filter(pk=actor.pk).update(created_at=at)
        Listing.objects.filter(actor=actor).update(created_at=at)


def _received(by: Viewer, name: str, at: datetime, spec: Mapping[str, Any]) -> Batch:
    with (DATA / name).open("rb") as stream:
        batch = exchange.receive_file(by=by, file=File(stream, name=name), target="actors")
    batch = exchange.use_recipe(by=by, batch=batch, key=batch.recipe_key, spec=spec)
    batch = exchange.preview(batch)
    Batch.objects.filter(pk=batch.pk).update(created_at=at)
    return batch


def _first_import(by: Viewer, chronicle: Chronicle, at: datetime) -> None:
    batch = _received(by, "ateliers-2025.csv", at, _SPEC)
    recipe = exchange.save_recipe(by=by, batch=batch, name=SOURCE)
    Recipe.objects.filter(pk=recipe.pk).update(created_at=at, updated_at=at)
    exchange.decide(by=by, batch=batch, decision="different")
    exchange.apply(batch)
    Batch.objects.filter(pk=batch.pk).update(applied_at=at)
    made = list(Change.objects.filter(batch=batch, created=True).values_list("object_id", flat=True))
    chronicle.date_fields(made, at)
    Actor.objects.filter(pk__in=made).update(created_at=at)
    Listing.objects.filter(actor__in=made).update(created_at=at, published_at=at)
    Qualification.objects.filter(actor__in=made).update(created_at=at, since=at.date())


def _second_import(by: Viewer, at: datetime) -> None:
    spec = Recipe.objects.get(network=by.network, name=SOURCE).spec
    _received(by, "ateliers-2026.csv", at, spec)
