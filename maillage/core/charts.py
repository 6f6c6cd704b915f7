"""Charts drawn on the server: the same SVG in a page, a message and a print, with the same numbers beside it in a table.

Bars and lines only; values are written on the drawing; no JavaScript. `<c-chart :chart="chart" />` shows the result.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any

from django.utils.formats import number_format

_ROW_HEIGHT = 46
# Widths are percentages of the drawing, heights are pixels: letters keep their size on a phone as on a large screen.
_LONGEST_BAR, _SHORTEST_LONGEST_BAR = 82.0, 30.0
_PHONE, _LETTER = 340, 8.5  # Pixels: the narrowest drawing, and a letter of a value.


@dataclass(frozen=True)
class Row:
    """One line of numbers: `hue` (1 to 8) colours its bar, `url` leads to the records behind it."""

    label: Any
    value: float
    url: str = ""
    hue: int = 0
    shown: str = ""
    x: float = 0
    y: float = 0
    width: float = 0


@dataclass(frozen=True)
class Chart:
    id: str
    title: Any
    description: Any
    rows: list[Row]
    template: str
    height: int
    label_title: Any = ""
    value_title: Any = ""
    segments: tuple[tuple[Row, Row], ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()


def _shown(value: float, unit: str) -> str:
    decimals = 0 if float(value).is_integer() else 1
    text = number_format(round(value, decimals), decimals, use_l10n=True, force_grouping=True)
    return f"{text}\u202f{unit}" if unit else text


def _longest_bar(letters: int) -> float:
    """The percentage of the drawing that leaves, on a phone, room for a value of so many letters."""
    room = 100 * (1 - (letters + 1) * _LETTER / _PHONE)
    return max(_SHORTEST_LONGEST_BAR, min(_LONGEST_BAR, room))


def bar_chart(
    rows: Sequence[Row],
    *,
    name: str,
    title: Any,
    description: Any = "",
    unit: str = "",
    label_title: Any = "",
    value_title: Any = "",
) -> Chart:
    """Horizontal bars in the order given, the label above each and its value at its end; lengths start from zero."""
    largest = max((row.value for row in rows), default=0) or 1
    shown = [row.shown or _shown(row.value, unit) for row in rows]
    longest = _longest_bar(max(map(len, shown), default=0))
    drawn = [
        replace(row, shown=text, y=index * _ROW_HEIGHT, width=round(max(0.0, row.value) / largest * longest, 2))
        for index, (row, text) in enumerate(zip(rows, shown, strict=True))
    ]
    return Chart(
        id=name,
        title=title,
        description=description,
        rows=drawn,
        template="core/charts/bars.html",
        height=max(1, len(drawn)) * _ROW_HEIGHT,
        label_title=label_title,
        value_title=value_title,
    )


def round_ticks(largest: float, wanted: int = 4) -> list[float]:
    """Round graduations from zero to at least `largest` (steps of 1, 2 or 5 times a power of ten)."""
    if largest <= 0:
        return [0.0, 1.0]
    rough = largest / wanted
    power = 10 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [round(step * index, 10) for index in range(ceil(largest / step) + 1)]


def line_chart(
    rows: Sequence[Row],
    *,
    name: str,
    title: Any,
    description: Any = "",
    unit: str = "",
    label_title: Any = "",
    value_title: Any = "",
) -> Chart:
    """One line through the values in the order given (years, weeks), from zero, with round graduations."""
    height, top, bottom, left, right = 260, 34, 34, 12, 5
    graduations = round_ticks(max((row.value for row in rows), default=0))
    scale = (height - top - bottom) / graduations[-1]
    step = (100 - left - right) / max(1, len(rows) - 1)
    drawn = [
        replace(
            row,
            shown=row.shown or _shown(row.value, unit),
            x=round(left + index * step, 2),
            y=round(height - bottom - row.value * scale, 1),
        )
        for index, row in enumerate(rows)
    ]
    return Chart(
        id=name,
        title=title,
        description=description,
        rows=drawn,
        template="core/charts/line.html",
        height=height,
        label_title=label_title,
        value_title=value_title,
        segments=tuple(pairwise(drawn)),
        ticks=tuple((round(height - bottom - tick * scale, 1), _shown(tick, "")) for tick in graduations),
    )
