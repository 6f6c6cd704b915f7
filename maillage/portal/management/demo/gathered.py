"""Dossiers that gather what other parts of the site tell: a resource of their theme, an episode, a community."""

from maillage.core.viewer import Viewer
from maillage.portal.management.demo.world import World
from maillage.publications.enums import Kind
from maillage.publications.models import Piece, Publication
from maillage.publications.registry.gathered import all_gathered

_WORDS = {
    "resource": "À emprunter, ou à faire venir.",
    "emission": "À écouter.",
    "community": "Pour en parler avec d'autres.",
}
_DOSSIERS = 6


def tell_gathered(world: World) -> None:
    world.chronicle.add(world.chronicle.now, lambda at: _gather(world))


def _gather(world: World) -> None:
    """Of each kind, one that everyone reads, another for each dossier."""
    everyone = Viewer(network=world.south)
    dossiers = list(Publication.objects.told_in(world.south).filter(kind=Kind.DOSSIER).order_by("pk")[:_DOSSIERS])
    for gathered in all_gathered():
        held = list(gathered.rows(everyone).order_by("pk").values_list("pk", flat=True)[:_DOSSIERS])
        for dossier, key in zip(dossiers, held, strict=False):
            Piece.objects.create(
                dossier=dossier, position=dossier.pieces.count(), kind=gathered.kind, object_id=key,
                words=_WORDS.get(gathered.kind, ""),
            )  # fmt: skip
