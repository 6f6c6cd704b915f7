"""Whatever is done, in whatever order: no more places than there are, and nobody passed over who would fit."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from maillage.agenda.enums import EventStatus
from maillage.agenda.models import Event
from maillage.attendance import actions
from maillage.attendance.actions.serving import settle
from maillage.attendance.enums import State
from maillage.attendance.models import Registration
from maillage.attendance.queries.standing import taken_of
from maillage.core.errors import Refused
from tests.factories.attendance import ask, make_attendance_world, open_for

pytestmark = pytest.mark.django_db
_numbers = st.integers(min_value=0, max_value=30)


class Registering(RuleBasedStateMachine):
    """One date, five places, hours that pass. What the rules refuse changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        cache.clear()  # Addresses are those of the former example.
        self.world = make_attendance_world("machine.test")
        open_for(self.world, capacity=5)
        self.session = self.world.session
        self.now = timezone.now()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def _do(self, act, **values):
        try:
            with transaction.atomic():
                return act(at=self.now, **values)
        except Refused:
            return None

    def _on_one(self, act, number, *states, **values):
        found = list(Registration.objects.whole().filter(state__in=states).order_by("pk"))
        if found:
            self._do(act, registration=found[number % len(found)], **values)

    @rule(places=st.integers(1, 5), is_sure=st.booleans(), name=st.sampled_from(["lise", "omar", "zoe", "noe"]))
    def register(self, places, is_sure, name):
        cache.clear()  # How many messages an address receives in a day is shown elsewhere.
        made = self._do(lambda at: ask(self.world, f"{name}@exemple.test", places, at=at))
        if made is not None and is_sure:
            self._do(actions.confirm_registration, registration=made)

    @rule(number=_numbers)
    def confirm(self, number):
        self._on_one(actions.confirm_registration, number, State.PENDING, State.ASKED, State.EXPIRED)

    @rule(number=_numbers)
    def cancel(self, number):
        states = (State.CONFIRMED, State.WAITING, State.OFFERED, State.PENDING)
        self._on_one(actions.cancel_registration, number, *states)

    @rule(number=_numbers, places=st.integers(1, 4))
    def reduce(self, number, places):
        self._on_one(actions.reduce_registration, number, State.CONFIRMED, State.WAITING, places=places)

    @rule(number=_numbers)
    def accept(self, number):
        self._on_one(actions.accept_offer, number, State.OFFERED)

    @rule(number=_numbers)
    def decline(self, number):
        self._on_one(actions.decline_offer, number, State.OFFERED)

    @rule(capacity=st.integers(1, 9))
    def resize(self, capacity):
        self._do(lambda at: actions.set_size(by=self.world.team, session=self.session, capacity=capacity, at=at))

    @rule(hours=st.sampled_from([1, 3, 25]))
    def wait(self, hours):
        """What `mind_places` does every five minutes."""
        self.now += timedelta(hours=hours)
        self.session.refresh_from_db()
        settle(self.session, at=self.now)

    @rule(is_full=st.booleans())
    def say_full(self, is_full):
        status = EventStatus.FULL if is_full else EventStatus.SCHEDULED
        Event.objects.filter(pk=self.world.event.pk).update(status=status)
        actions.follow_event(keys=[self.world.event.pk], at=self.now)

    @invariant()
    def places_are_never_more_than_there_are(self):
        self.session.refresh_from_db()
        assert taken_of(self.session, self.now) <= self.session.size

    @invariant()
    def nobody_waits_who_would_fit(self):
        """And so nobody who came later was given what suited someone before."""
        self.session.refresh_from_db()
        if not self.session.goes_on(self.now):
            return
        is_full = Event.objects.get(pk=self.world.event.pk).status == EventStatus.FULL
        free = self.session.size - taken_of(self.session, self.now)
        free = min(free, self.session.freed) if is_full else free
        waiting = Registration.objects.filter(session=self.session, state=State.WAITING)
        assert all(places > free for places in waiting.values_list("places", flat=True))

    @invariant()
    def an_offer_comes_before_those_behind_whom_it_suits(self):
        """Of two who ask for as many places, the first in the list is served first."""
        offered = Registration.objects.filter(session=self.session, state=State.OFFERED)
        waiting = Registration.objects.filter(session=self.session, state=State.WAITING)
        for each in offered:
            ahead = waiting.filter(turn__lt=each.turn, places__lte=each.places)
            assert not ahead.exists()

    @invariant()
    def one_address_stands_once(self):
        standing = Registration.objects.filter(state__in=[State.CONFIRMED, State.WAITING, State.OFFERED])
        assert standing.count() == standing.values("email").distinct().count()


class TestRegistering(Registering.TestCase, TestCase):
    settings = settings(max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
