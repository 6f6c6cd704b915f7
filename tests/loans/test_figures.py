"""What is where, and figures of use: what is counted, for whom, in how many queries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.queries.halves import day_of, half_of
from maillage.loans import actions
from maillage.loans.models import Loan, UnmetRequest
from maillage.loans.queries import figures, whereabouts
from tests.factories.directory import make_commune, make_term
from tests.factories.loans import ask, make_loan, make_loans_world, make_resource, morning


@pytest.fixture
def busy(db):
    """A loan of two copies that is out today, for three days; another, closed, reached 40 people."""
    world = make_loans_world(copies=3)
    world.out = make_loan(world, state="out", first=0, quantity=2, actor=world.borrower)
    world.other = make_resource(world.network, world.lender, "Exposition")
    world.closed = make_loan(world, state="closed", by=world.nadia, first=10, days=2, resource=world.other)
    return world


def year_of(loan):
    return day_of(loan.first).year


def test_a_place_holds_the_copies_that_are_used_there_and_is_seen_by_lenders_alone(client, busy):
    place, *others = whereabouts.places(busy.louise)

    assert (place.commune, len(place.units), others) == (busy.borrower.commune, 2, [])
    assert whereabouts.places(busy.basile) == []
    assert len(whereabouts.places(busy.team)) == 1
    client.force_login(busy.louise.user)
    page = client.get(reverse("loans:whereabouts")).content.decode()
    assert "Médiathèque du Pic" in page
    points = client.get(reverse("loans:whereabouts_points")).json()["features"]
    assert len(points) == (place.commune.latitude is not None)
    client.force_login(busy.basile.user)
    assert "Médiathèque du Pic" not in client.get(reverse("loans:whereabouts")).content.decode().split("</nav>")[-1]


def test_figures_of_a_lender_are_those_of_its_loans(busy):
    year = year_of(busy.closed)
    rows = figures.uses(busy.louise, year)
    if year == year_of(busy.out):
        assert sorted((row.loans, row.reached) for row in rows) == [(1, 0), (1, 40)]
    assert sum(row.reached for row in rows) == 40
    assert set().union(*(row.towns for row in figures.uses(busy.louise, year_of(busy.out)))) == {
        busy.borrower.commune_id
    }
    assert figures.uses(busy.basile, year) == []


def test_days_out_count_each_copy_and_half_day_of_the_year(world):
    loan = ask(world.basile, world.kit, first=0, days=3)
    loan = actions.prepare_loan(by=world.louise, loan=actions.accept_loan(by=world.louise, loan=loan))
    actions.hand_over(by=world.louise, loan=loan)
    first, last = figures.halves_of(year_of(loan))

    days = sum(use.days for use in figures.uses(world.louise, year_of(loan)))

    assert days == (min(loan.last, last) - max(loan.first, first) + 1) / 2


def test_the_share_of_a_month_is_of_all_its_half_days_and_copies(busy):
    world, loan = busy, busy.out
    day = day_of(loan.first)
    share = next(row for row in figures.occupation(world.team, day.year) if row.resource == world.kit.pk)
    first, last = figures.halves_of(day.year, day.month)
    used = sum(2 * max(0, min(last, each.last) - max(first, each.first) + 1) for each in [loan])

    assert share.copies == 3
    assert share.months[day.month - 1] >= used / (3 * (last - first + 1)) > 0
    assert all(0 <= month <= 1 for month in share.months)


def test_indicators_tell_late_shares_and_the_median_answer(busy):
    Loan.objects.filter(pk=busy.closed.pk).update(returned_at=timezone.now() + timedelta(days=40))
    Loan.objects.update(answered_at=timezone.now() + timedelta(hours=6))
    told = figures.indicators(busy.team, year_of(busy.closed), timezone.get_current_timezone())

    assert told.late == 1
    assert told.answer > timedelta(hours=5)
    assert told.reached == 40


def test_what_nobody_lent_is_told_by_theme_and_by_departement(busy):
    theme = make_term("theme", "optique")
    commune = make_commune()
    year = timezone.localdate().year
    for number in range(2):
        row = UnmetRequest.objects.create(
            network=busy.network, resource=busy.kit, user=[busy.nadia, busy.basile][number].user, territory=commune,
            first=half_of(timezone.localdate()), last=half_of(timezone.localdate()), reason="taken",
        )  # fmt: skip
        row.terms.add(theme)

    by_theme, by_place = figures.lacks(busy.team, year)

    assert [(row.label, row.requests, row.told) for row in by_theme] == [(theme.label, 2, 0)]
    assert sum(row.requests for row in by_place) == 2


@pytest.mark.parametrize(
    ("name", "team_only"),
    [("figures", False), ("figures_export", False), ("network_figures", True), ("occupation_export", True),
     ("lacks_export", True)],
)  # fmt: skip
def test_pages_of_figures_open_to_whom_they_are_for(client, busy, name, team_only):
    url = reverse(f"loans:{name}")
    for person, status in (("team", 200), ("louise", 403 if team_only else 200), ("nadia", 403)):
        client.force_login(getattr(busy, person).user)
        response = client.get(url, {"annee": timezone.localdate().year})
        assert response.status_code == status
        if response.streaming:
            b"".join(response.streaming_content)


@pytest.mark.parametrize("name", ["whereabouts", "figures", "network_figures"])
def test_pages_cost_the_same_whatever_the_number_of_loans(client, busy, same_queries, name):
    client.force_login(busy.team.user)

    def add():
        resource = make_resource(busy.network, busy.lender)
        make_loan(busy, state="out", first=0, resource=resource, actor=busy.borrower)

    same_queries(page=lambda: client.get(reverse(f"loans:{name}")), add=add)


def test_the_year_that_is_not_there_is_this_one(client, busy):
    client.force_login(busy.team.user)
    assert client.get(reverse("loans:figures"), {"annee": "99999999"}).status_code == 200
    assert morning(0) >= figures.halves_of(timezone.localdate().year)[0]
