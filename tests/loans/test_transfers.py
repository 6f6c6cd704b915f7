"""From a borrower straight to the next: agreed by the lender, signed by both on one report (LOAN-10)."""

from uuid import uuid4

import pytest
from django.urls import reverse

from maillage.activity.models import Notice
from maillage.catalogue.models import Hold, Occupancy
from maillage.core.errors import Refused
from maillage.loans import actions
from maillage.loans.actions import forgetting
from maillage.loans.actions.reporting import Looked, Signed
from maillage.loans.enums import Condition, LoanState, TransferState
from maillage.loans.models import ConditionReport, DamageCase, Transfer
from tests.factories.loans import make_loan, make_loans_world, morning
from tests.factories.publications import make_person
from tests.loans.test_reports import answers

BOTH = Signed("Basile Emprunt", "Nadia Seule")


@pytest.fixture
def chain(db):
    """A kit out with the médiathèque until in three days; Nadia has it promised from the tenth day on."""
    world = make_loans_world(copies=2)
    world.giving = make_loan(world, state="out", first=0, actor=world.borrower)
    world.receiving = make_loan(world, state="accepted", by=world.nadia, first=10)
    return world


def plan(world):
    return actions.plan_transfer(by=world.louise, giving=world.giving, receiving=world.receiving, place="Gare")


def sign(world, transfer, by=None, **values):
    looked = {unit.pk: Looked() for unit in transfer.units.all()}
    given = {"key": uuid4(), "looked": looked, "signed": BOTH, **values}
    return actions.sign_transfer(by=by or world.basile, transfer=transfer, **given)


def test_planning_gives_the_next_borrower_the_very_copies_that_are_out(chain):
    transfer = plan(chain)

    chain.receiving.refresh_from_db()
    out = set(chain.giving.units.values_list("copy", flat=True))
    assert chain.receiving.state == LoanState.PREPARED
    assert set(chain.receiving.units.values_list("copy", flat=True)) == out
    assert set(transfer.units.values_list("copy", flat=True)) == out
    told = Notice.objects.filter(title__contains="Remise directe prévue").values_list("user", flat=True)
    assert set(told) == {chain.basile.user.pk, chain.nadia.user.pk}


@pytest.mark.on_both
def test_signed_by_both_the_first_loan_is_back_and_the_second_has_left_at_that_moment(chain):
    transfer = plan(chain)

    report = sign(chain, transfer)

    chain.giving.refresh_from_db()
    chain.receiving.refresh_from_db()
    transfer.refresh_from_db()
    assert (chain.giving.state, chain.receiving.state) == (LoanState.RETURNED, LoanState.OUT)
    assert chain.giving.returned_at == chain.receiving.left_at == report.made_at == transfer.done_at
    assert (transfer.giver_name, transfer.receiver_name) == ("Basile Emprunt", "Nadia Seule")
    assert (transfer.state, transfer.giver, transfer.receiver) == (TransferState.DONE, chain.basile.user, None)
    hold = Hold.objects.get(booking=chain.receiving.booking)
    halves = sorted(Occupancy.objects.filter(copy=hold.copy).values_list("half", flat=True))
    assert halves == list(range(halves[0], morning(0) + 2 * 12 + 2))  # Nobody had it in between.
    assert Notice.objects.filter(user=chain.louise.user, title__contains="Remis à l’emprunteur suivant").exists()


def test_who_waits_gets_nothing_of_what_goes_straight_on(chain):
    actions.join_waiting(by=chain.team, resource=chain.kit, wanted={None: 2}, first=morning(1), last=morning(2))
    sign(chain, plan(chain))
    bookings = set(Hold.objects.values_list("booking", flat=True))
    assert bookings <= {chain.giving.booking_id, chain.receiving.booking_id}


def test_the_same_key_again_is_the_same_report(chain):
    transfer, key = plan(chain), uuid4()
    assert sign(chain, transfer, key=key) == sign(chain, transfer, key=key)
    assert ConditionReport.objects.count() == 1


def test_one_name_is_not_enough(chain):
    transfer = plan(chain)
    with pytest.raises(Refused):
        sign(chain, transfer, signed=Signed("Basile Emprunt"))
    chain.giving.refresh_from_db()
    assert chain.giving.state == LoanState.OUT


def test_only_the_lender_plans_and_only_those_concerned_sign(chain):
    with pytest.raises(Refused):
        actions.plan_transfer(by=chain.basile, giving=chain.giving, receiving=chain.receiving)
    transfer = plan(chain)
    with pytest.raises(Refused):
        sign(chain, transfer, by=chain.team)


def test_what_was_planned_twice_or_cancelled_is_not_done(chain):
    transfer = plan(chain)
    with pytest.raises(Refused):
        plan(chain)
    actions.cancel_transfer(by=chain.louise, transfer=transfer)
    with pytest.raises(Refused):
        sign(chain, transfer)
    assert Transfer.objects.get().state == TransferState.CANCELLED


