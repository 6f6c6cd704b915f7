"""One's data: the copy, the erasure, the register, the addresses never to be recorded again."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import actions, queries, registry
from maillage.accounts.models import ApiToken, Consent, Export, Invitation, Role, Suppression, User, hashed
from maillage.activity.models import Entry, Notice
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.mail import send
from maillage.core.models import Job
from maillage.core.viewer import RoleKind
from tests.factories.accounts import PASSWORD, give_role, make_admin, make_invitation, make_person, make_user, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(network):
    return make_person(network, email="alice@exemple.test", name="Alice Prudhomme")


def sign_in(client, user):
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def test_every_personal_field_is_declared():
    assert queries.undeclared_personal_fields() == []


def test_a_field_that_is_not_declared_is_seen(monkeypatch):
    kept = {key: field for key, field in registry._fields.items() if key != ("accounts.role", "user")}
    monkeypatch.setattr(registry, "_fields", kept)
    assert queries.undeclared_personal_fields() == ["accounts.Role.user"]


def test_the_register_groups_the_fields_by_purpose_with_basis_and_term():
    register = {line.purpose: line for line in queries.processing_register()}
    account = register["Ouvrir un compte et s'y connecter"]
    assert account.legal_basis == "exécution du service demandé"
    assert "Adresse du compte" in account.data
    assert all(line.retentions and line.data for line in register.values())


def test_the_copy_holds_what_is_held_of_me_and_nothing_of_others(client, network, alice):
    make_person(network, email="bob@exemple.test", name="Bob Voisin")
    sign_in(client, alice)
    client.post(reverse("accounts:export_request"))
    run_waiting()
    export = Export.objects.get()
    answer = client.get(reverse("accounts:export_download", args=[export.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        data = json.loads(archive.read("donnees.json"))
        page = archive.read("donnees.html").decode()
    text = json.dumps(data, ensure_ascii=False)
    assert "alice@exemple.test" in text
    assert "Alice Prudhomme" in page
    assert "<h2>Adresse du compte</h2>" in page and "<h2>user</h2>" not in page
    assert "bob@exemple.test" not in text + page
    assert alice.password not in text + page
    assert {"Membre", "member"} & {row.get("kind") for table in data for row in table["rows"]}


def test_the_copy_opens_only_for_its_owner_in_the_session_that_asked_and_for_a_day(client, network, alice):
    sign_in(client, alice)
    client.post(reverse("accounts:export_request"))
    run_waiting()
    address = reverse("accounts:export_download", args=[Export.objects.get().pk])
    other_session, someone = Client(), Client()
    sign_in(other_session, alice)
    sign_in(someone, make_person(network))
    assert [other_session.get(address).status_code, someone.get(address).status_code] == [404, 404]
    mine = client.get(address)
    b"".join(mine.streaming_content)
    assert mine.status_code == 200
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(address).status_code == 404


def test_a_session_left_open_is_not_enough_to_take_the_copy_away(client, network, alice):
    sign_in(client, alice)
    client.post(reverse("accounts:export_request"))
    run_waiting()
    address = reverse("accounts:export_download", args=[Export.objects.get().pk])
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**record, "at": record["at"] - 3600} for record in records]
    session.save()
    asked = client.get(address)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    back = client.post(asked["Location"], {"password": PASSWORD, "next": address})
    assert back["Location"] == address
    copy = client.get(address)
    b"".join(copy.streaming_content)
    assert copy.status_code == 200


def test_messages_that_wait_or_failed_go_with_the_account(network, alice):
    for to in (alice.email, "bob@exemple.test"):
        send("accounts/mail/identity_code.html", to=to, context={"code": "ABCD"}, network=network)
    actions.erase_account(by=viewer(alice, network), user=alice)
    assert [job.arguments["to"] for job in Job.objects.filter(task="maillage.core.mail.deliver")] == [
        "bob@exemple.test"
    ]


def test_copies_past_their_day_are_forgotten_with_their_file(client, network, alice):
    sign_in(client, alice)
    client.post(reverse("accounts:export_request"))
    run_waiting()
    export = Export.objects.get()
    storage, name = export.file.storage, export.file.name
    assert storage.exists(name)
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    actions.purge_expired.enqueue()
    run_waiting()
    assert not storage.exists(name)
    assert not Export.objects.exists()


@pytest.mark.parametrize("url", ["accounts:export_request", "accounts:erasure", "accounts:token_list"])
def test_sensitive_acts_ask_again_who_one_is(client, network, alice, url):
    sign_in(client, alice)
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**record, "at": record["at"] - 3600} for record in records]
    session.save()
    answer = client.post(reverse(url), {"understood": "on"})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    alice.refresh_from_db()
    assert alice.is_active
    assert not Export.objects.exists()


def test_someone_without_password_proves_it_with_an_emailed_code(client, network):
    person = make_user("sansmotdepasse@exemple.test", password=None)
    client.force_login(person)
    asked = client.get(reverse("accounts:erasure"))
    assert asked["Location"].startswith(reverse("accounts:identity_confirm"))
    assert mail.outbox == []
    client.post(asked["Location"], {"action": "send", "next": reverse("accounts:erasure")})
    run_waiting()
    import re

    code = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mail.outbox[-1].body)[0]
    wrong = client.post(asked["Location"], {"action": "check", "code": "BBBB-BBBB"})
    assert wrong.status_code == 422
    right = client.post(asked["Location"], {"action": "check", "code": code, "next": reverse("accounts:erasure")})
    assert right["Location"] == reverse("accounts:erasure")
    assert client.get(reverse("accounts:erasure")).status_code == 200
    again = client.post(asked["Location"], {"action": "check", "code": code})
    assert again.status_code == 422


def test_the_code_of_identity_dies_after_five_tries(client, network):
    client.force_login(make_user(password=None))
    address = reverse("accounts:identity_confirm")
    client.post(address, {"action": "send"})
    run_waiting()
    import re

    code = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mail.outbox[-1].body)[0]
    for _ in range(5):
        client.post(address, {"action": "check", "code": "BBBB-BBBB"})
    assert client.post(address, {"action": "check", "code": code}).status_code == 422


def test_the_erasure_shows_first_what_is_deleted_and_what_stays(client, network, alice):
    sign_in(client, alice)
    page = client.get(reverse("accounts:erasure")).content.decode()
    assert "Adresse du compte" in page
    assert "conservé sous « Personne supprimée »" in page
    alice.refresh_from_db()
    assert alice.is_active


def test_an_erased_person_is_gone_at_once_and_others_keep_an_author(client, network, alice):
    admin = make_admin(network)
    give_role(alice, network, RoleKind.ANIMATOR)
    actions.save_profile(by=viewer(alice, network), name="Alice P.")
    ApiToken.objects.create(user=alice, network=network, name="outil", token_hash=hashed("outil"))
    Consent.objects.create(user=alice, network=network, purpose="lettre", text_version="1", given=True, origin="test")
    elsewhere = Client()
    for browser in (elsewhere, client):
        sign_in(browser, alice)
    before = Entry.objects.filter(user=alice).count()
    client.post(reverse("accounts:erasure"), {"understood": "on"})
    alice.refresh_from_db()
    assert (alice.name, alice.is_active, str(alice)) == ("", False, "Personne supprimée")
    assert "alice" not in alice.email
    assert not alice.has_usable_password()
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302
    assert not Role.objects.held().filter(user=alice).exists()
    assert not ApiToken.objects.filter(user=alice).exists()
    assert Consent.objects.filter(user=alice).count() == 1
    assert Entry.objects.filter(user=alice).count() >= before
    assert list(Entry.objects.filter(object_id=alice.pk, label__contains="Alice")) == []
    reader = Client()
    reader.force_login(admin)
    journal = reader.get(reverse("activity:journal")).content.decode()
    assert "Alice" not in journal
    assert "Personne supprimée" in journal
    assert (
        elsewhere.post(reverse("account_login"), {"login": "alice@exemple.test", "password": PASSWORD}).status_code
        == 200
    )


def test_no_table_keeps_the_name_or_the_address_of_an_erased_person(network, alice):
    make_invitation(network, "alice@exemple.test", invited_by=make_admin(network))
    actions.save_profile(by=viewer(alice, network), name="Alice Prudhomme-Lenoir")
    actions.erase_account(by=viewer(alice, network), user=alice)
    run_waiting()
    from django.apps import apps

    left = [
        model._meta.label
        for model in apps.get_models()
        if model is not Session
        and any(word in str(list(model.objects.values())).lower() for word in ("prudhomme", "alice@"))
    ]
    assert left == []


def test_the_last_administrator_names_a_successor_first(client, network):
    admin = make_admin(network)
    sign_in(client, admin)
    assert "nommez-en d" in client.get(reverse("accounts:erasure")).content.decode()
    with pytest.raises(Refused):
        actions.erase_account(by=viewer(admin, network), user=admin)
    make_admin(network)
    actions.erase_account(by=viewer(admin, network), user=admin)
    assert User.objects.get(pk=admin.pk).erased_at is not None


def test_one_erases_only_oneself(network, alice):
    with pytest.raises(Refused):
        actions.erase_account(by=viewer(make_admin(network), network), user=alice)


def test_an_erased_address_is_known_only_by_its_keyed_hash_until_its_owner_comes_back(client, network, alice):
    actions.erase_account(by=viewer(alice, network), user=alice)
    assert queries.is_suppressed(" Alice@Exemple.test ")
    assert queries.suppressed_among(["alice@exemple.test", "bob@exemple.test", ""]) == {"alice@exemple.test"}
    assert "alice" not in Suppression.objects.get().email_hash
    again = make_user("alice@exemple.test", home_network=network)
    sign_in(client, again)
    assert not queries.is_suppressed("alice@exemple.test")


def test_invitations_are_forgotten_after_a_year(network):
    make_invitation(network, sent_at=timezone.now() - timedelta(days=366))
    kept = make_invitation(network)
    actions.purge_expired.enqueue()
    run_waiting()
    assert list(Invitation.objects.all()) == [kept]


def test_an_erased_person_is_told_nothing(network, alice):
    from maillage.activity.actions import notify

    actions.erase_account(by=viewer(alice, network), user=alice)
    alice.refresh_from_db()
    assert notify("import_finished", event="import:1", title="Import", network=network, to=alice) == []
    assert not Notice.objects.filter(user=alice).exists()


def test_the_copy_of_ones_data_names_its_tables_and_columns_in_french():
    unnamed = set()
    for field in registry.declared():
        model = apps.get_model(field.model)
        assert field.label or not field.export
        for name in (field.field, *field.also) if field.export else ():
            label = str(registry.COLUMNS.get(name) or model._meta.get_field(name).verbose_name)
            if label == name.replace("_", " "):
                unnamed.add(label)
    assert unnamed <= {"collection", "commune", "document", "image", "message", "places", "source"}


def test_what_nobody_asked_for_does_not_leave_to_an_address_that_objected_since_but_a_code_does(network):
    for unasked in (True, False):
        send(
            "accounts/mail/identity_code.html",
            to="zoe@exemple.fr",
            context={"code": "ABCD" if unasked else "EFGH"},
            network=network,
            unasked=unasked,
        )
    actions.forbid_address(email="ZOE@exemple.fr", reason="objection")
    run_waiting()
    (left,) = mail.outbox
    assert "EFGH" in left.body


def test_an_objection_ends_the_invitations_that_the_address_received(network):
    by = viewer(make_admin(network), network)
    (waiting,) = actions.invite(by=by, emails=["zoe@exemple.fr"], kind="pole_member")
    actions.forbid_address(email="Zoe@exemple.fr", reason="objection")
    waiting.refresh_from_db()
    assert waiting.email == "" and not waiting.is_open
