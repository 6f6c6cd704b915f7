"""The sheet of an independent person: in the copy of their data, and gone with their account."""

import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import actions as accounts
from maillage.accounts import queries
from maillage.accounts.actions import erasing
from maillage.accounts.models import Export, User
from maillage.activity import actions as activity
from maillage.core.jobs import run_waiting
from maillage.directory.actions import update_actor
from maillage.directory.enums import MemberRole
from maillage.directory.models import Actor, ActorMember, Tombstone
from maillage.search.models import Document
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_network

pytestmark = pytest.mark.django_db
NAME = "Camille Durand"


@pytest.fixture
def network():
    return make_network(host="testserver")


@pytest.fixture
def camille(network):
    return make_person(network, email="camille@exemple.test", name=NAME)


def represented(user, network, name=NAME, **values):
    actor = make_actor(network, name, **{"kind": "person", "contact_is_public": True, **values})
    ActorMember.objects.create(actor=actor, user=user, role=MemberRole.ADMIN)
    return actor


def erase(user, network):
    accounts.erase_account(by=viewer(user, network), user=user)


def exported(user, network):
    export = Export.objects.create(user=user, network=network, session_hash="x", expires_at=timezone.now())
    accounts.prepare_export.enqueue(export_id=export.pk)
    run_waiting()
    export.refresh_from_db()
    with export.file.open("rb") as stream:
        return zipfile.ZipFile(io.BytesIO(stream.read()))


def test_the_copy_holds_my_own_sheet_with_its_picture_and_no_sheet_of_an_organisation(network, camille):
    picture = default_storage.save("actors/portrait.webp", ContentFile(b"RIFF"))
    represented(camille, network, email="camille@atelier.fr", image=picture)
    represented(camille, network, "Muséum", kind="organisation", email="dominique@museum.fr")
    represented(make_person(network), network, "Zoé Voisine", email="zoe@atelier.fr")
    with exported(camille, network) as archive:
        data = json.loads(archive.read("donnees.json"))
        page = archive.read("donnees.html").decode()
        assert archive.read(f"fichiers/{picture}") == b"RIFF"
    (sheet,) = next(table["rows"] for table in data if table["link"] == "members__user")
    assert (sheet["name"], sheet["email"], sheet["image"]) == (NAME, "camille@atelier.fr", f"fichiers/{picture}")
    assert "dominique@museum.fr" not in json.dumps(data)
    assert "zoe@atelier.fr" not in json.dumps(data)
    assert '<th scope="col">E-mail de contact</th>' in page


def test_erasing_the_account_takes_the_sheet_away_everywhere_at_once(
    network, camille, django_capture_on_commit_callbacks
):
    picture = default_storage.save("actors/portrait.webp", ContentFile(b"RIFF"))
    actor = represented(camille, network, image=picture)
    visitor = Client()
    pages = [reverse("directory:actor_list"), reverse("directory:actor_feed"), reverse("api:list_actors")]
    for page in (*pages, actor.get_absolute_url()):
        assert NAME in visitor.get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        erase(camille, network)
    for page in pages:
        assert "Durand" not in visitor.get(page).content.decode()
    assert visitor.get(actor.get_absolute_url()).status_code == 404
    assert not Actor.objects.exists()
    assert not Document.objects.filter(kind="actor").exists()
    assert not default_storage.exists(picture)
    assert visitor.get(reverse("api:read_actor", args=[actor.pk])).status_code == 410
    assert Tombstone.objects.get().slug == ""


def test_no_table_keeps_what_the_sheet_said_and_the_chain_of_the_journal_holds(network, camille):
    from django.apps import apps
    from django.contrib.sessions.models import Session

    actor = represented(camille, network)
    update_actor(by=viewer(camille, network), actor=actor, values={"summary": "Durand fait des spectacles"})
    activity.seal_entries.enqueue()
    run_waiting()
    update_actor(by=viewer(camille, network), actor=actor, values={"summary": "Durand fait des ateliers"})
    erase(camille, network)
    run_waiting()
    left = [
        model._meta.label
        for model in apps.get_models()
        if model is not Session and "durand" in str(list(model.objects.values())).lower()
    ]
    assert left == []
    assert activity.first_broken_seal() is None
    activity.seal_entries.enqueue()
    run_waiting()
    assert activity.first_broken_seal() is None


def test_a_sheet_that_someone_else_looks_after_too_and_that_of_an_organisation_stay(network, camille):
    shared = represented(camille, network)
    ActorMember.objects.create(actor=shared, user=make_person(network))
    museum = represented(camille, network, "Muséum", kind="organisation")
    erase(camille, network)
    assert set(Actor.objects.all()) == {shared, museum}
    assert not ActorMember.objects.filter(user=camille).exists()


def test_no_import_writes_to_the_address_of_the_sheet_again(network, camille):
    represented(camille, network, email="camille@atelier.fr")
    erase(camille, network)
    assert queries.suppressed_among(["camille@atelier.fr", "camille@exemple.test", "bob@exemple.test"]) == {
        "camille@atelier.fr",
        "camille@exemple.test",
    }


def test_a_sheet_brought_back_by_an_archive_goes_again(
    network, camille, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.VAR = tmp_path
    before = User.objects.filter(pk=camille.pk).values().get()
    with django_capture_on_commit_callbacks(execute=True):
        erase(camille, network)
    User.objects.filter(pk=camille.pk).update(**before)
    camille.refresh_from_db()
    represented(camille, network)
    assert accounts.replay_erasures() == 1
    assert not Actor.objects.exists()


def test_the_sheet_of_someone_who_only_stopped_signing_in_stays(network, camille):
    actor = represented(camille, network)
    erasing.erase(by=viewer(camille, network), user=camille, verb="account.expired", asked=False)
    assert Actor.objects.get() == actor


def test_the_preview_says_that_the_sheet_goes(network, camille):
    represented(camille, network)
    fates = {fate.data: fate.erasure.label for fate in queries.erasure_preview(camille)}
    assert fates["Votre fiche de personne indépendante, si vous êtes seule à la tenir"] == "retiré du site et supprimé"
