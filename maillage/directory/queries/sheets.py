"""What the page of one actor shows beside its own fields: terms by vocabulary, branches, neighbours, kindred actors."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.queries.freshness import SILENCES, silences
from maillage.directory.queries.homes import point_told_of
from maillage.directory.queries.index import ActorIndex, index_for
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

NEAR_KM = (2, 10, 40)  # Looked through one after the other; nobody calls farther "near".


@dataclass(frozen=True)
class Sheet:
    """Ids in `near` and `similar` are in order of closeness; an actor is in one of them only."""

    terms: dict[str, list[Term]]
    near: list[int]
    similar: list[int]
    silent_since: datetime | None


def silent_since(actor: Actor, now: datetime | None = None) -> datetime | None:
    """Since when nobody confirms the sheet, once two reminders went unanswered, or twice the actor's own rhythm when nobody
    could be asked; else None. One query, for a sheet that is late."""
    since = actor.confirmed_at or actor.created_at
    if not actor.is_stale:
        return None
    late = since < (now or timezone.now()) - timedelta(days=30 * actor.update_rhythm * SILENCES)
    return since if late or silences(actor.reminders.all(), actor, now) >= SILENCES else None


def sheet_of(actor: Actor, viewer: Viewer, *, limit: int = 4) -> Sheet:
    """Neighbours and kindred actors come from the index, without a query. `actor.terms` is read once."""
    words, index = vocabularies(viewer.network), index_for(viewer.network)
    held = {term.pk for term in actor.terms.all()}
    terms = {name: [term for term in words[name] if term.pk in held] for name in words}
    near = near_to(actor, index, viewer, limit)
    similar = similar_to(actor, index, terms[Vocabulary.THEME], exclude=near, limit=limit)
    return Sheet(terms, near, similar, silent_since(actor))


def near_to(actor: Actor, index: ActorIndex, viewer: Viewer, limit: int) -> list[int]:
    """The nearest actors that the network shows, to the team those that it prepares as well."""
    point = point_told_of(actor)
    if point is None:
        return []
    shown = index.listed & ~index.mask("archive", True) if viewer.runs_network else index.public
    others = shown & ~index.of_ids([actor.pk])
    for kilometres in NEAR_KM:
        around = index.near(*point, kilometres, others)
        if around.bit_count() >= limit:
            break
    return index.page(index.nearest_first(around, *point), 0, limit)


def similar_to(actor: Actor, index: ActorIndex, themes: list[Term], *, exclude: list[int], limit: int) -> list[int]:
    """Public actors of the same family, sharing as many themes as leave enough of them, nearest first."""
    if actor.family_id is None:
        return []
    pool = index.public & index.mask("family", actor.family_id) & ~index.of_ids([actor.pk, *exclude])
    narrowings = [index.mask("term", term.pk) for term in themes]
    if actor.commune is not None:
        narrowings.append(index.mask("department", actor.commune.department_id))
    for mask in narrowings:
        if (pool & mask).bit_count() >= limit:
            pool &= mask
    point = point_told_of(actor)
    if point is not None and pool.bit_count() <= 5000:
        ordered = index.nearest_first(pool, *point)
    else:
        ordered = index.by_name(pool)
    return index.page(ordered, 0, limit)
