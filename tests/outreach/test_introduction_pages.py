"""The pages of introductions: words and errors, double clicks, links that are false or over, the week, the sheet, exports."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.core.jobs import run_waiting
from maillage.directory.models import Actor
from maillage.outreach.models import Introduction, IntroductionRefusal, IntroductionSide
from maillage.outreach.queries import introductions as queries
from tests.factories.directory import make_actor, make_commune
from tests.factories.outreach import make_introduction, make_partnership

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker(network):
    return make_actor(network, "Médiathèque de Mende", email="mediatheque@exemple.test", phone="04 66 11 22 33")


@pytest.fixture
def found(network):
    return make_actor(network, "Astroclub", email="astro@exemple.test", commune=make_commune(), phone="04 67 44 55 66")


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def link(side, name="introduction_link", token=None):
    return reverse(f"outreach:{name}", args=[side.pk, token or side.token])


def posted(asker, found, /, **more):
    return {"asker": str(asker.pk), "found": str(found.pk), "what": "Un atelier", "manner": "both"} | more


def test_the_form_comes_filled_in_with_what_was_asked(client, animator, asker, found):
    url = reverse("outreach:introduction_new")
    query = {"acteur": found.pk, "demandeur": asker.pk, "quoi": "un atelier", "pourquoi": "- propose : atelier"}
    page = text(client.get(url, query))
    assert 'value="un atelier"' in page
    assert "Nous avons pensé à vous parce que votre fiche dit" in page
    assert f'value="{found.pk}"' in page
    assert f'value="{asker.pk}"' in page


def test_a_double_click_sends_once_and_several_are_asked_apart(client, animator, network, asker, found, smtp_server):
    other = make_actor(network, "Planétarium", email="planetarium@exemple.test")
    data = posted(asker, found, found_1=str(other.pk), manner="found", cle=str(uuid.uuid4()))
    for _click in range(2):
        assert client.post(reverse("outreach:introduction_new"), data).status_code == 302
    assert Introduction.objects.count() == 2
    run_waiting()
    assert sorted(each["To"] for each in smtp_server.received) == ["astro@exemple.test", "planetarium@exemple.test"]
    assert "Planétarium" not in smtp_server.received[0].get_body(("plain",)).get_content()


def test_whoever_asks_reads_one_message_that_names_all_who_are_proposed(
    client, animator, network, asker, found, smtp_server
):
    other = make_actor(network, "Planétarium", email="planetarium@exemple.test")
    data = posted(asker, found, found_1=str(other.pk), manner="both")
    assert "Répondez pour chacun" in text(client.post(reverse("outreach:introduction_new"), data | {"apercu": "1"}))
    client.post(reverse("outreach:introduction_new"), data)
    run_waiting()
    told = [each for each in smtp_server.received if each["To"] == asker.email]
    assert len(told) == 1
    body = told[0].get_body(("plain",)).get_content()
    for introduction in Introduction.objects.all():
        assert introduction.found.label in body
        assert link(introduction.asker, "introduction_link") in body
        assert client.get(link(introduction.asker, "introduction_link")).status_code == 200
    assert told[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sorted(each["To"] for each in smtp_server.received if each["To"] != asker.email) == sorted(
        [found.email, other.email]
    )


def test_a_person_who_stops_a_message_about_several_stops_them_all(client, animator, network, found, smtp_server):
    other = make_actor(network, "Planétarium", email="planetarium@exemple.test")
    outsider = {"asker": "", "name": "Odile", "email": "odile@exemple.test"}
    client.post(reverse("outreach:introduction_new"), posted(found, found, found_1=str(other.pk)) | outsider)
    first, second = Introduction.objects.order_by("pk")
    client.post(link(first.asker, "introduction_stop"), {"List-Unsubscribe": "One-Click"})
    assert {side.stopped_at is not None for side in (first.asker, second.asker)} == {True}
    assert {one.state for one in Introduction.objects.all()} == {"refused"}
    third = make_actor(network, "Observatoire", email="observatoire@exemple.test")
    run_waiting()
    before = len(smtp_server.received)
    client.post(reverse("outreach:introduction_new"), posted(third, third) | outsider | {"email": "ODILE@exemple.test"})
    later = Introduction.objects.order_by("pk").last().asker
    assert "ne veut plus recevoir de message de mise en relation" in queries.why_not_written(network, later)
    run_waiting()
    assert [each["To"] for each in smtp_server.received[before:] if "odile" in each["To"].lower()] == []


def test_when_one_of_several_cannot_be_asked_none_is(client, animator, network, asker, found):
    refusing = make_actor(network, "Ne veut pas")
    IntroductionRefusal.objects.create(network=network, actor=refusing)
    response = client.post(reverse("outreach:introduction_new"), posted(asker, found, found_1=str(refusing.pk)))
    assert response.status_code == 409
    assert "Ne veut pas" in text(response)
    assert not Introduction.objects.exists()


def test_errors_are_said_beside_their_field(client, animator, asker, found):
    url = reverse("outreach:introduction_new")
    assert "Dites qui demande" in text(client.post(url, posted(asker, found, asker="")))
    assert "sont le même" in text(client.post(url, posted(found, found)))
    outsider = posted(asker, found, asker="", name="Odile")
    assert "personne ne pourra lui répondre" in text(client.post(url, outsider))
    assert not Introduction.objects.exists()


def test_the_preview_writes_and_sends_nothing(client, animator, asker, found, smtp_server):
    response = client.post(reverse("outreach:introduction_new"), posted(asker, found, apercu="1"))
    page = text(response)
    assert "Médiathèque de Mende cherche" in page
    assert "Nous lui posons la même question" in page
    assert page.index('id="apercu"') < page.index('name="what"')  # Seen first, and Enter asks for it again.
    main = page[page.index('action="#apercu"') :]
    assert main.index('name="apercu"') == main.index("name=", main.index('type="submit"'))
    run_waiting()
    assert (Introduction.objects.count(), smtp_server.received) == (0, [])


def test_a_link_opened_by_a_scanner_changes_nothing_and_hides_contacts(client, network, asker, found):
    side = make_introduction(network, asker, found).found
    for name in ("introduction_link", "introduction_stop"):
        page = text(client.get(link(side, name)))
        for secret in (asker.email, asker.phone):
            assert secret not in page
    side.refresh_from_db()
    assert (side.answer, side.stopped_at) == ("", None)
    assert client.post(link(side), {"answer": "peut-être"}).status_code == 422
    assert client.get(link(side, token="0" * 64)).status_code == 404


@pytest.mark.parametrize("change", ["expired", "address", "archived", "cancelled"])
def test_a_link_that_is_over_says_so_and_writes_nothing(client, network, asker, found, change):
    introduction = make_introduction(network, asker, found)
    side = introduction.found
    if change == "expired":
        IntroductionSide.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    elif change == "address":
        Actor.objects.filter(pk=found.pk).update(email="autre@exemple.test")
    elif change == "archived":
        Actor.objects.filter(pk=found.pk).update(archived_at=timezone.now())
    else:
        Introduction.objects.update(state="cancelled")
    assert client.get(link(side)).status_code == 410
    assert client.post(link(side), {"answer": "yes"}).status_code in (409, 410)
    side.refresh_from_db()
    assert side.answer == ""


def test_the_foot_of_the_message_stops_without_a_cookie(client, network, asker, found):
    side = make_introduction(network, asker, found).found
    client.handler.enforce_csrf_checks = True
    assert client.post(link(side, "introduction_stop"), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert IntroductionRefusal.objects.get().actor == found


def test_an_old_request_waits_in_the_week_and_in_the_history(client, animator, network, asker, found):
    make_introduction(network, asker, found, author=animator.user, asked_at=timezone.now() - timedelta(days=9))
    make_partnership(network, asker, found)
    assert "Avoir la réponse : Médiathèque de Mende, Astroclub" in text(client.get(reverse("outreach:week")))
    history = text(client.get(reverse("outreach:relation", args=[found.pk])))
    assert "Mise en relation avec Médiathèque de Mende" in history
    assert "Partenariat avec Médiathèque de Mende" in history
    sheet = text(client.get(reverse("directory:actor_work", args=[found.pk])))
    assert "Médiathèque de Mende et Astroclub" in sheet
    assert "Un cycle d'ateliers sur l'eau" in sheet


def test_the_team_notes_that_an_actor_wants_none_and_takes_it_back(client, animator, found):
    url = reverse("outreach:introduction_refusal", args=[found.pk])
    client.post(url)
    assert "ne veut pas de mise en relation" in text(client.get(reverse("directory:actor_work", args=[found.pk])))
    client.post(url, {"lever": "1"})
    assert not IntroductionRefusal.objects.exists()


def test_lists_are_filtered_counted_and_exported(client, animator, network, asker, found):
    make_introduction(network, asker, found, met=10, ending="project", what="Une veillée")
    make_introduction(network, None, asker)
    url = reverse("outreach:introduction_list")
    page = text(client.get(url, {"issue": "project"}))
    assert "Une veillée" in page
    assert "Mairie de Mende" not in page
    assert "Mairie de Mende" in text(client.get(url, {"q": "mairie"}))
    assert "Aucune mise en relation ne correspond" in text(client.get(url, {"etat": "refused"}))
    exported = b"".join(client.get(reverse("outreach:introduction_export", args=["csv"])).streaming_content).decode()
    assert "Une veillée" in exported
    assert "odile@exemple.test" not in exported
    make_partnership(network, asker, found, title="=formule", state="confirmed")
    assert "=formule" in text(client.get(reverse("outreach:partnership_list"), {"etat": "confirmed"}))
    exported = b"".join(client.get(reverse("outreach:partnership_export", args=["csv"])).streaming_content).decode()
    assert "'=formule" in exported


def test_what_the_team_passes_on_is_on_the_page_and_the_link_claims_no_message(client, animator, network, asker):
    silent = make_actor(network, "Club sans adresse", website="https://club.exemple.test")
    introduction = make_introduction(network, asker, silent, met=1)
    introduction.sides.update(contact_at=None)
    page = text(client.get(introduction.get_absolute_url()))
    assert "https://club.exemple.test" in page
    assert "04 66 11 22 33" in page
    told = text(client.get(link(introduction.asker)))
    assert "coordonnées vous ont été" not in told
    assert "l’équipe du réseau vous dira" in told
    client.post(reverse("outreach:introduction_contact", args=[introduction.pk, "found"]))
    client.post(reverse("outreach:introduction_contact", args=[introduction.pk, "asker"]))
    assert "C’est transmis" not in text(client.get(introduction.get_absolute_url()))
    assert "coordonnées vous ont été données" in text(client.get(link(introduction.asker)))


def test_the_answer_that_gives_contacts_is_confirmed_by_who_receives_what(
    client, animator, network, asker, found, smtp_server
):
    introduction = make_introduction(network, asker, found)
    answers = {
        role: reverse("outreach:introduction_answer", args=[introduction.pk, role]) for role in ("asker", "found")
    }
    shown = text(client.get(introduction.get_absolute_url()))
    assert 'role="group" aria-labelledby="reponse-found"' in shown
    assert '<span class="visually-hidden"> – Astroclub</span>' in shown
    assert client.post(answers["asker"], {"answer": "yes"}).status_code == 302
    page = client.post(answers["found"], {"answer": "yes"})
    assert page.status_code == 200
    for told in ("04 66 11 22 33", "04 67 44 55 66", "Par e-mail, à astro@exemple.test", "mediatheque@exemple.test"):
        assert told in text(page)
    run_waiting()
    assert smtp_server.received == []
    assert not Introduction.objects.get().is_met
    assert client.post(answers["found"], {"answer": "yes", "confirme": "1"}).status_code == 302
    assert Introduction.objects.get().is_met
    assert 'role="group" aria-labelledby="nouvelles-asker"' in text(client.get(introduction.get_absolute_url()))


def test_who_asks_is_one_of_two_and_neither_is_said_optional(client, animator):
    page = text(client.get(reverse("outreach:introduction_new")))
    asking = page[page.index("<legend>Qui demande") : page.index("Acteur proposé")]
    assert "L’un des deux" in asking
    assert "Son adresse e-mail" in asking
    assert "facultatif" not in asking


def test_names_keep_their_articles_and_dashes(client, animator, network, asker):
    introduction = make_introduction(network, asker, make_actor(network, "Cap Sciences – Bordeaux"))
    page = text(client.get(introduction.get_absolute_url()))
    assert "<title>Médiathèque de Mende et Cap Sciences – Bordeaux" in page
    partnership = make_partnership(network, asker, introduction.found.actor)
    page = text(client.get(partnership.get_absolute_url()))
    assert "Après un appel, pour : Cap Sciences – Bordeaux." in page


def test_the_link_says_for_whom_one_answers_and_leads_to_the_public_sheet(client, network, asker, found):
    side = make_introduction(network, asker, found).asker
    page = text(client.get(link(side)))
    assert "Vous répondez pour : <strong>Médiathèque de Mende</strong>" in page
    assert f'<a href="{found.get_absolute_url()}">Astroclub</a>' in page
    assert str(found.commune) in page
    assert page.index("Et à l’avenir") < page.index('value="yes"')
    assert "ne sera plus proposé" not in text(client.get(link(side, "introduction_stop")))
    assert "ne sera plus proposé" in text(client.post(link(side, "introduction_stop")))


def test_the_rows_of_lists_lead_by_the_names_of_the_two(client, animator, network, asker, found):
    for kind, made in (
        ("introduction", make_introduction(network, asker, found)),
        ("partnership", make_partnership(network, asker, found)),
    ):
        page = text(client.get(reverse(f"outreach:{kind}_list")))
        assert f'<a href="{made.get_absolute_url()}">Médiathèque de Mende et Astroclub</a>' in page
        assert '<form class="sift"' in page


def test_what_is_said_of_a_request_that_left_suits_whoever_reads_it(client, animator, asker, found):
    sent = client.post(reverse("outreach:introduction_new"), posted(asker, found), follow=True)
    assert "« Ma semaine » vous préviendra si la réponse tarde" in text(sent).replace("\xa0", " ")
