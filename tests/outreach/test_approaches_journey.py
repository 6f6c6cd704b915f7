"""In a real browser: a list from a filter, approaches, a campaign, an answer on a phone without account, the results."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect

from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind
from maillage.directory.actions.listing import set_circle
from maillage.outreach.models import Approach
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.factories.outreach import make_approach, make_list

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_a_filter_to_the_answer_of_an_actor(page, phone, live_server, smtp_server, axe, fits, shot):
    cache.clear()
    network = make_network(host="localhost", contact_email="equipe@exemple.test")
    person = make_person(network, RoleKind.ANIMATOR, email="camille@exemple.test", name="Camille Rey")
    for name in ("Ferme des Aulnes", "Moulin de l'Orb"):
        actor = make_actor(network, name, email=f"{name.split()[0].lower()}@exemple.test", commune=make_commune())
        set_circle(by=viewer(person, network), actor=actor, circle=3, reason="vu", source="")
    client = Client()
    client.force_login(person)
    session = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": session, "value": client.cookies[session].value, "url": live_server.url}])

    page.goto("/travail/acteurs/?cercle=3")
    page.get_by_text("Liste cible", exact=True).click()
    page.get_by_role("button", name="Des 2 acteurs").click()
    expect(page.get_by_role("heading", name="Faire une liste de 2 acteurs")).to_be_visible()
    axe(page)
    page.get_by_label("Nom de la liste").fill("Fermes et moulins")
    page.get_by_role("button", name="Faire la liste").click()
    expect(page.locator("#messages")).to_contain_text("La liste est faite.")
    page.get_by_text("Commencer 2 approches").click()
    page.get_by_label("Pourquoi nous pensons que vous en êtes").fill("Vos visites expliquent l'eau et le vivant.")
    axe(page)
    fits(page)
    shot(page, "list")
    page.get_by_role("button", name="Commencer les 2 approches").click()
    expect(page.locator("#messages")).to_contain_text("2 approches sont commencées.")

    page.get_by_role("link", name="Préparer une campagne").click()
    page.get_by_label("Objet").fill("Une balade près de {commune}")
    axe(page)
    page.get_by_role("button", name="Enregistrer et relire").click()
    expect(page.get_by_text("Vos visites expliquent l'eau et le vivant.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Vérifier et envoyer").click()
    axe(page)
    fits(page)
    page.get_by_role("button", name="Envoyer à 2 acteurs").click()
    expect(page.locator("#messages")).to_contain_text("La campagne part.")
    axe(page)
    run_waiting()

    letter = next(each for each in smtp_server.received if each["To"] == "ferme@exemple.test")
    link = re.search(r"/proposition/\S+", letter.get_body(("plain",)).get_content())[0]
    phone.goto(live_server.url.replace("127.0.0.1", "localhost") + link)
    expect(phone.get_by_role("heading", name="Une balade près de Montpellier")).to_be_visible()
    axe(phone)
    fits(phone)
    shot(phone, "proposal")
    phone.get_by_role("button", name="Cela m’intéresse").click()
    expect(phone.get_by_text("Vous avez répondu")).to_be_visible()
    axe(phone)
    fits(phone)
    assert Approach.objects.get(actor__name="Ferme des Aulnes").stage == "interested"

    page.reload()
    expect(page.get_by_role("cell", name="intéressé").first).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "campaign")
    page.goto("/travail/approches/")
    expect(page.get_by_role("region", name="intéressé")).to_contain_text("Ferme des Aulnes")
    axe(page)
    fits(page)
    shot(page, "board")
    page.get_by_role("link", name="Moulin de l'Orb", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Moulin de l'Orb")).to_be_visible()
    axe(page)
    fits(page)
    page.get_by_label("Nouvelle étape").select_option("met")
    page.get_by_role("button", name="Passer à cette étape").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Moulin de l'Orb : rencontré.")


def test_the_board_is_a_list_by_stage_on_a_phone(phone, live_server, axe, fits, shot):
    cache.clear()
    network = make_network(host="localhost")
    person = make_person(network, RoleKind.ANIMATOR, email="camille@exemple.test")
    for rank in range(3):
        make_approach(make_actor(network, f"Ferme au nom assez long pour un téléphone {rank}", commune=make_commune()))
    kept = make_list(network, make_actor(network))
    client = Client()
    client.force_login(person)
    session = settings.SESSION_COOKIE_NAME
    phone.context.add_cookies([{"name": session, "value": client.cookies[session].value, "url": live_server.url}])
    for path in ("/travail/approches/", "/travail/approches/?etape=contact", kept.get_absolute_url(), "/travail/listes/",
                 "/travail/campagnes/", "/travail/approches/nouvelle/", f"/travail/campagnes/nouvelle/?liste={kept.pk}"):  # fmt: skip
        phone.goto(path)
        expect(phone.locator("h1")).to_be_visible()
        axe(phone)
        fits(phone)
    phone.goto("/travail/approches/")
    shot(phone, "board-phone")
