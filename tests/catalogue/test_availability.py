"""What is free, for how long, on whose terms; in as many queries for a thousand copies as for one."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from maillage.catalogue.actions import occupy
from maillage.catalogue.engine.halves import Span, half_of
from maillage.catalogue.enums import BookingKind, Borrowers, CopyState
from maillage.catalogue.models import Closure, LendingTerms
from maillage.catalogue.queries.availability import (
    free_in,
    free_starts,
    nearest_starts,
    sets_free,
    shelves_of,
    whole,
)
from maillage.catalogue.queries.lending import terms_of
from maillage.catalogue.queries.months import calendar_of
from tests.factories.directory import make_actor
from tests.factories.stock import MONDAY, make_copies, make_kit, make_modules, make_resource, set_state, span

ZERO = half_of(MONDAY)


@pytest.fixture
def resource(network):
    return make_resource(network)


def book(resource, when, wanted=None):
    return occupy(resource=resource, kind=BookingKind.LOAN, span=when, wanted=wanted or whole(resource, 1))


def free_all(keys, first, last, *, sets=1):
    return free_in(dict.fromkeys(keys, (first, last)), sets=sets)


def test_free_copies_are_counted_by_half_day(resource):
    make_copies(resource, 3)
    book(resource, span(1, 2), {None: 2})
    book(resource, span(2, 3))
    assert sets_free(resource, ZERO, ZERO + 4) == [3, 1, 0, 2, 3]


def test_a_copy_in_repair_is_not_counted(resource):
    copy, _other = make_copies(resource, 2)
    set_state(copy, CopyState.REPAIR)
    assert sets_free(resource, ZERO, ZERO) == [1]


def test_a_whole_needs_a_copy_of_each_module(resource):
    sun, moon = make_modules(resource, ["Soleil", "Lune"])
    make_copies(resource, 1, sun)
    book(resource, span(1, 1), {moon.pk: 1})
    assert sets_free(resource, ZERO, ZERO + 2) == [1, 0, 1]
    assert whole(resource, 2) == {sun.pk: 2, moon.pk: 2}


def test_a_resource_without_a_copy_is_never_free(resource):
    assert sets_free(resource, ZERO, ZERO + 1) == [0, 0]
    assert free_all([resource.pk], ZERO, ZERO) == set()


def test_a_kit_is_not_free_while_one_of_its_parts_is_out(network, resource):
    (kit,), parts = make_copies(resource, 1), make_resource(network, resource.actor)
    inside = make_copies(parts, 2)
    make_kit(kit, inside)
    occupy(resource=parts, kind=BookingKind.LOAN, span=span(0, 1), wanted={None: 1}, copies=[inside[0]])
    occupy(resource=parts, kind=BookingKind.LOAN, span=span(1, 3), wanted={None: 1}, copies=[inside[1]])
    assert sets_free(resource, ZERO, ZERO + 4) == [0, 0, 0, 0, 1]


def test_resources_free_all_the_while_are_found_together(network, resource):
    other, modular = make_resource(network), make_resource(network)
    make_copies(resource, 1)
    make_copies(other, 1)
    _sun, moon = make_modules(modular, ["Soleil", "Lune"])
    book(resource, span(4, 5))
    keys = [resource.pk, other.pk, modular.pk]
    assert free_all(keys, ZERO, ZERO + 3) == set(keys)
    assert free_all(keys, ZERO + 3, ZERO + 4) == {other.pk, modular.pk}
    assert free_all(keys, ZERO, ZERO + 3, sets=2) == set()
    book(modular, span(4, 4), {moon.pk: 1})
    assert free_all(keys, ZERO + 3, ZERO + 4) == {other.pk}


def test_a_use_begins_and_ends_when_its_lender_is_open(network, resource):
    make_copies(resource, 1)
    LendingTerms.objects.create(network=network, actor=resource.actor, open_halves=[0, 4], buffer=0)
    Closure.objects.create(network=network, actor=resource.actor, first_on=date(2026, 3, 9), last_on=date(2026, 3, 9))
    terms = terms_of(resource)
    starts = free_starts(resource, whole(resource, 1), terms.span(ZERO, ZERO + 4), terms, ZERO, ZERO + 28)
    assert starts == [ZERO, ZERO + 28]


def test_transport_and_buffer_count_when_looking_for_dates(network, resource):
    make_copies(resource, 1)
    LendingTerms.objects.create(network=network, resource=resource, transport=1, buffer=1)
    terms = terms_of(resource)
    occupy(resource=resource, kind=BookingKind.LOAN, span=terms.span(ZERO + 4, ZERO + 5), wanted={None: 1})
    starts = free_starts(resource, whole(resource, 1), terms.span(ZERO, ZERO), terms, ZERO, ZERO + 9)
    assert starts == [ZERO, ZERO + 9]


def test_the_nearest_dates_come_in_order(network, resource):
    make_copies(resource, 1)
    LendingTerms.objects.create(network=network, resource=resource, buffer=0)
    book(resource, span(2, 7))
    terms = terms_of(resource)
    wish = terms.span(ZERO + 4, ZERO + 5)
    assert nearest_starts(resource, whole(resource, 1), wish, terms, since=ZERO) == [ZERO, ZERO + 8, ZERO + 14]
    assert nearest_starts(resource, whole(resource, 1), wish, terms, since=ZERO + 1)[0] == ZERO + 8


def test_terms_are_those_of_the_resource_then_of_its_lender_then_of_the_network(network, resource):
    assert (terms_of(resource).buffer, terms_of(resource).notice_days) == (2, 3)
    LendingTerms.objects.create(network=network, actor=resource.actor, buffer=4, notice_days=0, hours="le matin")
    assert (terms_of(resource).buffer, terms_of(resource).notice_days) == (4, 0)
    LendingTerms.objects.create(
        network=network, resource=resource, buffer=0, borrowers=Borrowers.SIGNATORIES, needs_agreement=False
    )
    terms = terms_of(resource)
    assert (terms.buffer, terms.hours, terms.borrowers) == (0, "le matin", Borrowers.SIGNATORIES)
    assert (terms.needs_agreement, terms.needs_insurance) == (False, False)
    assert terms.earliest(MONDAY) == MONDAY
    assert terms.latest(MONDAY) == MONDAY + timedelta(days=540)


@pytest.mark.parametrize("count", [1, 3])
def test_availability_costs_as_many_queries_whatever_the_stock(network, resource, count_queries, count):
    others = [resource, *(make_resource(network, make_actor(network)) for _ in range(count - 1))]
    for each in others:
        make_copies(each, count)
        book(each, span(0, 3))
    assert count_queries(lambda: shelves_of(resource, ZERO, ZERO + 700)) == 4
    assert count_queries(lambda: free_all([each.pk for each in others], ZERO, ZERO + 3)) == 4


def test_the_calendar_of_a_module_alone_says_what_is_left_of_it(client, resource):
    sun, moon = make_modules(resource, ["Soleil", "Lune"])
    make_copies(resource, 1, sun)
    day = timezone.localdate() + timedelta(days=40)
    half = half_of(day)
    occupy(resource=resource, kind=BookingKind.LOAN, span=Span(half, half, 0, 0, 0), wanted={moon.pk: 1})

    def told(module=None):
        shown = calendar_of(resource, day, module=module)
        (found,) = [each for week in shown.weeks for each in week if each.day == day]
        return shown.total, found.morning.free

    assert (told(), told(sun.pk), told(moon.pk), told(0)) == ((1, 0), (2, 2), (1, 0), (1, 0))
    page = client.get(resource.get_absolute_url(), {"module": sun.pk, "mois": f"{day:%Y-%m}"}).content.decode()
    assert f'<option value="{sun.pk}" selected>Soleil</option>' in page
    assert f"&amp;module={sun.pk}#disponibilites" in page
