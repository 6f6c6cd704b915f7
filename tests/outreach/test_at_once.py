"""Two people at the same moment: one act comes after the other and finds what it wrote, neither waits for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.activity.models import Entry
from maillage.core.errors import Refused
from maillage.core.viewer import RoleKind
from maillage.directory.actions.merging import merge
from maillage.directory.models import Actor
from maillage.outreach.actions import introductions, needs, partnerships
from maillage.outreach.actions.proposing import Asking, introduce, introduce_each
from maillage.outreach.models import FollowUp, Introduction, IntroductionRefusal, Partnership
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.factories.outreach import make_introduction, make_need, make_partnership
from tests.support.at_once import queued

pytestmark = pytest.mark.django_db(transaction=True)
GIVEN = {"what": "Un atelier", "why": "", "manner": "both"}


@pytest.fixture
def net():
    return make_network()


@pytest.fixture
def team(net):
    return viewer(make_person(net, RoleKind.NETWORK_ADMIN), net)


@pytest.fixture
def actors(net):
    commune = make_commune()
    return [make_actor(net, email=f"{letter}@exemple.test", commune=commune) for letter in "abc"]


def told(verb):
    return Entry.objects.filter(verb=verb).count()


def refused_of(done):
    return [each.status for each in done if isinstance(each, Refused)]


# --- introductions ----------------------------------------------------------------------------------------------------


def test_two_who_ask_several_at_once_do_not_wait_for_each_other(team, actors):
    a, b, c = actors
    done = queued(
        c,
        lambda: introduce_each(by=team, asking=Asking(b), found=[c, a], **GIVEN),
        lambda: introduce_each(by=team, asking=Asking(a), found=[c, b], **GIVEN),
    )
    assert (refused_of(done), Introduction.objects.count()) == ([], 4)


def test_the_same_introduction_asked_twice_at_once_is_one(team, actors):
    _a, b, c = actors

    def ask():
        return introduce(by=team, asking=Asking(b), found=c, **GIVEN)

    assert (refused_of(queued(c, ask, ask)), Introduction.objects.count()) == ([409], 1)


def test_two_sides_that_agree_at_once_are_put_in_contact_once(net, actors):
    a, b, _c = actors
    made = make_introduction(net, a, b)
    queued(b, *(lambda side=side: introductions.answer_by_link(side=side, answer="yes") for side in made.sides.all()))
    made.refresh_from_db()
    assert (made.state, told("introduction.met"), FollowUp.objects.count()) == ("met", 1, 4)


ANSWERS = {
    "refuse": lambda by, side: introductions.answer_by_link(side=side, answer="no", refuses="all"),
    "stop": lambda by, side: introductions.stop_by_link(side=side),
    "answer": lambda by, side: introductions.answer_for_side(by=by, side=side, answer="no"),
}


@pytest.mark.parametrize("merged_first", [True, False])
@pytest.mark.parametrize("act", ANSWERS)
def test_an_answer_and_a_merging_come_one_after_the_other(net, team, actors, act, merged_first):
    a, b, c = actors
    side = make_introduction(net, c, b).found
    acts = [lambda: merge(by=team, kept=a, gone=b, chosen={}), lambda: ANSWERS[act](team, side)]
    done = queued(b, *(acts if merged_first else reversed(acts)))
    assert refused_of(done) == []
    side.refresh_from_db()
    assert (side.actor, Actor.objects.filter(pk=b.pk).exists()) == (a, False)
    # A stop speaks for the sheet whose address it was sent to: once merged, it is not there any more.
    no_more = [each.actor for each in IntroductionRefusal.objects.all()]
    assert no_more in {"refuse": [[a]], "stop": [[a], []], "answer": [[]]}[act]
    assert side.answer == ("no" if no_more or act == "answer" else "")


# --- needs ------------------------------------------------------------------------------------------------------------


def test_a_need_answered_from_two_sides_at_once_keeps_one_whole_answer(net, team, actors):
    a, b, c = actors
    need = make_need(net, a)
    sides = [(b, "introduction", "Une visite"), (c, "own", "Un prêt")]

    def answer(by_actor, through, outcome):
        return needs.answer_need(by=team, need=need, answered_by=by_actor, through=through, outcome=outcome)

    queued(need, *(lambda side=side: answer(*side) for side in sides))
    need.refresh_from_db()
    assert need.state == "answered"
    assert (need.answered_by, need.through, need.outcome) in sides  # The last word corrects the first.
    assert told("need.answered") == 2


@pytest.mark.parametrize("first", ["answered", "changed"])
def test_an_answer_and_a_correction_at_once_are_both_kept(net, team, first):
    need = make_need(net)
    acts = [
        lambda: needs.answer_need(by=team, need=need, outcome="Une visite"),
        lambda: needs.change_need(by=team, need=need, title="Un autre titre"),
    ]
    queued(need, *(acts if first == "answered" else reversed(acts)))
    need.refresh_from_db()
    assert (need.state, need.outcome, need.title) == ("answered", "Une visite", "Un autre titre")


@pytest.mark.parametrize("merged_first", [True, False])
def test_who_answers_a_need_and_is_merged_meanwhile_answers_under_one_sheet(net, team, actors, merged_first):
    a, b, c = actors
    need = make_need(net, c)
    acts = [
        lambda: merge(by=team, kept=a, gone=b, chosen={}),
        lambda: needs.answer_need(by=team, need=need, answered_by=b),
    ]
    refused = refused_of(queued(b, *(acts if merged_first else reversed(acts))))
    need.refresh_from_db()
    assert (refused, need.state, need.answered_by) in [([409], "open", None), ([], "answered", a)]


# --- partnerships -----------------------------------------------------------------------------------------------------


def test_a_partnership_confirmed_twice_at_once_counts_once(net, team, actors):
    a, b, _c = actors
    made = make_partnership(net, a, b, expires_at=timezone.now() + timedelta(days=3))
    done = queued(
        made,
        lambda: partnerships.decide_by_link(partnership=made, confirmed=True).state,
        lambda: partnerships.decide_partnership(by=team, partnership=made, confirmed=True).state,
    )
    assert done == ["confirmed", "confirmed"]
    assert told("partnership.confirmed") == 1


def test_a_partnership_declared_from_both_sides_at_once_is_one_and_confirmed(team, actors):
    a, b, _c = actors

    def declare(one, other):
        return partnerships.declare_partnership(by=team, actor=one, other=other, title="Une exposition")

    queued(b, lambda: declare(a, b), lambda: declare(b, a))
    assert Partnership.objects.get().state == "confirmed"
    assert (told("partnership.declared"), told("partnership.confirmed")) == (1, 1)


def test_of_a_confirmation_and_a_refusal_at_once_the_confirmation_stays(net, team, actors):
    a, b, _c = actors
    made = make_partnership(net, a, b)

    def decide(confirmed):
        return partnerships.decide_partnership(by=team, partnership=made, confirmed=confirmed)

    assert refused_of(queued(made, lambda: decide(True), lambda: decide(False))) in ([409], [])
    made.refresh_from_db()
    # What was refused may still be confirmed; what was confirmed is not refused any more.
    assert (made.state, told("partnership.confirmed")) == ("confirmed", 1)
