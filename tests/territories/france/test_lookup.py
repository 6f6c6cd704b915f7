"""Finding a commune as one types."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.text import unaccent
from maillage.territories.queries import build_index, find_communes
from maillage.territories.queries.places import insee_number, postal_number, read_place
from maillage.territories.registry import name_key, typed_key


@pytest.fixture(scope="module")
def index(france, django_db_blocker):
    with django_db_blocker.unblock():
        return build_index()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("toulouse", "31555"),
        ("TOULOUSE CEDEX 9", "31555"),
        ("34322 MONTPELLIER CEDEX 5", "34172"),
        ("ROUEN CEDEX1", "76540"),
        ("Sete", "34301"),
        ("saint-jean-de-vedas", "34270"),
        ("st jean de vedas", "34270"),
        ("isle jourdain 32", "32160"),
        ("L'Isle-Jourdain (Gers) 32", "32160"),
        ("St-Denis (93)", "93066"),
        ("villeneuve s lot", "47323"),
        ("castelnau le lez", "34057"),
        ("montpelier", "34172"),
        ("carcasone", "11069"),
        ("Paris 12e", "75056"),
        ("LYON 03", "69123"),
        ("oeuilly 51", "51410"),
        ("34200", "34301"),
        ("Auch (32013)", "32013"),
        ("2A004", "2A004"),
        ("Arlod", "01033"),
    ],
)
def test_what_people_write_is_understood(index, db, typed, code):
    assert find_communes(typed, index=index)[0].commune.code == code


def test_the_beginning_of_a_name_gives_the_largest_first(index, db):
    names = [found.commune.name for found in find_communes("toulo", index=index, limit=2)]
    assert names == ["Toulouse", "Toulon"]


def test_a_begun_postal_code_gives_its_communes(index, db):
    assert all(
        any(code.startswith("3432") for code in found.commune.postal_codes.values_list("code", flat=True))
        or found.commune.code.startswith("3432")
        for found in find_communes("3432", index=index)
    )


def test_homonyms_are_put_by_distance_when_a_place_is_given(index, db):
    near_gers = find_communes("l'isle jourdain", near=(43.6, 1.1), index=index)
    near_vienne = find_communes("l'isle jourdain", near=(46.2, 0.7), index=index)
    assert [found.commune.code for found in near_gers] == ["32160", "86112"]
    assert [found.commune.code for found in near_vienne] == ["86112", "32160"]


def test_a_former_name_is_shown_beside_the_current_one(index, db):
    found = find_communes("Arlod", index=index)[0]
    assert (found.label, found.former) == ("Valserhône", "Arlod")
    assert found.detail.endswith("Arlod")


@pytest.mark.parametrize("typed", ["", "   ", "!!", "zzzz qqqq"])
def test_nothing_is_found_for_nothing(index, db, typed):
    assert find_communes(typed, index=index) == []


def test_a_look_up_costs_two_queries_at_most(index, count_queries):
    assert count_queries(lambda: find_communes("toulouse", index=index)) == 1


def test_a_look_up_takes_less_than_thirty_milliseconds(index, db):
    """Of the processor, and the best of several: the machine of a test may be busy."""
    for typed in ("toul", "st jean", "montpelier", "31", "34322 MONTPELLIER CEDEX 5", "zzzz qqqq"):
        times = []
        for _attempt in range(7):
            started = time.process_time()
            find_communes(typed, index=index)
            times.append(time.process_time() - started)
        assert min(times) < 0.03, typed


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_a_place(text):
    place = read_place(text)
    assert place.name == typed_key(place.name) or place.name in {"paris", "lyon", "marseille"}


@given(st.text(alphabet="aàâbcçdeéèêghiïlmnoôœrstuùvyz -'’", min_size=1, max_size=40))
def test_a_name_key_ignores_case_accents_and_hyphens_and_is_stable(name):
    key = name_key(name)
    assert name_key(unaccent(name).upper().replace("-", " ")) == key


@pytest.mark.parametrize(
    ("written", "read"),
    [("1340", "01340"), (1340, "01340"), ("1340.0", "01340"), ("F-31000", "31000"), ("34 000", "34000"), ("340", ""), ("abcde", ""), (None, "")],
)  # fmt: skip
def test_a_postal_code_ruined_by_a_spreadsheet_is_mended(written, read):
    assert postal_number(written) == read


@pytest.mark.parametrize(
    ("written", "read"), [("1004.0", "01004"), ("2a004", "2A004"), ("31555", "31555"), ("٣١٥٥٥", "")]
)
def test_an_insee_code_ruined_by_a_spreadsheet_is_mended(written, read):
    assert insee_number(written) == read
