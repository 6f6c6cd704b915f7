"""Public holidays: their dates, and what a lender who is closed then gives and takes back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.engine.halves import half_of
from maillage.catalogue.engine.holidays import easter, is_holiday, public_holidays
from maillage.catalogue.queries.lending import terms_of
from maillage.loans.queries.conditions import conditions_of
from maillage.loans.queries.terms import Asked, extension_refused, objections
from tests.factories.loans import easy_terms, make_loan, make_loans_world


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1961, 4, 2),
        (2000, 4, 23),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2027, 3, 28),
        (2038, 4, 25),
        (2285, 3, 22),
    ],
)
def test_easter_falls_when_it_is_known_to(year, month, day):
    assert easter(year) == date(year, month, day)


def test_the_eleven_of_2026():
    assert sorted(public_holidays(2026)) == [
        date(2026, 1, 1), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25),
        date(2026, 7, 14), date(2026, 8, 15), date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25),
    ]  # fmt: skip


@pytest.fixture
def closed(db):
    """Its lender is closed on public holidays; `day` is the next one from in ten days on."""
    world = make_loans_world()
    easy_terms(world.network, world.lender, closed_on_holidays=True, max_days=200)
    world.day = timezone.localdate() + timedelta(days=10)
    while not is_holiday(world.day):
        world.day += timedelta(days=1)
    return world


def test_nothing_is_given_nor_taken_back_on_a_public_holiday(closed):
    terms, half = terms_of(closed.kit), half_of(closed.day)
    assert [terms.is_open(half), terms.is_open(half + 1)] == [False, False]
    asked = Asked(closed.kit, {None: 1}, half, half + 20, None)
    found = [each.sentence for each in objections(closed.nadia, asked, terms, timezone.localdate())]
    assert "fermé les jours fériés" in found[0]
    around = Asked(closed.kit, {None: 1}, half - 6, half + 6, None)
    if not (is_holiday(closed.day - timedelta(3)) or is_holiday(closed.day + timedelta(3))):
        assert objections(closed.nadia, around, terms, timezone.localdate()) == []
    loan = make_loan(closed, state="accepted", by=closed.nadia, first=1)
    assert "fermé les jours fériés" in extension_refused(loan, terms, half)
    assert "Fermé les jours fériés." in conditions_of(closed.kit, terms)


def test_others_are_open_then(db):
    world = make_loans_world()
    assert terms_of(world.kit).is_open(half_of(date(2027, 7, 14)))


def test_a_lender_ticks_it_and_reads_first_what_that_breaks(client, closed):
    easy_terms(closed.network, closed.lender, closed_on_holidays=False, max_days=200)
    first = (closed.day - timezone.localdate()).days
    make_loan(closed, state="accepted", by=closed.nadia, first=first)
    client.force_login(closed.louise.user)
    url = reverse("catalogue:lending_terms", args=[closed.lender.pk])
    sent = {"open_halves": [str(half) for half in range(14)], "closed_on_holidays": "oui"}

    warned = client.post(url, sent)

    assert (warned.status_code, len(warned.context["clashes"])) == (409, 1)
    assert client.post(url, {**sent, "confirme": "1"}).status_code == 302
    assert terms_of(closed.kit).closed_on_holidays is True
