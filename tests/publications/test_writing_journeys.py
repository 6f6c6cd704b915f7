"""In a real browser: a text from a phone, published, corrected as one types, commented; every working page clean and within
the screen."""

import io
import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from maillage.core.viewer import RoleKind
from maillage.publications import actions
from maillage.publications.actions.telling import credit_token
from maillage.publications.models import Publication, Version
from tests.factories.agenda import make_event
from tests.factories.directory import make_network
from tests.factories.publications import make_person, make_publication

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network():
    cache.clear()
    return make_network(host="localhost")


@pytest.fixture
def nadia(network):
    return make_person(network, "Nadia Ferrand")


@pytest.fixture
def team(network):
    return make_person(network, "Camille Rey", RoleKind.ANIMATOR)


@pytest.fixture
def sign_in(live_server):
    """Several people at once: each has a session of their own."""

    def do(page, viewer):
        client = Client()
        client.force_login(viewer.user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return do


def photo():
    out = io.BytesIO()
    Image.new("RGB", (640, 400), "teal").save(out, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_from_a_phone_a_text_is_told_published_corrected_and_commented(phone, page, sign_in, nadia, team, axe, fits):
    sign_in(phone, nadia)
    sign_in(page, team)

    phone.goto(reverse("publications:contribute"))
    axe(phone)
    fits(phone)
    phone.get_by_role("link", name=re.compile("Un article")).click()
    axe(phone)
    fits(phone)
    phone.get_by_label("Titre").fill("Une nuit à compter les chauves-souris")
    phone.locator("[name=text]").fill("Nous étions douze.\n\nIl faisait nuit [note : Le 12 juin.].")
    phone.locator("[name=image]").set_input_files([photo()])
    phone.get_by_role("button", name="Proposer à l’équipe").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    expect(phone.get_by_text("Votre photo est gardée")).to_be_visible()
    phone.get_by_label("Ce que montre la photo").fill("Un ciel bleu")
    phone.get_by_label("Qui a fait la photo").fill("Nadia")
    phone.get_by_label("Droits").select_option("cc-by")
    phone.get_by_role("button", name="Proposer à l’équipe").click()
    expect(phone.get_by_text("L’équipe d’animation relit ce texte")).to_be_visible()
    text = Publication.objects.get()

    page.goto(reverse("directory:queue"))
    page.get_by_role("link", name=re.compile("chauves-souris")).click()
    axe(page)
    fits(page)
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_text("les personnes qui signent sont prévenues")).to_be_visible()

    phone.goto(reverse("publications:publication_edit", args=[text.pk]))
    phone.get_by_label("Chapeau").fill("Douze personnes, une nuit.")
    expect(phone.get_by_text(re.compile("^Enregistré à"))).to_be_visible()
    version = Version.objects.being_written().get()
    assert version.values == {"summary": "Douze personnes, une nuit."}
    axe(phone)
    fits(phone)
    phone.goto(reverse("publications:version_show", args=[version.pk]))
    axe(phone)
    fits(phone)
    phone.get_by_role("button", name="Proposer", exact=True).click()
    page.goto(reverse("publications:version_show", args=[version.pk]))
    axe(page)
    page.get_by_role("button", name="Publier cette modification").click()
    page.goto(text.get_absolute_url())
    expect(page.get_by_text("Douze personnes, une nuit.").first).to_be_visible()
    page.get_by_role("link", name="1", exact=True).click()
    expect(page.get_by_text("Le 12 juin.")).to_be_in_viewport()
    page.get_by_label("Votre commentaire").fill("Belle nuit.")
    page.get_by_role("button", name="Commenter").click()
    expect(page.get_by_role("heading", name="1 commentaire")).to_be_visible()
    axe(page)
    fits(page)


def test_every_working_page_is_clean_and_within_the_screen(phone, page, sign_in, nadia, team, network, axe, fits):
    text = make_publication(nadia, "Un texte tenu")
    dossier = make_publication(team, "Un dossier", kind="dossier", state="draft")
    address = make_event(network).get_absolute_url()
    asked = actions.ask_credit(by=team, publication=dossier, name="Inès Roux", email="ines@exemple.test")
    sign_in(page, team)
    page.goto(reverse("publications:publication_pieces", args=[dossier.pk]))
    page.get_by_label("Adresse d'une page").fill(address)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_text("est dans le dossier")).to_be_visible()
    sign_in(phone, team)
    shared = [
        reverse("publications:publication_work", args=[dossier.pk]),
        *(reverse(f"publications:publication_{name}", args=[dossier.pk]) for name in ("pieces", "credits", "media")),
        reverse("publications:publication_settings", args=[dossier.pk]),
        *(reverse("publications:publication_edit_step", args=[dossier.pk, step]) for step in ("image", "rangement")),
        reverse("publications:publication_table"),
        reverse("publications:own_publications"),
    ]
    alone = [
        reverse("publications:own_credits"),
        reverse("publications:version_list", args=[text.pk]),
        reverse("publications:publication_hide", args=[text.pk]),
        reverse("publications:publication_take_back", args=[text.pk]),
        reverse("publications:credit_answer", args=[credit_token(asked)]),
    ]
    for where, addresses in ((phone, shared), (page, [*shared[:3], *alone])):
        for each in addresses:
            where.goto(each)
            expect(where.get_by_role("heading", level=1)).to_be_visible()
            axe(where)
            fits(where)


def test_a_text_not_sent_yet_is_there_after_a_reload(page, sign_in, nadia):
    sign_in(page, nadia)
    page.goto(reverse("publications:publication_propose", args=["articles"]))
    page.get_by_label("Titre").fill("Les lucioles")
    page.get_by_label("Texte").fill("Elles s'éteignent.")
    expect(page.locator("#enregistre")).to_contain_text("Gardé dans vos brouillons", timeout=10_000)
    page.get_by_label("En deux phrases").fill("Pourquoi.")
    page.wait_for_timeout(4500)  # Longer than the pause before a save.
    assert (Publication.objects.get().summary, Publication.objects.count()) == ("Pourquoi.", 1)
    page.reload()
    expect(page.get_by_label("Titre")).to_have_value("Les lucioles")
    expect(page.get_by_role("textbox", name="Texte", exact=True)).to_contain_text("Elles s'éteignent.")


def test_what_was_kept_is_what_is_sent(page, sign_in, nadia):
    sign_in(page, nadia)
    page.goto(reverse("publications:publication_propose", args=["articles"]))
    page.get_by_label("Titre").fill("Les lucioles")
    page.get_by_label("Texte").fill("Elles s'éteignent.")
    expect(page.locator("#enregistre")).to_contain_text("Gardé dans vos brouillons", timeout=10_000)
    page.get_by_role("button", name="Proposer à l’équipe").click()
    expect(page.get_by_text("C’est envoyé").or_(page.get_by_text("C'est envoyé")).first).to_be_visible()
    assert list(Publication.objects.values_list("title", "state")) == [("Les lucioles", "proposed")]
