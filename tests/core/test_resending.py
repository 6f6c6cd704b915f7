"""What was typed is never lost: the session ended, or the form expired, before it was sent."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from maillage.directory.models import Note
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_network
from tests.support.forms import Forms

OURS = {"origin": "http://testserver"}
NOTE = "La directrice préfère qu'on l'appelle le matin."


@pytest.fixture
def note(network):
    return reverse("directory:actor_note", args=[make_actor(network, "Musée").pk])


def test_a_form_sent_after_the_session_ended_waits_for_who_signs_in(note, network):
    visitor = Client(enforce_csrf_checks=False)
    answer = visitor.post(note, {"body": NOTE, "cle": "a1"}, headers=OURS | {"referer": "http://testserver/travail/"})
    assert answer.status_code == 401
    assert f'action="{note}"' in answer.text
    assert Forms(answer.text, note).values["body"].strip() == NOTE
    assert "next=/travail/" in answer.text
    assert "<blockquote>La directrice" in answer.text
    assert Note.objects.count() == 0


def test_an_expired_form_comes_back_with_a_fresh_token_and_is_sent_by_a_button(note, network):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_person(network, "animator"))
    answer = client.post(note, {"body": NOTE, "csrfmiddlewaretoken": "x" * 64}, headers=OURS)
    assert answer.status_code == 403
    given = Forms(answer.text, note).values
    assert given["body"].strip() == NOTE
    assert client.post(note, given, headers=OURS).status_code == 302
    assert [each.body for each in Note.objects.all()] == [NOTE]


@pytest.mark.parametrize("headers", [{}, {"origin": "https://ailleurs.exemple"}, {"origin": "null"}])
def test_a_form_of_another_site_is_never_given_back(note, network, headers):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_person(network, "animator"))
    answer = client.post(note, {"body": NOTE}, headers=headers)
    assert answer.status_code == 403
    assert "directrice" not in answer.text
    assert Client().post(note, {"body": NOTE}, headers=headers).status_code == 302


def test_neither_a_secret_nor_a_book_is_given_back(note, network):
    for fields in ({"body": NOTE, "new_password1": "secret"}, {"body": "a" * 300_001}):
        assert Client().post(note, fields, headers=OURS).status_code == 302


def test_files_are_said_to_be_chosen_again(note, network):
    sent = {"body": NOTE, "photo": SimpleUploadedFile("photo.png", b"x")}
    assert "Les fichiers joints ne sont pas gardés" in Client().post(note, sent, headers=OURS).text


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(note, network):
    answer = Client().post(note, {}, headers=OURS | {"referer": "http://testserver/travail/file/?nature=claim"})
    assert answer.headers["Location"].endswith("next=/travail/file/%3Fnature%3Dclaim")
    elsewhere = Client().post(note, {}, headers={"referer": "https://ailleurs.exemple/piege/"})
    assert elsewhere.headers["Location"].endswith(f"next={note}")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_someone_signs_in_again_in_another_tab_and_sends_what_they_had_written(page, sign_in, axe, fits):
    network = make_network(host="localhost")
    user, actor = make_person(network, "animator"), make_actor(network, "Musée")
    sign_in(page, user)
    page.goto(f"/travail/acteurs/{actor.pk}/")
    page.get_by_label("Nouvelle note").fill(NOTE)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Ajouter la note").click()
    expect(page.get_by_role("heading", name="Rien de ce que vous avez écrit n'est perdu")).to_be_visible()
    axe(page)
    fits(page)
    sign_in(page, user)
    page.get_by_role("button", name="Envoyer de nouveau").click()
    expect(page.get_by_text(NOTE)).to_be_visible()
    assert Note.objects.get().body == NOTE
