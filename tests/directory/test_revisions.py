"""What an editor writes on a published sheet waits: proposed, seen by its author and the team alone, taken field by field,
refused with a reason, proposed again."""

import io
from pathlib import Path

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from maillage.activity.models import Entry
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.core.seen import marks
from maillage.directory.actions import edit_sheet, revising, set_state, update_actor
from maillage.directory.enums import MemberRole, RevisionState
from maillage.directory.models import ActorMember, Listing, Revision
from maillage.directory.queries.fields import held_fields
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.support.forms import values_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def network():
    return make_network(host="testserver", contact_email="equipe@exemple.test")


@pytest.fixture
def actor(network):
    return make_actor(network, "Musée des sels", phone="04 67 00 00 00", summary="Du sel.", commune=make_commune())


@pytest.fixture
def author(network, actor):
    user = make_person(network, name="Léo Astier")
    ActorMember.objects.create(actor=actor, user=user, role=MemberRole.EDITOR)
    return viewer(user, network)


@pytest.fixture
def team(network):
    return viewer(make_person(network, "animator", name="Noé Cabanel"), network)


def seen_of(actor, by, names):
    held = held_fields(actor, by, names)
    return dict(part.split(".", 1) for part in marks(held).split())


def propose(author, actor, **fields):
    actor.refresh_from_db()
    return revising.propose_edit(by=author, actor=actor, fields=fields, seen=None)


def save_step(client, actor, step="contact", query="", **changes):
    address = reverse("directory:actor_edit_step", args=[actor.pk, step])
    page = client.get(address + query)
    return client.post(address + query, values_of(page, address + query) | changes)


def accept(team, revision, *names):
    actor = revision.actor
    actor.refresh_from_db()
    return revising.accept_revision(by=team, revision=revision, names=list(names), seen=seen_of(actor, team, names))


def letters(user):
    run_waiting()
    return [message for message in mail.outbox if message.to == [user.email]]


# --- proposing ----------------------------------------------------------------------------------------------------------


def test_an_editor_proposes_and_the_published_sheet_does_not_change(client, network, actor, author):
    client.force_login(author.user)
    network.refresh_from_db()
    before = network.content_version
    response = save_step(client, actor, phone="04 67 99 99 99")
    revision = Revision.objects.get()
    assert response["Location"] == reverse("directory:revision_show", args=[revision.pk])
    actor.refresh_from_db()
    network.refresh_from_db()
    assert (actor.phone, network.content_version) == ("04 67 00 00 00", before)
    assert (revision.values, revision.before) == ({"phone": "04 67 99 99 99"}, {"phone": "04 67 00 00 00"})
    page = client.get(response["Location"]).text
    assert "attend la relecture" in page and "04 67 99 99 99</ins>" in page
    assert "attend la relecture" in client.get(reverse("directory:own_sheet", args=[actor.pk])).text
    run_waiting()
    assert [each.subject for each in mail.outbox if each.to == ["equipe@exemple.test"]] == [
        "Une modification attend votre relecture\u00a0: «\u00a0Musée des sels\u00a0»"
    ]


def test_a_second_edit_amends_the_first_and_its_form_shows_what_was_proposed(client, actor, author):
    client.force_login(author.user)
    save_step(client, actor, phone="04 67 99 99 99")
    address = reverse("directory:actor_edit_step", args=[actor.pk, "contact"])
    assert values_of(client.get(address), address)["phone"] == "04 67 99 99 99"
    save_step(client, actor, email="sel@exemple.test")
    save_step(client, actor, "activite", summary="Du sel et des mots.")
    assert Revision.objects.get().values == {
        "phone": "04 67 99 99 99",
        "email": "sel@exemple.test",
        "summary": "Du sel et des mots.",
    }
    assert list(Entry.objects.filter(verb__startswith="revision").values_list("verb", flat=True).order_by("pk")) == [
        "revision.sent",
        "revision.amended",
        "revision.amended",
    ]


def test_typing_again_what_the_sheet_says_leaves_nothing_to_review(client, actor, author):
    client.force_login(author.user)
    save_step(client, actor, phone="04 67 99 99 99")
    response = save_step(client, actor, phone="04 67 00 00 00")
    assert response["Location"] == reverse("directory:own_sheet", args=[actor.pk])
    assert Revision.objects.get().state == RevisionState.WITHDRAWN


