"""How long words last, how a voice says dates and numbers, how seconds are shared: plain arithmetic."""

from datetime import UTC, datetime, time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.radio.engine.reading import clock, count_words, reading_seconds, typed_length
from maillage.radio.engine.shares import shared, whole
from maillage.radio.engine.spoken import day, hour, moment, number, phone, sentence


def test_words_are_counted_as_they_are_breathed():
    assert count_words("L'eau — celle du lac — gèle à 0 °C !") == 8
    assert (count_words(""), count_words(" – … ")) == (0, 0)


def test_reading_is_rounded_up():
    assert [reading_seconds("mot " * count, 150) for count in (0, 1, 150, 151)] == [0, 1, 60, 61]


def test_a_length_is_typed_as_people_write_it():
    said = ["4", "4:30", "4 min 30", "4'30", "45 s", "", "12mn", "1 min"]
    assert [typed_length(text) for text in said] == [240, 270, 270, 270, 45, None, 720, 60]
    for text in ("quatre", "4:75", "-3", "4:"):
        with pytest.raises(ValueError, match=text):
            typed_length(text) if text != "4:" else _refuse(text)


def _refuse(text):
    assert typed_length(text) == 240  # A colon without seconds says minutes.
    raise ValueError(text)


@given(st.integers(0, 14_400))
def test_a_clock_is_read_back(seconds):
    shown = clock(seconds)
    if seconds < 3600:
        assert typed_length(shown) == seconds
    assert sum(int(part) * 60**rank for rank, part in enumerate(reversed(shown.split(":")))) == seconds


def test_numbers_are_said_as_in_french():
    said = {0: "zéro", 16: "seize", 17: "dix-sept", 21: "vingt-et-un", 70: "soixante-dix", 71: "soixante-et-onze", 80: "quatre-vingts",
            81: "quatre-vingt-un", 91: "quatre-vingt-onze", 99: "quatre-vingt-dix-neuf", 100: "cent", 200: "deux-cents", 342: "trois-cent-quarante-deux"}  # fmt: skip
    assert {value: number(value) for value in said} == said
    with pytest.raises(ValueError, match="1000"):
        number(1000)


def test_hours_and_days_are_said_as_in_french():
    hours = [time(0), time(1), time(12), time(12, 30), time(14), time(21, 1)]
    assert [hour(each) for each in hours] == [
        "minuit", "une heure", "midi", "midi trente", "quatorze heures", "vingt-et-une heures une",
    ]  # fmt: skip
    assert moment(datetime(2026, 12, 5, 14, tzinfo=UTC)) == "samedi 5 décembre à quatorze heures"
    assert day(datetime(2026, 3, 1, tzinfo=UTC)) == "dimanche premier mars"


def test_a_phone_is_dictated_and_a_sentence_has_its_capital():
    numbers = ["0565350000", "+33 5 65 35 00 00", "3949", "05.65.35.00.00 (Lise)"]
    assert [phone(text) for text in numbers] == ["05 65 35 00 00", "05 65 35 00 00", "3949", "05.65.35.00.00 (Lise)"]
    assert [sentence(text) for text in ("", "  venez   nombreux", "Quand ?")] == ["", "Venez nombreux.", "Quand ?"]


SPOKEN = st.lists(st.tuples(st.integers(0, 4000), st.lists(st.sampled_from("abcdef"), max_size=4)), max_size=30)


@given(SPOKEN)
def test_the_parts_always_make_the_total_in_whole_seconds_too(spoken):
    parts = shared(spoken, "")
    total = sum(seconds for seconds, _about in spoken)
    assert sum(parts.values(), Fraction()) == total
    rounded = whole(parts)
    assert sum(rounded.values()) == total
    assert all(abs(rounded[key] - parts[key]) < 1 for key in parts)


def test_what_is_about_two_counts_for_half_in_each():
    assert shared([(90, ["31", "34"]), (10, ["31"]), (5, [])], "") == {"31": 55, "34": 45, "": 5}
