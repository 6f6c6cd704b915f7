"""Letters to elected officials: a closed language, one document, one message each, who refuses, what is noted."""

import io
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from maillage.accounts.actions import forbid_address
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.outreach.actions.letters import change_letter, mail_letter, post_letter, write_letter
from maillage.outreach.actions.officials import object_to_be_kept, stop_letters
from maillage.outreach.models import Letter, Official, Recipient
from maillage.outreach.queries.letters import (
    addressed,
    addressed_by,
    document_of,
    recipients_of,
    values_of,
    written,
)
from maillage.outreach.queries.officials import OfficialFilters
from maillage.outreach.registry.letters import PLACEHOLDERS, fault_of, filled
from tests.factories.directory import make_actor, make_commune
from tests.factories.outreach import make_letter, make_official

pytestmark = pytest.mark.django_db
EVERY = "".join(f"<p>{name} : {{{name}}}</p>" for name in PLACEHOLDERS)


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def words(pdf):
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize(
    "wrong",
    [
        "{user.password}",
        "{nom.__class__}",
        "{nom!r}",
        "{{ settings }}",
        "{% load %}",
        "{",
        "nom}",
        "{<strong>nom</strong>}",
        "{}",
    ],
)
def test_what_is_not_in_the_language_is_refused_with_a_sentence(wrong, animator, network, client):
    assert fault_of(f"<p>{wrong}</p>")
    official = make_official(network)
    with pytest.raises(Refused):
        write_letter(by=animator, subject="Bonjour", body=f"<p>{wrong}</p>", to=[(official, None)])
    for name in ("subject", "body"):
        data = {"subject": "Bonjour", "body": "<p>Vous</p>", "to": [official.pk]} | {name: f"A {wrong}"}
        answer = client.post(reverse("outreach:letter_write"), data)
        assert answer.status_code == 422
    assert not Letter.objects.exists()


def test_every_name_of_the_language_is_filled_and_what_stands_there_is_text(animator, network):
    commune = make_commune()
    commune.population = 1234
    commune.save()
    make_actor(network, commune=commune)
    official = make_official(network, "<b>Vidal</b>", civility="mme", delegation="Culture & sciences")
    letter = make_letter(network, official, body=EVERY)
    (recipient,) = recipients_of(letter)
    values = values_of(animator, [recipient])[recipient.pk]
    said = written(letter, values).body
    assert "<p>nom : &lt;b&gt;Vidal&lt;/b&gt;</p>" in said
    assert "<p>civilité : Madame</p>" in said
    assert "<p>délégation : Culture &amp; sciences</p>" in said
    assert "<p>acteurs : 1 acteur</p>" in said
    assert values["territoire"] == "Montpellier" and "234" in values["habitants"]
    assert "{" not in said


def test_a_value_that_looks_like_a_name_of_the_language_stays_as_it_is():
    assert filled("{nom}", {"nom": "{prénom}", "prénom": "Ana"}, rich=True) == "{prénom}"


def test_the_letter_speaks_of_the_mandate_that_the_list_was_filtered_by(network):
    sete = make_commune("34301", "Sète")
    official = make_official(network, territory=sete)
    official.mandates.create(function="departemental", territory=sete.department)
    official = Official.objects.with_mandates().get()
    assert addressed_by(official, OfficialFilters(function="departemental")).place == "Département 34"
    assert addressed_by(official, OfficialFilters(territory="commune-34301")).place == "Sète"


