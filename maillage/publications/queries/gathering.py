"""What dossiers gather: what a reader may see of it, and what may be added."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Prefetch
from django.urls import Resolver404, resolve

from maillage.agenda.models import Event
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.publications.enums import Section
from maillage.publications.models import Piece, Publication
from maillage.publications.queries.documents import KIND_OF
from maillage.publications.registry.gathered import all_gathered, gathered_of
from maillage.search.queries import Hit, search

MOST_FOUND = 12
_TEXTS = (KIND_OF[Section.ARTICLES], KIND_OF[Section.ANNOUNCEMENTS])  # A dossier contains no other.


def pieces_in(dossiers: Collection[Publication], viewer: Viewer) -> dict[int, list[Piece]]:
    """What the viewer may see of each dossier, in order; as many queries as there are kinds, whatever their number."""
    held: dict[int, list[Piece]] = {dossier.pk: [] for dossier in dossiers}
    if not held:
        return held
    related = Piece.objects.filter(dossier__in=held).order_by("position", "pk").prefetch_related(
        Prefetch("publication", Publication.objects.visible_to(viewer).for_cards()),
        Prefetch("event", Event.objects.visible_to(viewer).select_related("commune__department")),
        Prefetch("actor", Actor.objects.visible_to(viewer).select_related("commune__department", "family")),
    )  # fmt: skip
    for piece in with_things(related, viewer):
        if piece.url or piece.thing:
            held[piece.dossier_id].append(piece)
    return held


def pieces_of(dossier: Publication, viewer: Viewer) -> list[Piece]:
    return pieces_in([dossier], viewer)[dossier.pk]


def with_things(pieces: Iterable[Piece], viewer: Viewer) -> list[Piece]:
    """With what each holds of other apps, if the viewer may read it."""
    rows, wanted = list(pieces), defaultdict(set)
    for piece in rows:
        if piece.kind:
            wanted[piece.kind].add(piece.object_id)
    found: dict[tuple[str, int | None], Any] = {}
    for kind, keys in wanted.items():
        if (source := gathered_of(kind)) is not None:
            found |= {(kind, each.pk): each for each in source.rows(viewer).filter(pk__in=keys)}
    for piece in rows:
        piece.gathered = found.get((piece.kind, piece.object_id))
    return rows


def found_for(viewer: Viewer, words: str) -> list[Hit]:
    """What everyone may read here that answers these words, to be added to a dossier."""
    kinds = ("actor", "event", *_TEXTS, *(each.kind for each in all_gathered()))
    if not words or viewer.network is None:
        return []
    hits = search(viewer.network, words, kinds=kinds, limit=2 * MOST_FOUND).hits
    return [hit for hit in hits if hit.url.startswith("/")][:MOST_FOUND]  # Told elsewhere, it is the other site's.


def thing_of(viewer: Viewer, kind: str, pk: int) -> dict[str, Any] | None:
    """What everyone may read under that kind of the search, as a piece holds it."""
    return _held(viewer, kind, pk=pk)


def thing_at(viewer: Viewer, address: str) -> dict[str, Any] | None:
    """What everyone may read at an address of this site, as a piece holds it."""
    try:
        match = resolve(urlsplit(address).path.rstrip("/") + "/")
    except (Resolver404, ValueError):
        return None
    named, parts = match.view_name, match.kwargs
    if named == "publications:publication_show":
        return _held(viewer, "text", slug=parts["slug"][:100])
    if named == "agenda:event_show":
        return _held(viewer, "event", slug=parts["slug"][:100])
    if named == "directory:actor_show":
        return _held(viewer, "actor", slug=parts["slug"][:100])
    for source in all_gathered():
        if source.page == named:
            return _held(viewer, source.kind, **{source.lookups[name]: parts[name] for name in source.lookups})
    return None


def _held(viewer: Viewer, kind: str, **of: Any) -> dict[str, Any] | None:
    everyone, source = Viewer(network=viewer.network), gathered_of(kind)
    found: Any
    if kind == "text" or kind in KIND_OF.values():
        found = Publication.objects.visible_to(everyone).filter(**of).first()
        return {"publication": found} if found else None
    if kind == "event":
        found = Event.objects.visible_to(everyone).filter(**of).first()
        return {"event": found} if found else None
    if kind == "actor":
        found = Actor.objects.visible_to(everyone).filter(**of).first()
        return {"actor": found} if found else None
    found = source.rows(everyone).filter(**of).first() if source else None
    return {"kind": kind, "object_id": found.pk, "thing": found} if found else None
