"""Introductions and partnerships: nobody is written to at a former address, put in contact after a refusal, or kept after
asking to be forgotten."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.actions import erase_account, forbid_address
from maillage.activity.models import Entry
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.core.viewer import RoleKind
from maillage.directory.actions.merging import merge
from maillage.directory.actions.reminding import answer_object
from maillage.directory.models import Actor, ActorMember, Reminder
from maillage.outreach.actions import introductions as actions
from maillage.outreach.actions import outcomes, partnerships, proposing
from maillage.outreach.actions.proposing import Asking
from maillage.outreach.models import Introduction, IntroductionRefusal, IntroductionSide, Partnership
from maillage.outreach.queries import introductions as queries
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune
from tests.factories.outreach import make_introduction, make_partnership

pytestmark = pytest.mark.django_db
NEW = "nouvelle@exemple.test"


@pytest.fixture
def asker(network):
    return make_actor(network, "Médiathèque", email="mediatheque@exemple.test", commune=make_commune())


@pytest.fixture
def found(network):
    return make_actor(network, "Astroclub", email="astro@exemple.test", commune=make_commune())


def introduce(by, asker, found, **values):
    given = {"what": "Un atelier", "why": "", "manner": "both", **values}
    return proposing.introduce(by=by, asking=Asking(asker), found=found, **given)


def move(actor, email):
    """The sheet takes another address."""
    Actor.objects.filter(pk=actor.pk).update(email=email)


def archive(actor):
    Actor.objects.filter(pk=actor.pk).update(archived_at=timezone.now())


def written_to():
    """Addresses of the messages that wait, which are then forgotten."""
    jobs = Job.objects.filter(task__contains="deliver").order_by("pk")
    found = [job.arguments["to"] for job in jobs]
    jobs.delete()
    return found


def again(introduction):
    return Introduction.objects.whole().get(pk=introduction.pk)


# --- 1: the address of today ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["astro@exemple.test", ""])
def test_the_contact_goes_to_the_address_that_the_sheet_has_now(animator, asker, found, before):
    move(found, before)
    introduction = introduce(animator, asker, found)
    move(found, NEW)
    written_to()
    for side in introduction.sides.all():
        actions.answer_for_side(by=animator, side=side, answer="yes")
    assert sorted(written_to()) == ["mediatheque@exemple.test", NEW]


def test_the_contact_that_is_given_is_answered_at_the_address_of_today(animator, asker, found, smtp_server):
    introduction = introduce(animator, asker, found)
    move(found, NEW)
    run_waiting()
    smtp_server.received.clear()
    for side in introduction.sides.all():
        actions.answer_for_side(by=animator, side=side, answer="yes")
    run_waiting()
    told = next(message for message in smtp_server.received if message["To"] == "mediatheque@exemple.test")
    assert NEW in told["Reply-To"]
    assert "astro@exemple.test" not in told.as_string()


def test_whoever_asked_is_told_of_a_refusal_at_the_address_of_today(animator, asker, found):
    introduction = introduce(animator, asker, found)
    move(asker, NEW)
    written_to()
    actions.answer_for_side(by=animator, side=introduction.found, answer="no")
    assert written_to() == [NEW]


def test_news_are_asked_at_the_address_of_today_by_a_link_of_its_own(client, network, asker, found):
    introduction = make_introduction(network, asker, found, met=16)
    former = introduction.found
    move(found, NEW)
    actions.forget_introductions.enqueue()
    outcomes.follow_introductions.enqueue()
    run_waiting()
    side = IntroductionSide.objects.get(pk=former.pk)
    assert side.email == NEW
    assert side.is_open
    assert client.get(reverse("outreach:introduction_news", args=[side.pk, former.token])).status_code == 404
    assert client.get(reverse("outreach:introduction_news", args=[side.pk, side.token])).status_code == 200


# --- 2 and 16: a stop takes back ---------------------------------------------------------------------------------------


def test_stopping_takes_back_a_yes_that_waits(client, network, asker, found):
    introduction, another = make_introduction(network, asker, found), make_introduction(network, None, found)
    for one in (introduction, another):
        actions.answer_by_link(side=one.found, answer="yes")
    side = introduction.found
    client.post(reverse("outreach:introduction_stop", args=[side.pk, side.token]))
    assert [again(one).state for one in (introduction, another)] == ["refused", "refused"]
    assert all(again(one).closed_at is not None for one in (introduction, another))
    written_to()
    with pytest.raises(Refused):
        actions.answer_by_link(side=introduction.asker, answer="yes")
    assert written_to() == []
    assert not again(introduction).is_met


def test_a_person_outside_the_directory_takes_back_what_they_asked(network, found):
    introduction = make_introduction(network, None, found)
    actions.answer_by_link(side=introduction.asker, answer="yes")
    actions.stop_by_link(side=introduction.asker)
    introduction = again(introduction)
    assert (introduction.state, introduction.asker.answer) == ("refused", "no")


@pytest.mark.parametrize("refuses", ["all", "pair"])
def test_refusing_for_the_future_refuses_what_waits(network, asker, found, refuses):
    third = make_actor(network, "Collège", email="college@exemple.test")
    waiting, elsewhere = make_introduction(network, asker, found), make_introduction(network, third, found)
    for one in (waiting, elsewhere):
        actions.answer_by_link(side=one.found, answer="yes")
    asked = make_introduction(network, asker, found)
    actions.answer_by_link(side=asked.found, answer="no", refuses=refuses)
    assert not again(waiting).is_open
    assert again(elsewhere).is_open == (refuses == "pair")


def test_the_one_agreed_to_with_the_same_click_goes_on(network, asker, found):
    introduction = make_introduction(network, asker, found)
    actions.answer_by_link(side=introduction.found, answer="yes", refuses="all")
    assert again(introduction).is_open


def test_what_the_team_notes_for_an_actor_refuses_what_waits(animator, network, asker, found):
    introduction = make_introduction(network, asker, found)
    actions.refuse_introductions(by=animator, actor=found)
    introduction = again(introduction)
    assert (introduction.state, introduction.found.told_by) == ("refused", animator.user)


def test_a_former_mailbox_stops_its_own_messages_and_not_the_actor(client, network, asker, found):
    introduction = make_introduction(network, asker, found)
    side = introduction.found
    move(found, NEW)
    assert client.post(reverse("outreach:introduction_stop", args=[side.pk, side.token])).status_code == 200
    side.refresh_from_db()
    assert side.stopped_at is not None
    assert not IntroductionRefusal.objects.exists()
    assert again(introduction).is_open


# --- 3 and 15: declaring a partnership ----------------------------------------------------------------------------------


def test_a_representative_has_few_partnerships_that_wait(client, network, asker):
    person = make_person(network)
    ActorMember.objects.create(actor=asker, user=person)
    client.force_login(person)
    others = [make_actor(network, email=f"c{n}@exemple.test") for n in range(12)]
    url = reverse("outreach:own_relations")
    given = {"actor": str(asker.pk), "title": "Une exposition", "began_on": "2026-01-15"}
    statuses = [client.post(url, given | {"other": str(other.pk)}).status_code for other in others]
    assert statuses == [302] * 5 + [409] * 5 + [429] * 2
    assert len(written_to()) == Partnership.objects.count() == 5
    partnerships.decide_partnership(by=_of(network, others[0]), partnership=Partnership.objects.last(), confirmed=True)
    partnerships.declare_partnership(by=viewer(person, network), actor=asker, other=others[9], title="Une exposition")


def _of(network, actor):
    person = make_person(network)
    ActorMember.objects.create(actor=actor, user=person)
    return viewer(person, network)


def test_a_link_declares_no_more_than_a_representative(network, asker, found):
    side = make_introduction(network, asker, found, met=20).found
    for number in range(5):
        partnerships.declare_by_link(side=side, title=f"Atelier {number}")
    with pytest.raises(Refused):
        partnerships.declare_by_link(side=side, title="Atelier de trop")


def test_the_team_declares_as_many_as_it_knows_of(animator, network, asker):
    for _number in range(6):
        partnerships.declare_partnership(by=animator, actor=asker, other=make_actor(network), title="Une exposition")
    assert Partnership.objects.count() == 6


def test_who_wants_no_introduction_is_not_written_to_about_a_partnership(animator, network, asker, found):
    IntroductionRefusal.objects.create(network=network, actor=found)
    made = partnerships.declare_partnership(by=animator, actor=asker, other=found, title="Une exposition")
    assert written_to() == []
    assert not partnerships.ask_again(by=animator, partnership=made)


@pytest.mark.parametrize("which", ["asker", "found"])
def test_the_links_of_an_archived_actor_write_nothing(client, network, asker, found, which):
    news = make_introduction(network, asker, found, met=20).found
    held = make_partnership(network, asker, found, expires_at=timezone.now() + timedelta(days=9))
    archive({"asker": asker, "found": found}[which])
    for act in (
        lambda: partnerships.decide_by_link(partnership=held, confirmed=True),
        lambda: partnerships.declare_by_link(side=IntroductionSide.objects.get(pk=news.pk), title="Un projet"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.status == 409
    confirm = reverse("outreach:partnership_link", args=[held.pk, held.token])
    assert client.get(confirm).status_code == 410
    assert client.post(confirm, {"reponse": "oui"}).status_code == 410
    client.post(reverse("outreach:introduction_news", args=[news.pk, news.token]), {"objet": "Un projet"})
    assert [one.state for one in Partnership.objects.all()] == ["declared"]


def test_an_empty_answer_decides_nothing(client, network, animator, asker, found):
    held = make_partnership(network, asker, found, expires_at=timezone.now() + timedelta(days=9))
    for url in (
        reverse("outreach:partnership_link", args=[held.pk, held.token]),
        reverse("outreach:partnership_decide", args=[held.pk]),
    ):
        for data in ({}, {"reponse": "peut-être"}):
            assert client.post(url, data).status_code == 422
    held.refresh_from_db()
    assert held.waits


# --- 12: who asked to be forgotten --------------------------------------------------------------------------------------


def test_the_address_of_a_deleted_sheet_goes_and_its_link_with_it(network, asker, found):
    side = make_introduction(network, asker, found).found
    found.delete()
    side = IntroductionSide.objects.get(pk=side.pk)
    assert (side.actor, side.email, side.is_open) == (None, "", False)


def test_an_erased_person_leaves_no_address_in_the_introductions_of_their_sheet(network, asker):
    person = make_person(network)
    sheet = make_actor(network, "Zoé Pro", kind="person", email="zoe.pro@exemple.test", commune=make_commune())
    ActorMember.objects.create(actor=sheet, user=person, role="admin")
    make_introduction(network, asker, sheet)
    erase_account(by=viewer(person, network), user=person)
    assert not Actor.objects.filter(pk=sheet.pk).exists()
    assert not IntroductionSide.objects.filter(email="zoe.pro@exemple.test").exists()


def test_a_person_outside_the_directory_who_objects_is_forgotten(network, found):
    introduction = make_introduction(network, None, found)
    forbid_address(email="Odile@exemple.test", reason="objection")
    introduction = again(introduction)
    side = introduction.asker
    assert (side.name, side.structure, side.email, side.is_open) == ("", "", "", False)
    assert introduction.state == "cancelled"


def test_an_objection_leaves_no_address_in_introductions_and_partnerships(network, asker, found):
    held = make_partnership(network, asker, found, expires_at=timezone.now() + timedelta(days=60))
    introduction = make_introduction(network, asker, found)
    ends = timezone.now() + timedelta(days=9)
    answer_object(reminder=Reminder.objects.create(network=network, actor=found, email=found.email, expires_at=ends))
    held.refresh_from_db()
    assert (held.email, again(introduction).found.email) == ("", "")
    assert again(introduction).asker.email == "mediatheque@exemple.test"


# --- 13, 14, 20 ---------------------------------------------------------------------------------------------------------


def test_the_journal_keeps_no_word_of_an_introduction(animator, asker, found):
    introduce(animator, asker, found, what="Odile Marty cherche un lieu")
    entry = Entry.objects.get(verb="introduction.made")
    assert entry.label == f"{timezone.localdate():%d/%m/%Y}"


@pytest.mark.parametrize("met", [None, 16])
def test_merging_both_sides_closes_their_introduction(network, asker, found, met):
    introduction = make_introduction(network, asker, found, met=met)
    other = make_introduction(network, make_actor(network, "Collège"), found, met=met)
    by = viewer(make_person(network, RoleKind.NETWORK_ADMIN), network)
    merge(by=by, kept=asker, gone=found, chosen={})
    introduction = again(introduction)
    assert introduction.closed_at is not None
    assert introduction.state == ("met" if met else "cancelled")
    assert again(other).closed_at is None
    asked = queries.follow_ups_to_send(network, timezone.localdate(), 10)
    assert {row.side.introduction_id for row in asked} == ({other.pk} if met else set())


def test_whoever_answers_last_is_who_answered(animator, asker, found):
    introduction = introduce(animator, asker, found)
    actions.answer_for_side(by=animator, side=introduction.found, answer="later")
    assert again(introduction).found.told_by == animator.user
    actions.answer_by_link(side=again(introduction).found, answer="yes")
    side = again(introduction).found
    assert (side.answer, side.told_by) == ("yes", None)
