"""Messages of visitors: passed on, not harvested."""

import re
import time

import pytest
from django.core import mail, signing
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.actions import forbid_address
from maillage.activity.models import Entry
from maillage.activity.queries import lines_of
from maillage.core.jobs import run_waiting
from maillage.core.viewer import Viewer
from maillage.directory.models import Suggestion
from maillage.directory.queries.history import history
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_network

FILLED = {"name": "Ana", "email": "ana@exemple.fr", "message": "Bonjour, nous cherchons un intervenant."}


@pytest.fixture
def network(db):
    return make_network(host="testserver", contact_email="equipe@exemple.fr")


def opened(seconds_ago=30):
    return signing.dumps(int(time.time()) - seconds_ago, salt="directory.contact")


def write(client, actor, **changes):
    data = FILLED | {"opened": opened(), "site": ""} | changes
    return client.post(reverse("directory:actor_contact", args=[actor.slug]), data)


@pytest.fixture
def sent():
    """Hand over the waiting messages, and give them."""

    def hand_over():
        run_waiting()
        return mail.outbox

    return hand_over


def test_a_message_reaches_the_actor_and_answers_go_to_the_visitor(client, network, sent):
    actor = make_actor(network, "Muséum", email="accueil@museum.fr", contact_is_public=False)
    response = write(client, actor)
    assert (response.status_code, response["Location"]) == (302, actor.get_absolute_url())
    message = sent()[0]
    assert (message.to, message.reply_to) == (["accueil@museum.fr"], ["ana@exemple.fr"])
    assert "nous cherchons un intervenant" in message.body


def test_a_message_for_whoever_objected_goes_to_the_team(client, network, sent):
    actor = make_actor(network, "Muséum", email="Odile@museum.fr")
    forbid_address(email="odile@museum.fr", reason="objection")
    write(client, actor)
    (message,) = sent()
    assert message.to == ["equipe@exemple.fr"]
    assert "à qui nous ne pouvons pas écrire" in message.body


def test_the_address_of_the_actor_is_never_shown(client, network):
    actor = make_actor(network, "Muséum", email="secret@museum.fr", contact_is_public=False)
    address = reverse("directory:actor_contact", args=[actor.slug])
    for response in (client.get(address), write(client, actor, message=""), client.get(actor.get_absolute_url())):
        assert "secret@museum.fr" not in response.text


@pytest.mark.parametrize(
    ("values", "said", "unsaid"),
    [
        ({"email": "a@museum.fr", "contact_is_public": True}, "qui figure sur la fiche", "Aucune adresse"),
        ({"email": "a@museum.fr", "contact_is_public": False}, "Aucune adresse ne vous est montrée", "figure sur"),
        ({"email": "", "contact_is_public": True}, "à l’équipe du réseau", "figure sur"),
    ],
)
def test_the_page_says_what_becomes_of_the_addresses(client, network, sent, values, said, unsaid):
    actor = make_actor(network, "Muséum", **values)
    text = client.get(reverse("directory:actor_contact", args=[actor.slug])).text
    assert said in text and unsaid not in text
    write(client, actor)
    hidden = not values["contact_is_public"]
    assert ("votre adresse n'a pas été montrée" in sent()[0].body) == hidden


def test_without_an_address_the_team_receives_it(client, network, sent):
    write(client, make_actor(network, "Muséum"))
    assert sent()[0].to == ["equipe@exemple.fr"]


def test_with_nobody_to_write_to_the_visitor_is_told(client, db):
    actor = make_actor(make_network(host="testserver"), "Muséum")
    response = write(client, actor)
    assert response.status_code == 422
    assert "ne peut pas recevoir de message" in response.text


def test_the_hidden_box_is_hidden_from_everyone_and_says_to_leave_it_empty(client, network):
    for page in ("contact", "report"):
        text = client.get(reverse(f"directory:actor_{page}", args=[make_actor(network).slug])).text
        block = re.search(r'<div class="visually-hidden" aria-hidden="true">(.*?)</div>', text, re.DOTALL)[1]
        assert '<label for="id_site">Laissez ce champ vide</label>' in block
        assert 'name="site"' in block and 'tabindex="-1"' in block
        assert text.count('name="site"') == 1


