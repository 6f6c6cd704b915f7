"""What the forms of relations owe to who hears them: errors in the order of the page, titles said once, choices named."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.outreach.enums import CampaignState, NeedKind
from tests.factories.directory import make_actor, make_commune, make_term
from tests.factories.outreach import make_campaign, make_contact, make_list, make_message, make_need

pytestmark = pytest.mark.django_db
FORMS = ["contact_log", "need_record", "partnership_new", "introduction_new"]


def shown(response):
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


@pytest.mark.parametrize("name", FORMS)
def test_errors_are_summed_up_in_the_order_of_the_page(client, animator, name):
    for vocabulary in ("theme", "audience", "action_kind"):
        make_term(vocabulary, f"un-{vocabulary}")
    page = client.get(reverse(f"outreach:{name}"))
    html, form = page.content.decode().partition('<form class="form ')[2], page.context["form"]
    places = [re.search(rf'name="{field.html_name}(_text)?"', html).start() for field in form]
    assert places == sorted(places)


def test_a_title_in_error_says_so_once(client, network, animator):
    need = make_need(network, make_actor(network))
    for page in (reverse("outreach:need_record"), reverse("outreach:need_close", args=[need.pk])):
        title = re.search(r"<title>(.*?)</title>", shown(client.post(page, {"outcome_kind": "x"})))[1]
        assert title.startswith("Erreur : ")
        assert title.count("Erreur") == 1


def test_whose_need_it_is_is_one_choice_of_two_that_is_not_called_optional(client, animator):
    page = shown(client.get(reverse("outreach:need_record")))
    choice = re.search(r'<fieldset class="either">.*?</fieldset>', page, re.DOTALL)[0]
    assert "l’un des deux" in choice
    assert re.findall(r'name="(actor|heard_from)"', choice) == ["actor", "heard_from"]


def test_the_first_choice_of_a_list_is_a_word(client, network, animator):
    make_list(network, make_actor(network))
    choice = re.search(
        r'<select name="target_list".*?</option>', shown(client.get(reverse("outreach:campaign_write"))), re.DOTALL
    )
    assert choice[0].endswith(">Choisissez</option>")


def test_the_focus_is_on_the_first_thing_to_say_of_a_contact(client, network, animator):
    page = reverse("outreach:contact_log")
    actor = make_actor(network)
    focused = [
        re.findall(
            r'id="(\w+)"[^>]* autofocus|(?<= )autofocus[^>]* id="(\w+)"', client.get(page + query).content.decode()
        )
        for query in ("", f"?acteur={actor.pk}")
    ]
    assert [["".join(each) for each in found] for found in focused] == [["id_actor"], ["id_about"]]


def test_the_title_of_a_list_that_is_filtered_says_how_many_answer(client, network, animator):
    make_contact(network, make_actor(network), about="Bonjour")

    def title(address):
        return re.search(r"<title>(.*?) – ", shown(client.get(address)))[1]

    assert title("/travail/contacts/") == "Contacts"
    assert title("/travail/contacts/?q=bonjour") == "Contacts : 1 répond aux filtres"
    assert title("/travail/elus/?q=x") == "Élus et élues : 0 répond aux filtres"
    assert title("/travail/file/?nature=claim") == "File d’attente : 0 répond aux filtres"
    assert title("/travail/question/?q=zygomorphe") == "zygomorphe : 0 acteur répond"


def test_a_number_of_the_table_of_gaps_says_what_and_where(client, network, animator):
    commune = make_commune()
    network.perimeter.set([commune.department])
    make_need(network, make_actor(network), kind="loan", territory=commune.department)
    page = re.sub(r"<[^>]+>", "", shown(client.get(reverse("outreach:need_gaps"))))
    assert f"1 besoin, {NeedKind.LOAN.label}, {commune.department.name}".lower() in page.lower()


@pytest.mark.parametrize(
    ("count", "failed", "said"), [(1, False, "1 ne veut plus de messages"), (2, True, "2 ne veulent plus de messages")]
)
def test_who_wants_no_more_messages_is_counted_in_french(client, network, animator, count, failed, said):
    campaign = make_campaign(network, state=CampaignState.SENT, started_at=timezone.now())
    for rank in range(count):
        message = make_message(campaign, make_actor(network, f"Acteur {rank}"), stopped_at=timezone.now())
    if failed:
        message.failed_at = timezone.now()
        message.save()
    page = shown(client.get(campaign.get_absolute_url()))
    assert said in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert page.count('class="figure"') == 6
