"""The letters of the demonstration: a year of them, readers in every state, and nothing that could leave."""

from collections import Counter

import pytest

from maillage.core.mail import deliver
from maillage.core.models import Job, JobStatus
from maillage.newsletters.models import Consent, Delivery, Letter, Subscription
from maillage.newsletters.queries.checks import review

pytestmark = pytest.mark.once


def test_a_year_of_letters_is_told_and_the_next_ones_wait(demo):
    letters = Letter.objects.filter(network=demo.south)
    assert Counter(letters.values_list("state", flat=True)) == {"sent": 12, "draft": 1, "scheduled": 1}
    assert all(letter.blocks.count() > 3 and letter.deliveries.sent().count() > 20 for letter in letters.published())
    assert review(letters.get(state="draft")).stops == []


def test_its_readers_are_invented_in_every_state_and_each_consent_has_its_proof(demo):
    readers = Subscription.objects.filter(network=demo.south)
    assert set(readers.values_list("state", flat=True)) == {"pending", "active", "stopped", "failed"}
    assert readers.filter(email__endswith="@lecture.example").count() == 400
    assert readers.exclude(email__endswith=".example").count() == 0
    assert all(Consent.objects.of(reader).exists() for reader in readers.active()[:40])


def test_no_message_of_a_letter_waits(demo):
    assert not Delivery.objects.filter(job__isnull=False).exists()
    assert not Job.objects.filter(task=deliver.name, status=JobStatus.WAITING).exists()
    assert not Job.objects.filter(task__contains="newsletters", status=JobStatus.WAITING).exists()
