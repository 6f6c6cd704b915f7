"""Small stocks for the tests of the catalogue, of loans and of tours."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from maillage.catalogue.engine.halves import Span, half_of
from maillage.catalogue.enums import CopyState, Kind, State
from maillage.catalogue.models import Component, Copy, Module, Resource
from maillage.core.text import slugged
from maillage.directory.models import Actor
from maillage.networks.models import Network
from tests.factories.directory import make_actor

_numbers = iter(range(1, 10**9))
MONDAY = date(2026, 3, 2)


def make_resource(network: Network, actor: Actor | None = None, **fields: Any) -> Resource:
    """A published exhibition, unless said otherwise."""
    number = next(_numbers)
    title = fields.pop("title", f"Exposition {number}")
    values = {"kind": Kind.EXHIBITION, "state": State.PUBLISHED, "summary": "Six panneaux sur le ciel.", **fields}
    return Resource.objects.create(
        network=network, actor=actor or make_actor(network), title=title, slug=f"{slugged(title)}-{number}", **values
    )


def make_copies(resource: Resource, count: int, module: Module | None = None) -> list[Copy]:
    there = resource.copies.count()
    labels = [f"{there + rank:03}" for rank in range(1, count + 1)]
    return [Copy.objects.create(resource=resource, module=module, label=label) for label in labels]


def make_modules(resource: Resource, titles: Iterable[str]) -> list[Module]:
    """Each with a copy."""
    modules = [
        Module.objects.create(resource=resource, title=title, position=rank) for rank, title in enumerate(titles)
    ]
    for module in modules:
        make_copies(resource, 1, module)
    return modules


def make_kit(kit: Copy, parts: Iterable[Copy]) -> None:
    for part in parts:
        Component.objects.create(kit=kit, part=part)


def set_state(copy: Copy, state: CopyState) -> None:
    copy.state = state
    copy.save()


def span(first: int, last: int, *, transport: int = 0, setup: int = 0, buffer: int = 0) -> Span:
    """Half-days counted from the morning of a Monday, 0."""
    zero = half_of(MONDAY)
    return Span(zero + first, zero + last, transport, setup, buffer)
