"""Someone who animates a département stands in for the lenders of it, and decides nothing for the whole network."""

import pytest
from django.test import Client
from django.urls import reverse

from maillage.core.errors import Refused
from maillage.core.viewer import RoleHeld, RoleKind, Viewer
from maillage.directory.models import Actor
from maillage.loans import actions, rules
from maillage.loans.enums import LoanState
from maillage.loans.models import Loan, Suspension
from tests.factories.accounts import make_person
from tests.factories.directory import make_commune
from tests.factories.loans import day_in, make_loan, noon_in


@pytest.fixture
def animators(world):
    """The lender is in the Hérault; one animates it, the other the Gard."""
    Actor.objects.filter(pk=world.lender.pk).update(commune=make_commune())
    world.lender.refresh_from_db()
    found = []
    for code in ("34", "30"):
        user = make_person(world.network, RoleKind.ANIMATOR, code, email=f"anime{code}@exemple.test")
        found.append(Viewer(world.network, user, frozenset({RoleHeld(RoleKind.ANIMATOR, code)})))
    return found


def test_the_team_of_another_departement_does_not_answer_for_a_lender(world, animators):
    here, elsewhere = animators
    loan = make_loan(world, first=40)
    Loan.objects.update(escalated_at=noon_in(0))
    loan.refresh_from_db()

    for act in (actions.accept_loan, actions.cancel_loan):
        with pytest.raises(Refused):
            act(by=elsewhere, loan=loan)
    assert not rules.may_see_network_figures(world.basile)
    assert actions.accept_loan(by=here, loan=loan).state == LoanState.ACCEPTED


def test_nor_sends_its_links_nor_writes_what_holds_everywhere(world, animators):
    here, elsewhere = animators
    for by in animators:
        with pytest.raises(Refused):
            actions.write_text(by=by, actor=None, body="<p>Convention</p>")
        with pytest.raises(Refused):
            actions.suspend(by=by, until=day_in(9), reason="Retards", actor=world.borrower)
    with pytest.raises(Refused):
        actions.suspend(by=elsewhere, until=day_in(9), reason="Retards", actor=world.borrower, lender=world.lender)
    row = actions.suspend(by=here, until=day_in(9), reason="Retards", actor=world.borrower, lender=world.lender)
    with pytest.raises(Refused):
        actions.lift(by=elsewhere, suspension=row)
    assert actions.lift(by=here, suspension=row).lifted_at is not None


def test_the_form_of_suspensions_offers_the_lenders_of_the_departement(world, animators):
    here, elsewhere = animators
    told = []
    for by in (here, elsewhere, world.team):
        client = Client(HTTP_HOST="testserver")
        client.force_login(by.user)
        form = client.get(reverse("loans:suspension_list")).context["form"]
        told.append([str(name) for _key, name in form.fields["lender"].choices])
    assert told == [["Musée des ondes"], [], ["De tous les prêts du réseau"]]


@pytest.mark.parametrize("until", ["1900-01-01", "9999-12-31"])
def test_a_suspension_ends_on_a_day_to_come(world, until):
    client = Client(HTTP_HOST="testserver")
    client.force_login(world.team.user)
    data = {"actor": world.borrower.pk, "lender": "", "until": until, "reason": "Retards"}
    answer = client.post(reverse("loans:suspension_list"), data)
    assert answer.status_code == 422
    assert "until" in answer.context["form"].errors
    assert not Suspension.objects.exists()


def test_a_structure_does_not_suspend_itself(world):
    with pytest.raises(Refused, match="choisissez-en une autre"):
        actions.suspend(by=world.louise, until=day_in(9), reason="Retards", actor=world.lender, lender=world.lender)