def test_who_writes_at_once(network, actor, author, team):
    seen = seen_of(actor, team, ["phone"])
    edit_sheet(by=team, actor=actor, fields={"phone": "1"}, seen=seen)
    with pytest.raises(Refused, match="relue"):
        update_actor(by=author, actor=actor, values={"phone": "2"})
    ActorMember.objects.update(role=MemberRole.ADMIN)
    update_actor(by=author, actor=actor, values={"phone": "3"})
    network.settings = {"review_responsible": True}
    network.save()
    actor.refresh_from_db()
    with pytest.raises(Refused, match="relue"):
        update_actor(by=author, actor=type(actor).objects.get(pk=actor.pk), values={"phone": "4"})
    set_state(by=team, actor=actor, state="draft")
    update_actor(by=author, actor=actor, values={"phone": "5"})
    actor.refresh_from_db()
    assert actor.phone == "5" and not Revision.objects.exists()


def test_a_sheet_hidden_here_and_published_by_another_network_still_waits(network, actor, author, team):
    Listing.objects.create(network=make_network("Réseau voisin"), actor=actor, state="published")
    set_state(by=team, actor=actor, state="hidden")
    with pytest.raises(Refused, match="relue"):
        update_actor(by=author, actor=actor, values={"phone": "2"})


def test_what_the_record_refuses_is_refused_when_it_is_proposed(actor, author):
    with pytest.raises(ValidationError):
        propose(author, actor, website="pas une adresse")
    assert not Revision.objects.exists()


def test_the_author_withdraws_and_nobody_answers_any_more(client, actor, author, team):
    revision = propose(author, actor, phone="2")
    client.force_login(author.user)
    assert client.post(reverse("directory:revision_withdraw", args=[revision.pk])).status_code == 302
    with pytest.raises(Conflict):
        accept(team, revision, "phone")


# --- reviewing ----------------------------------------------------------------------------------------------------------


def test_the_team_takes_some_fields_as_the_words_of_the_actor(client, actor, author, team):
    theme = make_term("theme", "chimie")
    revision = propose(author, actor, phone="04 67 99 99 99", summary="Du sel fin.", themes=[theme])
    client.force_login(team.user)
    queue = client.get(reverse("directory:queue") + "?nature=revision").text
    assert "Léo Astier" in queue and "Thématiques" in queue
    page = client.get(reverse("directory:revision_show", args=[revision.pk]))
    assert "04 67 00 00 00</del>" in page.text and "Chimie</ins>" in page.text
    address = reverse("directory:revision_accept", args=[revision.pk])
    vu = values_of(page, address)["vu"]
    response = client.post(address, {"vu": vu, "champs": ["phone", "themes"], "word": "Merci."})
    assert response.status_code == 302
    actor.refresh_from_db()
    assert (actor.phone, actor.summary) == ("04 67 99 99 99", "Du sel.")
    assert list(actor.terms.all()) == [theme]
    assert (actor.provenance["phone"]["origin"], actor.provenance["phone"]["user"]) == ("actor", author.user_id)
    assert actor.wrote_itself("terms")
    revision.refresh_from_db()
    assert (revision.state, revision.accepted) == (RevisionState.ACCEPTED, ["phone", "themes"])
    letter = letters(author.user)[0]
    assert "est retenue" in letter.subject and "En une phrase" in letter.body and "Merci." in letter.body
    told = client.get(reverse("directory:revision_show", args=[revision.pk])).text
    assert "(retenu)" in told and "(non retenu)" in told


def test_a_sheet_that_moved_since_is_told_and_nothing_is_written_unread(client, actor, author, team):
    revision = propose(author, actor, phone="2", summary="Du sel fin.")
    update_actor(by=team, actor=actor, values={"phone": "3"})
    client.force_login(team.user)
    address = reverse("directory:revision_accept", args=[revision.pk])
    page = client.get(reverse("directory:revision_show", args=[revision.pk]))
    assert (
        "La fiche a changé depuis cette proposition" in page.text
        and "avait lu «\u00a004 67 00 00 00\u00a0»" in page.text
    )
    assert 'value="phone" checked' not in page.text and 'value="summary" checked' in page.text
    vu = values_of(page, address)["vu"]
    update_actor(by=team, actor=actor, values={"phone": "4"})
    response = client.post(address, {"vu": vu, "champs": ["phone", "summary"], "word": "À bientôt"})
    assert response.status_code == 409 and "À bientôt" in response.text
    actor.refresh_from_db()
    assert (actor.phone, actor.summary) == ("4", "Du sel.") and Revision.objects.get().is_waiting


def test_two_who_answer_at_once_the_second_is_told(actor, author, team):
    revision = propose(author, actor, phone="2")
    accept(team, revision, "phone")
    with pytest.raises(Conflict):
        revising.refuse_revision(by=team, revision=revision, code="autre", reason="Non")


def test_nothing_ticked_is_refused(actor, author, team):
    with pytest.raises(Refused, match="au moins un champ"):
        accept(team, propose(author, actor, phone="2"))


