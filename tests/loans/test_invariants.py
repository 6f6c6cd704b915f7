"""Whatever is done, in whatever order: no copy in two places, what is out is counted once, an ended loan holds nothing."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from maillage.catalogue.models import Hold, Occupancy
from maillage.core.errors import Refused
from maillage.loans import actions
from maillage.loans.enums import AWAY, HOLDING, ExtensionState, LoanState, Outcome, WaitingState
from maillage.loans.models import Extension, Loan, LoanUnit, WaitingEntry
from maillage.loans.queries.halves import half_now
from tests.factories.loans import ask, make_loans_world, make_resource, morning, noon_in

pytestmark = pytest.mark.django_db
_numbers = st.integers(min_value=0, max_value=20)


class Lending(RuleBasedStateMachine):
    """Three copies, three borrowers, days that pass. What the rules refuse changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.world = make_loans_world("machine.test")
        self.kit = make_resource(self.world.network, self.world.lender, "Trois malles", copies=3)
        self.day = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @property
    def now(self):
        return noon_in(self.day)

    def _pick(self, number, **values):
        found = list(Loan.objects.filter(**values).order_by("pk"))
        return found[number % len(found)] if found else None

    def _do(self, act, **values):
        try:
            with transaction.atomic():
                return act(**values)
        except Refused:
            return None

    @rule(number=_numbers, begins=st.integers(0, 12), days=st.integers(1, 5), quantity=st.integers(1, 3))
    def ask(self, number, begins, days, quantity):
        by = (self.world.basile, self.world.nadia, self.world.team)[number % 3]
        self._do(lambda: ask(by, self.kit, first=self.day + begins, days=days, quantity=quantity))

    @rule(number=_numbers)
    def accept(self, number):
        if loan := self._pick(number, state=LoanState.ASKED):
            self._do(actions.accept_loan, by=self.world.louise, loan=loan)

    @rule(number=_numbers)
    def refuse(self, number):
        if loan := self._pick(number, state=LoanState.ASKED):
            self._do(actions.refuse_loan, by=self.world.louise, loan=loan, reason="Non", at=self.now)

    @rule(number=_numbers, begins=st.integers(0, 12))
    def counter(self, number, begins):
        if loan := self._pick(number, state=LoanState.ASKED):
            first = morning(self.day + begins)
            self._do(actions.counter_loan, by=self.world.louise, loan=loan, first=first, last=first + 3, at=self.now)

    @rule(number=_numbers)
    def prepare(self, number):
        if loan := self._pick(number, state=LoanState.ACCEPTED):
            self._do(actions.prepare_loan, by=self.world.louise, loan=loan)

    @rule(number=_numbers)
    def unprepare(self, number):
        if loan := self._pick(number, state=LoanState.PREPARED):
            self._do(actions.unprepare_loan, by=self.world.louise, loan=loan)

    @rule(number=_numbers)
    def hand_over(self, number):
        if loan := self._pick(number, state=LoanState.PREPARED):
            self._do(actions.hand_over, by=self.world.louise, loan=loan, at=self.now)

    @rule(number=_numbers, part=st.booleans(), outcome=st.sampled_from([*Outcome, Outcome.FIT, Outcome.FIT]))
    def give_back(self, number, part, outcome):
        if loan := self._pick(number, state__in=AWAY):
            units = list(loan.units.away())[: 1 if part else None]
            backs = {unit.pk: actions.Back(outcome) for unit in units}
            self._do(actions.return_units, by=self.world.louise, loan=loan, units=backs, at=self.now)

    @rule(number=_numbers)
    def close(self, number):
        if loan := self._pick(number, state=LoanState.RETURNED):
            self._do(actions.close_loan, by=self.world.louise, loan=loan, reached=number)

    @rule(number=_numbers)
    def cancel(self, number):
        if loan := self._pick(number, state__in=HOLDING):
            self._do(actions.cancel_loan, by=self.world.louise, loan=loan, at=self.now)

    @rule(number=_numbers, more=st.integers(1, 6))
    def extend(self, number, more):
        if loan := self._pick(number, state__in=HOLDING):
            by = self.world.team if loan.contact == self.world.team.user else self.world.basile
            self._do(actions.ask_extension, by=by, loan=loan, last=loan.last + more)

    @rule(accepted=st.booleans())
    def answer_extension(self, accepted):
        if extension := Extension.objects.filter(state=ExtensionState.ASKED).order_by("pk").first():
            self._do(actions.answer_extension, by=self.world.louise, extension=extension, accepted=accepted)

    @rule(begins=st.integers(0, 12))
    def wait(self, begins):
        first = morning(self.day + begins)
        self._do(
            actions.join_waiting,
            by=self.world.nadia, resource=self.kit, wanted={None: 2}, first=first, last=first + 3, at=self.now,
        )  # fmt: skip

    @rule(takes=st.booleans())
    def answer_offer(self, takes):
        if entry := WaitingEntry.objects.filter(state=WaitingState.OFFERED).order_by("pk").first():
            act = actions.take_offer if takes else actions.leave_waiting
            self._do(act, by=self.world.nadia, entry=entry, at=self.now)

    @precondition(lambda self: self.day < 30)
    @rule(days=st.integers(1, 3))
    def time_passes(self, days):
        self.day += days
        actions.mind_network(self.world.network, at=self.now)

    @invariant()
    def no_copy_is_in_two_places(self):
        out = Counter(LoanUnit.objects.away().values_list("copy", flat=True))
        assert not [copy for copy, count in out.items() if count > 1]
        halves = Counter(Occupancy.objects.values_list("copy", "half"))
        assert not [pair for pair, count in halves.items() if count > 1]

    @invariant()
    def every_hold_is_written_half_day_by_half_day(self):
        for hold in Hold.objects.all():
            assert hold.occupancies.count() == hold.last - hold.first + 1

    @invariant()
    def what_is_promised_is_held_and_nothing_more(self):
        for loan in Loan.objects.filter(state__in=[state for state in HOLDING if state not in AWAY]):
            assert loan.booking.holds.count() == sum(line.quantity for line in loan.lines.all())

    @invariant()
    def what_left_is_away_or_back(self):
        for loan in Loan.objects.filter(state__in=[*AWAY, LoanState.RETURNED, LoanState.CLOSED]):
            away = loan.units.away().count()
            assert loan.units.count() == sum(line.quantity for line in loan.lines.all())
            assert bool(away) == (loan.state in AWAY)

    @invariant()
    def an_ended_loan_holds_nothing_to_come(self):
        ended = [state for state in LoanState if state not in HOLDING]
        after = Occupancy.objects.filter(half__gt=half_now(self.now))
        assert not after.filter(hold__booking__loan__state__in=ended).exists()


class TestLending(Lending.TestCase, TestCase):  # type: ignore[name-defined,misc]
    settings = settings(max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
