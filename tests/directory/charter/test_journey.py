"""In a real browser: the team sends the link, someone signs on a phone without an account, the proof is read, the list shows it."""

import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from maillage.accounts.models import Role, User
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind
from maillage.directory.models import Signature
from tests.factories.directory import make_actor, make_charter, make_commune, make_network, make_signature, make_term

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network():
    return make_network(host="localhost")


@pytest.fixture
def animator(network):
    user = User.objects.create_user("a@exemple.test", name="Camille Rey")
    Role.objects.create(user=user, network=network, kind=RoleKind.ANIMATOR)
    return user


@pytest.fixture
def admin(network):
    user = User.objects.create_user("b@exemple.test", name="Ada Ministre")
    Role.objects.create(user=user, network=network, kind=RoleKind.NETWORK_ADMIN)
    return user


@pytest.mark.on_both
def test_from_the_link_that_the_team_sends_to_the_name_on_the_list(
    page, phone, sign_in, network, animator, smtp_server, axe, fits, shot
):
    make_charter(network, "<h2>L'intérêt public</h2><p>Nous partageons les sciences.</p>")
    actor = make_actor(
        network,
        "Musée des vents",
        email="musee@exemple.test",
        commune=make_commune(),
        family=make_term("family", "musee"),
    )
    sign_in(page, animator)
    page.goto(f"/travail/acteurs/{actor.pk}/")
    axe(page)
    page.get_by_role("button", name="Envoyer le lien de signature").click()
    expect(page.get_by_text("Le lien de signature est parti à musee@exemple.test.")).to_be_visible()
    axe(page)
    run_waiting()
    (message,) = smtp_server.received
    assert message["To"] == "musee@exemple.test"
    text = message.get_body(("plain",)).get_content()
    path = re.search(r"https?://[^/\s]+(/charte/signer/\S+)", text)[1]

    phone.goto(path)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Signer la charte pour Musée des vents")
    expect(phone.get_by_text("Nous partageons les sciences.")).to_be_visible()
    axe(phone)
    fits(phone)
    shot(phone, "charter-sign")
    phone.get_by_label("Votre nom et votre prénom").fill("Odile Marty")
    phone.get_by_label("Votre qualité").fill("directrice")
    phone.get_by_label("Votre adresse e-mail").fill("odile@exemple.test")
    phone.get_by_label("Montrer mon nom et ma qualité").check()
    phone.get_by_role("button", name="Signer la charte").click()
    expect(phone.get_by_role("alert")).to_contain_text("Cochez cette case")
    expect(phone.get_by_label("Votre qualité")).to_have_value("directrice")
    axe(phone)
    phone.get_by_label("J'ai mandat pour engager la structure").check()
    phone.get_by_role("button", name="Signer la charte").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("La charte est signée")
    axe(phone)
    fits(phone)
    shot(phone, "charter-proof")
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Télécharger la preuve (PDF)").click()
    document = PdfReader(download.value.path())
    read = " ".join(" ".join(each.extract_text() for each in document.pages).split())
    assert document.trailer["/Root"]["/Lang"] == "fr"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    for word in ("Musée des vents", "Odile Marty", "directrice", "Nous partageons les sciences."):
        assert word in read
    assert Signature.objects.get().text_sha256 in read.replace(" ", "")

    phone.get_by_role("link", name="Voir tous les signataires").click()
    expect(phone.get_by_text("Odile Marty, directrice")).to_be_visible()
    axe(phone)
    fits(phone)
    phone.goto(path)
    expect(phone.get_by_text("a déjà signé la charte pour Musée des vents")).to_be_visible()
    axe(phone)
    page.goto(actor.get_absolute_url())
    expect(page.get_by_text("Signataire de la charte depuis le")).to_be_visible()


def test_an_administrator_writes_reads_and_publishes_a_new_version(page, sign_in, network, admin, axe, fits, shot):
    make_signature(make_actor(network), make_charter(network))
    sign_in(page, admin)
    page.goto("/travail/charte/")
    axe(page)
    page.get_by_role("link", name="Préparer une nouvelle version").click()
    zone = page.get_by_role("textbox", name="Texte")
    expect(zone).to_be_visible()
    axe(page)
    zone.fill("Un texte qui change tout.")
    page.get_by_label("Le fond : chacun est invité à signer de nouveau").check()
    page.get_by_role("button", name="Enregistrer et relire").click()
    expect(page.get_by_text("1 signataire est invité à signer de nouveau")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "charter-publish")
    page.get_by_label("J'ai relu ce texte").check()
    page.get_by_role("button", name="Publier et demander une nouvelle signature").click()
    expect(page.get_by_text("La charte 2.0 est publiée.")).to_be_visible()
    expect(page.get_by_role("link", name="1 à signer de nouveau")).to_be_visible()
    axe(page)
    shot(page, "charter-work")


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_the_charter_is_clean(browse, sign_in, network, animator, axe, fits, width):
    charter = make_charter(network)
    actor = make_actor(network, "Musée des vents", email="m@exemple.test", commune=make_commune())
    make_actor(network, "Club", email="c@exemple.test")
    make_signature(actor, charter, name_is_public=True)
    page = browse(width=width)
    sign_in(page, animator)
    for address in (
        "/charte/",
        "/charte/1.0/",
        "/charte/signataires/",
        "/charte/signataires/?famille=rien",
        "/travail/charte/",
        "/travail/charte/projet/",
        "/travail/charte/acteurs/",
        "/travail/charte/acteurs/?etat=echue",
        "/travail/charte/envoyer/?tous=1&etat=jamais",
        f"/travail/acteurs/{actor.pk}/charte/",
        actor.get_absolute_url(),
    ):
        page.goto(address)
        axe(page)
        fits(page)


def test_the_charter_is_signed_without_script(browse, network):
    from maillage.core.viewer import Viewer
    from maillage.directory.actions.charter import send_link

    make_charter(network)
    actor = make_actor(network, "Musée des vents", email="m@exemple.test")
    link = send_link(by=Viewer.as_system(network, "essai"), actor=actor)
    page = browse(javascript=False)
    page.goto(f"/charte/signer/{link.pk}/{link.token}/")
    page.get_by_label("Votre nom et votre prénom").fill("Odile Marty")
    page.get_by_label("Votre qualité").fill("directrice")
    page.get_by_label("Votre adresse e-mail").fill("odile@exemple.test")
    page.get_by_label("J'ai mandat pour engager la structure").check()
    page.get_by_role("button", name="Signer la charte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La charte est signée")
    assert Signature.objects.get().signer_name == "Odile Marty"
