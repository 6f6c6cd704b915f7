"""What the page of one actor shows beside its own fields: terms by vocabulary, branches, neighbours, kindred actors."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from django.db.models import F, FloatField
from django.db.models.functions import Cast
from django.utils import timezone

from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.queries.index import ActorIndex, index_for
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

NEAR_DEGREES = 0.35  # About 40 km to the north: nobody calls farther "near".
SILENCES = 2  # Reminders left unanswered before the public is told.


@dataclass(frozen=True)
class Sheet:
    """Ids in `near` and `similar` are in order of closeness; an actor is in one of them only."""

    terms: dict[str, list[Term]]
    near: list[int]
    similar: list[int]
    silent_since: datetime | None


def silent_since(actor: Actor, now: datetime | None = None) -> datetime | None:
    """Since when nobody confirms the sheet, once two reminders at the actor's own rhythm went unanswered; else None."""
    since = actor.confirmed_at or actor.created_at
    late = since < (now or timezone.now()) - timedelta(days=30 * actor.update_rhythm * SILENCES)
    return since if late else None


def sheet_of(actor: Actor, viewer: Viewer, *, limit: int = 4) -> Sheet:
    """One query for the neighbours; kindred actors come from the index. `actor.terms` is read once."""
    words = vocabularies(viewer.network)
    held = {term.pk for term in actor.terms.all()}
    terms = {name: [term for term in words[name] if term.pk in held] for name in words}
    near = near_to(actor, viewer, limit)
    similar = similar_to(actor, index_for(viewer.network), terms[Vocabulary.THEME], exclude=near, limit=limit)
    return Sheet(terms, near, similar, silent_since(actor))


def near_to(actor: Actor, viewer: Viewer, limit: int) -> list[int]:
    """The nearest actors of the network on a plane touching the sphere at `actor`: exact enough within 40 km."""
    if actor.latitude is None or actor.longitude is None:
        return []
    shrink = cos(radians(actor.latitude))
    width = NEAR_DEGREES / max(shrink, 0.1)
    north, east = F("latitude") - actor.latitude, (F("longitude") - actor.longitude) * shrink
    around = Actor.objects.visible_to(viewer).current().exclude(pk=actor.pk)
    around = around.filter(
        latitude__range=(actor.latitude - NEAR_DEGREES, actor.latitude + NEAR_DEGREES),
        longitude__range=(actor.longitude - width, actor.longitude + width),
    )
    square = Cast(north * north + east * east, FloatField())
    return list(around.order_by(square, "pk").values_list("pk", flat=True)[:limit])


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
    if actor.latitude is not None and actor.longitude is not None and pool.bit_count() <= 5000:
        ordered = index.nearest_first(pool, actor.latitude, actor.longitude)
    else:
        ordered = index.by_name(pool)
    return index.page(ordered, 0, limit)