def test_one_document_holds_a_page_for_each_with_the_address_in_the_window(animator, network):
    ana = make_official(network, "Alibert", civility="mme")
    bob = make_official(network, "Bonnafé", address="Mairie\n48000 Mende")
    letter = make_letter(network, ana, bob, subject="Pour {territoire}", body="<p>Bonjour <strong>{nom}</strong>.</p>")
    pdf = document_of(animator, letter, recipients_of(letter))
    first, second = words(pdf)
    assert "Madame Claude Alibert Maire, Montpellier Mairie 1 place de la Halle 34000 Montpellier" in first
    assert "Objet : Pour Montpellier" in first.replace("\xa0", " ")
    assert "Bonjour Alibert." in first and "Alibert" not in second
    assert "48000 Mende" in second and network.name in second
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data().decode()
    positions = []

    def note(said, cm, tm, *_rest):
        positions.append((said, cm[4] + tm[4] * cm[0], cm[5] + tm[5] * cm[3]))

    reader.pages[0].extract_text(visitor_text=note)
    x, y = next((x, y) for said, x, y in positions if "Madame Claude" in said)
    left, down = x / 72 * 25.4, 297 - y / 72 * 25.4
    assert 100 < left < 120 and 45 < down < 60


def test_who_cannot_be_reached_is_said_with_why(animator, network):
    reached = make_official(network, "A")
    make_letter_to = [
        reached,
        make_official(network, "B", email=""),
        make_official(network, "C", address=""),
        make_official(network, "D", stopped_at=timezone.now()),
        make_official(network, "E", email="interdite@exemple.test"),
    ]
    forbid_address(email="interdite@exemple.test", reason="objection")
    letter = make_letter(network, *make_letter_to)
    assert [(line.no_post, line.no_mail) for line in addressed(recipients_of(letter))] == [
        ("", ""),
        ("", "pas d'adresse e-mail"),
        ("pas d'adresse postale", ""),
        ("ne veut plus de courrier", "ne veut plus de courrier"),
        ("", "cette adresse ne veut plus rien recevoir"),
    ]


def test_each_gets_a_message_of_their_own_once(animator, network, smtp_server):
    officials = [make_official(network, name) for name in ("Alibert", "Bonnafé")]
    refused = make_official(network, "Cazals")
    letter = make_letter(network, *officials, refused, subject="Pour {nom}", body="<p>Bonjour <em>{nom}</em>.</p>")
    stop_letters(by=animator, official=refused)
    assert mail_letter(by=animator, letter=letter) == 2
    with pytest.raises(Refused, match="Personne à qui"):
        mail_letter(by=animator, letter=letter)
    run_waiting()
    assert {message["Subject"] for message in smtp_server.received} == {"Pour Alibert", "Pour Bonnafé"}
    assert {message["To"] for message in smtp_server.received} == {each.email for each in officials}
    message = next(each for each in smtp_server.received if each["Subject"] == "Pour Alibert")
    said = message.get_body(("plain",)).get_content()
    assert "Bonjour Alibert." in said and "source : Site de la mairie" in said.replace("\xa0", " ")
    assert "Bonnafé" not in said
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert list(Recipient.objects.filter(mailed_at=None)) == [letter.recipients.get(official=refused)]


def test_the_link_of_a_letter_stops_them_and_a_scanner_stops_nothing(animator, network):
    official = make_official(network)
    letter = make_letter(network, official)
    recipient = letter.recipients.get()
    link = reverse("outreach:letter_stop", args=[recipient.pk, recipient.token])
    anyone = Client(enforce_csrf_checks=True)
    assert "Ne plus m’écrire" in text(anyone.get(link))
    official.refresh_from_db()
    assert official.may_be_written_to
    assert "C’est noté" in text(anyone.post(link, {"List-Unsubscribe": "One-Click"}))
    official.refresh_from_db()
    assert official.stopped_at and not official.may_be_written_to
    assert anyone.get(link[:-12] + "faux/arreter/").status_code == 404


def test_a_letter_that_left_is_not_changed(animator, network):
    letter = make_letter(network, make_official(network))
    letter.author = animator.user
    letter.save()
    change_letter(by=animator, letter=letter, subject="Autre", body="<p>Vous</p>")
    assert post_letter(by=animator, letter=letter) == 1
    with pytest.raises(Refused, match="déjà partie"):
        change_letter(by=animator, letter=letter, subject="Encore", body="<p>Vous</p>")
    with pytest.raises(Refused, match="Rien à noter"):
        post_letter(by=animator, letter=letter)


