"""A network's colours are readable whatever it chooses."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import colour

SHEET = Path(colour.__file__).parent / "static/core/css/foundation.css"
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours)
def test_oklch_and_back_is_the_same_colour(value):
    assert colour.from_oklch(*colour.to_oklch(value)) == value


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#ff0000", "#ffffff", 4.0)]
)
def test_contrast_is_that_of_the_norm(one, other, ratio):
    assert colour.contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert colour.contrast(other, one) == colour.contrast(one, other)


@given(colours, colours)
def test_any_pair_of_colours_gives_a_readable_palette(accent, signal):
    palette = colour.accessible_palette(accent, signal)
    for tone, grounds in (
        (palette.accent, colour.LIGHT_GROUNDS),
        (palette.signal, colour.LIGHT_GROUNDS),
        (palette.accent_dark, colour.DARK_GROUNDS),
        (palette.signal_dark, colour.DARK_GROUNDS),
    ):
        for ground in grounds:
            assert colour.contrast(tone.text, ground) >= 4.5
            assert colour.contrast(tone.solid, ground) >= 3
        assert colour.contrast(tone.text, tone.soft) >= 4.5
        assert colour.contrast(tone.on_solid, tone.solid) >= 4.5
        assert colour.contrast(tone.on_solid, tone.strong) >= 4.5


def test_the_grounds_are_those_of_the_sheet():
    found = re.findall(r"--(paper|raised|sunken): (?:oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)|(#\w{6}))", SHEET.read_text())
    values = [fixed or colour.from_oklch(float(a), float(b), float(c)) for _, a, b, c, fixed in found]
    wanted = [*colour.LIGHT_GROUNDS, *colour.DARK_GROUNDS, *colour.DARK_GROUNDS]
    assert len(values) == len(wanted)
    for value, expected in zip(values, wanted, strict=True):
        assert colour.contrast(value, expected) < 1.02


def test_the_colours_of_the_sheet_without_network_are_the_default_palette():
    sheet = SHEET.read_text()
    for declaration in re.findall(r"--[\w-]+:#\w{6}", colour.stylesheet("#3b3bd6", "#e8590c")):
        assert declaration.replace(":", ": ") in sheet
