"""Is the sheet still right: asked at the rhythm of the actor, answered by a link without account, told after two silences."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.actions import forbid_address
from maillage.activity.models import Entry
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.directory.actions import claiming
from maillage.directory.actions.reminding import forget_reminders, remind, remind_stale
from maillage.directory.actions.writing import confirm, update_actor
from maillage.directory.models import Actor, Reminder
from maillage.directory.queries.claims import rests_until
from maillage.directory.queries.sheets import silent_since
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_network
from tests.support.forms import values_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    return make_network(host="testserver")


def old(network, name="Astroclub", months=14, **values):
    """A published sheet that nobody confirmed for so long."""
    actor = make_actor(network, name, email=f"{name.lower()}@exemple.test", update_rhythm=12, **values)
    day = timezone.now() - timedelta(days=30 * months)
    Actor.objects.filter(pk=actor.pk).update(confirmed_at=day, created_at=day)
    return Actor.objects.get(pk=actor.pk)


def night():
    remind_stale.enqueue()
    run_waiting()


def go_back(days):
    """Time passes: what was sent is older by so many days."""
    for reminder in Reminder.objects.all():
        Reminder.objects.filter(pk=reminder.pk).update(
            sent_at=reminder.sent_at - timedelta(days=days), expires_at=reminder.expires_at - timedelta(days=days)
        )


def page(name, reminder):
    return reverse(f"directory:reminder_{name}", args=[reminder.pk, reminder.token])


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def test_the_night_asks_about_old_sheets_alone(network, smtp_server):
    actor = old(network)
    old(network, "Recent", months=3)
    old(network, "Brouillon", state="draft")
    old(make_network(), "Ailleurs")
    archived = old(network, "Ferme")
    Actor.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    night()
    assert [reminder.actor for reminder in Reminder.objects.filter(network=network)] == [actor]
    (message,) = [each for each in smtp_server.received if each["To"] == "astroclub@exemple.test"]
    assert "votre fiche est-elle à jour" in message["Subject"].replace("\xa0", " ")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    night()
    assert Reminder.objects.filter(network=network).count() == 1


def test_no_more_leave_in_a_night_than_the_network_says_the_oldest_first(network):
    network.settings = {"reminders_a_day": 2}
    network.save()
    for months, name in ((14, "Un"), (30, "Deux"), (20, "Trois")):
        old(network, name, months=months)
    night()
    assert set(Reminder.objects.values_list("actor__name", flat=True)) == {"Deux", "Trois"}
    network.settings = {"reminders_a_day": 0}
    network.save()
    go_back(2)
    night()
    assert Reminder.objects.count() == 2


def test_two_silences_are_told_to_the_public_and_then_one_waits_for_the_rhythm(network, client):
    actor = old(network)
    night()
    assert silent_since(actor) is None
    go_back(31)
    night()
    assert Reminder.objects.count() == 2
    assert silent_since(actor) is None
    go_back(31)
    night()
    assert Reminder.objects.count() == 2
    assert silent_since(actor) == actor.confirmed_at
    assert "non confirmée depuis" in text(client.get(actor.get_absolute_url()))
    go_back(12 * 30)
    night()
    assert Reminder.objects.count() == 3


def test_opening_the_link_changes_nothing_and_its_button_confirms_without_an_account(network, client):
    actor = old(network)
    night()
    reminder = Reminder.objects.get()
    assert "Tout est à jour" in text(client.get(page("show", reminder)))
    actor.refresh_from_db()
    assert actor.is_stale
    response = client.post(page("show", reminder), follow=True)
    assert "est confirmée à jour" in text(response)
    actor.refresh_from_db()
    assert not actor.is_stale
    entry = Entry.objects.filter(verb="actor.confirm", object_id=actor.pk).latest("pk")
    assert entry.system == "L'acteur, par son lien personnel"
    reminder.refresh_from_db()
    assert reminder.answer == "fresh"
    go_back(200)
    assert silent_since(actor) is None


def test_what_the_link_corrects_is_the_actors_own_word(network, client):
    actor = old(network, phone="05 62 00 00 00")
    night()
    reminder = Reminder.objects.get()
    form = client.get(page("edit", reminder)).context["form"]
    data = {
        "vu": form.vu, "phone": "05 62 11 11 11", "email": actor.email, "summary": "Le ciel, chaque vendredi.",
        "update_rhythm": "6", "contact_is_public": "on",
    }  # fmt: skip
    response = client.post(page("edit", reminder), data)
    assert response["Location"] == page("done", reminder)
    actor.refresh_from_db()
    assert (actor.phone, actor.summary, actor.update_rhythm) == ("05 62 11 11 11", "Le ciel, chaque vendredi.", 6)
    assert actor.provenance["phone"]["origin"] == "actor"
    assert not actor.is_stale


def correct(client, reminder, **changes):
    """What whoever holds the link sends from its page."""
    address = page("edit", reminder)
    return client.post(address, values_of(client.get(address), address) | changes)


def test_whoever_read_the_former_address_and_the_team_learn_that_the_link_changed_it(client, smtp_server):
    network = make_network(host="testserver", contact_email="equipe@exemple.test")
    actor = old(network)
    night()
    smtp_server.received.clear()
    assert correct(client, Reminder.objects.get(), email="pris@ailleurs.fr").status_code == 302
    run_waiting()
    former, team = sorted(smtp_server.received, key=lambda message: message["To"])
    assert (former["To"], team["To"]) == ("astroclub@exemple.test", "equipe@exemple.test")
    said = former.get_body(("plain",)).get_content().replace("\xa0", " ")
    assert "Écrivez aussitôt à l'équipe du réseau, à equipe@exemple.test" in said
    assert "pris@ailleurs.fr" not in said
    actor.refresh_from_db()
    assert actor.email == "pris@ailleurs.fr"


def test_what_the_link_leaves_of_the_address_is_told_to_nobody(network, client, smtp_server):
    old(network)
    night()
    smtp_server.received.clear()
    assert correct(client, Reminder.objects.get(), email="Astroclub@exemple.test", phone="05 62 11 11 11")
    run_waiting()
    assert smtp_server.received == []


def test_an_address_that_came_by_the_link_proves_nothing_for_a_fortnight(network, client):
    actor, thief = old(network, website="https://astroclub.test"), make_person(network, email="pris@ailleurs.fr")
    night()
    correct(client, Reminder.objects.get(), email="pris@ailleurs.fr", website="https://ailleurs.fr")
    actor.refresh_from_db()
    by = viewer(thief, network)
    with pytest.raises(Refused, match="a changé il y a peu"):
        claiming.send_code(by=by, actor=actor)
    with pytest.raises(Refused, match="demandez un code"):
        claiming.claim_by_domain(by=by, actor=actor)
    client.force_login(thief)
    shown = text(client.get(reverse("directory:actor_claim", args=[actor.slug])))
    assert "aucun code n'y part avant le" in shown and "Envoyer le code" not in shown
    fortnight_ago = (timezone.now() - timedelta(days=14, minutes=1)).isoformat()
    for field in ("email", "website"):
        actor.provenance[field]["at"] = fortnight_ago
    actor.save()
    claiming.send_code(by=by, actor=actor)
    assert "Envoyer un autre code" in text(client.get(reverse("directory:actor_claim", args=[actor.slug])))
    by_team = make_person(network, "animator")
    update_actor(by=viewer(by_team, network), actor=actor, values={"email": "accueil@ailleurs.fr"})
    actor.refresh_from_db()
    assert rests_until(actor, "email") is None, "the team's word proves at once"


def test_a_wrong_value_is_told_beside_its_field_and_nothing_typed_is_lost(network, client):
    old(network)
    night()
    reminder = Reminder.objects.get()
    form = client.get(page("edit", reminder)).context["form"]
    data = {"vu": form.vu, "website": "pas une adresse", "summary": "Gardée", "update_rhythm": "12"}
    response = client.post(page("edit", reminder), data)
    assert response.status_code == 422
    assert "website" in response.context["form"].errors
    assert "Gardée" in text(response)


def test_a_link_serves_its_own_sheet_until_its_term_and_only_while_the_sheet_has_the_address(network, client):
    actor = old(network)
    night()
    reminder = Reminder.objects.get()
    other = make_network(host="autre.test")
    assert Client(HTTP_HOST=other.host).get(page("show", reminder)).status_code == 404
    assert client.get(page("edit", reminder)).status_code == 200
    update_actor(by=viewer(make_person(network, "animator"), network), actor=actor, values={"email": "b@exemple.test"})
    for name in ("show", "edit"):
        assert client.get(page(name, reminder)).status_code == 410
        assert client.post(page(name, reminder), {"vu": ""}).status_code == 410
    actor.refresh_from_db()
    assert actor.email == "b@exemple.test"
    Actor.objects.update(email=reminder.email)
    Reminder.objects.update(expires_at=timezone.now())
    assert client.post(page("show", reminder)).status_code == 410


def test_one_click_stops_the_messages_without_signing_in_and_nothing_more_leaves(network):
    actor = old(network)
    night()
    reminder = Reminder.objects.get()
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(page("stop", reminder)).status_code == 200
    reminder.refresh_from_db()
    assert reminder.stopped_at is None
    assert strict.post(page("stop", reminder), {"List-Unsubscribe": "One-Click"}).status_code == 200
    go_back(40)
    night()
    assert Reminder.objects.count() == 1
    with pytest.raises(Refused, match="ne veut plus"):
        remind(by=viewer(make_person(network, "animator"), network), actor=actor)


def test_who_objected_to_being_written_to_is_not(network):
    actor = old(network)
    forbid_address(email=actor.email, reason="objection")
    night()
    assert not Reminder.objects.exists()


def test_an_address_that_the_server_refuses_is_shown_to_the_team_and_not_written_to_again(network, smtp_server, client):
    actor = old(network, "Refused")
    night()
    assert Reminder.objects.get().failed_at is not None
    go_back(40)
    night()
    assert Reminder.objects.count() == 1
    client.force_login(make_person(network, "animator"))
    shown = text(client.get(reverse("directory:freshness"), {"etat": "refused"}))
    assert actor.name in shown
    assert "adresse refusée" in shown
    assert "adresse refusée" in text(client.get(reverse("directory:actor_work", args=[actor.pk])))


def test_the_team_asks_at_once_but_not_twice_in_a_day(network, client):
    actor = old(network, months=1)
    client.force_login(make_person(network, "animator"))
    ask = reverse("directory:actor_ask", args=[actor.pk])
    assert "Le message part" in text(client.post(ask, follow=True))
    assert "déjà été relancé aujourd'hui" in text(client.post(ask, follow=True))
    assert Reminder.objects.count() == 1


def test_a_confirmation_by_anyone_ends_the_silence(network):
    actor = old(network)
    night()
    go_back(31)
    night()
    go_back(31)
    assert silent_since(actor) is not None
    confirm(by=viewer(make_person(network, "animator"), network), actor=actor)
    actor.refresh_from_db()
    assert silent_since(actor) is None
    night()
    assert Reminder.objects.count() == 2


def test_the_list_of_the_team_costs_the_same_for_one_and_three(network, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(make_person(network, "animator"))
    costs = []
    for names in (["Un"], ["Deux", "Trois"]):
        for name in names:
            old(network, name)
        night()
        with CaptureQueriesContext(connection) as seen:
            response = client.get(reverse("directory:freshness"), {"etat": "asked"})
        costs.append(len(seen))
    assert len(response.context["rows"]) == 3
    assert costs[0] == costs[1]


@pytest.mark.django_db(transaction=True)
def test_a_link_is_used_on_a_phone_from_the_mail_to_the_thanks(browse, smtp_server, axe, fits):
    network = make_network(host="localhost")
    actor = old(network)
    night()
    (message,) = smtp_server.received
    address = re.search(r"https?://[^\s/]+(/fiche/\S+?/)\s", message.get_body(("plain",)).get_content())[1]
    phone = browse(width=390)
    phone.goto(address)
    axe(phone)
    fits(phone)
    phone.get_by_role("link", name="Corriger").click()
    axe(phone)
    fits(phone)
    phone.get_by_role("textbox", name="Téléphone").fill("05 62 22 22 22")
    phone.get_by_role("button", name="Enregistrer et confirmer la fiche").click()
    phone.get_by_role("heading", name="Merci").wait_for()
    axe(phone)
    actor.refresh_from_db()
    assert actor.phone == "05 62 22 22 22"


def test_the_link_of_a_sheet_archived_since_says_so_and_shows_no_way_to_it(network, client):
    actor = old(network)
    night()
    reminder = Reminder.objects.get()
    Actor.objects.filter(pk=actor.pk).update(archived_at=timezone.now())
    assert client.get(page("object", reminder)).status_code == 200
    for name in ("show", "edit"):
        for response in (client.get(page(name, reminder)), client.post(page(name, reminder))):
            assert response.status_code == 410
            assert "ou la fiche est archivée" in text(response) and "Voir la fiche" not in text(response)
    assert Reminder.objects.get().answer == ""


def test_what_was_sent_to_a_former_address_is_forgotten_at_its_term_even_if_it_wants_no_more(network, client):
    stays, moves = old(network), old(network, "Ferme")
    night()
    Reminder.objects.update(stopped_at=timezone.now())
    update_actor(by=viewer(make_person(network, "animator"), network), actor=moves, values={"email": "b@exemple.test"})
    forget_reminders.enqueue()
    run_waiting()
    assert Reminder.objects.count() == 2
    go_back(days=5000)
    forget_reminders.enqueue()
    run_waiting()
    assert Reminder.objects.get().actor == stays
