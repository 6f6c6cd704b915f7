"""Open offers in the answers to a question: those that answer, why, and the introduction that follows."""

import pytest
from django.urls import reverse

from maillage.core.viewer import Viewer
from maillage.outreach.actions.introductions import refuse_introductions
from maillage.outreach.queries.question import offers_answering, read_question
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.outreach import make_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def water(network):
    network.perimeter.set([make_commune().department])
    make_term("action_kind", "pret-de-materiel-et-de-mallettes", label="Prêt de matériel et de mallettes")
    return make_term("theme", "eau", label="Eau, mer et milieux aquatiques")


@pytest.fixture
def lender(network, water):
    return make_actor(network, "Prêteurs d'Oc", commune=make_commune(), email="oc@exemple.test")


def offer(network, actor=None, **fields):
    return make_need(network, actor, **{"side": "offer", "kind": "loan", "title": "Mallette rivière", **fields})


def asked(viewer, rf, text, **more):
    return read_question(rf.get("/", {"q": text, **more}).GET, viewer)


def told(viewer, rf, text, **more):
    return [found.offer.title for found in offers_answering(asked(viewer, rf, text, **more), viewer)]


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def test_an_offer_that_answers_comes_with_its_reasons(animator, rf, lender, water):
    offer(animator.network, lender, terms=[water], territory=make_commune())
    offer(animator.network, lender, title="Une salle", kind="venue")
    found = offers_answering(asked(animator, rf, "prêter une mallette sur l'eau à Montpellier"), animator)
    assert [each.offer.title for each in found] == ["Mallette rivière"]
    reasons = " | ".join(found[0].reasons).replace("\xa0", " ")
    for words in ("propose : prêt de matériel", "même thématique : Eau", "Montpellier"):
        assert words in reasons


def test_what_says_more_of_it_comes_first_and_what_is_closed_never(animator, rf, lender, water):
    network = animator.network
    offer(network, lender, title="Des affiches sur l'eau", kind="other")
    offer(network, lender, terms=[water])
    offer(network, lender, title="Une malle sur l'eau", state="abandoned")
    make_need(network, lender, title="Nous cherchons une malle sur l'eau", kind="loan")
    assert told(animator, rf, "prêter une mallette sur l'eau") == ["Mallette rivière", "Des affiches sur l'eau"]


def test_an_offer_for_somewhere_else_does_not_answer_and_one_nearby_says_how_far(animator, rf, lender, water):
    network = animator.network
    offer(network, None, terms=[water], title="Trop loin", territory=make_commune("65440", "Tarbes", (43.23, 0.07)))
    sete = make_commune("34301", "Sète", (43.4028, 3.6967))
    offer(network, None, terms=[water], title="À côté", territory=sete)
    offer(network, None, terms=[water], title="Partout")
    found = offers_answering(asked(animator, rf, "l'eau à Montpellier"), animator)
    assert [(each.offer.title, each.reasons[-1].replace("\xa0", " ")) for each in found] == [
        ("À côté", "Sète, à 27 km"),
        ("Partout", "pour tout le réseau"),
    ]
    assert "Trop loin" in told(animator, rf, "l'eau")


def test_neither_the_asker_nor_whoever_refused_nor_another_network_is_proposed(animator, rf, lender, water):
    offer(animator.network, lender, terms=[water])
    offer(make_network(), None, terms=[water], title="Ailleurs")
    other = make_actor(animator.network, "Le collège", commune=make_commune())
    assert told(animator, rf, "l'eau", pour=str(other.pk)) == ["Mallette rivière"]
    assert told(animator, rf, "l'eau", pour=str(lender.pk)) == []
    refuse_introductions(by=animator, actor=lender)
    assert told(animator, rf, "l'eau") == []


def test_an_offer_that_one_may_not_read_is_not_told(animator, rf, lender, water):
    offer(animator.network, lender, terms=[water], sharing="team")
    question = asked(animator, rf, "l'eau")
    visitor = Viewer(network=animator.network)
    assert offers_answering(question, visitor) == []


def test_the_page_says_that_it_is_an_offer_and_leads_to_it_and_to_the_introduction(client, animator, lender, water):
    made = offer(animator.network, lender, terms=[water], sharing="public")
    heard = offer(animator.network, None, terms=[water], title="Une exposition sur l'eau")
    page = text(client.get(reverse("outreach:question"), {"q": "prêter une mallette sur l'eau"}))
    assert "Des offres ouvertes qui répondent" in page
    assert made.get_absolute_url() in page
    assert heard.get_absolute_url() in page
    introduction = client.get(reverse("outreach:introduction_new"), {"acteur": lender.pk, "offre": made.pk})
    assert f"offre={made.pk}" in page
    assert "parce que vous proposez : « Mallette rivière »" in text(introduction)


def test_what_the_team_keeps_for_itself_is_not_quoted_to_its_actor(client, animator, lender, water):
    made = offer(animator.network, lender, terms=[water], sharing="team")
    page = text(client.get(reverse("outreach:question"), {"q": "prêter une mallette sur l'eau"}))
    assert f"acteur={lender.pk}" in page
    assert f"offre={made.pk}" not in page
    introduction = client.get(reverse("outreach:introduction_new"), {"acteur": lender.pk, "offre": made.pk})
    assert "vous proposez" not in text(introduction)


def test_offers_cost_the_same_whatever_their_number(client, animator, lender, water, same_queries):
    url = reverse("outreach:question")
    offer(animator.network, lender, terms=[water], territory=make_commune())
    assert (
        same_queries(
            page=lambda: client.get(url, {"q": "l'eau"}),
            add=lambda: offer(
                animator.network, make_actor(animator.network, commune=make_commune()), terms=[water],
                territory=make_commune(),
            ),
        )
        <= 60
    )  # fmt: skip