def test_who_filled_the_hidden_box_is_told_and_sends_again_without_typing(client, network, sent):
    actor = make_actor(network, "Muséum", email="a@a.fr")
    refused = write(client, actor, site="Rempli par mon navigateur")
    assert (refused.status_code, "Un champ caché a été rempli" in refused.text) == (422, True)
    assert "Rempli par mon navigateur" not in refused.text
    assert FILLED["message"] in refused.text
    form = refused.context["form"]
    again = {name: form[name].value() for name in form.fields} | {"opened": opened()}
    assert client.post(reverse("directory:actor_contact", args=[actor.slug]), again).status_code == 302
    assert len(sent()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"site": "http://spam"},
        {"opened": ""},
        {"opened": "forged:value:here"},
        {"opened": 0},
        {"opened": 13 * 3600},
        {"email": "pas une adresse"},
        {"message": "court"},
        {"message": "x" * 4001},
        {"name": ""},
    ],
)
def test_what_a_person_would_not_send_is_refused_and_nothing_typed_is_lost(client, network, sent, changes):
    if isinstance(changes.get("opened"), int):
        changes = {"opened": opened(changes["opened"])}
    response = write(client, make_actor(network, "Muséum", email="a@a.fr"), **changes)
    assert response.status_code == 422
    kept = (FILLED | changes)["message"]
    assert f">\n{kept}</textarea>" in response.text
    assert sent() == []


def test_a_form_left_open_overnight_is_sent_at_the_second_try(client, network):
    response = write(client, make_actor(network, "Muséum", email="a@a.fr"), opened=opened(13 * 3600))
    renewed = response.context["form"]["opened"].value()
    assert time.time() - signing.loads(renewed, salt="directory.contact") < 60


def test_line_breaks_forge_no_header(client, network, sent):
    write(client, make_actor(network, "Muséum", email="a@a.fr"), name="Ana\r\nBcc: tous@exemple.fr")
    message = sent()[0]
    assert "\n" not in message.subject
    assert (message.to, message.bcc) == (["a@a.fr"], [])


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_journal_keeps_neither_words_nor_names(client, network, signed_in):
    if signed_in:
        client.force_login(make_person(network))
    write(client, make_actor(network, "Muséum", email="a@a.fr"))
    entry = Entry.objects.get(verb="actor.contact")
    assert (entry.details, entry.changes, entry.user) == ({}, {}, None)


def test_what_a_visitor_did_is_told_as_a_visitors(client, network):
    write(client, make_actor(network, "Muséum", email="a@a.fr"))
    entry = Entry.objects.get(verb="actor.contact")
    team = Viewer.as_system(network, "essai")
    assert [told.who for told in (*history([entry], team), *lines_of([entry]))] == ["Un visiteur"] * 2
    entry.aged_at = timezone.now()  # At term the journal forgot who: a member may have written.
    assert lines_of([entry])[0].who == "Une personne dont le nom est effacé"


def test_too_many_messages_from_one_address_are_refused_for_a_while(client, network):
    actor = make_actor(network, "Muséum", email="a@a.fr")
    answers = [write(client, actor) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "Retry-After" in answers[-1]


def test_an_error_is_told_to_the_team_without_an_account(client, network, sent):
    actor = make_actor(network, "Muséum", email="a@a.fr")
    data = {"kind": "wrong", "message": "Déménagé en janvier.", "sender": "", "opened": opened(), "site": ""}
    response = client.post(reverse("directory:actor_report", args=[actor.slug]), data)
    assert response.status_code == 302
    assert sent()[0].to == ["equipe@exemple.fr"]
    assert Suggestion.objects.get().message == "Déménagé en janvier."
    assert Entry.objects.get(verb="actor.report").user is None


def test_the_forms_of_a_hidden_actor_do_not_exist(client, network):
    actor = make_actor(network, "À préparer", state="draft")
    assert write(client, actor).status_code == 404
