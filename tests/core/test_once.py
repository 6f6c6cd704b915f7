"""A form sent twice makes one object, whatever makes it be sent twice."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import ApiToken, Invitation, Role, User
from maillage.core import jobs, once
from maillage.core.models import Job, Submission
from maillage.core.viewer import RoleKind
from maillage.directory.models import Actor, Note
from maillage.exchange.models import Batch
from maillage.networks.models import ConsortiumMember
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.directory import make_actor, make_commune, make_network, make_term

ADD = "/travail/acteurs/nouveau/"


@pytest.fixture
def network(db):
    return make_network(host="testserver", contact_email="equipe@exemple.fr")


@pytest.fixture
def admin(network):
    user = User.objects.create_user("a@exemple.test", name="Camille Rey")
    Role.objects.create(user=user, network=network, kind=RoleKind.NETWORK_ADMIN)
    return user


@pytest.fixture
def filled(network):
    """The form that adds an actor, filled."""
    make_commune("34172", "Montpellier")
    family = make_term("family", "musee", label="Musée")
    empty = dict.fromkeys(("acronym", "website", "email", "siret", "siren", "rna", "parent"), "")
    return empty | {
        "kind": "organisation",
        "name": "Planétarium du Clos",
        "family": family.pk,
        "commune": "Montpellier",
    }


def key_of(response):
    return re.search(r'name="cle" value="([0-9a-f-]{36})"', response.text)[1]


def send_twice(client, address, data, page=""):
    """Send what the page gives, twice; the address both answers lead to."""
    data = {"cle": key_of(client.get(page or address)), **data}
    answers = [client.post(address, dict(data)) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    return answers[0].url


def test_a_double_click_adds_one_actor(client, admin, filled):
    client.force_login(admin)
    led_to = send_twice(client, ADD, filled)
    assert led_to == reverse("directory:actor_edit_step", args=[Actor.objects.get().pk, "activite"])
    assert "Ce formulaire était déjà parti" in client.get(led_to).text


def test_each_page_gives_a_key_of_its_own(client, admin):
    client.force_login(admin)
    assert key_of(client.get(ADD)) != key_of(client.get(ADD))


def test_a_page_kept_by_the_browser_and_filled_again_is_a_new_sending(client, admin, filled):
    client.force_login(admin)
    key = key_of(client.get(ADD))
    for name in ("Planétarium du Clos", "Herbier des Garrigues"):
        client.post(ADD, filled | {"name": name, "cle": key})
    assert Actor.objects.count() == 2


def test_what_was_refused_may_be_sent_again(client, admin, filled):
    client.force_login(admin)
    refused = client.post(ADD, filled | {"name": "", "cle": key_of(client.get(ADD))})
    assert (refused.status_code, Submission.objects.count()) == (422, 0)
    assert client.post(ADD, filled | {"cle": key_of(refused)}).status_code == 302


def test_the_key_of_another_person_is_worth_nothing(client, admin, filled, network):
    other = User.objects.create_user("b@exemple.test", name="Lou Martin")
    Role.objects.create(user=other, network=network, kind=RoleKind.ANIMATOR)
    key = str(uuid4())
    for user in (admin, other):
        client.force_login(user)
        client.post(ADD, filled | {"name": f"Club de {user.name}", "cle": key})
    assert Actor.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x", "'; --", "0" * 5000])
def test_a_key_that_is_none_protects_nothing_and_breaks_nothing(client, admin, filled, key):
    client.force_login(admin)
    assert client.post(ADD, filled | {"cle": key}).status_code == 302
    assert not Submission.objects.exists()


def test_a_note_is_written_once(client, admin, network):
    client.force_login(admin)
    actor = make_actor(network)
    page = reverse("directory:actor_work", args=[actor.pk])
    send_twice(client, reverse("directory:actor_note", args=[actor.pk]), {"body": "Rappeler lundi"}, page)
    assert Note.objects.count() == 1


def test_a_visitor_writes_once(client, network):
    actor = make_actor(network, "Muséum", email="accueil@museum.fr")
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get(reverse("directory:actor_contact", args=[actor.slug]))
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page.text))
    hidden["opened"] = _opened_a_minute_ago()
    data = hidden | {"name": "Ana", "email": "ana@exemple.fr", "message": "Bonjour, un intervenant ?", "site": ""}
    answers = [visitor.post(page.request["PATH_INFO"], data) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert Job.objects.filter(task__contains="mail").count() == 1


def _opened_a_minute_ago():
    import time

    from django.core import signing

    return signing.dumps(int(time.time()) - 60, salt="directory.contact")


def test_a_bulk_change_is_done_once(client, admin, network):
    client.force_login(admin)
    query = f"{reverse('directory:actors_bulk')}?acteur={make_actor(network).pk}&n-source=Forum"
    send_twice(client, query, {"lu": client.get(query).context["digest"]})
    assert Batch.objects.count() == 1


def test_a_file_is_received_once(client, admin):
    client.force_login(admin)
    address = reverse("exchange:batch_create")
    key = key_of(client.get(address))
    for _ in range(2):
        file = SimpleUploadedFile("liste.csv", b"Nom;Ville\nAstro;Auch\nClub;Albi\n")
        assert client.post(address, {"file": file, "target": "actors", "cle": key}).status_code == 302
    assert Batch.objects.count() == 1


def test_invitations_leave_once(client, admin):
    client.force_login(admin)
    data = {"emails": "lou@exemple.test", "kind": "animator", "language": "fr"}
    send_twice(client, reverse("people:invitation_create"), data)
    assert Invitation.objects.count() == 1
    assert Job.objects.filter(task__contains="mail").count() == 1


def test_an_association_is_added_once(client, admin):
    client.force_login(admin)
    send_twice(client, reverse("networks:consortium_create"), {"name": "Les Petits Curieux", "position": "1"})
    assert ConsortiumMember.objects.count() == 1


def test_of_two_tokens_asked_for_at_once_the_first_alone_is_made(client, network):
    person = make_person(network)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    address = reverse("accounts:token_list")
    data = {"name": "Tableur", "scopes": ["read"], "days": 30, "cle": key_of(client.get(address))}
    first, second = client.post(address, data), client.post(address, data)
    assert (first.status_code, second.status_code, second["Location"]) == (200, 302, address)
    assert ApiToken.objects.count() == 1


def test_old_keys_are_forgotten(db):
    for age in (0, 3):
        kept = Submission.objects.create(fingerprint=str(age), led_to="/")
        Submission.objects.filter(pk=kept.pk).update(at=timezone.now() - timedelta(days=age))
    once.forget_submissions.enqueue()
    jobs.run_waiting()
    assert [each.fingerprint for each in Submission.objects.all()] == ["0"]


def test_a_sending_whose_process_was_killed_may_be_sent_again(client, admin, filled):
    client.force_login(admin)
    data = filled | {"cle": key_of(client.get(ADD))}
    client.post(ADD, data)
    Actor.objects.all().delete()
    age = timezone.now() - once.DEAD - timedelta(seconds=1)
    Submission.objects.update(led_to="", at=age)
    assert client.post(ADD, data).status_code == 302
    assert Actor.objects.count() == 1


def test_a_second_sending_does_not_wait_for_ever(client, admin, filled, monkeypatch):
    monkeypatch.setattr(once, "PATIENCE", 0.1)
    client.force_login(admin)
    data = filled | {"cle": key_of(client.get(ADD))}
    client.post(ADD, data)
    Submission.objects.update(led_to="")
    answer = client.post(ADD, data)
    assert (answer.status_code, "n&#x27;a pas fini" in answer.text) == (409, True)


@pytest.mark.django_db(transaction=True)
def test_of_eight_sendings_at_the_same_instant_one_adds_the_actor(admin, filled):
    first = Client()
    first.force_login(admin)
    data = filled | {"cle": key_of(first.get(ADD))}

    def send(_number):
        try:
            one = Client()
            one.cookies = first.cookies
            answer = one.post(ADD, data)
            return answer.status_code, answer.url
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(send, range(8)))
    where = reverse("directory:actor_edit_step", args=[Actor.objects.get().pk, "activite"])
    assert answers == {(302, where): 8}