def test_a_damage_seen_between_two_borrowers_opens_a_case_of_the_first(chain):
    transfer = plan(chain)
    unit = transfer.units.get()
    report = sign(chain, transfer, looked={unit.pk: Looked(Condition.DAMAGED, notes="Poignée cassée")})
    case = DamageCase.objects.get()
    assert (case.unit, case.report) == (unit, report)
    with pytest.raises(Refused):
        sign(chain, transfer, looked={unit.pk: Looked(Condition.LOST)})


def test_both_borrowers_open_the_page_and_one_signs_for_both(client, chain):
    client.force_login(chain.louise.user)
    sent = {"receiving": chain.receiving.pk, "place": "Gare"}
    assert client.get(reverse("loans:transfer_plan", args=[chain.giving.pk])).status_code == 200
    assert client.post(reverse("loans:transfer_plan", args=[chain.giving.pk]), {"receiving": ""}).status_code == 422
    planned = client.post(reverse("loans:transfer_plan", args=[chain.giving.pk]), sent)
    url = planned.url
    assert client.get(url).status_code == 200
    for person in (chain.basile, chain.nadia):
        client.force_login(person.user)
        assert "Signer la remise" in client.get(url).content.decode()
    unit = Transfer.objects.get().units.get()

    response = client.post(url, answers([unit], lender="Basile Emprunt", borrower="Nadia Seule"))

    report = ConditionReport.objects.get()
    assert response.url == reverse("loans:report_show", args=[report.pk])
    page = client.get(response.url).content.decode()
    assert "Basile Emprunt" in page
    assert chain.receiving.get_absolute_url() in page
    assert chain.giving.get_absolute_url() + '"' not in page
    assert client.post(url, answers([unit])).status_code == 409


def test_a_stranger_knows_of_no_transfer(client, chain):
    transfer = plan(chain)
    client.force_login(make_person(chain.network, "Yann Autre").user)
    assert client.get(reverse("loans:transfer_sign", args=[transfer.pk])).status_code == 404
    client.force_login(chain.louise.user)
    assert client.post(reverse("loans:transfer_cancel", args=[transfer.pk])).status_code == 302


def test_who_signed_on_the_device_of_the_other_confirms_with_their_own_account(client, chain):
    transfer = plan(chain)
    report = sign(chain, transfer)
    url, page = reverse("loans:transfer_confirm", args=[transfer.pk]), reverse("loans:report_show", args=[report.pk])
    told = Notice.objects.filter(title__contains="Confirmez votre signature").values_list("user", flat=True)
    assert set(told) == {chain.nadia.user.pk}
    client.force_login(chain.basile.user)
    assert url not in client.get(page).content.decode()
    assert client.post(url).status_code == 409
    client.force_login(chain.nadia.user)
    before = client.get(page).content.decode()
    assert "Basile Emprunt, avec son compte" in before
    assert "Nadia Seule, signé sur l’appareil de Basile Emprunt, pas encore confirmé avec son compte" in before
    assert url in before
    assert url in client.get(chain.receiving.get_absolute_url()).content.decode()

    assert client.post(url).status_code == 302

    transfer.refresh_from_db()
    assert (transfer.giver, transfer.receiver) == (chain.basile.user, chain.nadia.user)
    assert transfer.receiver_confirmed_at > transfer.receiver_signed_at == transfer.giver_confirmed_at
    after = client.get(page).content.decode()
    assert "Nadia Seule, signé sur l’appareil de Basile Emprunt, confirmé avec son compte le" in after
    assert url not in after
    assert client.post(url).status_code == 409


def test_signed_on_the_device_of_the_lender_both_confirm(chain):
    transfer = plan(chain)
    sign(chain, transfer, by=chain.louise)
    transfer.refresh_from_db()
    assert (transfer.giver, transfer.giver_confirmed_at, transfer.receiver_confirmed_at) == (None, None, None)
    for person in (chain.basile, chain.nadia):
        transfer = actions.confirm_transfer(by=person, transfer=transfer)
    assert (transfer.giver, transfer.receiver) == (chain.basile.user, chain.nadia.user)


def test_nobody_confirms_what_is_not_signed(chain):
    with pytest.raises(Refused):
        actions.confirm_transfer(by=chain.basile, transfer=plan(chain))


def test_the_name_of_who_never_confirmed_goes_with_their_account(chain):
    transfer = plan(chain)
    sign(chain, transfer)
    forgetting.forget_signer(user=chain.nadia.user)
    transfer.refresh_from_db()
    assert (transfer.giver_name, transfer.receiver_name) == ("Basile Emprunt", "")