def test_a_refusal_needs_a_code_and_words_and_the_author_proposes_again_from_there(client, actor, author, team):
    revision = propose(author, actor, phone="2")
    client.force_login(team.user)
    refuse = reverse("directory:revision_refuse", args=[revision.pk])
    wrong = client.post(refuse, {"code": "", "reason": "Le numéro ne répond pas."})
    assert wrong.status_code == 422 and "Le numéro ne répond pas." in wrong.text
    assert client.post(refuse, {"code": "inverifiable"}).status_code == 422
    assert client.post(refuse, {"code": "inverifiable", "reason": "Le numéro ne répond pas."}).status_code == 302
    letter = letters(author.user)[0]
    assert "invérifiable" in letter.body and "Le numéro ne répond pas." in letter.body
    entry = Entry.objects.get(verb="revision.refused")
    assert entry.details == {"reason": "invérifiable"} and entry.user == team.user
    client.force_login(author.user)
    page = client.get(reverse("directory:revision_show", args=[revision.pk])).text
    assert "Le numéro ne répond pas." in page and f"?reprise={revision.pk}" in page
    again = f"?reprise={revision.pk}"
    address = reverse("directory:actor_edit_step", args=[actor.pk, "contact"])
    assert values_of(client.get(address + again), address + again)["phone"] == "2"
    assert client.get(address).text.count('value="2"') == 0
    response = save_step(client, actor, query=again, phone="04 22 22 22 22")
    assert response["Location"] == reverse("directory:revision_show", args=[revision.pk])
    revision.refresh_from_db()
    assert revision.is_waiting and revision.values == {"phone": "04 22 22 22 22"} and Revision.objects.count() == 1
    client.force_login(team.user)
    assert "Déjà refusée" in client.get(response["Location"]).text


def test_a_refused_revision_is_sent_again_as_it_is_with_a_word_and_once(client, actor, author, team):
    revision = propose(author, actor, phone="2")
    revising.refuse_revision(by=team, revision=revision, code="inexact", reason="Faux numéro")
    client.force_login(author.user)
    again = reverse("directory:revision_resubmit", args=[revision.pk])
    assert client.post(again, {"message": ""}).status_code == 422
    assert client.post(again, {"message": "Il est sur notre site."}).status_code == 302
    assert client.post(again, {"message": "Il est sur notre site."}).status_code == 409
    revision.refresh_from_db()
    assert revision.is_waiting and revision.message == "Il est sur notre site."


# --- the picture --------------------------------------------------------------------------------------------------------


def photograph():
    out = io.BytesIO()
    Image.new("RGB", (200, 120), "teal").save(out, "PNG")
    return SimpleUploadedFile("vue.png", out.getvalue(), "image/png")


def test_a_picture_waits_where_only_its_author_and_the_team_see_it(
    client, actor, author, team, network, django_capture_on_commit_callbacks
):
    client.force_login(author.user)
    save_step(client, actor, "image", image=photograph(), image_role="decorative")
    revision = Revision.objects.get()
    stored = revision.picture.path
    picture = reverse("directory:revision_picture", args=[revision.pk])
    answer = client.get(picture)
    assert answer["Content-Type"] == "image/webp" and "no-store" in answer["Cache-Control"]
    assert answer.getvalue()[8:12] == b"WEBP"
    assert client.get(f"/fichiers/{revision.picture.name}").status_code == 404
    client.force_login(make_person(network))
    assert client.get(picture).status_code == 404
    client.force_login(team.user)
    assert picture in client.get(reverse("directory:revision_show", args=[revision.pk])).text
    with django_capture_on_commit_callbacks(execute=True):
        accept(team, revision, "image", "image_role")
    actor.refresh_from_db()
    assert actor.image.name.startswith("actors/") and actor.image_role == "decorative"
    assert not Path(stored).exists()


def test_a_picture_withdrawn_is_not_kept(client, actor, author, django_capture_on_commit_callbacks):
    client.force_login(author.user)
    save_step(client, actor, "image", image=photograph(), image_role="decorative")
    revision = Revision.objects.get()
    storage, name = revision.picture.storage, revision.picture.name
    with django_capture_on_commit_callbacks(execute=True):
        revising.withdraw_revision(by=author, revision=revision)
    assert not storage.exists(name)


def test_a_picture_that_is_lost_does_not_take_away_the_one_that_is_there(client, actor, author, team):
    client.force_login(author.user)
    save_step(client, actor, "image", image=photograph(), image_role="decorative")
    revision = Revision.objects.get()
    type(actor).objects.filter(pk=actor.pk).update(image="actors/la.webp")
    revision.picture.storage.delete(revision.picture.name)
    with pytest.raises(Refused, match="au moins un champ"):  # Its words say what it shows: they do not go without it.
        accept(team, revision, "image", "image_role")
    actor.refresh_from_db()
    assert actor.image.name == "actors/la.webp" and Revision.objects.get().is_waiting
