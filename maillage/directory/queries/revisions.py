"""What an editor proposes for a sheet: kept as JSON, shown in its form, compared with what the sheet says now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from maillage.activity.queries import Difference
from maillage.core.seen import mark
from maillage.core.viewer import Viewer
from maillage.directory.enums import RevisionState
from maillage.directory.models import Actor, Revision
from maillage.directory.queries.fields import TERMS, held_fields
from maillage.directory.queries.history import differences_of, label_of
from maillage.networks.models import Network
from maillage.territories.models import Territory
from maillage.topics.models import Term

PICTURE_WORDS = {"image_alt", "image_role", "image_credit"}
_ONE: Mapping[str, Any] = {"family": Term, "commune": Territory, "parent": Actor}


@dataclass(frozen=True)
class Proposed:
    """A field proposed, beside what the sheet says now: `already` when it says that, `moved` the words that the author
    had read when the sheet says something else since. `with_picture`: words on a picture that is proposed too, taken with it
    and never without."""

    name: str
    difference: Difference
    already: bool
    moved: bool
    read: str
    taken: bool
    with_picture: bool


def as_json(value: Any) -> Any:
    """Objects by their keys."""
    if isinstance(value, list | tuple | set):
        return sorted((as_json(each) for each in value), key=str)
    return getattr(value, "pk", value)


def as_fields(revision: Revision, names: list[str] | None = None) -> dict[str, Any]:
    """What is proposed as `actions.edit_sheet` takes it, but the picture. What is gone since is left out."""
    wanted = revision.values if names is None else {name: revision.values[name] for name in names}
    found: dict[str, Any] = {}
    for name, value in wanted.items():
        if name == "image":
            continue
        if name in TERMS:
            found[name] = list(Term.objects.filter(pk__in=value))
        elif name in _ONE and value is not None:
            related = _ONE[name].objects.filter(pk=value).first()
            if related is not None:
                found[name] = related
        else:
            found[name] = value
    return found


def over(held: Mapping[str, Any], revision: Revision | None) -> dict[str, Any]:
    """What a form holds for an author whose revision is open: their words over those of the sheet."""
    if revision is None:
        return dict(held)
    proposed = as_fields(revision, [name for name in revision.values if name in held])
    shown = {name: as_json(value) if name == "family" or name in TERMS else value for name, value in proposed.items()}
    return {**held, **shown}


def compared_now(revision: Revision, viewer: Viewer) -> list[Proposed]:
    """Field by field, as the author would read the sheet today: rich text is not what the team alone may write."""
    names = list(revision.values)
    held = held_fields(revision.actor, author_of(revision, viewer.network), names)
    now = {name: as_json(value) for name, value in held.items()}
    pairs = {name: [now.get(name), revision.values[name]] for name in names}
    read = {name: ["", revision.before.get(name)] for name in names}
    differences, readings = differences_of([pairs, read])
    return [
        Proposed(
            name,
            difference,
            already=mark(now.get(name)) == mark(revision.values[name]),
            moved=mark(now.get(name)) not in (mark(revision.before.get(name)), mark(revision.values[name])),
            read=reading.after,
            taken=name in revision.accepted,
            with_picture=name in PICTURE_WORDS and "image" in revision.values,
        )
        for name, difference, reading in zip(names, differences, readings, strict=True)
    ]


def author_of(revision: Revision, network: Network | None) -> Viewer:
    return Viewer(network=network, user=revision.author)


def open_revision(viewer: Viewer, actor: Actor) -> Revision | None:
    """The one of the viewer that waits for this sheet."""
    own = Revision.objects.waiting().filter(actor=actor, author=viewer.user_id)
    return own.first() if viewer.is_authenticated and not viewer.system else None


def own_revisions(viewer: Viewer, actor: Actor | None = None) -> list[Revision]:
    """Those of the viewer that wait or were refused, the last first."""
    found = Revision.objects.visible_to(viewer).filter(author=viewer.user_id)
    found = found.filter(state__in=[RevisionState.WAITING, RevisionState.REFUSED])
    if actor is not None:
        found = found.filter(actor=actor)
    return list(found.select_related("actor").order_by("-sent_at", "-pk")[:20])


def accepted_in_a_row(author_id: int, network_id: int) -> int:
    """How many of the last answered ones were accepted, since the last refusal."""
    answered = Revision.objects.filter(author=author_id, network=network_id)
    answered = answered.filter(state__in=[RevisionState.ACCEPTED, RevisionState.REFUSED]).order_by("-decided_at", "-pk")
    count = 0
    for state in answered.values_list("state", flat=True)[:50]:
        if state != RevisionState.ACCEPTED:
            break
        count += 1
    return count


def labels_of(names: list[str]) -> list[str]:
    return [str(label_of(name)) for name in names]
