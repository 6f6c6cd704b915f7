"""The same with a kit whose part is lent apart too: neither is ever with two, and what they use up is counted once for each that left."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, precondition, rule

from maillage.catalogue.models import Component, Consumable
from maillage.loans import actions
from maillage.loans.enums import AWAY, HOLDING, LoanState
from maillage.loans.models import Loan, LoanUnit
from tests.factories.loans import ask, make_resource, morning
from tests.loans.test_invariants import Lending

pytestmark = pytest.mark.django_db
_STOCK = 10_000
_numbers = st.integers(min_value=0, max_value=20)


class LendingKits(Lending):
    """A box in which lies a telescope that is lent apart too."""

    def __init__(self) -> None:
        super().__init__()
        self.kit = make_resource(self.world.network, self.world.lender, "Malle")
        self.scope = make_resource(self.world.network, self.world.lender, "Lunette")
        self.box, self.part = self.kit.copies.first(), self.scope.copies.first()
        Component.objects.create(kit=self.box, part=self.part)
        for resource, each in ((self.kit, 3), (self.scope, 2)):
            Consumable.objects.create(resource=resource, title="Piles", each=each, stock=_STOCK, low=1)

    @rule(number=_numbers, begins=st.integers(0, 4), days=st.integers(1, 2), is_part=st.booleans())
    def ask(self, number, begins, days, is_part):
        self._ask(number, begins, days, is_part)

    def _ask(self, number, begins, days, is_part):
        by = (self.world.basile, self.world.nadia, self.world.team)[number % 3]
        resource = self.scope if is_part else self.kit
        return self._do(lambda: ask(by, resource, first=self.day + begins, days=days))

    def _promise(self, number, begins, days, is_part):
        if loan := self._ask(number, begins, days, is_part):
            loan = actions.accept_loan(by=self.world.louise, loan=loan)
            self._do(actions.prepare_loan, by=self.world.louise, loan=loan)

    @precondition(lambda self: self.day < 30)
    @rule(number=_numbers, is_part=st.booleans(), late=st.integers(1, 2))
    def one_after_the_other(self, number, is_part, late):
        """One that leaves now and is late or not, and one that comes next: alone, random steps seldom meet so."""
        self._promise(number, 0, 1, is_part)
        self._hand_over_all()
        self._promise(number + 1, 1, 2, not is_part)
        self.day += late
        actions.mind_network(self.world.network, at=self.now)
        self._hand_over_all()

    @rule(begins=st.integers(0, 4), is_part=st.booleans())
    def wait(self, begins, is_part):
        first, resource = morning(self.day + begins), self.scope if is_part else self.kit
        self._do(
            actions.join_waiting,
            by=self.world.nadia, resource=resource, wanted={None: 1}, first=first, last=first + 3, at=self.now,
        )  # fmt: skip

    def _hand_over_all(self):
        for loan in Loan.objects.filter(state=LoanState.PREPARED).order_by("pk"):
            self._do(actions.hand_over, by=self.world.louise, loan=loan, at=self.now)

    @invariant()
    def no_kit_and_what_lies_in_it_are_with_two(self):
        inside = {self.box.pk: self.part.pk}
        out = list(LoanUnit.objects.away().values_list("copy", flat=True))
        away = Counter([*out, *(inside[copy] for copy in out if copy in inside)])
        assert not [copy for copy, count in away.items() if count > 1]

    @invariant()
    def what_is_promised_is_held_and_nothing_more(self):
        for loan in Loan.objects.filter(state__in=[state for state in HOLDING if state not in AWAY]):
            assert loan.booking.holds.filter(via=None).count() == sum(line.quantity for line in loan.lines.all())

    @invariant()
    def what_left_used_up_its_consumables_once(self):
        left = LoanUnit.objects.filter(left_at__isnull=False)
        boxes, scopes = left.filter(copy__resource=self.kit).count(), left.filter(copy__resource=self.scope).count()
        scopes += left.filter(copy=self.box).count()
        stocks = dict(Consumable.objects.values_list("resource", "stock"))
        assert stocks == {self.kit.pk: _STOCK - 3 * boxes, self.scope.pk: _STOCK - 2 * scopes}


class TestLendingKits(LendingKits.TestCase, TestCase):  # type: ignore[name-defined,misc]
    settings = settings(max_examples=10, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
