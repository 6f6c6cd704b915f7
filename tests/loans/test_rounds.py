"""No way round the rules of a lender: by another name, by what lies in a kit, by those who wait."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from maillage.catalogue.models import Component, Consumable
from maillage.core.errors import Refused
from maillage.loans import actions
from maillage.loans.enums import LoanState, WaitingState
from maillage.loans.models import LoanUnit, Suspension
from maillage.loans.queries import board
from tests.factories.directory import make_actor
from tests.factories.loans import ask, day_in, easy_terms, looks_after, make_loan, make_resource, morning, noon_in


def sign_in(client, viewer):
    client.force_login(viewer.user)


def suspend(world, **values):
    return actions.suspend(by=world.louise, lender=world.lender, until=day_in(30), reason="Retards", **values)


def wait(by, resource, *, first=10, **values):
    begins = morning(first)
    return actions.join_waiting(by=by, resource=resource, wanted={None: 1}, first=begins, last=begins + 5, **values)


def told(entry):
    entry.refresh_from_db()
    return entry.state


# --- suspended ----------------------------------------------------------------------------------------------------------


def test_who_looks_after_a_suspended_structure_does_not_borrow_in_their_own_name(world):
    suspend(world, actor=world.borrower)

    with pytest.raises(Refused, match="suspendus"):
        ask(world.basile, world.kit)
    assert ask(world.nadia, world.kit).state == LoanState.ASKED


def test_the_other_structure_of_someone_of_a_suspended_one_borrows_still(world):
    other = make_actor(world.network, "Ludothèque")
    looks_after(world.basile, other)
    suspend(world, actor=world.borrower)

    assert ask(world.basile, world.kit, actor=other).actor == other


def test_a_person_who_is_suspended_borrows_in_no_name(world):
    suspend(world, user=world.basile.user)

    for actor in (None, world.borrower):
        with pytest.raises(Refused, match="suspendus"):
            ask(world.basile, world.kit, actor=actor)


def test_ones_own_name_is_no_way_round_the_number_of_loans_at_once(world):
    easy_terms(world.network, world.lender, at_once=1)
    other = make_resource(world.network, world.lender)
    ask(world.basile, world.kit, actor=world.borrower)

    with pytest.raises(Refused, match="emprunt en cours"):
        ask(world.basile, other)
    assert ask(world.nadia, other).state == LoanState.ASKED


def test_a_lender_suspends_the_person_who_borrowed_in_their_own_name(client, world):
    ask(world.nadia, world.kit)
    sign_in(client, world.louise)
    page = reverse("loans:suspension_list")
    sent = {"person": str(world.nadia.user.pk), "lender": str(world.lender.pk), "until": day_in(9), "reason": "Cassé"}

    assert [key for key, _name in client.get(page).context["form"].fields["person"].choices] == [
        "",
        str(world.nadia.user.pk),
    ]
    assert client.post(page, sent).status_code == 302
    assert Suspension.objects.get().user == world.nadia.user
    assert client.post(page, sent | {"person": ""}).status_code == 422


def test_who_is_suspended_is_offered_nothing_and_keeps_their_place(world):
    loan = ask(world.louise, world.kit)
    first, second = wait(world.basile, world.kit, actor=world.borrower), wait(world.nadia, world.kit)
    suspension = suspend(world, actor=world.borrower)

    actions.cancel_loan(by=world.louise, loan=loan)
    assert (told(first), told(second)) == (WaitingState.WAITING, WaitingState.OFFERED)

    actions.leave_waiting(by=world.nadia, entry=second)
    assert told(first) == WaitingState.WAITING
    actions.lift(by=world.louise, suspension=suspension)
    assert told(first) == WaitingState.OFFERED


def test_the_end_of_a_suspension_serves_who_was_passed_over(world):
    loan = ask(world.louise, world.kit)
    entry = wait(world.nadia, world.kit)
    suspend(world, user=world.nadia.user)
    actions.cancel_loan(by=world.louise, loan=loan)
    Suspension.objects.update(until=day_in(2))

    actions.mind_network(world.network, at=noon_in(2))
    assert told(entry) == WaitingState.WAITING
    actions.mind_network(world.network, at=noon_in(3))
    assert told(entry) == WaitingState.OFFERED


# --- kits ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def scope(world):
    """A telescope lent apart, that lies in the kit."""
    scope = make_resource(world.network, world.lender, "Lunette")
    Component.objects.create(kit=world.kit.copies.get(), part=scope.copies.get())
    return scope


@pytest.mark.parametrize("late", ["kit", "part"])
def test_a_kit_and_what_lies_in_it_are_not_out_with_two(world, scope, late):
    before, after = (world.kit, scope) if late == "kit" else (scope, world.kit)
    first = make_loan(world, state="out", resource=before, first=0, days=1)
    following = make_loan(world, state="prepared", by=world.nadia, resource=after, first=2, days=2)

    with pytest.raises(Refused, match=f"Prêt n° {first.pk}"):
        actions.hand_over(by=world.louise, loan=following, at=noon_in(2))
    assert LoanUnit.objects.away().get().loan == first

    actions.return_units(by=world.louise, loan=first, units={first.units.get().pk: actions.Back()}, at=noon_in(2))
    assert actions.hand_over(by=world.louise, loan=following, at=noon_in(2)).state == LoanState.OUT


@pytest.mark.parametrize("late", ["kit", "part"])
def test_who_comes_next_on_a_kit_or_what_lies_in_it_is_told_that_it_is_late(world, scope, late):
    before, after = (world.kit, scope) if late == "kit" else (scope, world.kit)
    first = make_loan(world, state="out", resource=before, first=0, days=1)
    following = make_loan(world, state="accepted", by=world.nadia, resource=after, first=2, days=2)

    actions.mind_network(world.network, at=noon_in(1))

    assert following.told.filter(moment="endangered").count() == 1
    assert first.told.filter(moment="awaited").count() == 1


# --- consumables --------------------------------------------------------------------------------------------------------


def test_an_exhibition_of_modules_uses_up_once(world):
    show = make_resource(world.network, world.lender, "Exposition", modules=["Un", "Deux", "Trois"])
    row = Consumable.objects.create(resource=show, title="Quiz", each=4, stock=30, low=1)

    make_loan(world, state="out", resource=show, first=0)

    row.refresh_from_db()
    assert row.stock == 26


def test_what_lies_in_a_kit_uses_up_too(world, scope):
    row = Consumable.objects.create(resource=scope, title="Piles", each=4, stock=30, low=1)

    make_loan(world, state="out", first=0)

    row.refresh_from_db()
    assert row.stock == 26


# --- the lender's day ---------------------------------------------------------------------------------------------------


def test_what_travels_is_handed_over_on_the_day_it_is_first_kept(world):
    easy_terms(world.network, world.lender, transport=2)
    loan = make_loan(world, state="prepared", first=1)
    easy_terms(world.network, world.lender)
    make_loan(world, state="prepared", resource=make_resource(world.network, world.lender), first=1)

    assert board.today_of(world.louise).leaving == [loan]


def test_the_lender_reads_who_waits_and_nobody_else_does(client, world, django_assert_num_queries):
    ask(world.basile, world.kit)
    entry = wait(world.nadia, world.kit)
    strange = SimpleNamespace(resource=make_resource(world.network, world.borrower))
    ask(world.louise, strange.resource)
    wait(world.nadia, strange.resource)

    with django_assert_num_queries(1):
        rows = board.waiting_for(world.louise)
        assert [(row, row.contact.name, row.resource.title) for row in rows] == [
            (entry, world.nadia.user.name, world.kit.title)
        ]
    sign_in(client, world.louise)
    page = client.get(reverse("loans:board"))
    assert "Liste d’attente" in page.text
    assert "Nadia Seule" in page.text
