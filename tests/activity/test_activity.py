"""The journal and its seals, notices, background jobs."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from maillage.accounts import actions as accounts
from maillage.activity import actions, queries
from maillage.activity.models import Entry
from maillage.activity.registry import sentence_of
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job, JobStatus
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks import actions as networks
from maillage.networks.registry import SETTINGS
from tests.factories.accounts import make_person, make_platform_admin, viewer
from tests.factories.directory import make_actor, make_network

pytestmark = pytest.mark.django_db


def seal():
    actions.seal_entries.enqueue()
    run_waiting()


def record(network, **details):
    return actions.record("network.changed", by=Viewer.as_system(network, "essai"), subject=network, details=details)


# --- journal ---------------------------------------------------------------------------------------------------------
def test_the_journal_says_in_words_who_did_what(client, network, admin):
    person = make_person(network, name="Bob Martin")
    accounts.grant_role(by=viewer(admin, network), user=person, kind=RoleKind.ANIMATOR)
    client.force_login(admin)
    page = " ".join(client.get(reverse("activity:journal")).content.decode().split())
    told = "a donné le rôle « Animateur ou animatrice » à Bob Martin"
    address = reverse("people:person_detail", args=[person.pk])
    assert f'<strong>Ada Ministre</strong> <a href="{address}">{told}</a>' in page


def test_the_journal_leads_to_the_page_of_its_object_for_those_who_may_open_it(network, admin):
    person, actor = make_person(network, name="Bob Martin"), make_actor(network, "Musée")
    gone, animator = make_actor(network, "Musée d'ailleurs"), make_person(network, kind=RoleKind.ANIMATOR)
    gone.listings.all().delete()
    for subject in (person, actor, gone, network):
        actions.record("essai", by=Viewer.as_system(network, "essai"), subject=subject)

    def led(user):
        by = viewer(user, network)
        return {line.url for line in queries.lines_of(queries.journal(by), by)}

    sheet = reverse("directory:actor_work", args=[actor.pk])
    assert led(admin) == {reverse("people:person_detail", args=[person.pk]), sheet, ""}
    assert led(animator) == {sheet, ""}
    reader = viewer(make_person(network), network)
    assert {line.url for line in queries.lines_of(Entry.objects.all(), reader)} == {""}


def test_the_journal_names_what_changed_in_the_set_up_as_its_forms_do(client, network, admin):
    by = viewer(admin, network)
    networks.save_network(by=by, network=network, values={"tagline": "La science ici", "contact_email": ""})
    networks.save_settings(by=by, network=network, values={"invitation_days": 3})
    networks.save_legal_text(by=by, network=network, kind="notice", body="<p>Éditeur</p>")
    client.force_login(admin)
    page = client.get(reverse("activity:journal")).content.decode()
    assert "<dt>Accroche</dt>" in page and "</span>La science ici</ins>" in page
    assert f"<dt>{escape(SETTINGS['invitation_days'].label)}" in page and "invitation_days" not in page
    assert "a changé un texte légal (mentions légales)" in page.lower()


def test_an_unknown_verb_is_shown_and_a_missing_detail_breaks_nothing():
    assert sentence_of("chose.faite", {"label": "Objet"}) == "chose.faite · Objet"
    assert sentence_of("role.granted", {}) == "a donné le rôle « … » à …"


def test_a_detail_cannot_reach_anything_but_itself():
    assert sentence_of("role.granted", {"role": "%(label)s {label.__class__}", "label": "Bob"}) == (
        "a donné le rôle « %(label)s {label.__class__} » à Bob"
    )


def test_the_journal_is_read_on_the_object_and_on_the_person(client, network, admin):
    record(network)
    by = viewer(admin, network)
    accounts.save_profile(by=by, name="Ada Lovelace")
    assert [line.entry.verb for line in queries.lines_of(Entry.objects.visible_to(by).about(network))] == [
        "network.changed"
    ]
    assert [line.sentence for line in queries.done_by(by, admin)] == ["a changé son profil"]
    client.force_login(admin)
    assert "a changé son profil" in client.get(reverse("people:person_detail", args=[admin.pk])).content.decode()


def test_the_journal_of_a_network_holds_no_line_of_another(network, admin):
    other = make_network("Hauts-de-France")
    record(other)
    record(network)
    assert {entry.network for entry in queries.journal(viewer(admin, network))} == {network}
    assert not Entry.objects.visible_to(viewer(admin, network)).about(other)


def test_a_member_reads_only_what_they_did(network):
    member = make_person(network)
    record(network)
    by = viewer(member, network)
    accounts.save_profile(by=by, name="Moi")
    assert [entry.verb for entry in Entry.objects.visible_to(by)] == ["profile.changed"]
    assert not Entry.objects.visible_to(Viewer(network=network)).exists()


@pytest.mark.parametrize(
    "query", ["verb=inconnu", "person=abc", "since=hier", "since=2030-01-01&page=99", "person=9999999999"]
)
def test_wrong_filters_of_the_journal_are_ignored(client, network, admin, query):
    client.force_login(admin)
    assert client.get(reverse("activity:journal") + "?" + query).status_code == 200


def test_the_journal_is_filtered_by_act_person_and_day(network, admin):
    record(network)
    by = viewer(admin, network)
    accounts.save_profile(by=by, name="Ada L.")
    today = timezone.localdate()
    assert queries.journal(by, verb="profile.changed").count() == 1
    assert queries.journal(by, person=admin.pk).count() == 1
    assert queries.journal(by, since=today, until=today).count() == 2
    assert queries.journal(by, until=today - timedelta(days=1)).count() == 0


def test_the_journal_costs_the_same_with_one_line_and_three(client, network, admin, same_queries):
    client.force_login(admin)
    assert same_queries(page=lambda: client.get(reverse("activity:journal")), add=lambda: record(network)) <= 12


@pytest.mark.parametrize(
    "harm",
    [
        lambda entry: Entry.objects.filter(pk=entry.pk).update(verb="network.created"),
        lambda entry: Entry.objects.filter(pk=entry.pk).update(details={"montant": 2}),
        lambda entry: Entry.objects.filter(pk=entry.pk).update(at=entry.at + timedelta(seconds=1)),
        lambda entry: Entry.objects.filter(pk=entry.pk).delete(),
    ],
)
def test_an_entry_changed_or_removed_afterwards_breaks_the_seals(network, harm):
    entries = [record(network, montant=number) for number in range(3)]
    seal()
    record(network)
    seal()
    assert actions.first_broken_seal() is None
    call_command("verify_journal")
    harm(entries[1])
    assert actions.first_broken_seal() is not None
    with pytest.raises(CommandError, match="rompu"):
        call_command("verify_journal")


def test_sealing_twice_changes_nothing(network):
    record(network)
    seal()
    before = list(Entry.objects.values_list("seal", "digest"))
    seal()
    assert list(Entry.objects.values_list("seal", "digest")) == before


def test_the_name_of_an_erased_person_leaves_the_journal_without_breaking_the_seals(network):
    person = make_person(network, name="Alice Prudhomme")
    accounts.save_profile(by=viewer(person, network), name="Alice P.")
    seal()
    accounts.erase_account(by=viewer(person, network), user=person)
    assert actions.first_broken_seal() is None


# --- background jobs -------------------------------------------------------------------------------------------------
def make_job(network, status=JobStatus.FAILED, error="Traceback secret"):
    scope = f"network:{network.pk}" if network is not None else ""
    return Job.objects.create(
        task="maillage.essai.compter", scope=scope, status=status, run_at=timezone.now(), error=error
    )


def test_an_administrator_sees_the_jobs_of_the_network_without_their_trace(client, network, admin):
    mine, theirs, nobodys = make_job(network), make_job(make_network("Ailleurs")), make_job(None)
    client.force_login(admin)
    page = client.get(reverse("activity:job_list"))
    assert [job for job, _ in page.context["rows"]] == [mine]
    detail = client.get(reverse("activity:job_detail", args=[mine.pk])).content.decode()
    assert "Traceback secret" not in detail
    assert [client.get(reverse("activity:job_detail", args=[job.pk])).status_code for job in (theirs, nobodys)] == [
        404,
        404,
    ]


def test_the_platform_sees_every_job_with_its_trace(client, network):
    job = make_job(make_network("Ailleurs"))
    client.force_login(make_platform_admin())
    assert "Traceback secret" in client.get(reverse("activity:job_detail", args=[job.pk])).content.decode()


def test_a_failed_job_is_tried_again_and_a_waiting_one_stopped(client, network, admin):
    failed, waiting = make_job(network), make_job(network, JobStatus.WAITING, "")
    client.force_login(admin)
    client.post(reverse("activity:job_retry", args=[failed.pk]))
    client.post(reverse("activity:job_stop", args=[waiting.pk]))
    failed.refresh_from_db()
    waiting.refresh_from_db()
    assert (failed.status, waiting.status) == (JobStatus.WAITING, JobStatus.CANCELLED)
    assert set(Entry.objects.values_list("verb", flat=True)) == {"job.retried", "job.stopped"}


def test_an_administrator_stops_no_job_of_another_network(network, admin):
    with pytest.raises(Refused):
        actions.stop_job(by=viewer(admin, network), job=make_job(make_network("Ailleurs"), JobStatus.WAITING))


def test_the_list_of_jobs_costs_the_same_with_one_and_three(client, network, admin, same_queries):
    client.force_login(admin)
    assert same_queries(page=lambda: client.get(reverse("activity:job_list")), add=lambda: make_job(network)) <= 9
