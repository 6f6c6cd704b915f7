"""Whatever is asked in whatever order, no copy is in two places, and what is counted as free is what may be booked."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.catalogue.actions import Taken, assign, extend, fix, occupy, release
from maillage.catalogue.engine.halves import Span, day_of, half_at, half_of, is_afternoon, week_half
from maillage.catalogue.engine.packing import Wish, pack
from maillage.catalogue.enums import BookingKind
from maillage.catalogue.models import Booking, Hold, Occupancy
from maillage.catalogue.queries.availability import shelves_of
from tests.factories.stock import make_copies, make_kit, make_resource, span

intervals = st.tuples(st.integers(0, 30), st.integers(0, 8)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@pytest.mark.once
@given(st.lists(intervals, max_size=14), st.integers(1, 4))
def test_all_bookings_fit_as_soon_as_no_half_day_is_asked_for_too_often(asked, count):
    wishes = [Wish(key, first, last) for key, (first, last) in enumerate(asked)]
    most = max((sum(w.first <= half <= w.last for w in wishes) for half in range(40)), default=0)
    packed = pack(wishes, range(count), {})
    assert (packed is not None) == (most <= count)
    for one in wishes if packed else []:
        for other in wishes:
            if one.key < other.key and packed[one.key] == packed[other.key]:
                assert one.last < other.first or other.last < one.first


@pytest.mark.once
@given(st.lists(intervals, max_size=8), st.lists(st.integers(0, 2), min_size=8, max_size=8))
def test_what_must_keep_its_copy_does(asked, copies):
    wishes = [Wish(key, *each, held=copies[key] if key % 2 else None) for key, each in enumerate(asked)]
    packed = pack(wishes, range(3), {})
    for wish in wishes if packed else []:
        assert wish.held is None or packed[wish.key] == wish.held


@pytest.mark.once
@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.booleans())
def test_a_half_day_is_of_the_calendar(day, afternoon):
    half = half_of(day, afternoon=afternoon)
    assert (day_of(half), is_afternoon(half)) == (day, afternoon)
    assert week_half(half) == 2 * day.weekday() + afternoon


@pytest.mark.once
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["Europe/Paris", "Indian/Reunion"]),
)
def test_half_days_follow_one_another_when_the_clock_changes(moment, zone_name):
    """None is skipped from one hour to the next, and a day later it is another, in the weeks of summer time too."""
    zone = ZoneInfo(zone_name)
    now = half_at(moment, zone)
    assert half_at(moment + timedelta(hours=1), zone) - now in (0, 1)
    assert half_at(moment + timedelta(days=1), zone) - now in (1, 2, 3)


@pytest.mark.once
def test_the_day_of_summer_time_has_two_half_days():
    zone = ZoneInfo("Europe/Paris")
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        found = {half_at(datetime(day.year, day.month, day.day, hour, tzinfo=zone), zone) for hour in range(24)}
        assert found == {half_of(day), half_of(day, afternoon=True)}


@pytest.mark.once
@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_parts_of_a_span_come_in_order_and_last_what_was_said(first, length, transport, setup, buffer):
    when = Span(first, first + length, transport, setup, buffer)
    parts = [when.part_of(half) for half in range(when.taken_first, when.taken_last + 1)]
    expected = ["transport"] * transport + ["setup"] * setup + ["use"] * (length + 1)
    assert parts == expected + ["transport"] * transport + ["buffer"] * buffer


steps = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "book", "telescope", "release", "return", "extend", "fix", "assign"]),
        st.integers(0, 20),
        st.integers(0, 6),
        st.integers(1, 2),
    ),
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=30)
@given(steps)
def test_no_copy_is_ever_in_two_places_and_counts_are_true(asked):
    from django.db import transaction

    from tests.factories.directory import make_network

    with transaction.atomic():
        network = make_network()
        kits = make_resource(network)
        telescopes = make_resource(network, kits.actor)
        kit, _second, _third = make_copies(kits, 3)
        inside, _alone = make_copies(telescopes, 2)
        make_kit(kit, [inside])
        bookings: list[Booking] = []
        for step in asked:
            _do(step, bookings, kits, telescopes)
            _check(kits, telescopes)
        transaction.set_rollback(True)


def _do(step, bookings, kits, telescopes):
    verb, when, length, count = step
    resource = telescopes if verb == "telescope" else kits
    wanted, asked = {None: count}, span(when, when + length, transport=when % 2, buffer=length % 3)
    (shelf,) = shelves_of(resource, asked.taken_first, asked.taken_last).values()
    is_easy = len(shelf.copies) - len(shelf.taken) >= count
    is_possible = min(shelf.free_by_half(asked.taken_first, asked.taken_last)) >= count
    try:
        if verb in ("book", "telescope"):
            bookings.append(occupy(resource=resource, kind=BookingKind.LOAN, span=asked, wanted=wanted))
            assert is_possible
            return
        if not bookings:
            return
        booking = bookings[when % len(bookings)]
        hold = booking.holds.filter(via=None).first()
        if verb == "release":
            release(booking)
        elif verb == "return" and hold is not None:
            release(booking, copies=[hold.copy_id], after=booking.first + length // 2)
        elif verb == "extend":
            extend(booking, booking.first + length)
        elif verb == "fix":
            fix(booking)
        elif verb == "assign" and hold is not None:
            assign(hold, list(booking.resource.copies.order_by("pk"))[length % booking.resource.copies.count()])
    except Taken:
        # Half-days free one after the other may be of several copies, some of which are prepared: between the two, either may be.
        assert verb not in ("book", "telescope") or not is_easy


def _check(kits, telescopes):
    rows = list(Occupancy.objects.values_list("copy", "half", "hold__copy", "hold__first", "hold__last"))
    assert len({row[:2] for row in rows}) == len(rows)
    assert all(copy == held and first <= half <= last for copy, half, held, first, last in rows)
    holds = Hold.objects.values_list("first", "last")
    assert len(rows) == sum(last - first + 1 for first, last in holds)
    for hold in Hold.objects.filter(copy__resource=kits, copy__components__isnull=False):
        assert [(each.first, each.last) for each in hold.brought.all()] == [(hold.first, hold.last)]
    for resource in (kits, telescopes):
        for shelf in shelves_of(resource, *_period()).values():
            counts = shelf.free_by_half(*_period())
            assert all(0 <= count <= len(shelf.copies) for count in counts)


def _period():
    whole = span(0, 40)
    return whole.first - 10, whole.last
