"""A later end: what its lender does not take is said next to the day, with all that was typed."""

import pytest
from django.test import Client

from maillage.catalogue.actions import add_closure
from maillage.catalogue.queries.halves import day_of
from tests.factories.loans import day_in, easy_terms, make_loan


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (lambda: day_in(1), "après celle du retour prévu"),
        (lambda: day_in(40), "C'est trop loin"),
        (lambda: day_in(6), "Le prêteur est fermé"),
        (lambda: "9999-12-31", "C'est trop loin"),
        (lambda: "0001-01-01", "après celle du retour prévu"),
        (lambda: "demain", "Saisissez une date valide"),
    ],
)
def test_a_day_that_its_lender_does_not_take_is_said_beside_it(world, day, sentence):
    easy_terms(world.network, world.lender, max_days=20)
    loan = make_loan(world, state="out", first=0)
    assert day_of(loan.last) == day_in(2)
    add_closure(by=world.louise, actor=world.lender, first_on=day_in(6), last_on=day_in(6))
    client = Client(HTTP_HOST="testserver")
    client.force_login(world.basile.user)

    answer = client.post(
        f"/prets/{loan.pk}/prolonger/",
        {"last_on": str(day()), "last_half": "apres-midi", "reason": "Une classe de plus"},
    )

    form = answer.context["forms"]["prolonger"]
    assert answer.status_code == 422
    assert [sentence in error for error in form.errors["last_on"]] == [True]
    assert "Une classe de plus" in answer.content.decode()
    assert not loan.extensions.exists()
