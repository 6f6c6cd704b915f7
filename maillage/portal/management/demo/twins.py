"""Actors that someone entered a second time, otherwise written: some were made one, one was given back, others wait."""

from datetime import datetime
from functools import partial
from typing import Any

from maillage.core.text import unaccent
from maillage.directory import actions
from maillage.directory.actions import Stamp
from maillage.directory.actions.merging import merge
from maillage.directory.actions.unmerging import undo_merge
from maillage.directory.enums import ListingState, Origin
from maillage.directory.models import Actor, Listing, Merge
from maillage.portal.management.demo.world import World

# The family it is taken from, its rank there, how it is written the second time.
_TWICE = [
    ("association", 4, "prefixed"),
    ("library", 3, "shortened"),
    ("museum", 2, "shouted"),
    ("lab", 5, "plain"),
    ("environment", 3, "plain"),
    ("leisure", 6, "shouted"),
    ("association", 9, "shouted"),
    ("heritage", 4, "plain"),
    ("fablab", 3, "prefixed"),
    ("festival", 2, "plain"),
    ("library", 12, "shortened"),
    ("amateur", 5, "prefixed"),
    ("school", 2, "shouted"),
    ("museum", 9, "plain"),
]
_MERGED = 2
MADE = len(_TWICE) - _MERGED
_SHORT = {"Médiathèque": "Méd.", "Bibliothèque": "Bibl.", "municipale": "mun.", "Laboratoire": "Labo"}


def tell_twins(world: World) -> None:
    """Entered one a day, a month ago; the first were made one since, the third too, then given back."""
    noe, add, ago = world.viewer("animation"), world.chronicle.add, world.chronicle.ago
    pairs: dict[int, tuple[Actor, Actor]] = {}

    def enter(at: datetime, rank: int, key: str, place: int, how: str) -> None:
        for actor in world.actors(key, place + 1)[place:]:
            stamp = Stamp(Origin.ANIMATOR, "Forum régional", noe.user_id, at=at)
            twin = actions.create_actor(by=noe, values=_again(actor, how, rank), state=ListingState.DRAFT, stamp=stamp)
            Actor.objects.filter(pk=twin.pk).update(created_at=at, confirmed_at=at)
            Listing.objects.filter(actor=twin).update(created_at=at)
            pairs[rank] = (actor, twin)

    def reunite(at: datetime, rank: int, undone: bool = False) -> None:
        if rank in pairs:
            kept, gone = pairs[rank]
            done = merge(by=noe, kept=kept, gone=gone, chosen={"name": "kept", "source": "kept"})
            if undone:
                undo_merge(by=noe, merge=done)
            Merge.objects.filter(pk=done.pk).update(at=at, undone_at=at if undone else None)

    for rank, (key, place, how) in enumerate(_TWICE):
        add(ago(40 - rank, 17, rank), partial(enter, rank=rank, key=key, place=place, how=how))
    for rank in range(_MERGED):
        add(ago(8 - rank, 10, 5 * rank), partial(reunite, rank=rank))
    add(ago(5, 11), partial(reunite, rank=_MERGED, undone=True))


def _again(actor: Actor, how: str, rank: int) -> dict[str, Any]:
    """The same actor as someone else writes it: the name otherwise, less of the rest."""
    name = {
        "prefixed": f"Association {actor.name}",
        "shortened": " ".join(_SHORT.get(word, word) for word in actor.name.split()),
        "shouted": unaccent(actor.name).upper(),
        "plain": unaccent(actor.name).replace(" – ", " "),
    }[how]
    values: dict[str, Any] = {"name": name, "family": actor.family}
    values |= {"commune": actor.commune, "postal_code": actor.postal_code}
    values |= {"phone": actor.phone} if actor.phone else {"email": actor.email}
    values |= {"address": unaccent(actor.address)} if rank % 3 == 0 else {"website": actor.website.replace("www.", "")}
    return {field: value for field, value in values.items() if value}
