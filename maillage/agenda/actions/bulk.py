"""The same act on several events of the working table."""

from collections.abc import Callable, Iterable

from maillage.agenda.actions.stating import hide_event, publish_event
from maillage.agenda.models import Event
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer

ACTS: dict[str, Callable[..., Event]] = {"publier": publish_event, "retirer": hide_event}


def act_on_all(*, by: Viewer, events: Iterable[Event], act: str) -> tuple[int, list[tuple[str, str]]]:
    """Each in its own transaction: how many it was done to, and of the others (title, why not)."""
    done, refused = 0, []
    for event in events:
        try:
            ACTS[act](by=by, event=event)
        except Refused as refusal:
            refused.append((event.title, refusal.sentence))
        else:
            done += 1
    return done, refused
