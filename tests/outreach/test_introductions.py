"""Introducing two actors: each agrees before either has the other's contact, then tells what came of it."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from maillage.accounts.actions import erase_account, forbid_address
from maillage.accounts.actions.erasing import erase
from maillage.activity.models import Entry
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind
from maillage.directory.actions.merging import merge
from maillage.directory.models import Actor
from maillage.outreach.actions import introductions as actions
from maillage.outreach.actions import outcomes, proposing
from maillage.outreach.actions.proposing import Asking
from maillage.outreach.models import FollowUp, Introduction, IntroductionRefusal, IntroductionSide, NeedAsking
from maillage.outreach.queries import introductions as queries
from maillage.outreach.queries.introduction_contacts import contacts_due
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_term
from tests.factories.outreach import make_campaign, make_introduction, make_message, make_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker(network):
    return make_actor(
        network,
        "Médiathèque de Mende",
        email="mediatheque@exemple.test",
        phone="04 66 00 00 00",
        commune=make_commune(),
    )


@pytest.fixture
def found(network):
    return make_actor(network, "Astroclub", email="astro@exemple.test", contact_name="Ève Roux", commune=make_commune())


def introduce(by, asker, found, **values):
    asking = asker if isinstance(asker, Asking) else Asking(asker)
    given = {"what": "Un atelier d'astronomie", "why": "Vous proposez des ateliers.", "manner": "both", **values}
    return proposing.introduce(by=by, asking=asking, found=found, **given)


def mails(smtp_server):
    run_waiting()
    received, smtp_server.received[:] = list(smtp_server.received), []
    return {message["To"]: message for message in received}


def body(message):
    return message.get_body(("plain",)).get_content().replace("\xa0", " ").replace("\u202f", " ")


def again(introduction):
    return Introduction.objects.whole().get(pk=introduction.pk)


def night():
    outcomes.follow_introductions.enqueue()
    run_waiting()


def go_back(days):
    """Time passes."""
    back = timedelta(days=days)
    for one in Introduction.objects.all():
        moved = {"asked_at": one.asked_at - back, "met_at": one.met_at and one.met_at - back}
        Introduction.objects.filter(pk=one.pk).update(**moved)
    for side in IntroductionSide.objects.exclude(expires_at=None):
        IntroductionSide.objects.filter(pk=side.pk).update(expires_at=side.expires_at - back)
    for row in FollowUp.objects.all():
        FollowUp.objects.filter(pk=row.pk).update(due_on=row.due_on - back)


def test_each_is_asked_and_nothing_of_the_other_is_told(animator, asker, found, smtp_server):
    introduction = introduce(animator, asker, found)
    sent = mails(smtp_server)
    assert set(sent) == {"mediatheque@exemple.test", "astro@exemple.test"}
    to_found, to_asker = body(sent["astro@exemple.test"]), body(sent["mediatheque@exemple.test"])
    assert "Médiathèque de Mende cherche : « Un atelier d'astronomie »" in to_found
    assert "Vous proposez des ateliers." in to_found
    assert "Nous avons pensé à Astroclub" in to_asker
    for secret in ("mediatheque@exemple.test", "04 66"):
        assert secret not in to_found
    for secret in ("astro@exemple.test", "Ève Roux"):
        assert secret not in to_asker
    assert sent["astro@exemple.test"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert introduction.state == "waiting"
    assert Entry.objects.filter(verb="introduction.made").count() == 1


@pytest.mark.parametrize("order", [("asker", "found"), ("found", "asker")])
def test_when_both_agree_in_any_order_each_has_the_contact_of_the_other(animator, asker, found, order, smtp_server):
    introduction = introduce(animator, asker, found)
    mails(smtp_server)
    first, second = (getattr(again(introduction), role) for role in order)
    actions.answer_by_link(side=first, answer="yes")
    assert mails(smtp_server) == {}
    actions.answer_by_link(side=second, answer="yes")
    assert again(introduction).is_met
    sent = mails(smtp_server)
    assert "astro@exemple.test" in body(sent["mediatheque@exemple.test"])
    assert "Ève Roux" in body(sent["mediatheque@exemple.test"])
    assert "04 66 00 00 00" in body(sent["astro@exemple.test"])
    assert sent["astro@exemple.test"]["Reply-To"] == "mediatheque@exemple.test"
    days = (FollowUp.objects.order_by("due_on").values_list("due_on", flat=True)).distinct()
    assert list(days) == [timezone.localdate() + timedelta(days=count) for count in (15, 90)]


def test_the_same_answer_twice_is_one_and_a_closed_one_is_a_conflict(animator, asker, found, smtp_server):
    introduction = introduce(animator, asker, found)
    side = introduction.found
    for _click in range(2):
        actions.answer_by_link(side=side, answer="no")
    assert again(introduction).state == "refused"
    assert Entry.objects.filter(verb="introduction.answered").count() == 1
    with pytest.raises(Conflict):
        actions.answer_by_link(side=side, answer="yes")
    with pytest.raises(Conflict):
        actions.answer_for_side(by=animator, side=introduction.asker, answer="yes")


def test_whoever_asked_is_told_of_a_refusal_and_of_nothing_else(animator, asker, found, smtp_server):
    introduction = introduce(animator, asker, found, manner="found")
    mails(smtp_server)
    actions.answer_by_link(side=introduction.found, answer="no")
    sent = mails(smtp_server)
    assert set(sent) == {asker.email}
    assert "ne peut pas donner suite" in body(sent[asker.email])
    assert found.email not in body(sent[asker.email])


def test_later_may_become_yes(animator, asker, found):
    introduction = introduce(animator, asker, found)
    actions.answer_by_link(side=introduction.asker, answer="yes")
    actions.answer_by_link(side=introduction.found, answer="later")
    assert again(introduction).state == "later"
    actions.answer_by_link(side=introduction.found, answer="yes")
    assert again(introduction).is_met


def test_the_team_puts_in_contact_at_once_when_it_knows_that_both_agree(animator, asker, found, smtp_server):
    introduction = introduce(animator, asker, found, manner="at_once")
    assert introduction.is_met
    sent = mails(smtp_server)
    assert "Vous êtes en relation" in sent["astro@exemple.test"]["Subject"]
    entry = Entry.objects.get(verb="introduction.at_once")
    assert entry.details["manner"] == "at_once"
    assert {side.told_by for side in introduction.sides.all()} == {animator.user}


def test_a_person_outside_the_directory_may_ask(animator, found, smtp_server):
    outsider = Asking(None, "Odile Marty", "odile@exemple.test", "Mairie de Mende")
    introduction = introduce(animator, outsider, found, manner="found")
    sent = mails(smtp_server)
    assert set(sent) == {"astro@exemple.test"}
    assert "Mairie de Mende – Odile Marty cherche" in body(sent["astro@exemple.test"])
    actions.answer_by_link(side=introduction.found, answer="yes")
    assert "odile@exemple.test" in body(mails(smtp_server)["astro@exemple.test"])


def test_who_refused_or_is_archived_or_asked_already_is_not_introduced(animator, network, asker, found):
    introduce(animator, asker, found)
    with pytest.raises(Refused, match="attend déjà"):
        introduce(animator, asker, found)
    with pytest.raises(Refused):
        introduce(animator, asker, asker)
    other = make_actor(network, "Autre", email="autre@exemple.test")
    actions.refuse_introductions(by=animator, actor=other, other=asker)
    with pytest.raises(Refused, match="a refusé"):
        introduce(animator, asker, other)
    actions.lift_refusal(by=animator, actor=other, other=asker)
    Actor.objects.filter(pk=other.pk).update(archived_at=timezone.now())
    with pytest.raises(Refused, match="archivé"):
        introduce(animator, asker, other)


def test_no_message_leaves_for_who_wants_none_and_the_team_answers_in_its_place(animator, asker, found, smtp_server):
    forbid_address(email=found.email, reason="essai")
    introduction = introduce(animator, asker, found)
    assert set(mails(smtp_server)) == {asker.email}
    due = queries.answers_due(animator, timezone.localdate(), everyone=False, limit=5)
    assert [line.title.replace("\xa0", " ") for line in due] == ["Avoir la réponse : Astroclub"]
    for side in introduction.sides.all():
        actions.answer_for_side(by=animator, side=side, answer="yes")
    assert again(introduction).is_met
    assert set(mails(smtp_server)) == {asker.email}


def test_an_animator_introduces_within_reach(network, asker, found):
    bound = viewer(make_person(network, RoleKind.ANIMATOR, department="48"), network)
    with pytest.raises(Refused):
        introduce(bound, asker, found)


def test_refusing_by_the_link_keeps_from_being_proposed_again(animator, network, asker, found):
    side = introduce(animator, asker, found).found
    actions.answer_by_link(side=side, answer="no", refuses="pair")
    assert queries.refused_by(network, asker) == {found.pk}
    assert queries.refused_by(network) == set()
    actions.stop_by_link(side=side)
    actions.stop_by_link(side=side)
    assert queries.refused_by(network) == {found.pk}


def test_each_is_asked_at_15_and_90_days_once_and_the_answer_closes(animator, asker, found, smtp_server):
    introduction = introduce(animator, asker, found, manner="at_once")
    mails(smtp_server)
    night()
    assert mails(smtp_server) == {}
    go_back(15)
    night()
    night()
    sent = mails(smtp_server)
    assert set(sent) == {asker.email, found.email}
    links = re.findall(r"reponse=(\w+)", body(sent[found.email]))
    assert links == ["ongoing", "project", "nothing"]
    outcomes.tell_outcome_by_link(side=introduction.found, answer="ongoing")
    assert (again(introduction).ending, again(introduction).closed_at) == ("ongoing", None)
    go_back(75)
    night()
    assert set(mails(smtp_server)) == {asker.email, found.email}
    outcomes.tell_outcome_by_link(side=introduction.asker, answer="project")
    assert again(introduction).ending == "project"
    assert again(introduction).closed_at is not None
    go_back(60)
    night()
    assert mails(smtp_server) == {}
    assert again(introduction).ending == "project"


def test_silence_closes_without_news_and_the_team_may_still_tell(animator, asker, found, smtp_server):
    introduction = introduce(animator, asker, found, manner="at_once")
    go_back(22)
    assert queries.news_due(animator, timezone.localdate(), everyone=False, limit=5)
    go_back(98)
    night()
    assert again(introduction).ending == "silent"
    outcomes.tell_outcome(by=animator, side=introduction.found, answer="project")
    assert again(introduction).ending == "project"
    assert FollowUp.objects.exclude(answer="").get().told_by == animator.user


def test_a_request_that_nobody_answers_is_closed_once_its_links_are_over(animator, asker, found):
    introduction = introduce(animator, asker, found)
    actions.answer_by_link(side=introduction.asker, answer="yes")
    go_back(44)
    night()
    assert again(introduction).state == "waiting"
    go_back(2)
    night()
    assert again(introduction).state == "unanswered"


def test_words_and_addresses_go_at_their_term_and_the_count_stays(animator, network, found):
    old = make_introduction(network, None, found, met=800, why="Parce que.")
    recent = make_introduction(network, None, found, met=30)
    actions.forget_introductions.enqueue()
    run_waiting()
    old.refresh_from_db()
    assert (old.what, old.why, old.asker.name, old.asker.email) == ("", "", "", "")
    assert recent.asker.name == "Odile Marty"
    assert queries.count_introductions(animator).met == 2


def test_an_address_taken_away_or_of_an_erased_person_is_not_kept(network, asker, found):
    introduction = make_introduction(network, None, found)
    Actor.objects.filter(pk=found.pk).update(email="")
    actions.forget_introductions.enqueue()
    run_waiting()
    assert introduction.found.email == ""
    person = make_person(network, email="odile@exemple.test")
    erase_account(by=viewer(person, network), user=person)
    held = IntroductionSide.objects.get(introduction=introduction, role="asker")
    assert (held.name, held.email, held.structure) == ("", "", "")


@pytest.mark.parametrize("asked", [True, False])
def test_whoever_made_one_account_of_two_is_forgotten_at_both_addresses(network, found, asked):
    person = make_person(network, email="odile@exemple.test")
    EmailAddress.objects.create(user=person, email="ancienne@exemple.test", verified=True)
    message = make_message(make_campaign(network, found), found, email="ancienne@exemple.test", word="Rappelez Odile")
    asked_of = {"email": "ancienne@exemple.test", "expires_at": timezone.now()}
    asking = NeedAsking.objects.create(need=make_need(network, found), **asked_of)
    if asked:
        erase_account(by=viewer(person, network), user=person)
    else:  # Absent for long.
        erase(by=viewer(person, network), user=person, asked=False)
    message.refresh_from_db()
    assert (message.email, message.word, NeedAsking.objects.filter(pk=asking.pk).exists()) == ("", "", False)


def test_introductions_are_counted_by_department_and_mission(animator, network, asker, found):
    mission = make_term("mission", "former", label="Former")
    make_introduction(network, asker, found, met=10, mission=mission, ending="project")
    make_introduction(network, asker, found)
    (line,) = queries.count_by_department(animator)
    assert (line.key, line.made, line.met, line.projects) == ("34", 2, 1, 1)
    assert [(each.label, each.made) for each in queries.count_by_mission(animator)] == [
        ("Former", 1),
        ("Sans mission", 1),
    ]


def test_merging_keeps_introductions_and_refusals_once(animator, network, asker, found):
    twin = make_actor(network, "Astroclub bis")
    make_introduction(network, asker, twin)
    for actor in (found, twin):
        actions.refuse_introductions(by=animator, actor=actor)
        actions.refuse_introductions(by=animator, actor=actor, other=asker)
    actions.refuse_introductions(by=animator, actor=found, other=twin)
    merge(by=animator, kept=found, gone=twin, chosen={})
    assert again(Introduction.objects.get()).found.actor == found
    held = IntroductionRefusal.objects.order_by("pk").values_list("actor", "other")
    assert list(held) == [(found.pk, None), (found.pk, asker.pk)]


def test_who_cannot_be_joined_is_passed_on_by_the_team(animator, network, asker, smtp_server):
    silent = make_actor(network, "Club sans adresse", website="https://club.exemple.test")
    introduction = introduce(animator, asker, silent, manner="at_once")
    message = mails(smtp_server)[asker.email]
    assert "l'équipe (" in body(message)
    assert "lui écrit directement" not in body(message)
    assert "mailto:" not in message.as_string()
    assert {side.contact_at for side in introduction.sides.all()} == {None}
    (line,) = contacts_due(animator, timezone.localdate(), everyone=False, limit=5)
    assert line.title.replace("\xa0", " ") == ("Transmettre les coordonnées : Médiathèque de Mende, Club sans adresse")
    for side in [*introduction.sides.all(), introduction.asker]:
        actions.note_contact_passed_on(by=animator, side=side)
    assert not contacts_due(animator, timezone.localdate(), everyone=False, limit=5)
    assert Entry.objects.filter(verb="introduction.passed_on").count() == 2


def test_a_telephone_number_alone_is_given_without_promising_that_an_answer_reaches_it(
    animator, network, asker, smtp_server
):
    introduction = introduce(animator, asker, make_actor(network, "Club", phone="04 67 00 11 22"), manner="at_once")
    told = body(mails(smtp_server)[asker.email])
    assert "04 67 00 11 22" in told
    assert "lui écrit directement" not in told
    assert again(introduction).asker.contact_at is not None
    assert again(introduction).found.contact_at is None


def test_nothing_is_passed_on_before_both_agree(animator, asker, found):
    with pytest.raises(Conflict):
        actions.note_contact_passed_on(by=animator, side=introduce(animator, asker, found).found)
