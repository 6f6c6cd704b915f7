"""What a letter says agrees with who reads it: the function with the civility, the count of actors with its number."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from maillage.core.jobs import run_waiting
from maillage.outreach.actions.letters import mail_letter
from maillage.outreach.enums import Function
from maillage.outreach.forms.letters import EXAMPLE
from maillage.outreach.queries.letters import address_lines, document_of, recipients_of, values_of, written
from tests.factories.directory import make_actor, make_commune
from tests.factories.outreach import make_letter, make_official

pytestmark = pytest.mark.django_db
SAID = {"mme": "Présidente d'intercommunalité", "m": "Président d'intercommunalité"}
BOTH = "Président ou présidente d'intercommunalité"


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


@pytest.mark.parametrize("function", [each for each in Function if each.label not in ("maire", "autre mandat")])
def test_a_function_is_said_of_a_woman_of_a_man_and_in_both_genders_of_who_is_not_known(function):
    said = {function.held_by(civility) for civility in ("mme", "m", "")}
    assert len(said) == 3 and not any(" ou " in function.held_by(civility) for civility in ("mme", "m"))
    assert " ou " in function.held_by("")


@pytest.mark.parametrize(("civility", "shown"), [*SAID.items(), ("", BOTH)])
def test_the_function_agrees_with_the_civility_wherever_it_is_read(
    civility, shown, animator, client, network, smtp_server
):
    official = make_official(network, "Cabrespine", function="epci", civility=civility)
    letter = make_letter(network, official, body="<p>Vous êtes {fonction}.</p>")
    (recipient,) = recipients_of(letter)
    assert address_lines(recipient)[1] == f"{shown}, Montpellier"
    assert values_of(animator, [recipient])[recipient.pk]["fonction"] == shown[:1].lower() + shown[1:]
    pdf = document_of(animator, letter, [recipient])
    words = " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert f"Vous êtes {shown[:1].lower()}{shown[1:]}." in words.replace("’", "'")
    place = official.mandates.get().territory
    pages = {
        "list": reverse("outreach:official_list"),
        "person": official.get_absolute_url(),
        "territory": reverse("outreach:official_territory", args=[place.kind, place.code]),
        "recipients": letter.get_absolute_url(),
    }
    for name, address in pages.items():
        said = text(client.get(address)).casefold()
        assert shown.casefold() in said, name
        # The filter of the list names the function of nobody in particular.
        assert name == "list" or (BOTH.casefold() in said) == (civility == ""), name
    assert mail_letter(by=animator, letter=letter) == 1
    run_waiting()
    (message,) = smtp_server.received
    assert f"Vous êtes {shown[:1].lower()}{shown[1:]}." in message.get_body(("plain",)).get_content()


def test_who_holds_no_mandate_any_more_is_said_elected_as_their_civility_has_it(animator, network):
    officials = [make_official(network, civility=civility) for civility in ("mme", "m", "")]
    letter = make_letter(network, *officials)
    letter.recipients.update(mandate=None)
    recipients = recipients_of(letter)
    said = [values_of(animator, recipients)[each.pk]["fonction"] for each in sorted(recipients, key=lambda r: r.pk)]
    assert said == ["élue", "élu", "élu ou élue"]


def test_how_many_actors_is_a_phrase_that_agrees_and_the_shipped_text_reads_well_with_each(animator, network):
    places = [make_commune("48095", "Mende"), make_commune("34301", "Sète"), make_commune()]
    for number, place in enumerate(places):
        for _each in range(number):
            make_actor(network, commune=place)
    officials = [make_official(network, f"{rank}", territory=place) for rank, place in enumerate(places)]
    letter = make_letter(network, *officials, subject="Sur votre territoire ({territoire})", body=EXAMPLE)
    recipients = recipients_of(letter)
    values = values_of(animator, recipients)
    assert [values[each.pk]["acteurs"] for each in recipients] == ["aucun acteur", "1 acteur", "2 acteurs"]
    first, *_others = (written(letter, values[each.pk]) for each in recipients)
    assert first.subject == "Sur votre territoire (Mende)"
    assert "Vous êtes maire (Mende)." in first.body and "aucun acteur de la culture scientifique" in first.body
    # The name of the network is on the sheet and on the message already.
    assert network.name not in first.body


def test_who_would_read_that_there_is_no_actor_is_said_before_sending(animator, client, network):
    make_actor(network, commune=make_commune())
    served, alone = make_official(network, "Alibert"), make_official(network, "Bonnafé", body="Parc naturel")
    letter = make_letter(network, served, alone, body="<p>Ici, {acteurs}.</p>")
    warned = re.search(r"Leur lettre dira.*?</div>", text(client.get(letter.get_absolute_url())), re.DOTALL)
    assert warned and "Bonnafé" in warned[0] and "Alibert" not in warned[0]
    silent = make_letter(network, served, alone, body="<p>Bonjour.</p>")
    assert "Leur lettre dira" not in text(client.get(silent.get_absolute_url()))
