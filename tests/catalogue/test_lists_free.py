"""« Libre à ces dates »: what the list says free is what a request would obtain."""

from datetime import datetime, time, timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from maillage.catalogue import actions
from maillage.catalogue.actions.occupying import occupy
from maillage.catalogue.enums import BookingKind
from maillage.catalogue.kit import ask
from maillage.catalogue.models import Closure, LendingTerms, Resource
from maillage.catalogue.queries.lending import terms_of
from maillage.core.viewer import Viewer
from maillage.loans.actions import Objections, request_loan
from tests.factories.catalogue import make_resource


@pytest.fixture
def monday():
    """In five weeks or so: after any notice, before any limit."""
    today = timezone.localdate()
    return today + timedelta(days=35 - today.weekday())


@pytest.fixture
def kit(world):
    return make_resource(world.helene, world.lender, copies=1)


def found(world, first, last):
    query = QueryDict(f"du={first}&au={last}")
    return set(Resource.objects.filter(pk__in=ask(query, world.network).selection.keys).values_list("pk", flat=True))


def terms(world, kit, **fields):
    LendingTerms.objects.update_or_create(network=world.network, resource=kit, defaults=fields)


def lent(kit, first, last):
    """By someone, with what goes before and after."""
    span = terms_of(kit).use_of(first, last, timezone.localdate())
    occupy(resource=kit, kind=BookingKind.LOAN, span=span, wanted={None: 1})


def obtained(world, kit, first, last):
    """Whether a request for these days is taken, as `loans` answers it."""
    use = terms_of(kit).use_of(first, last, timezone.localdate())
    if use is None:
        return False
    asked = {"resource": kit, "wanted": {None: 1}, "first": use.first, "last": use.last}
    try:
        request_loan(by=Viewer(network=world.network, user=world.nadia.user), **asked)
    except (Objections, actions.Taken):
        return False
    return True


def test_transport_set_up_and_buffer_are_not_free(world, kit, monday):
    terms(world, kit, transport=2, setup=1, buffer=2)
    lent(kit, monday, monday + timedelta(days=1))
    days = [monday + timedelta(days=rank) for rank in (-7, 2, 3, 4, 7)]
    assert [kit.pk in found(world, day, day) for day in days] == [True, False, False, False, True]


def test_a_day_when_the_lender_is_closed_is_not_free(world, kit, monday):
    Closure.objects.create(network=world.network, actor=world.lender, first_on=monday, last_on=monday)
    saturday = monday + timedelta(days=5)
    days = [(monday, monday), (monday, monday + timedelta(days=1)), (saturday, saturday), (monday + timedelta(days=1), saturday - timedelta(days=1))]  # fmt: skip
    assert [kit.pk in found(world, *each) for each in days] == [False, False, False, True]


def test_a_lender_who_opens_in_the_afternoon_lends_that_day(world, kit, monday):
    terms(world, kit, open_halves=[1, 2])  # Monday afternoon, Tuesday morning.
    assert kit.pk in found(world, monday, monday + timedelta(days=1))
    assert kit.pk not in found(world, monday + timedelta(days=1), monday + timedelta(days=2))


def test_neither_before_the_notice_nor_longer_nor_further_than_the_lender_takes(world, kit, monday):
    terms(world, kit, notice_days=20, max_days=7)
    soon = monday - timedelta(days=28)
    assert kit.pk not in found(world, soon, soon)
    assert kit.pk in found(world, monday, monday + timedelta(days=4))
    assert kit.pk not in found(world, monday, monday + timedelta(days=9))
    later = monday + timedelta(weeks=200)
    assert kit.pk not in found(world, later, later)


@pytest.mark.parametrize("rank", [0, 1, 2, 3, 4])
def test_what_is_said_free_is_obtained(world, kit, monday, rank):
    terms(world, kit, transport=1, setup=1, buffer=1)
    lent(kit, monday + timedelta(days=2), monday + timedelta(days=2))
    day = monday + timedelta(days=rank)
    assert (kit.pk in found(world, day, day)) == obtained(world, kit, day, day)


# --- « utilisable ce soir » ---------------------------------------------------------------------------------------------


def at(day, hour):
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())


def tonight(world):
    return set(ask(QueryDict("cesoir=oui"), world.network).selection.keys)


def test_tonight_is_what_may_be_fetched_now_and_brought_back_when_its_lender_opens(world, kit, monday, monkeypatch):
    """Opened in the afternoon alone, and lent again three days later."""
    terms(world, kit, notice_days=0, open_halves=[1, 3, 9], buffer=0)
    lent(kit, monday + timedelta(days=4), monday + timedelta(days=4))
    told = []
    for day, hour in ((0, 10), (0, 15), (1, 15)):
        monkeypatch.setattr(timezone, "now", lambda day=day, hour=hour: at(monday + timedelta(days=day), hour))
        told.append(kit.pk in tonight(world))
    assert told == [False, True, False]


@pytest.mark.parametrize("path", ["", "carte.json", "flux.rss", "widget/", "integrer/"])
def test_no_kept_page_says_what_is_usable_tonight(world, kit, path):
    client = Client(HTTP_HOST="testserver")
    assert client.get(f"/ressources/{path}").has_header("ETag")
    asked = client.get(f"/ressources/{path}", {"cesoir": "oui"})
    assert (asked.status_code, asked.has_header("ETag")) == (200, False)
    # What is said to someone signed in is not shown again by « back » once they left.
    assert asked["Cache-Control"] == "private, no-cache, no-store"
