"""In a real browser: an editor writes on a phone, the team refuses and says why, the editor answers, the sheet changes."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from maillage.directory.enums import MemberRole
from maillage.directory.models import ActorMember
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_commune, make_network

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network():
    cache.clear()
    return make_network(host="localhost", contact_email="equipe@exemple.test")


@pytest.fixture
def sign_in(live_server):
    """Several people at once: each has a session of their own."""

    def do(page, person):
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return do


@pytest.fixture
def actor(network):
    return make_actor(network, "Musée des sels", phone="04 67 00 00 00", commune=make_commune())


def test_words_wait_are_refused_with_a_reason_proposed_again_and_published(
    phone, page, sign_in, network, actor, axe, fits, shot
):
    editor, team = make_person(network, name="Léo Astier"), make_person(network, "animator", name="Noé Cabanel")
    ActorMember.objects.create(actor=actor, user=editor, role=MemberRole.EDITOR)
    sign_in(phone, editor)
    sign_in(page, team)

    phone.goto(reverse("directory:actor_edit_step", args=[actor.pk, "contact"]))
    expect(phone.get_by_text("L’équipe relit avant de publier")).to_be_visible()
    axe(phone)
    fits(phone)
    phone.get_by_role("textbox", name=re.compile("Téléphone")).fill("04 67 99 99 99")
    phone.get_by_role("button", name="Proposer", exact=True).click()
    expect(phone.get_by_role("heading", name="Votre modification attend la relecture de l’équipe")).to_be_visible()
    axe(phone)
    fits(phone)
    shot(phone, "revision-waits")

    page.goto(reverse("directory:queue") + "?nature=revision")
    axe(page)
    page.get_by_role("link", name=re.compile("Léo Astier")).click()
    expect(page.get_by_role("heading", name="Ne pas retenir")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "revision-review")
    page.get_by_role("button", name="Refuser en disant pourquoi").click()
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)
    page.get_by_label("invérifiable").check()
    page.get_by_label("Explication").fill("Le numéro ne répond pas.")
    page.get_by_role("button", name="Refuser en disant pourquoi").click()
    expect(page.get_by_text("la personne reçoit vos raisons")).to_be_visible()

    phone.goto(reverse("directory:own_sheet", args=[actor.pk]))
    fits(phone)
    phone.get_by_role("link", name=re.compile("Votre modification n’est pas retenue")).click()
    expect(phone.get_by_text("Le numéro ne répond pas.")).to_be_visible()
    axe(phone)
    fits(phone)
    shot(phone, "revision-refused")
    phone.get_by_role("link", name="Contact", exact=True).click()
    expect(phone.get_by_role("textbox", name=re.compile("Téléphone"))).to_have_value("04 67 99 99 99")
    phone.get_by_role("textbox", name=re.compile("Téléphone")).fill("04 67 11 22 33")
    phone.get_by_role("button", name="Proposer", exact=True).click()
    expect(phone.get_by_role("heading", name="Votre modification attend la relecture de l’équipe")).to_be_visible()

    page.goto(reverse("directory:queue"))
    page.get_by_role("link", name=re.compile("Léo Astier")).click()
    expect(page.get_by_text("Déjà refusée")).to_be_visible()
    page.get_by_role("button", name="Retenir les champs cochés").click()
    expect(page.get_by_text("La fiche est à jour")).to_be_visible()
    actor.refresh_from_db()
    assert actor.phone == "04 67 11 22 33" and actor.wrote_itself("phone")
    page.goto(actor.get_absolute_url())
    expect(page.get_by_text("04 67 11 22 33").first).to_be_visible()
    page.goto(reverse("directory:contributor_show", args=[editor.pk]))
    axe(page)
    fits(page)
    page.goto(reverse("directory:contributor_list"))
    axe(page)
    fits(page)
