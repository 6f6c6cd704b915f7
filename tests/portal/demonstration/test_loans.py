"""The demonstration lends: as much as the issue asks for, two years of it, with those who wait and those who borrow for themselves."""

import pytest

from maillage.catalogue.models import Copy, Resource
from maillage.catalogue.queries.halves import day_of
from maillage.loans.models import Loan, WaitingEntry

pytestmark = pytest.mark.once


def test_it_has_the_resources_the_copies_and_the_years_of_loans_of_a_region(demo):
    assert Resource.objects.filter(network=demo.south).count() >= 120
    assert Copy.objects.filter(resource__network=demo.south).count() >= 300
    begins = [day_of(first) for first in Loan.objects.filter(network=demo.south).values_list("first", flat=True)]
    assert (max(begins) - min(begins)).days >= 700


def test_some_wait_and_some_borrow_in_their_own_name(demo):
    assert WaitingEntry.objects.filter(network=demo.south, state="waiting").count() >= 2
    assert Loan.objects.filter(network=demo.south, actor=None, contact__isnull=False).count() >= 5
