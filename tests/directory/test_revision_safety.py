"""What editors propose keeps nothing of whoever objected, brings no refused address back, and never parts a picture from its
words."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from maillage.accounts.actions import forbid_address
from maillage.accounts.queries import suppressed_among
from maillage.core.errors import Refused
from maillage.core.seen import marks
from maillage.directory.actions import revising, update_actor
from maillage.directory.actions.reminding import answer_object
from maillage.directory.enums import MemberRole, RevisionState
from maillage.directory.models import Actor, ActorMember, Listing, Reminder, Revision
from maillage.directory.queries.fields import held_fields
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.support.forms import values_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    return make_network(host="testserver", contact_email="equipe@exemple.test")


@pytest.fixture
def actor(network):
    return make_actor(network, "Musée des sels", email="sel@exemple.test", commune=make_commune())


@pytest.fixture
def author(network, actor):
    user = make_person(network, name="Léo Astier")
    ActorMember.objects.create(actor=actor, user=user, role=MemberRole.EDITOR)
    return viewer(user, network)


@pytest.fixture
def team(network):
    return viewer(make_person(network, "animator", name="Noé Cabanel"), network)


def propose(author, actor, **fields):
    return revising.propose_edit(by=author, actor=actor, fields=fields, seen=None)


def accept(client, team, revision, *names):
    """By the page, as the team does."""
    client.force_login(team.user)
    actor = Actor.objects.get(pk=revision.actor_id)
    seen = marks(held_fields(actor, team, list(revision.values)))
    return client.post(reverse("directory:revision_accept", args=[revision.pk]), {"champs": names, "vu": seen})


def object_to(actor):
    later = timezone.now() + timedelta(days=9)
    network = actor.home_network
    answer_object(reminder=Reminder.objects.create(network=network, actor=actor, email=actor.email, expires_at=later))


# --- whoever objects ----------------------------------------------------------------------------------------------------


def test_an_objection_takes_the_contact_out_of_what_waits_and_the_rest_still_waits(actor, author):
    revision = propose(author, actor, contact_name="Zoé Objectante", phone="06 01 02 03 04", summary="Du sel.")
    object_to(actor)
    revision.refresh_from_db()
    assert (revision.values, revision.before) == ({"summary": "Du sel."}, {"summary": ""})
    assert revision.is_waiting


def test_a_proposal_that_an_objection_empties_is_closed(actor, author, team):
    revision = propose(author, actor, contact_name="Zoé Objectante")
    object_to(actor)
    revision.refresh_from_db()
    assert (revision.values, revision.before, revision.state) == ({}, {}, RevisionState.WITHDRAWN)
    assert revision.decided_at


def test_what_was_answered_keeps_no_contact_and_its_answer(client, actor, author, team):
    revision = propose(author, actor, contact_name="Zoé Objectante")
    accept(client, team, revision, "contact_name")
    object_to(actor)
    revision.refresh_from_db()
    assert (revision.values, revision.state) == ({}, RevisionState.ACCEPTED)
    client.force_login(author.user)
    assert client.get(reverse("directory:revision_show", args=[revision.pk])).status_code == 200


def test_an_address_refused_meanwhile_is_not_written_by_accepting(client, actor, author, team):
    revision = propose(author, actor, email="zoe@exemple.test", phone="04 67 00 00 01")
    forbid_address(email="zoe@exemple.test", reason="objection")
    page = accept(client, team, revision, "email", "phone")
    assert page.status_code == 422 and "ne soit plus enregistrée" in page.text
    actor.refresh_from_db()
    assert (actor.email, actor.phone) == ("sel@exemple.test", "")
    assert accept(client, team, revision, "phone").status_code == 302
    actor.refresh_from_db()
    assert actor.phone == "04 67 00 00 01"


def test_no_hand_writes_a_refused_address_again(actor, author, team):
    forbid_address(email="zoe@exemple.test", reason="objection")
    with pytest.raises(Refused):
        propose(author, actor, email="Zoe@exemple.test")
    with pytest.raises(Refused):
        update_actor(by=team, actor=actor, values={"email": "zoe@exemple.test"})
    assert not Revision.objects.exists()


def test_a_form_says_next_to_the_field_that_the_address_is_refused(client, actor, team):
    forbid_address(email="zoe@exemple.test", reason="objection")
    client.force_login(team.user)
    address = reverse("directory:actor_edit_step", args=[actor.pk, "contact"])
    page = client.post(address, values_of(client.get(address), address) | {"email": "zoe@exemple.test"})
    assert page.status_code == 422 and "ne soit plus enregistrée" in page.text
    assert 'value="zoe@exemple.test"' in page.text


def test_a_sheet_that_keeps_its_address_is_still_edited(actor, team):
    forbid_address(email="SEL@exemple.test", reason="objection")
    update_actor(by=team, actor=actor, values={"email": "sel@exemple.test", "phone": "04 67 00 00 01"})
    actor.refresh_from_db()
    assert actor.phone == "04 67 00 00 01"


def test_an_address_is_refused_in_every_spelling_of_one_list():
    forbid_address(email="ana@mairie.test", reason="objection")
    spelt = ["Ana@mairie.test", "ana@mairie.test", "ANA@mairie.test"]
    assert suppressed_among([*spelt, "libre@mairie.test", ""]) == set(spelt)


# --- a picture and its words --------------------------------------------------------------------------------------------


def _picture():
    drawn = io.BytesIO()
    Image.new("RGB", (40, 40)).save(drawn, "WEBP")
    return SimpleUploadedFile("vue.webp", drawn.getvalue())


def test_a_picture_is_taken_with_its_words(client, actor, author, team):
    revision = propose(author, actor, image=_picture(), image_alt="Une saline", image_credit="Léo Astier")
    assert accept(client, team, revision, "image").status_code == 302
    actor.refresh_from_db()
    assert actor.image
    assert (actor.image_alt, actor.image_credit) == ("Une saline", "Léo Astier")


def test_the_words_of_a_picture_that_is_left_are_left_too(client, actor, author, team):
    revision = propose(author, actor, image=_picture(), image_alt="Une saline", summary="Du sel.")
    assert accept(client, team, revision, "image_alt", "summary").status_code == 302
    actor.refresh_from_db()
    assert (actor.image.name, actor.image_alt, actor.summary) == ("", "", "Du sel.")


def test_the_page_has_one_box_for_a_picture_and_its_words_and_says_so(client, actor, author, team):
    words = {"image_alt": "Une saline", "image_credit": "Léo Astier"}
    revision = propose(author, actor, image=_picture(), summary="Du sel.", **words)
    client.force_login(team.user)
    address = reverse("directory:revision_show", args=[revision.pk])
    page = client.get(address).text.replace("\xa0", " ")
    assert [f'value="{name}"' in page for name in ("image", "summary", *words)] == [True, True, False, False]
    assert page.count("(va avec la photo)") == 2
    assert "La photo et ses mots (Texte alternatif, Crédit) vont ensemble" in page
    client.force_login(author.user)
    assert "vont ensemble" in client.get(address).text


def test_a_picture_alone_keeps_the_words_of_the_sheet_and_the_page_says_to_check_them(client, actor, author, team):
    alone = propose(author, actor, image=_picture())
    client.force_login(team.user)
    assert "Seule la photo change" in client.get(reverse("directory:revision_show", args=[alone.pk])).text
    revising.withdraw_revision(by=author, revision=alone)
    worded = propose(author, actor, image_alt="Une saline")
    page = client.get(reverse("directory:revision_show", args=[worded.pk])).text
    assert 'value="image_alt"' in page and "avec la photo" not in page


# --- whose word it is ---------------------------------------------------------------------------------------------------


def test_who_runs_another_network_writes_as_the_actor_that_they_represent(actor, network, team):
    other = make_network(host="autre.test")
    Listing.objects.create(network=other, actor=actor, state="published")
    user = make_person(other, "animator")
    ActorMember.objects.create(actor=actor, user=user, role=MemberRole.ADMIN)
    update_actor(by=viewer(user, other), actor=actor, values={"summary": "Écrit par l'acteur"})
    actor.refresh_from_db()
    assert actor.provenance["summary"]["origin"] == "actor"
    update_actor(by=team, actor=actor, values={"summary": "Écrit par l'équipe"})
    actor.refresh_from_db()
    assert actor.provenance["summary"]["origin"] == "animator"