def test_nobody_who_refuses_is_written_to(animator, network):
    stopped = make_official(network, stopped_at=timezone.now())
    with pytest.raises(Refused, match="ne veut pas de courrier"):
        write_letter(by=animator, subject="A", body="<p>B</p>", to=[(stopped, None)])
    with pytest.raises(Refused, match="au moins une personne"):
        write_letter(by=animator, subject="A", body="<p>B</p>", to=[])


def test_an_objection_between_the_preparing_and_the_sending_is_heard(animator, network):
    official, other = make_official(network), make_official(network)
    letter = make_letter(network, official, other)
    object_to_be_kept(by=animator, official=official)
    assert mail_letter(by=animator, letter=letter) == 1
    assert Job.objects.filter(arguments__to=other.email).count() == 1


# --- pages ---------------------------------------------------------------------------------------------------------------


def test_a_letter_goes_from_the_filtered_list_to_the_document(client, animator, network):
    mayor = make_official(network, "Alibert")
    make_official(network, "Bonnafé", function="municipal")
    refusing = make_official(network, "Cazals", stopped_at=timezone.now())
    address = reverse("outreach:letter_write") + "?fonction=maire"
    form = text(client.get(address))
    assert "1 personne de la liste" in form and str(refusing) in form and "Bonnafé" not in form
    data = {"subject": "Merci", "body": "<p>{civilité} {nom},</p>", "to": [mayor.pk], "cle": str(uuid.uuid4())}
    for _each in range(2):
        shown = text(client.post(address, data, follow=True))
    assert Letter.objects.count() == 1
    assert "<p>Madame, Monsieur Alibert,</p>" in shown
    letter = Letter.objects.get()
    answer = client.get(reverse("outreach:letter_pdf", args=[letter.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    assert "Madame, Monsieur Alibert," in words(answer.content)[0]
    assert letter.recipients.get().posted_at is None
    posted = text(client.post(reverse("outreach:letter_post", args=[letter.pk]), follow=True))
    assert "1 lettre est notée postée" in posted
    assert "Merci" in text(client.get(mayor.get_absolute_url()))


def test_an_unknown_name_is_said_beside_the_text_and_nothing_is_lost(client, animator, network):
    official = make_official(network)
    data = {"subject": "Mon objet", "body": "<p>{prenom} et la suite</p>", "to": [official.pk]}
    said = text(client.post(reverse("outreach:letter_write"), data))
    assert "« {prenom} » n'existe pas : choisissez parmi {civilité}" in said
    assert 'value="Mon objet"' in said and "et la suite" in said


def test_someone_out_of_the_list_cannot_be_ticked(client, animator, network):
    make_official(network)
    stopped = make_official(network, stopped_at=timezone.now())
    data = {"subject": "Mon objet", "body": "<p>Vous</p>", "to": [stopped.pk]}
    assert client.post(reverse("outreach:letter_write"), data).status_code == 422


def test_the_page_of_a_letter_costs_the_same_whatever_its_recipients(client, animator, network, same_queries):
    letter = make_letter(network, make_official(network))

    def add():
        official = make_official(network)
        Recipient.objects.create(letter=letter, official=official, mandate=official.mandates.first())

    same_queries(page=lambda: client.get(letter.get_absolute_url()), add=add)


def test_one_person_s_letter_is_a_document_of_one_page(client, animator, network):
    letter = make_letter(network, make_official(network, "Alibert"), make_official(network, "Bonnafé"))
    recipient = letter.recipients.get(official__last_name="Bonnafé")
    answer = client.get(reverse("outreach:letter_pdf", args=[letter.pk]), {"pour": recipient.pk})
    (page,) = words(answer.content)
    assert "Bonnafé" in page
