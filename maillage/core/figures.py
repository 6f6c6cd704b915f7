"""A figure as every page shows it: its value, the records behind it, what it means, and as of when."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`value` is None when unknown, which is not zero; `url` leads to the records counted, "" when they may not be seen."""

    label: Any
    value: int | float | None
    definition: Any
    as_of: date
    url: str = ""
    unit: Any = ""


@dataclass(frozen=True)
class Row:
    """A line of a table of figures: `rate` is the value for 10,000 inhabitants, None where the population is unknown;
    `code` is that of the territory counted."""

    label: Any
    value: int
    url: str = ""
    rate: float | None = None
    hue: int | None = None
    shape: str = ""
    code: str = ""
