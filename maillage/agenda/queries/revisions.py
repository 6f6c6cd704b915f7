"""What an editor proposes for a published event: kept as JSON, shown in its form, compared with what the event says now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from maillage.activity.queries import Difference
from maillage.agenda.enums import RevisionState
from maillage.agenda.models import Event, EventRevision
from maillage.agenda.queries.fields import TERMS, held_fields
from maillage.agenda.queries.history import differences_of
from maillage.core.seen import mark
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.territories.models import Territory
from maillage.topics.models import Term

PICTURE_WORDS = {"image_alt", "image_role", "image_credit", "image_licence"}
_ONE: Mapping[str, Any] = {"venue": Actor, "commune": Territory, "parent": Event}


@dataclass(frozen=True)
class Proposed:
    """A field proposed, beside what the event says now: `already` when it says that, `moved` when it says something else than
    what the author had read. `with_picture`: words on a picture proposed too, taken with it and never without."""

    name: str
    difference: Difference
    already: bool
    moved: bool
    with_picture: bool


def as_json(value: Any) -> Any:
    """Objects by their keys, moments in words of machines."""
    if isinstance(value, list | tuple | set):
        return sorted((as_json(each) for each in value), key=str)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return getattr(value, "pk", value)


def as_fields(revision: EventRevision, names: list[str] | None = None) -> dict[str, Any]:
    """What is proposed as `actions.edit_event` takes it. What is gone since is left out."""
    wanted = revision.values if names is None else {name: revision.values[name] for name in names}
    found: dict[str, Any] = {}
    for name, value in wanted.items():
        if name in TERMS:
            found[name] = list(Term.objects.filter(pk__in=value))
        elif name in _ONE and value is not None:
            if (related := _ONE[name].objects.filter(pk=value).first()) is not None:
                found[name] = related
        elif name == "publish_at" and value:
            found[name] = datetime.fromisoformat(value)
        else:
            found[name] = value
    return found


def over(held: Mapping[str, Any], revision: EventRevision | None) -> dict[str, Any]:
    """What a form holds for an author whose revision is open: their words over those of the event."""
    if revision is None:
        return dict(held)
    proposed = as_fields(revision, [name for name in revision.values if name in held and name != "image"])
    return {**held, **{name: as_json(value) if name in TERMS else value for name, value in proposed.items()}}


def compared_now(revision: EventRevision, viewer: Viewer) -> list[Proposed]:
    """Field by field, as the author would read the event today."""
    names = list(revision.values)
    author = Viewer(network=viewer.network, user=revision.author)
    now = {name: as_json(value) for name, value in held_fields(revision.event, author, names).items()}
    (differences,) = differences_of([{name: [now.get(name), revision.values[name]] for name in names}])
    return [
        Proposed(
            name,
            told,
            already=mark(now.get(name)) == mark(revision.values[name]),
            moved=mark(now.get(name)) not in (mark(revision.before.get(name)), mark(revision.values[name])),
            with_picture=name in PICTURE_WORDS and "image" in revision.values,
        )
        for name, told in zip(names, differences, strict=True)
    ]


def open_revision(viewer: Viewer, event: Event) -> EventRevision | None:
    """The one of the viewer that waits for this event."""
    if not viewer.is_authenticated or viewer.system:
        return None
    return EventRevision.objects.waiting().filter(event=event, author=viewer.user_id).first()


def taken_up(viewer: Viewer, event: Event, key: int | None) -> EventRevision | None:
    """The one that waits, else the refused one of that key."""
    if (waiting := open_revision(viewer, event)) is not None or key is None:
        return waiting
    own = EventRevision.objects.visible_to(viewer).filter(event=event, author=viewer.user_id)
    return own.filter(pk=key, state=RevisionState.REFUSED).first()


def own_revisions(viewer: Viewer, event: Event | None = None) -> list[EventRevision]:
    """Those of the viewer that wait or were refused, the last first."""
    found = EventRevision.objects.visible_to(viewer).filter(author=viewer.user_id)
    found = found.filter(state__in=[RevisionState.WAITING, RevisionState.REFUSED])
    if event is not None:
        found = found.filter(event=event)
    return list(found.select_related("event").order_by("-sent_at", "-pk")[:20])
