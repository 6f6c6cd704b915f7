"""Finding an actor by some words of its name, as one types."""

from django.db.models import Case, IntegerField, Q, Value, When

from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor

_WORDS = 8


def shown_actor(actor: Actor) -> str:
    """How an actor is written in a field: with its commune, since many are « Médiathèque municipale »."""
    return f"{actor.name} ({actor.commune.name})" if actor.commune is not None else actor.name


def detail_of(actor: Actor) -> str:
    """What tells it from its namesakes."""
    department = actor.commune.department if actor.commune is not None else None
    return " · ".join(filter(None, [str(actor.family or ""), department.name if department is not None else ""]))


def named_so(text: str, viewer: Viewer, *, limit: int = 10) -> list[Actor]:
    """Actors in activity that the viewer may see, each word of `text` being in their name, their acronym or their commune;
    first those whose name begins so. One query."""
    words = folded(text.replace("(", " ").replace(")", " ")[:200]).split()[:_WORDS]
    if not words:
        return []
    found = Actor.objects.visible_to(viewer).filter(archived_at=None)
    for word in words:
        found = found.filter(
            Q(name_key__contains=word) | Q(acronym__istartswith=word) | Q(commune__name_key__startswith=word)
        )
    first = Case(
        When(name_key=" ".join(words), then=Value(0)),
        When(name_key__startswith=words[0], then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    ordered = found.select_related("family", "commune__department").annotate(rank=first).distinct()
    return list(ordered.order_by("rank", "name_key", "pk")[:limit])
