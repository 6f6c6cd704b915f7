"""LOAN-12: a lender who changes hours or closes sees first the loans that it breaks, and those alone."""

import pytest
from django.test import Client
from django.urls import reverse

from maillage.catalogue.models import Closure, LendingTerms
from maillage.loans import actions
from maillage.loans.models import Loan
from tests.factories.loans import EVERY_HALF, day_in, make_loan, make_resource, morning


@pytest.fixture
def lender(world):
    """Louise, signed in; a loan that is promised, one that was cancelled, one that came back before its day, one that waits."""
    other = make_resource(world.network, world.lender, "Valise des sons", copies=4)
    world.promised = make_loan(world, state="accepted", first=10, days=2, actor=world.borrower)
    actions.cancel_loan(by=world.basile, loan=make_loan(world, resource=other, first=10, days=2))
    make_loan(world, resource=other, state="returned", first=0, days=11)
    world.asked = make_loan(world, resource=other, first=10, days=2, by=world.nadia)
    client = Client(HTTP_HOST="testserver")
    client.force_login(world.louise.user)
    return client


def test_a_closure_says_the_loans_that_it_breaks_then_leaves_them(world, lender):
    address = reverse("catalogue:closure_add", args=[world.lender.pk])
    days = {"first_on": day_in(9).isoformat(), "last_on": day_in(10).isoformat(), "reason": "Inventaire"}

    shown = lender.post(address, days)

    assert shown.status_code == 409
    clashes = shown.context["closure_clashes"]
    assert {each.booking for each in clashes} == {world.promised.booking, world.asked.booking}
    assert all(each.out and not each.back for each in clashes)
    assert "2 réservations tomberaient quand vous êtes fermé" in shown.text
    assert "Médiathèque du Pic" in shown.text
    assert not Closure.objects.exists()
    assert lender.post(address, {**days, "confirme": "1"}).status_code == 302
    assert Loan.objects.get(pk=world.promised.pk).first == morning(10)


def test_so_do_other_hours(world, lender):
    address = reverse("catalogue:lending_terms", args=[world.lender.pk])
    page = lender.get(address)
    form = page.context["form"]
    data = {each.html_name: value for each in form if (value := each.value()) not in (None, "", [])}
    gone = {2 * day_in(10).weekday(), 2 * day_in(11).weekday() + 1}
    kept = [str(half) for half in EVERY_HALF if half not in gone]

    shown = lender.post(address, {**data, "open_halves": kept})

    assert shown.status_code == 409, shown.context["form"].errors
    assert {each.booking for each in shown.context["clashes"]} == {world.promised.booking, world.asked.booking}
    assert LendingTerms.objects.get().open_halves == EVERY_HALF
    assert lender.post(address, {**data, "open_halves": kept, "confirme": "1"}).status_code == 302
    assert LendingTerms.objects.get().open_halves == [int(half) for half in kept]
