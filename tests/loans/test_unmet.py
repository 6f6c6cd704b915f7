"""What nobody could lend, as the network counts it: once for the tries of a person, whatever stood against them; slips are not needs."""

from datetime import timedelta

import pytest
from django.test import Client

from maillage.catalogue.actions import add_closure, set_terms
from maillage.catalogue.enums import Borrowers
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.loans import actions
from maillage.loans.enums import Unmet
from maillage.loans.models import Suspension, UnmetRequest
from maillage.outreach.models import Need
from tests.factories.directory import make_commune
from tests.factories.loans import ask, day_in, make_loan, noon_in


def send(world, by=None, *, first=10, days=3, **more):
    """The form of a request, as a browser posts it."""
    client = Client(HTTP_HOST="testserver")
    client.force_login((by or world.basile).user)
    data = {
        "first_on": day_in(first).isoformat(), "first_half": "matin", "last_on": day_in(first + days - 1).isoformat(),
        "last_half": "apres-midi", "quantity": "1", "actor": "", **more,
    }  # fmt: skip
    return client.post(f"/ressources/{world.kit.slug}/demander/", data)


def reasons():
    return list(UnmetRequest.objects.order_by("pk").values_list("reason", flat=True))


def _closed(world):
    add_closure(by=world.louise, actor=world.lender, first_on=day_in(10), last_on=day_in(12))


def _short_notice(world):
    set_terms(by=world.louise, actor=world.lender, fields={"notice_days": 30})


def _short_loans(world):
    set_terms(by=world.louise, actor=world.lender, fields={"max_days": 1})


def _members_alone(world):
    set_terms(by=world.louise, actor=world.lender, fields={"borrowers": Borrowers.SIGNATORIES})


def _elsewhere(world):
    Actor.objects.filter(pk=world.borrower.pk).update(commune=make_commune("30189", "Nîmes"))
    world.kit.zone.add(make_commune().department)


@pytest.mark.parametrize("change", [_closed, _short_notice, _short_loans, _members_alone, _elsewhere])
def test_what_the_terms_of_the_lender_refuse_is_a_need_counted_once(world, change):
    change(world)
    for first in (10, 11, 10):
        assert send(world, first=first, actor=str(world.borrower.pk)).status_code == 422

    row = UnmetRequest.objects.get()
    assert (row.reason, row.actor, row.user) == (Unmet.TERMS, world.borrower, world.basile.user)
    assert not Need.objects.exists()


def _back_first(world):
    return {"days": -3}


def _past(world):
    return {"first": -3}


def _far(world):
    return {"first": 4000}


def _suspended(world):
    Suspension.objects.create(
        network=world.network, lender=world.lender, actor=world.borrower, until=day_in(30), reason="Retards"
    )
    return {}


def _one_at_once(world):
    set_terms(by=world.louise, actor=world.lender, fields={"at_once": 1})
    ask(world.basile, world.kit, first=40, actor=world.borrower)
    return {}


def _nothing_possible(world):
    _closed(world)
    return {"last_on": "1900-01-01"}


@pytest.mark.parametrize("slip", [_back_first, _past, _far, _suspended, _one_at_once, _nothing_possible])
def test_slips_and_what_is_theirs_to_settle_are_not(world, slip):
    assert send(world, actor=str(world.borrower.pk), **slip(world)).status_code == 422
    assert reasons() == []


def test_whoever_is_served_on_other_dates_lacked_nothing(world):
    _closed(world)
    send(world)
    assert reasons() == [Unmet.TERMS]

    assert send(world, first=14).status_code == 302

    assert reasons() == []


def test_two_people_are_two_and_another_season_is_another(world):
    add_closure(by=world.louise, actor=world.lender, first_on=day_in(10), last_on=day_in(200))
    for by, first in ((world.basile, 10), (world.nadia, 10), (world.basile, 150)):
        send(world, by, first=first)
    assert reasons() == [Unmet.TERMS] * 3


def test_what_became_a_need_of_the_network_stays_it(world):
    ask(world.nadia, world.kit)
    send(world, actor=str(world.borrower.pk), acte="besoin")
    assert send(world, first=20, actor=str(world.borrower.pk)).status_code == 302
    assert UnmetRequest.objects.get().need == Need.objects.get()


def test_a_refusal_is_counted_and_a_silence_too(world):
    actions.refuse_loan(by=world.louise, loan=make_loan(world), reason="Promise à une école.")
    loan = make_loan(world, by=world.nadia, first=80)
    actions.expire_loan(by=world.louise.as_system(world.network, "Essai"), loan=loan, at=noon_in(60))
    assert reasons() == [Unmet.REFUSED, Unmet.EXPIRED]


def test_a_place_that_never_came_is_counted_once_with_the_request_that_was_taken(world):
    make_loan(world, state="accepted", by=world.nadia)
    assert send(world, acte="attendre").status_code == 302
    assert reasons() == [Unmet.TAKEN]

    actions.mind_network(world.network, at=noon_in(12))

    assert reasons() == [Unmet.WAITED]


def test_a_zone_lets_in_those_of_it_and_those_whose_place_is_unknown(world):
    world.kit.zone.add(make_commune().department)
    assert send(world, actor=str(world.borrower.pk)).status_code == 302
    assert send(world, world.nadia, first=30).status_code == 302
    refused = send(world, world.nadia, first=50, commune=make_commune("30189", "Nîmes").code)
    assert refused.status_code == 422
    assert "ne se prête que dans sa zone" in refused.text


def test_other_dates_that_the_borrower_declines_or_leaves_unanswered_are_no_refusal_of_the_lender(world):
    for first, ended in ((10, "declined"), (40, "expired")):
        loan = ask(world.basile, world.kit, first=first)
        loan = actions.counter_loan(by=world.louise, loan=loan, first=loan.first + 8, last=loan.last + 8)
        if ended == "declined":
            actions.refuse_loan(by=world.basile, loan=loan, reason="Trop tard.")
        else:
            team = Viewer.as_system(world.network, "essai")
            loan = actions.expire_loan(by=team, loan=loan, at=loan.expires_at + timedelta(minutes=1))
            assert loan.state == "expired"
    assert reasons() == []
