"""« 1er mars » wherever a date is written in words, and nowhere else."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.template import engines
from django.utils import translation

from maillage.core.dates import date_format
from maillage.core.mail import plain

FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)


def written(value, form):
    return engines["django"].from_string(f'{{{{ value|date:"{form}" }}}}').render({"value": value})


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("j F Y", "1er mars 2026"),
        ("l j F Y", "dimanche 1er mars 2026"),
        ("j F", "1er mars"),
        ("j N Y", "1er mars 2026"),
        ("d/m/Y", "01/03/2026"),
        ("F Y", "mars 2026"),
        ("Y-m-d", "2026-03-01"),
        ("j", "1"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_in_words_alone(form, expected):
    assert written(FIRST, form) == expected
    assert date_format(FIRST, form) == expected


def test_other_days_are_numbers():
    assert written(SECOND, "j F Y") == date_format(SECOND, "j F Y") == "2 mars 2026"
    assert written(date(2026, 3, 31), "j F Y") == "31 mars 2026"


def test_the_day_is_that_of_the_place():
    midnight = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)  # 1 March, half past midnight, in France.
    assert written(midnight, "j F Y à H:i") == "1er mars 2026 à 00:30"
    assert written(datetime(2026, 3, 31, 23, 30, tzinfo=UTC), "j F") == "1er avril"


def test_machines_read_the_same_as_before():
    assert written(FIRST, "c") == "2026-03-01"


def test_another_language_has_its_own_way():
    with translation.override("en"):
        assert date_format(FIRST, "j F Y") == "1 March 2026"


def test_nothing_to_write_is_nothing():
    assert written(None, "j F Y") == written("", "j F Y") == ""


def test_messages_say_it_too():
    html = f"<title>{written(FIRST, 'j F Y')}</title><body><main><p>{written(FIRST, 'j F Y')}</p></main></body>"
    assert "1er mars 2026" in plain(html).text


def test_nothing_else_writes_dates_in_words():
    """One place: whoever took Django's own would write « 1 mars »."""
    package = Path(__file__).resolve().parents[2] / "maillage"
    taken = [
        path.name
        for path in package.rglob("*.py")
        if "formats.date_format" in (text := path.read_text()) or "from django.utils.formats import date_format" in text
    ]
    assert taken == ["dates.py"]
