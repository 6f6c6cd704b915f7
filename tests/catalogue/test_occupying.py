"""Copies taken for half-days: the last one is never promised twice, and as many bookings fit as the copies can hold."""

import pytest

from maillage.catalogue.actions import Taken, assign, extend, fix, occupy, release
from maillage.catalogue.actions.occupying import move_away
from maillage.catalogue.engine.halves import half_of
from maillage.catalogue.enums import BookingKind, CopyState
from maillage.catalogue.models import Hold, Occupancy
from maillage.catalogue.queries.availability import endangered
from tests.factories.stock import MONDAY, make_copies, make_kit, make_modules, make_resource, set_state, span

ONE = {None: 1}
ZERO = half_of(MONDAY)


@pytest.fixture
def resource(network):
    return make_resource(network)


def book(resource, when, wanted=ONE, **more):
    return occupy(resource=resource, kind=BookingKind.LOAN, span=when, wanted=wanted, **more)


def halves(copy):
    return [(row.half - ZERO, row.part) for row in Occupancy.objects.filter(copy=copy).order_by("half")]


def held(booking):
    return sorted(booking.holds.values_list("copy__label", flat=True))


def test_each_half_day_of_a_use_and_of_what_goes_around_it_is_a_row(resource):
    (copy,) = make_copies(resource, 1)
    book(resource, span(4, 5, transport=1, setup=1, buffer=2))
    assert halves(copy) == [
        (2, "transport"), (3, "setup"), (4, "use"), (5, "use"), (6, "transport"), (7, "buffer"), (8, "buffer"),
    ]  # fmt: skip


def test_the_last_copy_is_not_promised_twice(resource):
    make_copies(resource, 1)
    book(resource, span(4, 5, buffer=2))
    with pytest.raises(Taken):
        book(resource, span(7, 9))
    assert Hold.objects.count() == 1
    assert book(resource, span(8, 9)).holds.count() == 1


def test_two_of_five_are_booked_without_choosing_them(resource):
    make_copies(resource, 5)
    book(resource, span(0, 3), {None: 2})
    book(resource, span(2, 5), {None: 3})
    with pytest.raises(Taken):
        book(resource, span(3, 3))


def test_bookings_that_are_not_prepared_are_packed_tighter_when_that_makes_room(resource):
    """A on 1, B on 2, C on 1: D fits on no copy as they stand, but the two copies never serve three at once."""
    make_copies(resource, 2)
    a, b = book(resource, span(0, 1)), book(resource, span(0, 3))
    c = book(resource, span(4, 5))
    assign(c.holds.get(), b.holds.get().copy)
    assign(a.holds.get(), a.holds.get().copy)
    late = book(resource, span(6, 9))
    assign(late.holds.get(), a.holds.get().copy)
    d = book(resource, span(2, 5))
    assert held(d) == held(a) == held(late)
    assert Occupancy.objects.count() == 2 + 4 + 2 + 4 + 4


def test_what_was_prepared_keeps_its_copy(resource):
    make_copies(resource, 2)
    a, b = book(resource, span(0, 1)), book(resource, span(4, 5))
    other = next(copy for copy in resource.copies.all() if copy != a.holds.get().copy)
    assign(b.holds.get(), other)
    fix(a)
    fix(b)
    with pytest.raises(Taken):
        book(resource, span(0, 5))
    assert held(a) == ["001"]
    assert held(b) == ["002"]


def test_packing_leaves_the_copies_of_what_was_prepared_alone(resource):
    """A and B go to one copy, so that C has the other; the first stays with what left."""
    gone, second, third = make_copies(resource, 3)
    fix(book(resource, span(0, 9), copies=[gone]))
    a, b = book(resource, span(0, 1)), book(resource, span(4, 5))
    assign(a.holds.get(), second)
    assign(b.holds.get(), third)
    c = book(resource, span(0, 5))
    assert held(a) == held(b) != held(c)
    assert gone.label not in held(a) + held(c)


