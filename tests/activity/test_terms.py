"""The journal at its term: names and personal details leave it, acts stay, and its chain still holds."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import actions as accounts
from maillage.activity import actions, queries
from maillage.activity.models import Entry
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind
from maillage.directory.models import Actor
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor

pytestmark = pytest.mark.django_db


def run(*tasks):
    for task in tasks:
        task.enqueue()
    run_waiting()


def written(network, admin, subject, *, months=13, **facts):
    """An entry of the past, sealed, after another and before a third that are recent."""
    entry = actions.record("actor.update", by=viewer(admin, network), subject=subject, **facts)
    Entry.objects.filter(pk=entry.pk).update(at=timezone.now() - timedelta(days=months * 365 / 12))
    actions.record("actor.update", by=viewer(admin, network), subject=subject)
    run(actions.seal_entries)
    return entry


def test_who_and_personal_changes_leave_an_old_entry_and_the_rest_stays(network, admin):
    actor = make_actor(network, "Muséum")
    changes = {"contact_name": ["Zoé Petit", "Luc Grand"], "website": ["", "https://museum.fr"]}
    entry = written(network, admin, actor, changes=changes, details={"message": "Zoé est partie", "source": "liste"})
    run(actions.forget_names)
    entry.refresh_from_db()
    assert (entry.user, entry.label, entry.object_id) == (None, "Muséum", actor.pk)
    assert entry.changes == {"website": ["", "https://museum.fr"]}
    assert entry.details == {"source": "liste"}
    assert Entry.objects.filter(user=admin).count() == 1
    assert actions.first_broken_seal() is None


def test_an_entry_about_a_person_keeps_neither_their_name_nor_their_number(network, admin):
    member = make_person(network, name="Bob Martin")
    accounts.grant_role(by=viewer(admin, network), user=member, kind=RoleKind.ANIMATOR)
    Entry.objects.update(at=timezone.now() - timedelta(days=400))
    run(actions.seal_entries, actions.forget_names)
    run(actions.forget_names)
    entry = Entry.objects.get()
    assert (entry.verb, entry.user, entry.object_id, entry.label, entry.details) == ("role.granted", None, None, "", {})
    assert actions.first_broken_seal() is None
    line = queries.lines_of([entry])[0]
    assert (line.who, line.sentence) == ("Une personne dont le nom est effacé", "a donné le rôle « … » à …")


def test_the_sheet_of_a_person_is_forgotten_whole_even_once_it_is_gone(network, admin):
    camille = make_actor(network, "Camille Durand", kind="person")
    gone = make_actor(network, "Dominique Martin", kind="person")
    entries = [written(network, admin, actor, changes={"website": ["", "https://moi.fr"]}) for actor in (camille, gone)]
    Actor.objects.filter(pk=gone.pk).delete()
    run(actions.forget_names)
    kept = Entry.objects.filter(pk__in=[entry.pk for entry in entries]).values_list("label", "changes")
    assert list(kept) == [("", {}), ("", {})]
    assert actions.first_broken_seal() is None


def test_the_term_is_that_of_the_network(network, admin):
    network.settings = {"journal_months": 24}
    network.save()
    entry = written(network, admin, make_actor(network, "Muséum"), months=23)
    run(actions.forget_names)
    entry.refresh_from_db()
    assert entry.user == admin
    Entry.objects.filter(pk=entry.pk).update(at=timezone.now() - timedelta(days=740))
    run(actions.forget_names)
    entry.refresh_from_db()
    assert entry.user is None


def test_recent_entries_and_those_not_yet_sealed_are_left(network, admin):
    recent = written(network, admin, make_actor(network, "Muséum"), months=11)
    unsealed = actions.record("actor.update", by=viewer(admin, network), subject=network)
    Entry.objects.filter(pk=unsealed.pk).update(at=timezone.now() - timedelta(days=400))
    actions.forget_names.function(None)
    assert list(Entry.objects.filter(aged_at=None)) == list(Entry.objects.all())
    assert Entry.objects.get(pk=recent.pk).user == admin


def name_someone_else(entry, other):
    Entry.objects.filter(pk=entry.pk).update(user=other)


def put_a_change_back(entry, other):
    Entry.objects.filter(pk=entry.pk).update(changes={**entry.changes, "contact_name": ["Zoé", "Jean"]})


def change_what_stayed(entry, other):
    Entry.objects.filter(pk=entry.pk).update(changes={"website": ["", "https://autre.fr"]})


def pretend_that_a_change_was_taken_out(entry, other):
    Entry.objects.filter(pk=entry.pk).update(changes={})


def change_the_act(entry, other):
    Entry.objects.filter(pk=entry.pk).update(verb="actor.archive")


@pytest.mark.parametrize(
    "harm",
    [
        name_someone_else,
        put_a_change_back,
        change_what_stayed,
        pretend_that_a_change_was_taken_out,
        change_the_act,
    ],
)
def test_an_aged_entry_that_is_touched_breaks_the_chain(network, admin, harm):
    changes = {"contact_name": ["Zoé", "Luc"], "website": ["", "https://museum.fr"]}
    entry = written(network, admin, make_actor(network, "Muséum"), changes=changes)
    run(actions.forget_names)
    entry.refresh_from_db()
    assert actions.first_broken_seal() is None
    harm(entry, make_person(network))
    assert actions.first_broken_seal() == entry


def test_what_was_taken_out_is_not_found_back_by_trying_every_value(network, admin):
    """Whoever has the database and knows the members cannot tell who did it: the salt is gone."""
    from maillage.activity.actions import sealing

    entry = written(network, admin, make_actor(network, "Muséum"))
    entry.refresh_from_db()
    secret = entry.proofs[""]
    run(actions.forget_names)
    entry.refresh_from_db()
    assert secret not in str(entry.proofs)
    salts = [proof for proof in entry.proofs.values() if proof.startswith("salt:")]
    assert entry.proofs["user"] not in {"hash:" + sealing._hash(salt, admin.pk) for salt in ["", *salts]}


def test_an_aged_journal_is_read_without_error(client, network, admin):
    actor = make_actor(network, "Muséum")
    written(network, admin, actor, changes={"email": ["a@a.fr", "b@b.fr"]})
    run(actions.forget_names)
    client.force_login(admin)
    assert "Une personne dont le nom est effacé" in client.get(reverse("activity:journal")).content.decode()
