"""What the list components take: facets with their counts, filters applied, outputs of a list."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FacetChoice:
    """`count` None shows no number; `shape` and `hue` draw the mark of a family."""

    value: str
    label: Any
    count: int | None = None
    selected: bool = False
    shape: str = ""
    hue: int = 0


@dataclass(frozen=True)
class Facet:
    """A group of choices under one query parameter; `single` lets one choice only."""

    name: str
    title: Any
    choices: list[FacetChoice] = field(default_factory=list)
    single: bool = False
    opened: bool = False

    @property
    def input_type(self) -> str:
        return "radio" if self.single else "checkbox"

    @property
    def selected_count(self) -> int:
        return sum(choice.selected for choice in self.choices)

    @property
    def is_open(self) -> bool:
        return self.opened or self.selected_count > 0


@dataclass(frozen=True)
class AppliedFilter:
    """A filter in force; `url` is the list without it."""

    label: Any
    url: str


@dataclass(frozen=True)
class Output:
    """One way out of a list: feed, file, widget."""

    label: Any
    url: str
    icon: str = "download"
    help: Any = ""
    download: bool = False
