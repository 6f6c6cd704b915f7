"""Whatever frees a copy serves those who wait for it: a return, a kit and its parts, a repair, a lender that is open again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.accounts.actions import merge_accounts
from maillage.catalogue.actions import (
    add_closure,
    add_copies,
    begin_upkeep,
    edit_copy,
    end_upkeep,
    remove_closure,
    reporting,
    set_terms,
    take_out,
)
from maillage.catalogue.enums import CopyState
from maillage.catalogue.models import Booking, Component, Copy
from maillage.core.viewer import Viewer
from maillage.directory.actions.listing import set_state
from maillage.loans import actions
from maillage.loans.enums import CaseState, Outcome, WaitingState
from maillage.loans.models import DamageCase, WaitingEntry
from tests.factories.loans import EVERY_HALF, ask, day_in, make_loan, make_resource, morning, noon_in
from tests.factories.publications import make_person


def wait(by, resource, *, first=10, days=3):
    begins = morning(first)
    return actions.join_waiting(by=by, resource=resource, wanted={None: 1}, first=begins, last=begins + 2 * days - 1)


def is_offered(entry):
    entry.refresh_from_db()
    return entry.state == WaitingState.OFFERED


@pytest.fixture
def scope(world):
    """A telescope lent apart, that lies in the kit."""
    world.scope = make_resource(world.network, world.lender, "Lunette")
    Component.objects.create(kit=world.kit.copies.get(), part=world.scope.copies.get())
    return world.scope


def test_a_kit_that_is_freed_serves_those_who_wait_for_what_lies_in_it(world, scope):
    loan = ask(world.basile, world.kit)
    entry = wait(world.nadia, scope)
    assert not is_offered(entry)

    actions.cancel_loan(by=world.basile, loan=loan)

    assert is_offered(entry)


def test_a_part_that_is_freed_serves_those_who_wait_for_its_kit(world, scope):
    loan = ask(world.basile, scope)
    entry = wait(world.nadia, world.kit)
    assert not is_offered(entry)

    actions.refuse_loan(by=world.louise, loan=loan, reason="En révision.")

    assert is_offered(entry)


def test_the_lists_of_a_kit_and_of_its_part_are_one_line(world, scope):
    loan = ask(world.basile, world.kit)
    first, second = wait(world.basile, world.kit), wait(world.nadia, scope)

    actions.cancel_loan(by=world.basile, loan=loan)

    assert (is_offered(first), is_offered(second)) == (True, False)


def test_a_copy_that_is_mended_serves(world):
    loan = make_loan(world, state="out", first=0)
    taken = ask(world.basile, world.kit)
    entry = wait(world.nadia, world.kit)
    actions.return_units(
        by=world.louise, loan=loan, units={loan.units.get().pk: actions.Back(Outcome.DAMAGED)}, at=noon_in(1)
    )
    actions.cancel_loan(by=world.basile, loan=taken)
    assert not is_offered(entry)

    case = DamageCase.objects.get()
    actions.follow_case(by=world.louise, case=case, state=CaseState.SETTLED, is_fit=True)

    assert is_offered(entry)


def test_a_copy_fit_again_on_the_page_of_the_stock_serves(world):
    loan = ask(world.basile, world.kit)
    entry = wait(world.nadia, world.kit)
    copy = Copy.objects.get()
    edit_copy(by=world.louise, copy=copy, fields={"state": CopyState.REPAIR})
    actions.cancel_loan(by=world.basile, loan=loan)
    assert not is_offered(entry)

    edit_copy(by=world.louise, copy=copy, fields={"state": CopyState.FIT})

    assert is_offered(entry)


def test_the_end_of_an_upkeep_and_a_new_copy_serve(world):
    upkeep = begin_upkeep(by=world.louise, copy=Copy.objects.get(), first_on=day_in(0), last_on=day_in(30))
    entry, other = wait(world.nadia, world.kit), wait(world.basile, world.kit)

    end_upkeep(by=world.louise, booking=upkeep)
    assert (is_offered(entry), is_offered(other)) == (True, False)

    add_copies(by=world.louise, resource=world.kit, number=1, label="Ex. 2")
    assert is_offered(other)


def test_a_part_taken_out_of_its_kit_serves(world, scope):
    Copy.objects.filter(resource=world.kit).update(state=CopyState.LOST)
    begins = morning(10)
    entry = WaitingEntry.objects.create(
        network=world.network, resource=scope, contact=world.nadia.user, first=begins, last=begins + 1
    )
    entry.lines.create(quantity=1)
    actions.serve_waiting(scope)
    assert not is_offered(entry)

    take_out(by=world.louise, component=Component.objects.get())

    assert is_offered(entry)


def test_nothing_is_offered_when_its_lender_is_closed_and_it_is_once_open_again(world):
    loan = ask(world.basile, world.kit)
    entry = wait(world.nadia, world.kit)
    closure = add_closure(by=world.louise, actor=world.lender, first_on=day_in(9), last_on=day_in(11))
    actions.cancel_loan(by=world.basile, loan=loan)
    assert not is_offered(entry)

    remove_closure(by=world.louise, closure=closure)

    assert is_offered(entry)


def test_wider_hours_serve(world):
    loan = ask(world.basile, world.kit)
    entry = wait(world.nadia, world.kit)
    narrow = [half for half in EVERY_HALF if half != 2 * day_in(10).weekday()]
    set_terms(by=world.louise, actor=world.lender, fields={"open_halves": narrow})
    actions.cancel_loan(by=world.basile, loan=loan)
    assert not is_offered(entry)

    set_terms(by=world.louise, actor=world.lender, fields={"open_halves": EVERY_HALF})

    assert is_offered(entry)


@pytest.mark.parametrize("offered_to", ["kept", "gone", "both"])
def test_of_the_two_places_of_someone_with_two_accounts_one_stays_and_the_next_is_served(world, offered_to):
    kit = make_resource(world.network, world.lender, "Deux malles", copies=2)
    loans = [ask(world.louise, kit), ask(world.louise, kit)]
    gone = make_person(world.network, "Odile Bis")
    order = [world.basile, gone] if offered_to != "gone" else [gone, world.basile]
    entries = {person.user.pk: wait(person, kit) for person in order}
    next_one = wait(world.nadia, kit)
    for loan in loans if offered_to == "both" else loans[:1]:
        actions.cancel_loan(by=world.louise, loan=loan)

    merge_accounts(by=world.basile, other=gone.user, address=gone.user.email)

    mine = WaitingEntry.objects.get(contact=world.basile.user, state=WaitingState.OFFERED)
    assert mine.pk == entries[gone.user.pk if offered_to == "gone" else world.basile.user.pk].pk
    assert not WaitingEntry.objects.filter(contact=world.basile.user, state=WaitingState.WAITING).exists()
    assert is_offered(next_one) == (offered_to == "both")
    held = Booking.objects.filter(resource=kit, holds__isnull=False).exclude(loan__in=loans)
    assert held.count() == WaitingEntry.objects.filter(state=WaitingState.OFFERED).count()


@pytest.mark.parametrize("act", ["suspended", "hidden"])
def test_a_resource_that_everyone_finds_again_serves_who_was_passed_over(world, act):
    team = Viewer.as_system(world.network, "essai")
    loan = ask(world.basile, world.kit)
    entry = wait(world.nadia, world.kit)
    if act == "suspended":
        reporting.suspend_resource(by=team, resource=world.kit)
    else:
        set_state(by=team, actor=world.lender, state="hidden")
    actions.cancel_loan(by=world.basile, loan=loan)
    assert not is_offered(entry)

    if act == "suspended":
        reporting.restore_resource(by=team, resource=world.kit)
    else:
        set_state(by=team, actor=world.lender, state="published")

    assert is_offered(entry)


def test_what_lies_in_a_kit_in_repair_goes_to_another_part_when_the_kit_is_lost(world, scope):
    kit = world.kit.copies.get()
    edit_copy(by=world.louise, copy=kit, fields={"state": CopyState.REPAIR})
    loan = ask(world.basile, scope)
    inside = loan.booking.holds.get(copy__resource=scope).copy
    add_copies(by=world.louise, resource=scope, number=1, label="Autre lunette")

    edit_copy(by=world.louise, copy=kit, fields={"state": CopyState.LOST})

    assert loan.booking.holds.get(copy__resource=scope).copy != inside


def test_a_return_told_days_after_gives_the_next_their_whole_time_to_answer(world):
    loan = make_loan(world, state="out", first=0)
    loan.units.update(left_at=timezone.now() - timedelta(days=5))
    entry = wait(world.nadia, world.kit, first=1)
    units = {loan.units.get().pk: actions.Back()}

    actions.return_units(by=world.louise, loan=loan, units=units, at=timezone.now() - timedelta(days=3))

    assert is_offered(entry)
    assert entry.expires_at - timezone.now() > timedelta(hours=47)
