"""A full disk, a database that is gone, a dead mail server, a worker that stopped: said clearly, nothing half-written, and all
goes on when they are back."""

import contextlib
import resource

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import ApiToken, hashed
from maillage.activity.models import Entry
from maillage.core import jobs
from maillage.core.models import Job, JobStatus
from maillage.core.storage import WholeFiles
from maillage.directory.actions.contact import relay_message
from maillage.directory.models import Note
from maillage.exchange.enums import BatchStatus
from maillage.exchange.models import Batch
from tests.factories.accounts import make_admin, viewer
from tests.factories.directory import make_actor, make_network

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network():
    return make_network(host="testserver")


@pytest.fixture
def admin(network):
    return make_admin(network)


@pytest.fixture
def team(admin):
    client = Client(raise_request_exception=False)
    client.force_login(admin)
    return client


@contextlib.contextmanager
def full_database():
    """The journal finds no room: SQLite is held to its present pages, PostgreSQL answers what it answers then."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # The pages that other tests left free are taken first.
            cursor.execute(
                "CREATE TABLE filler AS SELECT zeroblob(freelist_count * page_size) AS room "
                "FROM pragma_freelist_count, pragma_page_size"
            )
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        else:
            cursor.execute(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER no_room BEFORE INSERT ON activity_entry FOR EACH ROW EXECUTE FUNCTION no_room()"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA max_page_count = 1073741823")
                cursor.execute("DROP TABLE filler")
            else:
                cursor.execute("DROP TRIGGER no_room ON activity_entry")
                cursor.execute("DROP FUNCTION no_room")


@contextlib.contextmanager
def full_disk(size):
    """No file of this process may grow beyond `size` bytes: what the system answers is what a full disk answers."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def stored():
    folders = [django_settings.MEDIA_ROOT, django_settings.VAR / "imports"]
    return {path for folder in folders for path in folder.rglob("*") if path.is_file()}


def test_a_full_database_keeps_what_it_acknowledged_and_nothing_else(network, team):
    actor = make_actor(network, "Muséum")
    address = reverse("directory:actor_note", args=[actor.pk])
    answers = []
    with full_database():
        while not answers or (answers[-1].status_code == 302 and len(answers) < 500):
            answers.append(team.post(address, {"body": f"Note {len(answers)} " + "x" * 4000}))
        assert team.get(reverse("directory:actor_work", args=[actor.pk])).status_code == 200
    refused = answers.pop()
    assert (refused.status_code, refused["Retry-After"]) == (503, "120")
    assert "envoyez-le de nouveau" in refused.text
    assert Note.objects.count() == Entry.objects.filter(verb="actor.note").count() == len(answers)
    assert team.post(address, {"body": "Après"}).status_code == 302
    assert Note.objects.count() == len(answers) + 1


def test_a_file_that_does_not_fit_is_refused_and_leaves_nothing(network, team):
    lines = b"Nom;Ville\n" + b"Les Curieux;Auch\n" * 20_000
    files = stored()

    def send():
        return team.post(
            reverse("exchange:batch_create"), {"file": SimpleUploadedFile("a.csv", lines), "target": "actors"}
        )

    with full_disk(100_000):
        refused = send()
    assert refused.status_code == 503
    assert (Batch.objects.count(), stored() - files) == (0, set())
    assert send().status_code == 302
    assert Batch.objects.count() == 1


def test_a_stored_file_is_whole_or_is_not(tmp_path):
    storage = WholeFiles(location=tmp_path)
    with full_disk(100_000), pytest.raises(OSError, match="too large"):
        storage.save("grand.bin", ContentFile(b"x" * 200_000))
    assert list(tmp_path.iterdir()) == []


def test_the_api_says_that_it_cannot_answer(network, admin):
    ApiToken.objects.create(user=admin, network=network, name="essai", token_hash=hashed("jeton"), scopes=["write"])
    actor = make_actor(network, "Muséum")
    client = Client(raise_request_exception=False, HTTP_AUTHORIZATION="Bearer jeton")
    answers = []
    with full_database():
        while not answers or (answers[-1].status_code == 200 and len(answers) < 500):
            body = {"summary": f"{len(answers)} " + "x" * 250}
            answers.append(client.patch(reverse("api:change_actor", args=[actor.pk]), body, "application/json"))
    refused = answers.pop()
    assert (refused.status_code, refused["Content-Type"]) == (503, "application/problem+json")
    actor.refresh_from_db()
    assert actor.summary[:1] == (str(len(answers) - 1)[:1] if answers else "")


def test_a_dead_mail_server_loses_no_message(network, admin, settings, free_port, smtp_server):
    actor = make_actor(network, "Muséum", email="accueil@exemple.test")
    alive = settings.EMAIL_PORT
    settings.EMAIL_PORT = int(free_port)
    relay_message(by=viewer(admin, network), actor=actor, name="Ana", email="ana@exemple.test", message="Bonjour")
    jobs.run_waiting()
    assert smtp_server.received == []
    assert [job.status for job in Job.objects.filter(task="maillage.core.mail.deliver")] == [JobStatus.WAITING]
    settings.EMAIL_PORT = alive
    Job.objects.update(run_at=Job.objects.first().created_at)
    jobs.run_waiting()
    assert [message["To"] for message in smtp_server.received] == ["accueil@exemple.test"]


def test_what_is_asked_while_no_worker_runs_is_done_when_one_is_back(network, team):
    file = SimpleUploadedFile("a.csv", b"Nom;Ville\nLes Curieux;Auch\nPlanetarium;Auch\n")
    team.post(reverse("exchange:batch_create"), {"file": file, "target": "actors"})
    batch = Batch.objects.get()
    mapped = {"col-name": "0", "source": "Annuaire des clubs", "preview": "1"}
    assert team.post(reverse("exchange:batch_mapping", args=[batch.pk]), mapped).status_code == 302
    assert "aperçu" in team.get(reverse("exchange:batch_show", args=[batch.pk])).text.lower()
    assert [job.status for job in Job.objects.all()] == [JobStatus.WAITING]
    jobs.run_waiting()
    batch.refresh_from_db()
    assert (batch.status, batch.lines.count()) == (BatchStatus.PREVIEWED, 2)
