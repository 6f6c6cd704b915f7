"""Tombstones: erasures remembered outside the database and done again when an older state of it is put back."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from maillage.accounts import actions, queries
from maillage.accounts.actions import tombstones
from maillage.accounts.models import Suppression, User
from maillage.core.signals import restored, restoring
from tests.factories.accounts import make_admin, make_user, viewer

pytestmark = pytest.mark.django_db
ALICE = "alice@exemple.test"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def erase(django_capture_on_commit_callbacks):
    """Erase a person, and put them back as an older archive would have them."""

    def done(user, *, back=True):
        before = User.objects.filter(pk=user.pk).values().get()
        with django_capture_on_commit_callbacks(execute=True):
            actions.erase_account(by=viewer(user, None), user=user)
        if back:
            User.objects.filter(pk=user.pk).update(**before)
            Suppression.objects.all().delete()

    return done


def is_gone(user):
    user.refresh_from_db()
    return user.erased_at is not None and ALICE not in user.email


def test_whoever_was_erased_since_is_erased_again_and_nobody_else(erase):
    alice, bob = make_user(ALICE), make_user()
    erase(alice)
    assert [sentence for _, sentence in restored.send(sender=None) if sentence] == ["1 effacement de compte refait"]
    bob.refresh_from_db()
    assert (is_gone(alice), bob.erased_at) == (True, None)
    assert queries.is_suppressed(ALICE)
    assert actions.replay_erasures() == 0


def test_a_former_administrator_is_erased_again_even_when_the_archive_knows_no_successor(network, erase):
    alice = make_admin(network, email=ALICE)
    successor = make_admin(network)
    erase(alice)
    successor.roles.all().delete()
    actions.replay_erasures()
    assert is_gone(alice)


def test_someone_else_who_was_given_the_same_number_stays(erase):
    alice = make_user(ALICE)
    erase(alice)
    User.objects.filter(pk=alice.pk).update(joined_at=alice.joined_at + timedelta(microseconds=1))
    assert actions.replay_erasures() == 0
    assert not is_gone(alice)


def test_what_is_rolled_back_has_no_tombstone(django_capture_on_commit_callbacks):
    alice = make_user(ALICE)
    with django_capture_on_commit_callbacks():
        actions.erase_account(by=viewer(alice, None), user=alice)
    assert tombstones.stones() == []


def test_tombstones_name_nobody_and_are_readable_by_their_owner_alone(erase, folder):
    erase(make_user(ALICE))
    file = folder / "tombstones.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [sorted(json.loads(line)) for line in file.read_text().split("\n")[1:]] == [
        ["at", "person"],
        ["address", "at", "reason"],
    ]
    assert "alice" not in file.read_text()


def test_a_file_that_was_lost_or_cut_is_made_whole_from_the_database(erase, folder):
    erase(make_user(ALICE), back=False)
    (folder / "tombstones.jsonl").write_text('{"person": "12')
    for _ in range(2):
        restoring.send(sender=None)
        assert [sorted(stone) for stone in tombstones.stones()] == [["at", "person"], ["address", "at", "reason"]]


def test_an_address_whose_owner_came_back_is_suppressed_no_more(erase, django_capture_on_commit_callbacks):
    erase(make_user(ALICE), back=False)
    with django_capture_on_commit_callbacks(execute=True):
        actions.readmit_address(email=ALICE)
    Suppression.objects.create(
        email_hash=Suppression.hash_of(ALICE), reason="erasure", at=timezone.now() - timedelta(1)
    )
    actions.replay_erasures()
    assert not queries.is_suppressed(ALICE)


def test_a_return_does_not_lift_a_suppression_that_came_after_it(erase, django_capture_on_commit_callbacks):
    erase(make_user(ALICE), back=False)
    with django_capture_on_commit_callbacks(execute=True):
        actions.readmit_address(email=ALICE)
    actions.forbid_address(email=ALICE, reason="request")
    actions.replay_erasures()
    assert queries.is_suppressed(ALICE)


def test_a_tombstone_made_under_the_key_before_is_recognised(erase, settings):
    alice = make_user(ALICE)
    erase(alice)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "y" * 50
    call_command("replay")
    assert is_gone(alice)
