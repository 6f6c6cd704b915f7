"""The course of a loan, from its request to its end, and what each step leaves behind."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.catalogue.actions import Taken
from maillage.catalogue.enums import CopyState
from maillage.catalogue.models import Consumable, Copy, Hold, Occupancy, Use
from maillage.core.errors import Refused
from maillage.loans import actions
from maillage.loans.enums import ExtensionState, LoanState, Outcome
from maillage.loans.models import DamageCase, Loan, LoanUnit
from maillage.loans.queries.halves import half_now
from maillage.loans.registry.pieces import Lacking, _pieces, ask_before_leaving
from tests.factories.loans import ask, make_loan, make_resource, morning, noon_in


def test_a_request_holds_its_copies_at_once(world):
    loan = ask(world.basile, world.kit, actor=world.borrower, purpose="Fête de la science")

    assert loan.state == LoanState.ASKED
    assert Occupancy.objects.filter(hold__booking=loan.booking).count() == 6
    with pytest.raises(Taken):
        ask(world.nadia, world.kit, first=12)
    assert Loan.objects.count() == 1


def test_a_refusal_says_why_and_frees_the_copies(world):
    loan = make_loan(world)

    with pytest.raises(Refused):
        actions.refuse_loan(by=world.louise, loan=loan, reason=" ")
    loan = actions.refuse_loan(by=world.louise, loan=loan, reason="Déjà promise à une école.")

    assert (loan.state, loan.reason) == (LoanState.REFUSED, "Déjà promise à une école.")
    assert not Hold.objects.exists()


def test_what_is_due_is_kept_as_it_was_when_it_was_accepted(world):
    world.kit.fee, world.kit.deposit, world.kit.value = 20, 150, 900
    world.kit.save()
    loan = make_loan(world, state="accepted")

    world.kit.fee = 35
    world.kit.save()

    loan.refresh_from_db()
    assert (loan.fee, loan.deposit, loan.value) == (20, 150, 900)


def test_other_dates_are_held_until_the_borrower_takes_them(world):
    loan = make_loan(world)
    loan = actions.counter_loan(by=world.louise, loan=loan, first=morning(20), last=morning(22), answer="Plutôt après.")

    assert (loan.state, loan.first) == (LoanState.COUNTERED, morning(20))
    with pytest.raises(Taken):
        ask(world.nadia, world.kit, first=20)
    with pytest.raises(Refused):
        actions.accept_loan(by=world.louise, loan=loan)
    loan = actions.accept_loan(by=world.basile, loan=loan)
    assert (loan.state, loan.original_first) == (LoanState.ACCEPTED, morning(20))
    assert ask(world.nadia, world.kit, first=10).state == LoanState.ASKED


def test_nothing_leaves_before_all_that_was_agreed_is_there(world, monkeypatch):
    loan = make_loan(world, state="prepared", first=0)
    monkeypatch.setattr("maillage.loans.registry.pieces._pieces", dict(_pieces))
    ask_before_leaving("essai", lambda loan: [Lacking("l'attestation d'assurance")])

    with pytest.raises(Refused, match="attestation d'assurance"):
        actions.hand_over(by=world.louise, loan=loan, at=noon_in(0))
    assert Loan.objects.get().state == LoanState.PREPARED


def test_a_loan_leaves_no_sooner_than_its_copies_are_kept_for_it(world):
    loan = make_loan(world, state="prepared", first=4)

    with pytest.raises(Refused):
        actions.hand_over(by=world.louise, loan=loan, at=noon_in(1))


def test_consumables_are_counted_down_and_never_block(world):
    row = Consumable.objects.create(resource=world.kit, title="Piles", each=4, stock=3, low=1)
    make_loan(world, state="out", first=0)

    row.refresh_from_db()
    assert row.stock == 0


def test_what_came_back_is_free_at_once_and_the_rest_stays_out(world):
    kit = make_resource(world.network, world.lender, "Deux malles", copies=2)
    loan = make_loan(world, state="out", resource=kit, first=0, days=6, quantity=2)
    one, other = loan.units.all()

    loan = actions.return_units(by=world.louise, loan=loan, units={one.pk: actions.Back()}, at=noon_in(1))

    assert loan.state == LoanState.PARTLY
    assert ask(world.nadia, kit, first=2, days=2).state == LoanState.ASKED
    with pytest.raises(Taken):
        ask(world.nadia, kit, first=2, days=2)
    loan = actions.return_units(by=world.louise, loan=loan, units={other.pk: actions.Back()}, at=noon_in(2))
    assert (loan.state, loan.units.away().count()) == (LoanState.RETURNED, 0)


def test_a_lost_copy_opens_a_case_and_warns_those_who_come_after(world):
    following = ask(world.nadia, world.kit, first=20)
    loan = make_loan(world, state="out", first=0)
    unit = loan.units.get()
    actions.return_units(
        by=world.louise, loan=loan, units={unit.pk: actions.Back(Outcome.LOST, "Volée")}, at=noon_in(1)
    )

    assert Copy.objects.get().state == CopyState.LOST
    assert DamageCase.objects.get().outcome == Outcome.LOST
    assert {notice.user.email for notice in _notices("unfit")} == {"nadia@exemple.test", "louise@exemple.test"}
    assert following.told.get().moment == "unfit"


def _notices(event):
    from maillage.activity.models import Notice

    return Notice.objects.filter(key__contains=f":{event}", channel="site")


def test_a_lost_copy_is_replaced_for_those_whom_another_can_serve(world):
    kit = make_resource(world.network, world.lender, "Deux jeux", copies=2)
    loan = make_loan(world, state="out", resource=kit, first=0)
    lost = loan.units.get().copy
    following = ask(world.nadia, kit, first=20)
    Hold.objects.filter(booking=following.booking).exclude(copy=lost).exists()

    actions.return_units(
        by=world.louise, loan=loan, units={loan.units.get().pk: actions.Back(Outcome.LOST)}, at=noon_in(1)
    )

    assert following.booking.holds.get().copy != lost
    assert not following.told.exists()


def test_a_closed_loan_counts_as_a_use_and_holds_nothing(world):
    loan = make_loan(world, state="closed", first=0, actor=world.borrower)

    use = Use.objects.get()
    assert (use.resource, use.actor, use.reached) == (world.kit, world.borrower, 40)
    assert not Occupancy.objects.filter(hold__booking=loan.booking, half__gt=half_now(noon_in(1))).exists()


def test_an_extension_keeps_the_dates_first_agreed(world):
    loan = make_loan(world, state="out", first=0)
    before = loan.last
    extension = actions.ask_extension(by=world.basile, loan=loan, last=before + 4, reason="Une classe de plus")

    actions.answer_extension(by=world.louise, extension=extension, accepted=True)

    loan.refresh_from_db()
    assert (loan.last, loan.original_last, loan.renewed) == (before + 4, before, 1)
    with pytest.raises(Taken):
        ask(world.nadia, world.kit, first=4, days=1)


def test_an_extension_is_refused_at_once_when_someone_comes_after(world):
    loan = make_loan(world, state="out", first=0)
    ask(world.nadia, world.kit, first=4)

    with pytest.raises(Taken):
        actions.ask_extension(by=world.basile, loan=loan, last=loan.last + 4)
    assert not loan.extensions.exists()


def test_a_refused_extension_changes_nothing(world):
    loan = make_loan(world, state="out", first=0)
    extension = actions.ask_extension(by=world.basile, loan=loan, last=loan.last + 4)

    answered = actions.answer_extension(by=world.louise, extension=extension, accepted=False, answer="Révision.")

    assert answered.state == ExtensionState.REFUSED
    assert ask(world.nadia, world.kit, first=4).state == LoanState.ASKED


def test_a_copy_that_did_not_come_back_does_not_leave_again(world):
    first = make_loan(world, state="out", first=0, days=1)
    loan = ask(world.nadia, world.kit, first=2, days=1)
    loan = actions.accept_loan(by=world.louise, loan=loan)
    loan = actions.prepare_loan(by=world.louise, loan=loan)

    with pytest.raises(Refused, match="pas encore revenu"):
        actions.hand_over(by=world.louise, loan=loan, at=noon_in(2))
    assert LoanUnit.objects.away().get().loan == first


def test_a_copy_is_exchanged_before_it_is_prepared(world):
    kit = make_resource(world.network, world.lender, "Deux lunettes", copies=2)
    loan = make_loan(world, state="accepted", resource=kit)
    hold = loan.booking.holds.get()
    other = Copy.objects.filter(resource=kit).exclude(pk=hold.copy_id).get()

    actions.exchange_copy(by=world.louise, loan=loan, hold=hold.pk, copy=other.pk)
    loan = actions.prepare_loan(by=world.louise, loan=loan)

    assert loan.units.get().copy == other
    with pytest.raises(Refused):
        actions.exchange_copy(by=world.louise, loan=loan, hold=hold.pk, copy=hold.copy_id)


def test_a_request_that_nobody_answers_goes_to_the_team_then_falls(world):
    loan = make_loan(world, first=40)
    later = timezone.now() + timedelta(days=5)
    with pytest.raises(Refused):
        actions.accept_loan(by=world.team, loan=loan)

    actions.mind_network(world.network, at=later)
    loan.refresh_from_db()
    assert loan.escalated_at is not None
    actions.mind_network(world.network, at=timezone.now() + timedelta(days=11))

    loan.refresh_from_db()
    assert loan.state == LoanState.EXPIRED
    assert not Hold.objects.exists()


def test_the_team_answers_in_the_place_of_a_lender_who_did_not(world):
    loan = make_loan(world, first=40)
    actions.mind_network(world.network, at=timezone.now() + timedelta(days=5))

    assert actions.accept_loan(by=world.team, loan=loan).state == LoanState.ACCEPTED


def test_reminders_go_three_days_before_that_day_and_two_days_after_each_once(world):
    loan = make_loan(world, state="out", first=0, days=5)
    due = 4
    for days in (0, 1, 2, due, due, due + 1, due + 2, due + 3, due + 7, due + 8):
        actions.mind_network(world.network, at=noon_in(days))

    assert sorted(loan.told.values_list("moment", flat=True)) == ["after", "before", "escalated", "that_day"]


def test_a_late_copy_goes_on_being_kept_and_the_next_borrower_is_told(world):
    loan = make_loan(world, state="out", first=0, days=2)
    following = ask(world.nadia, world.kit, first=4)
    actions.accept_loan(by=world.louise, loan=following)

    actions.mind_network(world.network, at=noon_in(3))

    assert loan.booking.holds.get().last == half_now(noon_in(3))
    loan.refresh_from_db()
    assert loan.last == loan.original_last
    assert following.told.get().moment == "endangered"
    assert loan.told.filter(moment="awaited").exists()
