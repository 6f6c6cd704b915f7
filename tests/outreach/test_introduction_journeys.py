"""In a real browser: from a question to an introduction in less than a minute of typed actions; links and own pages on a phone."""

import re
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from maillage.core.viewer import RoleKind
from maillage.directory.models import ActorMember
from maillage.outreach.models import Introduction, Partnership
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.outreach import make_introduction, make_partnership

pytestmark = pytest.mark.django_db(transaction=True)
TYPING = 0.2  # Seconds a key: someone who types slowly.


@pytest.fixture
def network():
    cache.clear()
    return make_network(host="localhost", contact_email="equipe@exemple.test")


@pytest.fixture
def actors(network):
    commune = make_commune("34172", "Montpellier")
    terms = [
        make_term("theme", "astronomie-et-espace", label="Astronomie et espace"),
        make_term("action_kind", "atelier", label="Atelier"),
        make_term("audience", "scolaires-lycee", label="Scolaires : lycée"),
    ]
    make_term("mission", "partenariats", label="Partenariats")
    found = make_actor(network, "Astroclub du Pic", commune=commune, email="astro@exemple.test", terms=terms)
    asker = make_actor(network, "Lycée des Étoiles", commune=commune, email="lycee@exemple.test")
    return asker, found


def test_from_a_question_to_an_introduction_in_three_interactions(page, sign_in, network, actors, axe, fits, shot):
    asker, found = actors
    sign_in(page, make_person(network, RoleKind.ANIMATOR, name="Camille Rey"))
    page.goto(reverse("outreach:question"))
    axe(page)
    begun, typed = time.monotonic(), 0
    question, name = "un atelier d'astronomie pour des lycéens à Montpellier", "Lycée des Ét"
    box = page.get_by_role("searchbox", name="Votre question")
    box.fill(question)
    box.press("Enter")
    typed += len(question) + 1
    expect(page.get_by_role("link", name=re.compile("Retirer le filtre : Atelier"))).to_be_visible()
    page.get_by_role("link", name="Mettre en relation avec Astroclub du Pic").click()
    expect(page.get_by_label("Ce qui est cherché")).to_have_value(question)
    expect(page.get_by_label("Pourquoi vous")).to_have_value(re.compile("astronomie et espace"))
    page.get_by_role("combobox", name="Un acteur de l'annuaire").press_sequentially(name)
    typed += len(name)
    page.get_by_role("option", name=re.compile("Lycée des Étoiles")).click()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("La demande est partie")).to_be_visible()
    assert time.monotonic() - begun + typed * TYPING < 60
    introduction = Introduction.objects.get()
    assert (introduction.asker.actor, introduction.found.actor) == (asker, found)
    axe(page)
    fits(page)
    shot(page, "introduction")


def test_the_messages_are_seen_before_they_leave_and_errors_lose_nothing(phone, sign_in, network, actors, axe, fits):
    _asker, found = actors
    sign_in(phone, make_person(network, RoleKind.ANIMATOR))
    phone.goto(reverse("outreach:introduction_new") + f"?acteur={found.pk}")
    phone.get_by_label("Ce qui est cherché").fill("Une veillée")
    phone.get_by_role("button", name="Voir les messages").click()
    expect(phone.get_by_text("Dites qui demande").first).to_be_visible()
    expect(phone.get_by_label("Ce qui est cherché")).to_have_value("Une veillée")
    axe(phone)
    phone.get_by_text("Une personne hors de l’annuaire").click()
    phone.get_by_label("Son nom").fill("Odile Marty")
    phone.get_by_label("Son adresse e-mail").fill("odile@exemple.test")
    phone.get_by_label("Son adresse e-mail").press("Enter")
    expect(phone.get_by_text("Odile Marty cherche")).to_be_in_viewport()
    expect(phone.get_by_role("heading", name="Ce que chacun lira")).to_be_focused()
    axe(phone)
    fits(phone)
    assert not Introduction.objects.exists()


def test_both_sides_agree_tell_and_confirm_on_a_phone(phone, network, actors, axe, fits):
    asker, found = actors
    introduction = make_introduction(network, asker, found)
    for side in introduction.sides.all():
        phone.goto(reverse("outreach:introduction_link", args=[side.pk, side.token]))
        axe(phone)
        fits(phone)
        phone.get_by_role("button", name="Oui, mettez-nous en relation").click()
        expect(
            phone.get_by_text(re.compile("Votre réponse est enregistrée|Vous êtes en contact")).first
        ).to_be_visible()
    side = introduction.found
    phone.goto(reverse("outreach:introduction_news", args=[side.pk, side.token]) + "?reponse=project")
    axe(phone)
    phone.get_by_role("button", name="Un projet est né").click()
    expect(phone.get_by_role("heading", name="Déclarer ce partenariat")).to_be_visible()
    axe(phone)
    fits(phone)
    phone.get_by_role("button", name="Déclarer").click()
    expect(phone.get_by_role("heading", name="Partenariat déclaré")).to_be_visible()
    made = Partnership.objects.get()
    phone.goto(reverse("outreach:partnership_link", args=[made.pk, made.token]))
    axe(phone)
    phone.get_by_role("button", name="Oui, je confirme").click()
    expect(phone.get_by_text("ce partenariat est compté")).to_be_visible()
    fits(phone)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_working_pages_are_clean_and_fit(browse, sign_in, network, actors, axe, fits, shot, width):
    asker, found = actors
    page = browse(width=width)
    person = make_person(network, RoleKind.ANIMATOR)
    sign_in(page, person)
    met = make_introduction(network, asker, found, met=20, author=person)
    make_introduction(network, None, asker, author=person)
    made = make_partnership(network, asker, found, expires_at=timezone.now() + timedelta(days=3))
    ActorMember.objects.create(actor=found, user=person)
    for path in (
        reverse("outreach:question") + "?q=atelier+d'astronomie+à+Montpellier",
        reverse("outreach:introduction_list"),
        met.get_absolute_url(),
        reverse("outreach:partnership_list"),
        reverse("outreach:partnership_new"),
        made.get_absolute_url(),
        reverse("outreach:own_relations"),
        reverse("directory:actor_work", args=[found.pk]),
    ):
        page.goto(path)
        axe(page)
        fits(page)
    shot(page, "relations", dark=False)
