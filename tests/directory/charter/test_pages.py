"""The pages of the charter: its text, its signatories, who may open a proof, what the team reads and does."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from maillage.core.jobs import run_waiting
from maillage.directory.actions import archive, set_state
from maillage.directory.models import ActorMember, CharterVersion, Signature, SigningLink
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_charter, make_commune, make_network, make_signature, make_term
from tests.support.forms import values_of

pytestmark = pytest.mark.django_db
SHOW, WALL = reverse("directory:charter_show"), reverse("directory:charter_wall")
ACTORS, SEND = reverse("directory:charter_actors"), reverse("directory:charter_send")


@pytest.fixture
def charter(network):
    return make_charter(network, effective_on=date(2026, 1, 5))


@pytest.fixture
def signed(network, charter):
    family, commune = make_term("family", "musee", label="Musée"), make_commune()
    actor = make_actor(network, "Musée des vents", family=family, commune=commune)
    return make_signature(actor, charter, signed_on=date(2026, 3, 3), name_is_public=True)


def text_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


# --- for everyone -----------------------------------------------------------------------------------------------------


def test_the_text_in_force_is_read_with_its_date_and_its_former_versions(client, network, charter):
    make_charter(network, "<p>Le nouveau texte.</p>", major=2, effective_on=timezone.localdate())
    page = client.get(SHOW).text
    assert "Le nouveau texte." in page
    former = client.get(reverse("directory:charter_version", args=[1, 0])).text
    assert "Nous partageons les sciences." in former
    assert "Ce texte n’est plus en vigueur" in former
    assert charter.sha256 in former
    assert reverse("directory:charter_version", args=[1, 0]) in page


def test_a_version_to_come_is_announced_beside_the_one_in_force(client, network, charter):
    make_charter(network, "<p>À venir.</p>", major=2, effective_on=timezone.localdate() + timedelta(days=9))
    page = client.get(SHOW).text
    assert "Nous partageons les sciences." in page
    assert "Une nouvelle version est annoncée" in page


def test_a_network_without_charter_says_so(client, network):
    assert "n’a pas encore publié sa charte" in client.get(SHOW).text
    assert "attend ses premiers signataires" in client.get(WALL).text


def test_the_list_names_the_actor_and_the_person_only_when_they_want_it(client, network, charter, signed):
    make_signature(make_actor(network, "Club discret"), charter, signer_name="Paul Secret", capacity="trésorier")
    page = client.get(WALL).text
    assert "Depuis le 3 mars 2026 · Odile Marty, directrice" in " ".join(page.split())
    assert "Club discret" in page
    assert "Secret" not in page
    assert "trésorier" not in page
    assert "odile@exemple.test" not in page


def test_the_list_shows_members_of_today_that_the_directory_shows(client, network, charter, animator):
    names = ["Archivé", "Caché", "Jamais", "Membre", "Retiré"]
    actors = {name: make_actor(network, name) for name in names}
    for name in names:
        if name != "Jamais":
            make_signature(actors[name], charter, withdrawn_on=timezone.localdate() if name == "Retiré" else None)
    archive(by=animator, actor=actors["Archivé"], reason="Fermé")
    set_state(by=animator, actor=actors["Caché"], state="hidden")
    for reader in (Client(), client):
        page = reader.get(WALL).text
        assert [name for name in names if f">{name}<" in page] == ["Membre"]


def test_the_list_is_narrowed_by_family_and_departement_and_an_empty_answer_says_what_to_do(client, network, signed):
    make_signature(make_actor(network, "Club de Nîmes", commune=make_commune("30189", "Nîmes")), signed.version)
    network.perimeter.set([make_commune().department, make_commune("30189", "Nîmes").department])
    assert "Club de Nîmes" not in client.get(WALL, {"famille": "musee"}).text
    assert "Musée des vents" not in client.get(WALL, {"departement": "30"}).text
    assert "Aucun signataire ici" in client.get(WALL, {"departement": "30", "famille": "musee"}).text
    assert "Musée des vents" in client.get(WALL, {"departement": "zz", "famille": "inconnue"}).text


def test_the_file_of_the_list_is_safe_and_holds_no_name_that_is_not_public(client, network, charter, signed):
    make_signature(make_actor(network, "=cmd()"), charter, signer_name="Paul Secret", capacity="trésorier")
    answer = client.get(reverse("directory:charter_wall_export"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0][:2] == ["Nom", "Famille"]
    assert [row[0] for row in rows[1:]] == ["'=cmd()", "Musée des vents"]
    assert rows[2][5:7] == ["Odile Marty", "directrice"]
    assert "Secret" not in text


def test_the_list_and_the_team_s_list_cost_the_same_whatever_their_length(
    client, network, charter, same_queries, animator
):
    for page in (WALL, ACTORS):
        same_queries(page=lambda page=page: client.get(page), add=lambda: make_signature(make_actor(network), charter))


def test_the_public_sheet_says_since_when_an_actor_is_a_member(client, network, signed):
    other = make_actor(network, "Club")
    assert "Signataire de la charte depuis le 3 mars 2026" in client.get(signed.actor.get_absolute_url()).text
    assert "Signataire de la charte" not in client.get(other.get_absolute_url()).text
    Signature.objects.update(withdrawn_on=timezone.localdate())
    network.touch()
    assert "Signataire de la charte" not in client.get(signed.actor.get_absolute_url()).text


# --- the proof --------------------------------------------------------------------------------------------------------


def test_the_proof_holds_who_what_when_and_the_text_that_was_signed(client, signed):
    answer = client.get(reverse("directory:charter_proof_file", args=[signed.pk, signed.token]))
    assert answer["Content-Disposition"] == 'attachment; filename="charte-1.0-musee-des-vents.pdf"'
    read = text_of(answer.content)
    for word in (
        "Musée des vents",
        "Odile Marty",
        "directrice",
        "3 mars 2026",
        "1.0, en vigueur depuis le 5 janvier 2026",
    ):
        assert word in read
    assert signed.version.sha256 in read.replace(" ", "")
    assert "Nous partageons les sciences." in read
    assert answer.content == client.get(reverse("directory:charter_proof_file", args=[signed.pk, signed.token])).content


def test_a_proof_says_that_the_signature_was_withdrawn_or_the_name_erased(client, network, signed, animator):
    address = reverse("directory:charter_known_proof", args=[signed.pk])
    client.post(reverse("directory:charter_forget", args=[signed.actor_id, signed.pk]))
    Signature.objects.update(withdrawn_on=date(2026, 4, 1))
    read = text_of(client.get(address).content)
    assert "Odile" not in read
    assert "Personne dont le nom a été effacé" in read
    assert "Signature retirée le 1er avril 2026" in read


def test_a_text_that_was_tampered_with_proves_nothing(client, signed):
    CharterVersion.objects.update(body="<p>Un autre texte.</p>")
    answer = client.get(reverse("directory:charter_proof_file", args=[signed.pk, signed.token]))
    assert answer.status_code == 409
    assert "n&#x27;est plus celui qui a été signé" in answer.text


def test_a_proof_is_for_its_signer_its_actor_and_the_team_alone(network, signed):
    address = reverse("directory:charter_known_proof", args=[signed.pk])
    colleague, stranger, account = (make_person(network) for _ in range(3))
    ActorMember.objects.create(actor=signed.actor, user=colleague)
    Signature.objects.update(signed_by=account)
    elsewhere = make_person(make_network("Ailleurs"), "network_admin")
    found = {}
    for name, user in (("colleague", colleague), ("account", account), ("stranger", stranger), ("other", elsewhere)):
        reader = Client()
        reader.force_login(user)
        found[name] = reader.get(address).status_code
    assert found == {"colleague": 200, "account": 200, "stranger": 404, "other": 404}
    assert Client().get(address).status_code == 404
    assert Client().get(reverse("directory:charter_proof", args=[signed.pk, "0" * 64])).status_code == 404


# --- with an account --------------------------------------------------------------------------------------------------


def test_whoever_represents_an_actor_signs_with_their_account_and_finds_the_proof(client, network, charter):
    actor, user = make_actor(network, "Musée des vents"), make_person(network, name="Odile Marty")
    ActorMember.objects.create(actor=actor, user=user)
    client.force_login(user)
    page = reverse("directory:charter_own", args=[actor.pk])
    sent = values_of(client.get(page), page)
    assert (sent["name"], sent["email"]) == ("Odile Marty", user.email)
    answer = client.post(page, sent | {"capacity": "directrice", "is_mandated": "on"}, follow=True)
    signed = Signature.objects.get()
    assert "Par Odile Marty (directrice)" in answer.text
    assert reverse("directory:charter_known_proof", args=[signed.pk]) in answer.text
    assert client.post(page, sent | {"capacity": "autre", "is_mandated": "on"}).status_code == 409
    assert Signature.objects.count() == 1


# --- the team ---------------------------------------------------------------------------------------------------------


def test_the_team_sends_a_link_from_the_sheet_records_a_paper_and_withdraws(client, network, charter, animator):
    actor = make_actor(network, "Musée des vents", email="musee@exemple.test")
    sheet = reverse("directory:actor_work", args=[actor.pk])
    assert "jamais signataire" in client.get(sheet).text
    assert client.post(reverse("directory:charter_link", args=[actor.pk])).status_code == 302
    assert "Lien envoyé le" in client.get(sheet).text
    run_waiting()
    assert mail.outbox[0].to == ["musee@exemple.test"]
    paper = reverse("directory:charter_paper", args=[actor.pk])
    sent = values_of(client.get(sheet), paper) | {"name": "Jean Py", "capacity": "maire", "on": "2026-02-03"}
    assert client.post(paper, sent | {"capacity": ""}).status_code == 422
    assert client.post(paper, sent).status_code == 302
    assert "depuis le 3 février 2026" in client.get(sheet).text
    signed = Signature.objects.get()
    withdrawal = reverse("directory:charter_withdraw", args=[actor.pk, signed.pk])
    refused = client.post(withdrawal, {"on": "2026-02-01", "reason": "Courrier"})
    assert refused.status_code == 422
    assert 'value="Courrier"' in refused.text
    assert client.post(withdrawal, {"on": "2026-03-01", "reason": "Courrier"}).status_code == 302
    page = client.get(sheet).text
    assert "signature retirée" in page
    assert "retirée le 1er mars 2026 : Courrier" in page.replace("\xa0", " ")
    history = page[page.index("historique") :]
    for said in ("a envoyé un lien pour signer la charte", "sur papier", "a retiré une signature de la charte"):
        assert said in history


def test_the_team_counts_each_state_and_writes_to_those_who_must_sign_again(client, network, animator):
    first = make_charter(network, effective_on=date(2024, 1, 5))
    second = make_charter(network, "<p>Autre.</p>", major=2, effective_on=timezone.localdate() - timedelta(days=5))
    for name in ("Ancien A", "Ancien B"):
        make_signature(make_actor(network, name, email="a@exemple.test"), first, signed_on=date(2024, 2, 1))
    make_signature(make_actor(network, "Sans adresse"), first, signed_on=date(2024, 2, 1))
    make_signature(make_actor(network, "Nouveau", email="n@exemple.test"), second)
    page = client.get(reverse("directory:charter_work")).text
    assert "Une nouvelle signature est demandée" in page
    listed = client.get(ACTORS, {"etat": "a-resigner"}).text
    assert ("Ancien A" in listed, "Nouveau" in listed) == (True, False)
    everyone = SEND + "?tous=1&etat=a-resigner"
    asked = client.get(everyone)
    assert "Envoyer les 2 liens" in asked.text
    assert client.post(everyone, values_of(asked, "?tous=1&amp;etat=a-resigner")).status_code == 302
    run_waiting()
    assert {link.actor.name for link in SigningLink.objects.all()} == {"Ancien A", "Ancien B"}
    assert sorted(message.to[0] for message in mail.outbox) == ["a@exemple.test", "a@exemple.test"]
    assert "Cochez d’abord" in client.get(SEND, follow=True).text.replace("'", "’").replace("&#x27;", "’")


def test_the_links_go_to_the_actors_that_are_ticked(client, network, charter, animator):
    wanted, other = (make_actor(network, name, email="a@exemple.test") for name in ("Choisi", "Autre"))
    client.post(f"{SEND}?acteur={wanted.pk}")
    run_waiting()
    assert list(SigningLink.objects.values_list("actor", flat=True)) == [wanted.pk]
    assert other.pk != wanted.pk