def test_a_copy_is_chosen_when_preparing_and_who_had_it_gets_another(resource):
    make_copies(resource, 2)
    a, b = book(resource, span(0, 3)), book(resource, span(2, 5))
    assert (held(a), held(b)) == (["001"], ["002"])
    assign(a.holds.get(), b.holds.get().copy)
    assert (held(a), held(b)) == (["002"], ["001"])
    fix(a)
    with pytest.raises(Taken):
        assign(b.holds.get(), a.holds.get().copy)


def test_copies_of_one_booking_that_may_stay_do(resource):
    make_copies(resource, 3)
    a = book(resource, span(0, 3), {None: 2})
    third = resource.copies.get(label="003")
    assign(a.holds.get(copy__label="001"), third)
    assert held(a) == ["002", "003"]


def test_modules_are_booked_apart(resource):
    sun, moon = make_modules(resource, ["Soleil", "Lune"])
    book(resource, span(0, 3), {sun.pk: 1})
    book(resource, span(0, 3), {moon.pk: 1})
    with pytest.raises(Taken) as caught:
        book(resource, span(3, 4), {sun.pk: 1, moon.pk: 1})
    assert caught.value.module in {sun.pk, moon.pk}


def test_a_kit_brings_its_parts_along_and_a_part_that_is_out_holds_the_kit(network, resource):
    (kit,), telescopes = make_copies(resource, 1), make_resource(network, resource.actor)
    inside, alone = make_copies(telescopes, 2)
    make_kit(kit, [inside])
    whole = book(resource, span(0, 3))
    assert halves(inside) == halves(kit)
    assert held(book(telescopes, span(2, 3))) == [alone.label]
    release(whole)
    assert halves(inside) == []
    book(telescopes, span(2, 3), copies=[inside])
    with pytest.raises(Taken):
        book(resource, span(0, 2))
    assert book(resource, span(0, 1)).holds.count() == 2


def test_what_came_back_is_free_at_once_and_the_rest_is_not(resource):
    first, second = make_copies(resource, 2)
    booking = book(resource, span(0, 9, buffer=2), {None: 2})
    release(booking, copies=[first.pk], after=ZERO + 4)
    assert halves(first)[-1] == (4, "use")
    assert halves(second)[-1] == (11, "buffer")
    assert held(book(resource, span(5, 6))) == [first.label]
    extend(booking, ZERO + 10, copies=[second.pk])
    assert halves(second)[-1] == (12, "buffer")
    assert (7, "use") not in halves(first)


def test_a_longer_use_sends_the_next_booking_to_another_copy_or_is_refused(resource):
    make_copies(resource, 2)
    out = book(resource, span(0, 3, buffer=1))
    fix(out)
    following = book(resource, span(6, 7))
    assign(following.holds.get(), out.holds.get().copy)
    extend(out, ZERO + 6)
    assert held(following) != held(out)
    book(resource, span(9, 10))
    book(resource, span(9, 10))
    with pytest.raises(Taken):
        extend(out, ZERO + 9)
    assert out.holds.get().last == ZERO + 7


def test_a_longer_use_turns_its_buffer_into_use(resource):
    (copy,) = make_copies(resource, 1)
    booking = book(resource, span(0, 1, buffer=2))
    extend(booking, ZERO + 2)
    assert halves(copy) == [(0, "use"), (1, "use"), (2, "use"), (3, "buffer"), (4, "buffer")]
    extend(booking, ZERO)
    assert halves(copy) == [(0, "use"), (1, "buffer"), (2, "buffer")]


def test_a_lost_copy_leaves_its_bookings_to_others_and_says_which_are_in_danger(resource):
    lost, _other = make_copies(resource, 2)
    a, b = book(resource, span(0, 3)), book(resource, span(2, 5))
    alone = book(resource, span(8, 9))
    set_state(lost, CopyState.LOST)
    move_away(lost)
    assert "001" not in held(alone) + held(b)
    assert [hold.booking for hold in endangered(resource, ZERO)] == [a]
    with pytest.raises(Taken):
        book(resource, span(8, 8))
