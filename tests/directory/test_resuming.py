"""What was refused is proposed again from the answer itself: its button leads to the form, filled with what was proposed."""

import re
import time
from urllib.parse import urlsplit

import pytest
from django.core import mail, signing
from django.core.cache import cache
from django.urls import reverse

from maillage.core.jobs import run_waiting
from maillage.core.viewer import Viewer
from maillage.directory.actions import revising, suggesting, update_actor
from maillage.directory.enums import MemberRole
from maillage.directory.models import ActorMember, Listing, Suggestion
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.support.forms import values_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def network():
    return make_network(host="testserver")


@pytest.fixture
def actor(network):
    return make_actor(network, "Musée des sels", phone="04 67 00 00 00", commune=make_commune())


@pytest.fixture
def team(network):
    return viewer(make_person(network, "animator"), network)


def button(address):
    """Where the button of the last message to `address` leads."""
    run_waiting()
    letter = [message for message in mail.outbox if message.to == [address]][-1]
    found = re.search(r'class="button" href="([^"]+)"', str(letter.alternatives[0][0]))
    return urlsplit(found[1]).path if found else ""


# --- suggestions, without an account ------------------------------------------------------------------------------------


def refused(actor, team, kind="wrong", message="", **values):
    made = suggesting.suggest(
        by=Viewer(network=team.network),
        kind=kind,
        actor=actor,
        values=values,
        message=message,
        email="v@exemple.test",
    )
    return suggesting.refuse_suggestion(by=team, suggestion=made, code="inverifiable", reason="D'où le savez-vous ?")


def test_a_refused_suggestion_is_taken_up_from_its_answer_with_all_that_was_proposed(client, network, actor, team):
    commune = make_commune("34301", "Sète", (43.4, 3.69), ["34200"])
    refused(actor, team, phone="04 67 99 99 99", commune=commune, message="Il a déménagé.")
    update_actor(by=team, actor=actor, values={"name": "Musée du sel"})  # Its address on the site is another one since.
    page = client.get(button("v@exemple.test"), follow=True)
    form = values_of(page, "")
    assert [form[name] for name in ("kind", "phone", "message")] == ["wrong", "04 67 99 99 99", "Il a déménagé."]
    assert (form["commune"], form["sender"]) == ("34301", "")
    assert "invérifiable" in page.text and "D&#x27;où le savez-vous" in page.text
    address = "?".join(filter(None, urlsplit(page.redirect_chain[-1][0])[2:4]))
    sent = form | {"message": "Leur site le dit.", "opened": opened()}
    assert client.post(address, sent).status_code == 302
    again = Suggestion.objects.waiting().get()
    assert (again.values, again.message) == ({"phone": "04 67 99 99 99", "commune": commune.pk}, "Leur site le dit.")


def opened():
    return signing.dumps(int(time.time()) - 30, salt="directory.contact")


def test_a_missing_actor_that_was_refused_is_proposed_again(client, network, team):
    refused(None, team, "missing", "Ouvert à tous.", name="Club des étoiles", website="https://club.exemple")
    form = values_of(client.get(button("v@exemple.test"), follow=True), "")
    assert (form["name"], form["website"], form["message"]) == (
        "Club des étoiles",
        "https://club.exemple",
        "Ouvert à tous.",
    )


def test_the_link_opens_what_was_refused_alone_on_the_site_that_sent_it(client, network, actor, team):
    refused(actor, team, phone="04 67 99 99 99")
    address = button("v@exemple.test")
    there = make_network("Réseau voisin")
    Listing.objects.create(network=there, actor=actor, state="published")
    assert client.get(address, headers={"host": there.host}).status_code == 410
    assert client.get(address[:-2] + "x/").status_code == 410
    other = make_actor(network, "Planétarium")
    token = address.rstrip("/").rpartition("/")[2]
    page = client.get(reverse("directory:actor_report", args=[other.slug]), {"reprise": token}).text
    assert "04 67 99 99 99" not in page and "Vous reprenez" not in page
    Suggestion.objects.all().delete()  # At their term.
    gone = client.get(address)
    assert gone.status_code == 410 and "n’est plus gardée" in gone.text


def test_no_button_leads_to_a_sheet_that_is_shown_no_more(actor, team):
    Listing.objects.update(state="hidden")
    refused(actor, team, phone="04 67 99 99 99")
    assert button("v@exemple.test") == ""


def test_what_is_kept_says_nothing_more_of_who_wrote(client, actor, team):
    refused(actor, team, phone="04 67 99 99 99")
    address = button("v@exemple.test")
    assert Suggestion.objects.get().email == ""
    page = client.get(address, follow=True)
    assert "v@exemple.test" not in page.text and "no-store" in page["Cache-Control"]


# --- revisions, by those who look after a sheet -------------------------------------------------------------------------


@pytest.fixture
def author(network, actor):
    user = make_person(network)
    ActorMember.objects.create(actor=actor, user=user, role=MemberRole.EDITOR)
    return viewer(user, network)


def turned_down(actor, author, team, **fields):
    revision = revising.propose_edit(by=author, actor=actor, fields=fields, seen=None)
    return revising.refuse_revision(by=team, revision=revision, code="inexact", reason="Ce numéro ne répond pas.")


def test_a_refused_revision_is_taken_up_in_its_form_from_the_answer(client, actor, author, team):
    turned_down(actor, author, team, phone="04 67 99 99 99")
    client.force_login(author.user)
    page = client.get(button(author.user.email), follow=True)
    address = page.redirect_chain[-1][0]
    assert address.startswith(reverse("directory:actor_edit_step", args=[actor.pk, "contact"]))
    assert values_of(page, address)["phone"] == "04 67 99 99 99"
    assert "Ce numéro ne répond pas." in page.text


def test_one_of_several_forms_leads_to_the_page_that_opens_each(client, actor, author, team):
    revision = turned_down(actor, author, team, phone="04 67 99 99 99", summary="Du sel et des sciences.")
    client.force_login(author.user)
    shown = client.get(button(author.user.email))
    assert shown["Location"] == reverse("directory:revision_show", args=[revision.pk])
    page = client.get(shown["Location"]).text
    for step in ("contact", "activite"):
        edit = reverse("directory:actor_edit_step", args=[actor.pk, step])
        assert f"{edit}?reprise={revision.pk}" in page


def test_what_is_refused_no_more_leads_to_what_became_of_it(client, actor, author, team):
    revision = turned_down(actor, author, team, phone="04 67 99 99 99")
    revising.resubmit_revision(by=author, revision=revision, message="Il est sur notre site.")
    client.force_login(author.user)
    shown = client.get(button(author.user.email))
    assert shown["Location"] == reverse("directory:revision_show", args=[revision.pk])
