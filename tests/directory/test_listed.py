"""Whoever reads the contact address of a sheet is told of it, and takes their data away by one button (GDP-6)."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from maillage.accounts.actions import erase_account
from maillage.accounts.queries import is_suppressed
from maillage.activity.actions.sealing import seal_entries
from maillage.activity.models import Entry
from maillage.core.jobs import run_waiting
from maillage.core.viewer import Viewer
from maillage.directory.actions import Stamp, create_actor, update_actor
from maillage.directory.actions.merging import merge
from maillage.directory.actions.reminding import remind, tell_all_listed, tell_listed
from maillage.directory.actions.unmerging import undo_merge
from maillage.directory.actions.withdrawing import addresses_in, take_out
from maillage.directory.enums import Origin
from maillage.directory.models import Actor, Listing, Reminder
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_network
from tests.factories.imports import imported, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    return make_network(host="testserver", contact_email="equipe@exemple.test")


def come_from_a_list(network, name="Astroclub", **values):
    by = Viewer.as_system(network, "essai")
    values = {"name": name, "email": f"{name.lower()}@exemple.test", "phone": "05 62 00 00 00", **values}
    return create_actor(by=by, values=values, state="published", stamp=Stamp(Origin.IMPORT, "Liste des clubs"))


def night():
    tell_all_listed.enqueue()
    run_waiting()


def page(name, reminder):
    return reverse(f"directory:reminder_{name}", args=[reminder.pk, reminder.token])


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def test_who_came_from_a_list_is_told_once_with_its_source_and_who_wrote_themselves_is_not(network, smtp_server):
    come_from_a_list(network)
    own = make_actor(network, "Écrite par eux")
    stamp = Stamp(Origin.ACTOR)
    update_actor(by=Viewer.as_system(network, "essai"), actor=own, values={"email": "eux@exemple.test"}, stamp=stamp)
    night()
    (message,) = smtp_server.received
    said = message.get_body(("plain",)).get_content().replace("\xa0", " ")
    assert message["To"] == "astroclub@exemple.test"
    assert "importé de « Liste des clubs »" in said
    night()
    assert Reminder.objects.count() == 1
    update_actor(
        by=Viewer.as_system(network, "essai"),
        actor=Actor.objects.get(name="Astroclub"),
        values={"email": "b@exemple.test"},
    )
    night()
    assert Reminder.objects.count() == 2, "a new address is told too"


def test_no_more_are_told_in_a_night_than_the_network_says(network):
    for name in ("Un", "Deux", "Trois"):
        come_from_a_list(network, name)
    network.settings = {"told_a_day": 2}
    network.save()
    night()
    night()
    assert Reminder.objects.count() == 2


def test_one_button_takes_ones_data_away_for_good(network, client, smtp_server):
    actor = come_from_a_list(network, contact_name="Odile Marty")
    night()
    reminder = Reminder.objects.get()
    assert "Retirer mes coordonnées" in text(client.get(page("show", reminder)))
    assert Actor.objects.get(pk=actor.pk).email == "astroclub@exemple.test"
    response = client.post(page("object", reminder), follow=True)
    assert "Vos coordonnées sont retirées" in text(response)
    actor.refresh_from_db()
    assert (actor.email, actor.phone, actor.contact_name) == ("", "", "")
    assert Listing.objects.get(actor=actor).state == "published"
    assert is_suppressed("astroclub@exemple.test")
    assert not Reminder.objects.exclude(email="").exists()
    run_waiting()
    assert [message["To"] for message in smtp_server.received][-1] == "equipe@exemple.test"
    night()
    assert Reminder.objects.count() == 1


def test_the_sheet_of_a_person_is_hidden_with_their_data(network, client):
    actor = come_from_a_list(network, "Odile", kind="person")
    night()
    client.post(page("object", Reminder.objects.get()))
    assert Listing.objects.get(actor=actor).state == "hidden"
    assert client.get(actor.get_absolute_url()).status_code == 404


def test_a_list_that_comes_later_does_not_bring_them_back(client, db):
    world = make_world()
    world.network.host = "testserver"
    world.network.save()
    head = "Nom;Code;Code postal;Ville;E-mail;Téléphone"
    line = ["Astroclub;A1;32000;Auch;astro@exemple.test;05 62 00 00 00"]
    imported(world, line, head=head)
    night()
    client.post(page("object", Reminder.objects.get()))
    imported(world, line, head=head)
    actor = Actor.objects.get()
    assert (actor.email, actor.phone) == ("", "")


def told(network, **values):
    """A sheet that came from a list, and the link that its reader was sent."""
    actor = come_from_a_list(network, contact_name="Odile Marty", **values)
    night()
    return actor, Reminder.objects.get(actor=actor)


def test_every_sheet_of_the_network_that_has_the_address_loses_it(network, client):
    other = make_actor(network, "Autre", email="ASTROCLUB@exemple.test", contact_name="Odile Marty")
    _actor, reminder = told(network)
    client.post(page("object", reminder))
    other.refresh_from_db()
    assert (other.email, other.contact_name) == ("", "")


def test_every_network_of_the_instance_loses_the_address_its_links_say_so_and_its_team_is_told(client, smtp_server):
    first = make_network(host="testserver", contact_email="equipe@exemple.test")
    second = make_network(host="autre.test", contact_email="autre-equipe@exemple.test")
    guest = make_network()
    _actor, reminder = told(first)
    other = make_actor(second, "Odile", kind="person", email="Astroclub@exemple.test", phone="05 62 33 33 33")
    Listing.objects.create(network=guest, actor=other, state="published")
    theirs = tell_listed(by=Viewer.as_system(second, "essai"), actor=other)
    run_waiting()
    smtp_server.received.clear()
    client.post(page("object", reminder))
    other.refresh_from_db()
    assert (other.email, other.phone, other.contact_name) == ("", "", "")
    assert set(Listing.objects.filter(actor=other).values_list("state", flat=True)) == {"hidden"}
    elsewhere = Client(HTTP_HOST="autre.test")
    assert elsewhere.get(page("show", theirs)).status_code == 410
    assert "ni sur aucune autre" in text(elsewhere.get(page("object", theirs)))
    run_waiting()
    assert {message["To"] for message in smtp_server.received} == {"equipe@exemple.test", "autre-equipe@exemple.test"}


def test_the_reader_of_a_sheet_that_went_into_another_objects_and_the_merging_forgets_them(network, client):
    by = viewer(make_person(network, "animator"), network)
    gone, reminder = told(network)
    kept = make_actor(network, "Astroclub du Gers", email="accueil@exemple.test", phone="05 62 44 44 44")
    done = merge(by=by, kept=kept, gone=gone, chosen={})
    assert client.post(page("object", reminder)).status_code == 302
    done.refresh_from_db()
    assert "astroclub@exemple.test" not in str(done.undo) and "Odile Marty" not in str(done.undo)
    kept.refresh_from_db()
    assert (kept.email, kept.phone, kept.contact_name) == ("accueil@exemple.test", "05 62 44 44 44", "")
    kept_words = " ".join(f"{entry.changes}{entry.details}" for entry in Entry.objects.all())
    assert "Odile Marty" not in kept_words
    undo_merge(by=by, merge=done)
    gone = Actor.objects.get(name="Astroclub")
    assert (gone.email, gone.phone, gone.contact_name) == ("", "", "")


def test_taking_out_one_of_two_addresses_leaves_the_contact_of_the_other():
    undo = {
        "gone": {"email": "odile@exemple.test", "phone": "05 62 00 00 00", "contact_name": "Odile"},
        "kept": {"email": ["lea@exemple.test", "odile@exemple.test"], "phone": ["05 62 11 11 11", "05 62 00 00 00"]},
        "removed": [["directory.SigningLink", {"email": "odile@exemple.test", "revoked_at": None}]],
        "rewritten": [["directory.Actor", 1, {"state": ["draft", "published"]}]],
    }
    assert addresses_in(undo) == {"lea@exemple.test", "odile@exemple.test"}
    assert take_out(undo, "ODILE@exemple.test") == {"email": "odile@exemple.test", "phone": "05 62 00 00 00"}
    assert undo["gone"] == {"email": "", "phone": "", "contact_name": ""}
    assert undo["kept"] == {"email": ["lea@exemple.test", ""], "phone": ["05 62 11 11 11", ""]}
    ((_label, link),) = undo["removed"]
    assert link["email"] == "" and link["revoked_at"]


def test_nothing_of_who_objected_stays_in_the_journal_and_its_chain_still_holds(network, client):
    _actor, reminder = told(network)
    seal_entries.enqueue()
    run_waiting()
    client.post(page("object", reminder))
    kept = " ".join(f"{entry.changes}{entry.details}" for entry in Entry.objects.all())
    assert "Odile Marty" not in kept
    assert "astroclub@exemple.test" not in kept
    call_command("verify_journal")


def test_undoing_a_merging_does_not_bring_them_back(network, client):
    by = viewer(make_person(network, "animator"), network)
    kept, gone = make_actor(network, "Astroclub du Gers"), come_from_a_list(network, contact_name="Odile Marty")
    done = merge(by=by, kept=kept, gone=gone, chosen={})
    client.post(page("object", tell_listed(by=by, actor=Actor.objects.get(pk=kept.pk))))
    undo_merge(by=by, merge=done)
    for actor in Actor.objects.all():
        assert (actor.email, actor.phone, actor.contact_name) == ("", "", "")


def test_who_wants_no_more_messages_may_still_object_and_every_link_ends_with_it(network, client):
    actor, reminder = told(network)
    asked = remind(by=viewer(make_person(network, "animator"), network), actor=actor)
    client.post(page("stop", reminder))
    client.post(page("object", reminder))
    actor.refresh_from_db()
    assert actor.email == ""
    assert client.get(page("show", asked)).status_code == 410
    client.post(page("stop", reminder))
    assert "Vos coordonnées sont retirées" in text(client.get(page("object", reminder)))


def test_the_link_of_a_former_address_writes_nothing_but_forgets_the_address(network, client):
    actor, reminder = told(network, kind="person")
    by = viewer(make_person(network, "animator"), network)
    update_actor(by=by, actor=actor, values={"email": "nouvelle@exemple.test"})
    for name in ("show", "edit"):
        assert client.post(page(name, reminder)).status_code == 410
    closed = text(client.get(page("show", reminder)))
    assert page("object", reminder) in closed, "it still takes the address away"
    assert "Cette fiche n’a pas cette adresse aujourd’hui" in text(client.get(page("object", reminder)))
    client.post(page("object", reminder))
    actor.refresh_from_db()
    assert (actor.email, actor.phone) == ("nouvelle@exemple.test", "05 62 00 00 00")
    assert Listing.objects.get(actor=actor).state == "published"
    assert is_suppressed("astroclub@exemple.test")
    assert Reminder.objects.get(pk=reminder.pk).email == ""


def test_messages_go_with_the_account_that_read_them(network):
    person = make_person(network)
    remind(by=viewer(make_person(network, "animator"), network), actor=make_actor(network, "Club", email=person.email))
    erase_account(by=viewer(person, network), user=person)
    assert not Reminder.objects.exists()
