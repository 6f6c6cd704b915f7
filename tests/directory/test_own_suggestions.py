"""Errors said of a sheet, read and answered by its own people; what is between a visitor and the team stays there."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from maillage.activity.models import Notice
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.seen import marks
from maillage.core.viewer import Viewer
from maillage.directory.actions import suggesting
from maillage.directory.actions.trusting import give_trust
from maillage.directory.models import Actor, ActorMember, Listing, Suggestion
from maillage.directory.queries.suggestions import shown_fields
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
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
    return make_actor(network, "Musée des sels", phone="04 67 00 00 00", commune=make_commune())


def looks_after(network, actor, role="admin", kind=None):
    person = make_person(network, kind) if kind else make_person(network)
    ActorMember.objects.create(actor=actor, user=person, role=role)
    return person


@pytest.fixture
def director(network, actor):
    return looks_after(network, actor)


def said(actor, kind="wrong", network=None, **values):
    by = Viewer(network=network or actor.home_network)
    message = "" if values else "Rideau baissé depuis l'été."
    return suggesting.suggest(
        by=by, kind=kind, actor=actor, values=values, message=message, email="visiteur@exemple.test"
    )


def letters(address):
    run_waiting()
    return [message for message in mail.outbox if message.to == [address]]


def page_of(suggestion, name="show"):
    return reverse(f"directory:suggestion_{name}", args=[suggestion.pk])


def test_the_responsible_person_takes_what_is_right_as_the_actors_own_word(client, actor, director):
    made = said(actor, phone="04 67 99 99 99", website="https://autre.fr")
    client.force_login(director)
    own = client.get(reverse("directory:own_sheet", args=[actor.pk]))
    assert "· Téléphone, Site web<" in own.text.replace("\xa0", " ")
    assert page_of(made) in own.text and page_of(made) in client.get(reverse("directory:own_sheets")).text
    page = client.get(page_of(made))
    assert "04 67 00 00 00</del>" in page.text and "04 67 99 99 99</ins>" in page.text
    assert [word in page.text for word in ("visiteur@exemple.test", "/travail/")] == [False, False]
    apply = page_of(made, "apply")
    response = client.post(apply, {"vu": values_of(page, apply)["vu"], "champs": ["phone"]})
    assert response["Location"] == reverse("directory:own_sheet", args=[actor.pk])
    actor.refresh_from_db()
    made.refresh_from_db()
    assert (actor.phone, actor.website, actor.wrote_itself("phone")) == ("04 67 99 99 99", "", True)
    assert (made.state, made.accepted, made.decided_by) == ("accepted", ["phone"], director)
    assert page_of(made) not in client.get(reverse("directory:own_sheet", args=[actor.pk])).text


def test_a_refusal_by_the_sheets_own_people_reads_as_the_teams(client, network, actor, director):
    refusal = {"code": "inexact", "reason": "Le numéro est le bon."}
    for person in (director, make_person(network, "animator")):
        made = said(actor, phone="04 67 99 99 99")
        client.force_login(person)
        assert client.post(page_of(made, "refuse"), {"reason": "Non"}).status_code == 422
        assert client.post(page_of(made, "refuse"), refusal).status_code == 302
        made.refresh_from_db()
        assert (made.state, made.code, made.email) == ("refused", "inexact", "")
    first, second = letters("visiteur@exemple.test")
    assert "Motif : inexact." in first.body.replace("\u00a0", " ") and "Le numéro est le bon." in first.body
    # Who wrote learns neither who answered nor whether anyone looks after the sheet (CLM-2).
    assert (first.subject, [line for line in first.body.splitlines() if "://" not in line]) == (
        second.subject,
        [line for line in second.body.splitlines() if "://" not in line],
    )


def test_words_without_a_value_are_dealt_with_by_hand(client, actor, director):
    made = said(actor)
    client.force_login(director)
    assert client.post(page_of(made, "note")).status_code == 302
    made.refresh_from_db()
    assert made.state == "accepted"


@pytest.mark.parametrize("kind", ["closed", "duplicate", "objection"])
def test_closures_duplicates_and_objections_stay_with_the_team(client, actor, director, kind):
    made = said(actor, kind=kind)
    client.force_login(director)
    assert client.get(page_of(made)).status_code == 404
    assert client.post(page_of(made, "refuse"), {"code": "autre", "reason": "Non"}).status_code == 404
    assert page_of(made) not in client.get(reverse("directory:own_sheet", args=[actor.pk])).text
    assert not Notice.objects.filter(user=director).exists()
    with pytest.raises(Refused):
        suggesting.refuse_suggestion(by=viewer(director, actor.home_network), suggestion=made, reason="Non")
    assert Suggestion.objects.get().is_waiting


def test_what_the_team_alone_may_answer_is_refused_to_the_sheets_own_people(network, actor, director):
    made, by = said(actor, phone="04 67 99 99 99"), viewer(director, network)
    with pytest.raises(Refused):
        suggesting.archive_as_suggested(by=by, suggestion=made, reason="Fermé")
    with pytest.raises(Refused, match="l'équipe d'animation"):
        suggesting.pass_on(by=by, suggestion=made)
    actor.refresh_from_db()
    assert actor.archived_at is None and Suggestion.objects.get().is_waiting


def test_an_editor_reads_and_answers_only_when_their_words_appear_at_once(client, network, actor):
    editor = looks_after(network, actor, "editor")
    made = said(actor, phone="04 67 99 99 99")
    client.force_login(editor)
    page = client.get(page_of(made))
    assert "ce que vous y écrivez est relu" in page.text and 'name="champs"' not in page.text
    seen = dict(part.split(".") for part in marks(shown_fields(made, actor, viewer(editor, network))).split())
    with pytest.raises(Refused):
        suggesting.apply_suggestion(by=viewer(editor, network), suggestion=made, names=["phone"], seen=seen)
    assert client.post(page_of(made, "refuse"), {"code": "autre", "reason": "Non"}).status_code == 403
    give_trust(by=viewer(make_person(network, "animator"), network), user=editor, reason="Écrit juste.")
    suggesting.apply_suggestion(by=viewer(editor, network), suggestion=made, names=["phone"], seen=seen)
    actor.refresh_from_db()
    assert (actor.phone, actor.wrote_itself("phone")) == ("04 67 99 99 99", True)


def test_the_people_of_another_actor_and_of_another_network_know_nothing_of_it(client, network, actor, director):
    made = said(actor, phone="04 67 99 99 99")
    client.force_login(looks_after(network, make_actor(network, "Planétarium")))
    assert client.get(page_of(made)).status_code == 404
    there = make_network("Réseau voisin")
    Listing.objects.create(network=there, actor=actor, state="published")
    client.force_login(director)
    assert client.get(page_of(made), headers={"host": there.host}).status_code == 404
    elsewhere = said(actor, network=there, phone="04 67 99 99 99")
    assert client.get(page_of(elsewhere)).status_code == 404
    assert client.get(page_of(elsewhere), headers={"host": there.host}).status_code == 200


def test_what_a_network_that_lists_the_sheet_hears_is_taken_by_its_own_people(network, actor, director):
    there = make_network("Réseau voisin")
    Listing.objects.create(network=there, actor=actor, state="published")
    made, by = said(actor, network=there, phone="04 67 99 99 99"), viewer(director, there)
    seen = dict(part.split(".") for part in marks(shown_fields(made, actor, by)).split())
    suggesting.apply_suggestion(by=by, suggestion=made, names=["phone"], seen=seen)
    assert Actor.objects.get().wrote_itself("phone")


def test_those_responsible_are_told_once_and_not_of_their_own_words(network, actor, director):
    other, editor = looks_after(network, actor), looks_after(network, actor, "editor")
    by = viewer(director, network)
    suggesting.suggest(by=by, kind="wrong", actor=actor, values={"phone": "04 67 99 99 99"})
    told = Notice.objects.filter(kind="claim_received")
    assert {notice.user for notice in told} == {other}
    (letter,) = letters(other.email)
    assert letter.subject.replace("\u00a0", " ") == "Une personne signale une erreur sur « Musée des sels »"
    assert page_of(Suggestion.objects.get()) in letter.body and "04 67 99" not in letter.body
    assert letters(editor.email) == []


def test_own_sheets_cost_the_same_whatever_is_said_of_them(client, actor, director, same_queries):
    client.force_login(director)
    for name, args in (("own_sheet", [actor.pk]), ("own_sheets", [])):
        address = reverse(f"directory:{name}", args=args)
        same_queries(page=lambda at=address: client.get(at), add=lambda: said(actor, phone="04 67 99 99 99"))
