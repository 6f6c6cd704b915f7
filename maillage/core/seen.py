"""Two people at one form: a page carries a mark of each value it shows (`vu`). A save then writes only what its author
changed, and says what someone else changed meanwhile instead of writing over it.

The form (`core.forms.SeenForm`) sorts out what was changed; the action asks `require_unmoved` once the row is locked.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext as _

from maillage.core.errors import Conflict

Seen = Mapping[str, str]
LONGEST = 100_000  # Characters read: all the fields that a form may send have their mark within.


def mark(value: Any) -> str:
    """A print of a value, stored or typed: objects by their keys whatever their order, line ends as they come."""
    if isinstance(value, list | tuple | set):
        text = repr(sorted(str(_key(each)) for each in value))
    else:
        text = "" if value is None else str(_key(value)).replace("\r\n", "\n").strip()
    return blake2b(text.encode(), digest_size=6).hexdigest()


def _key(value: Any) -> Any:
    return getattr(value, "pk", value)


def marks(held: Mapping[str, Any]) -> str:
    """What the page carries, to be sent back with the form."""
    return " ".join(f"{name}.{mark(value)}" for name, value in held.items())


def read(text: str) -> dict[str, str]:
    """The marks that a form sent back. Of a field without a mark nobody knows what was shown: it counts as moved."""
    return dict(part.split(".", 1) for part in text[:LONGEST].split() if "." in part)


def changed(values: Mapping[str, Any], seen: Seen) -> dict[str, Any]:
    """Those of `values` that are not what was shown."""
    return {name: value for name, value in values.items() if mark(value) != seen.get(name)}


def moved(held: Mapping[str, Any], values: Mapping[str, Any], seen: Seen) -> list[str]:
    """The fields of `values` that hold by now neither what was shown nor what is wanted."""
    return [name for name, value in values.items() if mark(held[name]) not in (seen.get(name), mark(value))]


def require_unmoved(held: Mapping[str, Any], values: Mapping[str, Any], seen: Seen | None) -> None:
    """`held` is read under the lock that the write will keep; without `seen` (a program writes) nothing is asked."""
    if seen is not None and moved(held, values, seen):
        raise Conflict(
            _(
                "Quelqu'un a changé ce que vous modifiez depuis que vous avez ouvert la page. Ce que vous avez écrit est gardé, la valeur actuelle est montrée à côté : relisez et enregistrez de nouveau."
            )
        )
