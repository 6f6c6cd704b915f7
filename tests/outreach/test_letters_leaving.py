"""Nothing leaves in one click: a page says who gets the letter and who does not; « postées » is taken back; twice is once."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.activity.models import Entry
from maillage.core.models import Job
from maillage.outreach.models import Recipient
from tests.factories.outreach import make_letter, make_official

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("animator")]


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'").replace("’", "'")


def address(name, letter):
    return reverse(f"outreach:letter_{name}", args=[letter.pk])


@pytest.fixture
def letter(network):
    return make_letter(
        network,
        make_official(network, "Alibert", email="alibert@mairie.test"),
        make_official(network, "Bonnafé", email=""),
        make_official(network, "Cazals", address=""),
        make_official(network, "Delmas", stopped_at=timezone.now()),
    )


def test_the_page_before_the_e_mails_says_who_gets_one_and_why_the_others_do_not(client, letter):
    said = text(client.get(address("mail", letter)))
    gets, stays = said.split("2 personnes écartées")
    assert "2 personnes la reçoivent" in gets and "alibert@mairie.test" in gets and "Cazals" in gets
    assert "Bonnafé" in stays and "pas d'adresse e-mail" in stays
    assert "Delmas" in stays and "ne veut plus de courrier" in stays
    assert "Envoyer 2 e-mails maintenant" in stays
    assert not Job.objects.exists() and not Recipient.objects.sent().exists()


def test_the_page_before_the_posting_says_who_gets_one_and_why_the_others_do_not(client, letter):
    gets, stays = text(client.get(address("post", letter))).split("2 personnes écartées")
    assert "2 lettres postées" in gets and "Alibert" in gets and "Bonnafé" in gets
    assert "Cazals" in stays and "pas d'adresse postale" in stays
    assert not Recipient.objects.sent().exists()


def test_the_page_of_a_letter_sends_nothing_by_itself(client, letter):
    said = text(client.get(letter.get_absolute_url()))
    assert f'href="{address("mail", letter)}"' in said and f'action="{address("mail", letter)}"' not in said
    assert f'href="{address("post", letter)}"' in said and f'action="{address("post", letter)}"' not in said


def test_when_nobody_is_left_the_page_says_why_and_has_no_button(client, letter):
    client.post(address("mail", letter))
    said = text(client.get(address("mail", letter)))
    assert "déjà envoyée le" in said and "maintenant" not in said and "Revenir à la lettre" in said


def test_posted_by_mistake_is_taken_back_for_the_last_time_only(client, network, letter):
    client.post(address("post", letter))
    late = make_official(network, "Estève")
    Recipient.objects.create(letter=letter, official=late, mandate=late.mandates.get())
    client.post(address("post", letter))
    assert "Annuler : 1 lettre notée postée le" in text(client.get(letter.get_absolute_url()))
    said = text(client.post(address("unpost", letter), follow=True))
    assert "1 lettre n'est plus notée postée." in said
    names = Recipient.objects.exclude(posted_at=None).values_list("official__last_name", flat=True)
    assert sorted(names) == ["Alibert", "Bonnafé"]
    entry = Entry.objects.get(verb="letter.unposted")
    assert entry.details["count"] == 1
    client.post(address("unpost", letter))
    answer = client.post(address("unpost", letter), follow=True)
    assert answer.status_code == 200 and "Rien à annuler" in text(answer)


@pytest.mark.parametrize("name", ["mail", "post", "unpost"])
def test_a_double_click_leads_to_the_letter_with_a_message(client, letter, name):
    if name == "unpost":
        client.post(address("post", letter))
    data = {"cle": str(uuid.uuid4())}
    client.post(address(name, letter), data)
    answer = client.post(address(name, letter), data, follow=True)
    assert answer.redirect_chain[-1][0] == letter.get_absolute_url()
    assert answer.status_code == 200 and "était déjà parti" in text(answer)


@pytest.mark.parametrize(("name", "said"), [("mail", "Personne à qui l'envoyer"), ("post", "Rien à noter")])
def test_from_two_windows_the_second_is_led_to_the_letter_and_told(client, letter, name, said):
    client.post(address(name, letter), {"cle": str(uuid.uuid4())})
    answer = client.post(address(name, letter), {"cle": str(uuid.uuid4())}, follow=True)
    assert answer.redirect_chain[-1][0] == letter.get_absolute_url()
    assert answer.status_code == 200 and said in text(answer)
    assert Job.objects.filter(arguments__to="alibert@mairie.test").count() == (name == "mail")


@pytest.mark.parametrize("name", ["mail", "post"])
def test_the_page_before_leaving_costs_the_same_whatever_its_recipients(client, network, same_queries, name):
    letter = make_letter(network, make_official(network), body="<p>{acteurs}</p>")

    def add():
        official = make_official(network)
        Recipient.objects.create(letter=letter, official=official, mandate=official.mandates.first())

    same_queries(page=lambda: client.get(address(name, letter)), add=add)
