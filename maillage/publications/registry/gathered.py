"""What dossiers gather of other apps, beside texts, events and actors: those above come with their contents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from maillage.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Gathered:
    """`kind`: as the search names it; `one`, what a single one is (« Émission »). `rows`: those that a viewer may read, which have
    a name, an address and a `summary`. `page`: the name of their address, and `lookups` the field that each of its parts is."""

    kind: str
    one: Any
    icon: str
    rows: Callable[[Viewer], QuerySet[Any]]
    page: str
    lookups: Mapping[str, str] = field(default_factory=lambda: {"slug": "slug"})


_gathered: dict[str, Gathered] = {}


def gather(gathered: Gathered) -> None:
    _gathered[gathered.kind] = gathered


def gathered_of(kind: str) -> Gathered | None:
    return _gathered.get(kind)


def all_gathered() -> list[Gathered]:
    return list(_gathered.values())
