"""In a real browser: claiming a sheet by domain and by code, disputing, sharing and leaving it, suggesting on a phone."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from maillage.core.jobs import run_waiting
from maillage.directory.enums import MemberRole
from maillage.directory.models import ActorMember, Claim, Suggestion
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
    return make_actor(
        network, "Musée des sels", website="https://musee-sels.fr", email="contact@musee-sels.fr", commune=make_commune(),
        phone="04 67 00 00 00",
    )  # fmt: skip


def test_someone_claims_the_sheet_with_the_address_of_its_domain_and_writes_on_it(
    page, sign_in, network, actor, axe, fits, shot
):
    person = make_person(network, email="ana@musee-sels.fr")
    page.goto(actor.get_absolute_url())
    page.get_by_role("link", name="Revendiquer cette fiche").click()
    expect(page).to_have_url(re.compile("/compte/connexion/"))
    sign_in(page, person)
    page.goto(reverse("directory:actor_claim", args=[actor.slug]))
    axe(page)
    fits(page)
    shot(page, "claim")
    page.get_by_role("button", name="Utiliser cette adresse").click()
    expect(page.get_by_text("La fiche est à vous")).to_be_visible()
    axe(page)
    assert ActorMember.objects.get().role == MemberRole.ADMIN
    page.get_by_role("link", name="Modifier", exact=True).first.click()
    expect(page.get_by_role("textbox", name="Nom", exact=True)).to_have_value("Musée des sels")


def test_someone_claims_the_sheet_with_the_code_of_its_mailbox(phone, sign_in, network, actor, smtp_server, axe, fits):
    person = make_person(network, email="leo@ailleurs.fr")
    sign_in(phone, person)
    phone.goto(reverse("directory:actor_claim", args=[actor.slug]))
    phone.get_by_role("button", name="Envoyer le code").click()
    expect(phone.get_by_text("Le code est parti")).to_be_visible()
    axe(phone)
    fits(phone)
    run_waiting()
    letter = next(each for each in smtp_server.received if each["To"] == "contact@musee-sels.fr")
    digits = re.search(r"\b\d{6}\b", letter.get_body(("plain",)).get_content())[0]
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    phone.get_by_label("Le code à 6 chiffres").fill(wrong)
    phone.get_by_role("button", name="Valider le code").click()
    expect(phone.get_by_text("Ce code n'est pas le bon").first).to_be_visible()
    axe(phone)
    phone.get_by_label("Le code à 6 chiffres").fill(f"{digits[:3]} {digits[3:]}")
    phone.get_by_role("button", name="Valider le code").click()
    expect(phone.get_by_text("La fiche est à vous")).to_be_visible()
    assert Claim.objects.get().way == "code"


def test_a_request_is_refused_contested_then_accepted_by_the_team(browse, sign_in, network, actor, axe, fits, shot):
    head = make_person(network, name="Rose Dupuy")
    ActorMember.objects.create(actor=actor, user=head, role=MemberRole.ADMIN)
    claimant, animator = make_person(network, name="Léo Astier"), make_person(network, "animator")
    asking, answering, deciding = browse(), browse(), browse(width=390, height=844)
    for page, person in ((asking, claimant), (answering, head), (deciding, animator)):
        sign_in(page, person)
    asking.goto(reverse("directory:actor_claim", args=[actor.slug]))
    asking.get_by_label("Qui êtes-vous dans cette structure ?").fill("Trop court")
    asking.get_by_role("button", name="Envoyer la demande").click()
    expect(asking.get_by_label("Qui êtes-vous dans cette structure ?")).to_have_value("Trop court")
    axe(asking)
    asking.get_by_label("Qui êtes-vous dans cette structure ?").fill("Je suis le nouveau chargé des publics.")
    asking.get_by_role("button", name="Envoyer la demande").click()
    expect(asking.get_by_text("Vous aurez une réponse avant le")).to_be_visible()
    axe(asking)
    expect(asking.get_by_text("Rose Dupuy")).to_have_count(0)
    answering.goto("/mes-fiches/")
    axe(answering)
    answering.get_by_role("link", name=re.compile("Léo Astier demande")).click()
    axe(answering)
    shot(answering, "claim-answer")
    answering.get_by_role("button", name="Refuser").click()
    expect(answering.get_by_text("Dites pourquoi vous refusez").first).to_be_visible()
    answering.get_by_label("Si vous refusez, pourquoi").select_option("autre")
    answering.get_by_label("Explication").fill("Nous ne vous connaissons pas.")
    answering.get_by_role("button", name="Refuser").click()
    expect(answering.get_by_text("La demande est refusée.")).to_be_visible()
    asking.goto("/mes-demandes/")
    axe(asking)
    asking.get_by_role("link", name="Musée des sels").click()
    expect(asking.get_by_text("Nous ne vous connaissons pas.")).to_be_visible()
    asking.get_by_label(re.compile("Pourquoi cette réponse")).fill("Mon contrat a commencé hier.")
    asking.get_by_role("button", name="Demander un nouvel examen").click()
    expect(asking.get_by_text("L'équipe d'animation relira votre demande.")).to_be_visible()
    deciding.goto("/travail/file/")
    axe(deciding)
    fits(deciding)
    shot(deciding, "queue")
    deciding.get_by_role("link", name=re.compile("Musée des sels")).click()
    expect(deciding.get_by_text("a contesté la réponse")).to_be_visible()
    axe(deciding)
    fits(deciding)
    deciding.get_by_role("button", name="Accepter").click()
    expect(deciding.get_by_text("La demande est acceptée.")).to_be_visible()
    assert actor.members.get(user=claimant).role == MemberRole.EDITOR


def test_a_responsible_person_invites_then_hands_the_sheet_over(
    browse, sign_in, network, actor, smtp_server, axe, fits
):
    head, heir = make_person(network, name="Rose Dupuy"), make_person(network, name="Léo Astier")
    ActorMember.objects.create(actor=actor, user=head, role=MemberRole.ADMIN)
    leaving, joining = browse(), browse(width=390, height=844)
    sign_in(leaving, head)
    leaving.goto(reverse("directory:actor_members", args=[actor.pk]))
    axe(leaving)
    leaving.get_by_label("Adresse e-mail").fill("personnel@leo.fr")
    leaving.get_by_role("button", name="Envoyer l’invitation").click()
    expect(leaving.get_by_text("L'invitation est partie.")).to_be_visible()
    axe(leaving)
    run_waiting()
    letter = next(each for each in smtp_server.received if each["To"] == "personnel@leo.fr")
    link = re.search(r"/fiches/invitations/\S+", letter.get_body(("plain",)).get_content())[0]
    joining.goto(link)
    axe(joining)
    sign_in(joining, heir)
    joining.goto(link)
    axe(joining)
    fits(joining)
    joining.get_by_role("button", name="Accepter en tant que Léo Astier").click()
    expect(joining.get_by_text("Vous vous occupez maintenant de")).to_be_visible()
    leaving.goto(reverse("directory:actor_leave", args=[actor.pk]))
    axe(leaving)
    leaving.get_by_role("button", name="Ne plus m’en occuper").click()
    expect(leaving.get_by_role("alert")).to_be_visible()
    axe(leaving)
    leaving.get_by_label(re.compile("Léo Astier")).check()
    leaving.get_by_role("button", name="Ne plus m’en occuper").click()
    expect(leaving.get_by_text("Vous ne vous occupez plus de")).to_be_visible()
    assert list(actor.members.values_list("user", "role")) == [(heir.pk, MemberRole.ADMIN)]


def test_a_visitor_suggests_on_a_phone_and_the_team_takes_it(phone, page, sign_in, network, actor, axe, fits, shot):
    phone.goto(actor.get_absolute_url())
    phone.get_by_role("link", name="Signaler une erreur").click()
    phone.get_by_text("Écrire la bonne valeur").click()
    axe(phone)
    fits(phone)
    shot(phone, "suggestion")
    phone.get_by_label("Téléphone").fill("04 67 99 99 99")
    phone.get_by_label("Adresse", exact=False).first.fill("4 place du Foirail")
    phone.wait_for_timeout(3100)  # Less than that is a program's.
    phone.get_by_role("button", name="Envoyer le signalement").click()
    expect(phone.get_by_text("L'équipe du réseau vérifie la fiche")).to_be_visible()
    sign_in(page, make_person(network, "animator"))
    page.goto("/travail/")
    axe(page)
    page.get_by_role("link", name=re.compile("dans la file d’attente")).click()
    page.get_by_role("link", name=re.compile("Musée des sels")).click()
    axe(page)
    fits(page)
    shot(page, "suggestion-review")
    page.get_by_label("Adresse", exact=True).uncheck()
    page.get_by_role("button", name="Reprendre les champs cochés").click()
    expect(page.get_by_text("La fiche est corrigée.")).to_be_visible()
    expect(page.get_by_text("Rien n’attend", exact=True)).to_be_visible()
    axe(page)
    actor.refresh_from_db()
    assert (actor.phone, actor.address) == ("04 67 99 99 99", "")
    assert Suggestion.objects.get().accepted == ["phone"]


def test_a_missing_actor_is_proposed_without_script_and_its_sheet_opens_filled(browse, sign_in, network, axe, fits):
    plain = browse(width=390, height=844, javascript=False)
    plain.goto("/acteurs/")
    plain.get_by_role("link", name="Proposez-le à l'équipe").click()
    fits(plain)
    plain.get_by_label("Nom de l'acteur").fill("Club des étoiles")
    plain.get_by_label("Pourquoi il a sa place dans l'annuaire").fill("Ouvert à tous le vendredi.")
    plain.wait_for_timeout(3100)
    plain.get_by_role("button", name="Proposer cet acteur").click()
    expect(plain.get_by_text("étudie votre proposition")).to_be_visible()
    page = browse()
    page.goto("/acteurs/proposer/")
    axe(page)
    sign_in(page, make_person(network, "animator"))
    page.goto("/travail/file/?nature=suggestion")
    page.get_by_role("link", name=re.compile("Club des étoiles")).click()
    axe(page)
    page.get_by_role("link", name="Créer la fiche, déjà remplie").click()
    expect(page.get_by_role("textbox", name="Nom", exact=True)).to_have_value("Club des étoiles")
    axe(page)
    page.get_by_role("button", name="Créer la fiche").click()
    expect(page.get_by_text("« Club des étoiles » est créé.")).to_be_visible()
    assert Suggestion.objects.get().actor.name == "Club des étoiles"
