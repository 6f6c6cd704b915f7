"""Approaches: one open for an actor, moved with their history, advanced by contacts, answers and signatures."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.activity.models import Entry
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import RoleKind
from maillage.directory.actions.merging import merge
from maillage.outreach.actions.approaches import (
    begin_approach,
    begin_approaches,
    change_approach,
    forget_approaches,
    move_approach,
    welcome_members,
)
from maillage.outreach.actions.contacts import log_contact
from maillage.outreach.enums import OPEN_STAGES, Stage
from maillage.outreach.models import Approach, ApproachStep
from maillage.outreach.queries.approaches import actors_by_stage, approaches_due, history
from maillage.outreach.registry.approaches import OPEN_ORDER
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_charter, make_commune, make_network, make_signature
from tests.factories.outreach import make_approach, make_list

pytestmark = pytest.mark.django_db


def stages(actor):
    return [step.stage for step in ApproachStep.objects.filter(actor=actor).order_by("at", "pk")]


def test_a_second_open_approach_is_refused_by_the_action_and_by_the_database(network, animator):
    actor = make_actor(network)
    approach = begin_approach(by=animator, actor=actor, reason="Vos sorties expliquent le vivant.")
    assert (approach.stage, approach.follower) == (Stage.TO_CONTACT, animator.user)
    with pytest.raises(Conflict):
        begin_approach(by=animator, actor=actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approach.objects.create(network=network, actor=actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approach.objects.filter(pk=approach.pk).update(stage=Stage.MEMBER)
    assert Approach.objects.create(network=make_network(), actor=actor).is_open


def test_a_refused_actor_may_be_approached_again_and_the_refused_approach_not_reopened_beside(network, animator):
    actor = make_actor(network)
    first = begin_approach(by=animator, actor=actor)
    move_approach(by=animator, approach=first, stage=Stage.DECLINED)
    second = begin_approach(by=animator, actor=actor)
    with pytest.raises(Conflict):
        move_approach(by=animator, approach=first, stage=Stage.CONTACTED)
    move_approach(by=animator, approach=second, stage=Stage.MEMBER)
    assert move_approach(by=animator, approach=first, stage=Stage.CONTACTED).is_open
    assert stages(actor) == ["contact", "declined", "contact", "member", "contacted"]


def test_each_move_leaves_a_dated_step_with_who_and_a_line_in_the_journal(network, animator):
    actor = make_actor(network)
    approach = begin_approach(by=animator, actor=actor)
    ApproachStep.objects.update(at=timezone.now() - timedelta(days=12))
    move_approach(by=animator, approach=approach, stage=Stage.MET, seen=Stage.TO_CONTACT)
    newest, oldest = history(animator, actor)
    assert (newest.step.stage, newest.step.was, newest.step.who) == ("met", "contact", "Camille Rey")
    assert (newest.days, oldest.days) == (None, 12)
    entry = Entry.objects.get(verb="approach.moved")
    assert entry.details == {"was": "à contacter", "stage": "rencontré"}
    move_approach(by=animator, approach=approach, stage=Stage.MET)
    assert len(stages(actor)) == 2


def test_a_move_from_a_stage_that_is_no_more_is_a_conflict(network, animator):
    approach = begin_approach(by=animator, actor=make_actor(network))
    move_approach(by=animator, approach=approach, stage=Stage.MET)
    with pytest.raises(Conflict, match="rencontré"):
        move_approach(by=animator, approach=approach, stage=Stage.CONTACTED, seen=Stage.TO_CONTACT)


def test_later_has_a_day_to_come_back_that_calls_in_the_week(network, animator):
    network.settings = {"later_months": 3}
    network.save()
    approach = begin_approach(by=animator, actor=make_actor(network, "Ferme des Aulnes"))
    moved = move_approach(by=animator, approach=approach, stage=Stage.LATER)
    today = timezone.localdate()
    assert 88 < (moved.next_on - today).days < 93
    assert approaches_due(animator, today, False, 10) == []
    move_approach(by=animator, approach=approach, stage=Stage.LATER, next_on=today)
    (due,) = approaches_due(animator, today, False, 10)
    assert (due.on, due.title, due.url) == (today, "Revenir vers Ferme des Aulnes", approach.get_absolute_url())
    other = viewer(make_person(network, RoleKind.ANIMATOR), network)
    assert approaches_due(other, today, False, 10) == []
    assert len(approaches_due(other, today, True, 10)) == 1
    move_approach(by=animator, approach=approach, stage=Stage.DECLINED, next_on=today)
    assert approaches_due(animator, today, False, 10) == []


def test_a_logged_contact_advances_the_approach_and_never_takes_it_back(network, animator):
    actor, other = make_actor(network), make_actor(network)
    approach = begin_approach(by=animator, actor=actor, stage=Stage.TO_IDENTIFY)
    day = timezone.localdate() - timedelta(days=2)
    ApproachStep.objects.update(at=timezone.now() - timedelta(days=5))
    log_contact(by=animator, actors=[actor, other], channel="phone", about="Bonjour", on=day)
    approach.refresh_from_db()
    assert (approach.stage, timezone.localdate(approach.moved_at)) == (Stage.CONTACTED, day)
    log_contact(by=animator, actors=[actor], channel="visit")
    approach.refresh_from_db()
    assert approach.stage == Stage.MET
    log_contact(by=animator, actors=[actor], channel="mail")
    move_approach(by=animator, approach=approach, stage=Stage.INTERESTED)
    log_contact(by=animator, actors=[actor], channel="meeting")
    approach.refresh_from_db()
    assert approach.stage == Stage.INTERESTED
    assert not Approach.objects.filter(actor=other).exists()


def test_who_signs_the_charter_is_a_member_at_once_and_each_night(network, animator):
    charter = make_charter(network)
    signer, before = make_actor(network), make_actor(network)
    make_signature(before, charter)
    for actor in (signer, before):
        begin_approach(by=animator, actor=actor)
    make_signature(signer, charter)
    assert Approach.objects.get(actor=signer).stage == Stage.MEMBER
    assert Approach.objects.get(actor=before).is_open
    welcome_members.function(None)
    assert Approach.objects.get(actor=before).stage == Stage.MEMBER
    assert ApproachStep.objects.filter(actor=before).first().who == "Signature de la charte"


def test_approaches_of_a_list_are_begun_together_once_and_leave_out_those_with_no_reason_to_be(
    network, animator, count_queries
):
    plain = [make_actor(network) for _each in range(3)]
    member, refused, old, under_way = (make_actor(network) for _each in range(4))
    make_approach(member, Stage.MEMBER)
    make_approach(refused, Stage.DECLINED)
    long_ago = timezone.now() - timedelta(days=900)
    make_approach(old, Stage.DECLINED, closed_at=long_ago, moved_at=long_ago)
    make_approach(under_way, Stage.MET)
    archived = make_actor(network)
    archived.archived_at = timezone.now()
    archived.save()
    signer = make_actor(network)
    make_signature(signer, make_charter(network))
    chosen = make_list(network, *plain, member, refused, old, under_way, archived, signer)
    first, few = (make_list(network, make_actor(network)) for _each in range(2))
    begin_approaches(by=animator, target_list=first)  # Kinds of objects are read once.
    alone = count_queries(lambda: begin_approaches(by=animator, target_list=few))
    Approach.objects.filter(actor__in=[*first.actors.all(), *few.actors.all()]).delete()
    many = count_queries(lambda: begin_approaches(by=animator, target_list=chosen, reason="Près de chez vous."))
    assert set(Approach.objects.filter(stage=Stage.TO_CONTACT).values_list("actor", flat=True)) == {
        actor.pk for actor in [*plain, old]
    }
    assert begin_approaches(by=animator, target_list=chosen) == 0
    assert Entry.objects.filter(verb="approach.many").latest("pk").details == {"count": 4}
    assert many == alone


def test_an_animator_of_a_departement_approaches_there_alone(network):
    here = make_actor(network, commune=make_commune("30007", "Alès"))
    away = make_actor(network, commune=make_commune())
    bound = viewer(make_person(network, RoleKind.ANIMATOR, "30"), network)
    chosen = make_list(network, here, away)
    assert begin_approaches(by=bound, target_list=chosen) == 1
    with pytest.raises(Refused, match="département"):
        begin_approach(by=bound, actor=away)
    other = make_approach(away)
    for act in (move_approach, change_approach):
        with pytest.raises(Refused, match="département"):
            act(by=bound, approach=other, **({"stage": Stage.MET} if act is move_approach else {"reason": "x"}))


def test_of_two_approaches_of_merged_sheets_the_further_stays_with_both_histories(network, animator):
    assert tuple(OPEN_STAGES) == OPEN_ORDER
    kept, gone = make_actor(network, "Club A"), make_actor(network, "Club B")
    for actor, to in ((kept, Stage.CONTACTED), (gone, Stage.INTERESTED)):
        approach = begin_approach(by=animator, actor=actor, reason="" if actor == kept else "Vos soirées.")
        move_approach(by=animator, approach=approach, stage=to)
    make_list(network, kept, gone)
    merge(by=animator, kept=kept, gone=gone, chosen={})
    left = Approach.objects.get()
    assert (left.actor, left.stage, left.reason) == (kept, Stage.INTERESTED, "Vos soirées.")
    assert len(stages(kept)) == 4
    nearer = make_actor(network, "Club C")
    begin_approach(by=animator, actor=nearer)
    merge(by=animator, kept=kept, gone=nearer, chosen={})
    assert Approach.objects.get().stage == Stage.INTERESTED


def test_the_reason_never_says_the_circle(network, animator):
    from django.core.exceptions import ValidationError

    for words in ("Vous êtes du cercle 3.", "acteur de troisième cercle"):
        with pytest.raises(ValidationError, match="interne"):
            begin_approach(by=animator, actor=make_actor(network), reason=words)
    begin_approach(by=animator, actor=make_actor(network), reason="Le cercle des naturalistes vous connaît.")


def test_figures_by_stage_are_those_of_today_or_of_a_day_of_the_past(network, animator):
    actor = make_actor(network)
    approach = begin_approach(by=animator, actor=actor)
    begin_approach(by=animator, actor=make_actor(network))
    make_approach(make_actor(make_network()))
    ApproachStep.objects.update(at=timezone.now() - timedelta(days=10))
    move_approach(by=animator, approach=approach, stage=Stage.MET)
    now, before = actors_by_stage(network), actors_by_stage(network, on=timezone.localdate() - timedelta(days=3))
    assert (now[Stage.TO_CONTACT], now[Stage.MET]) == (1, 1)
    assert (before[Stage.TO_CONTACT], before[Stage.MET]) == (2, 0)
    assert sum(actors_by_stage(network, on=timezone.localdate() - timedelta(days=30)).values()) == 0


def test_the_words_of_a_closed_approach_are_forgotten_at_term(network):
    old = timezone.now() - timedelta(days=36 * 31)
    closed = make_approach(make_actor(network), Stage.DECLINED, closed_at=old, reason="Vos sorties.")
    open_ = make_approach(make_actor(network), reason="Vos soirées.")
    forget_approaches.function(None)
    for approach in (closed, open_):
        approach.refresh_from_db()
    assert (closed.reason, open_.reason) == ("", "Vos soirées.")
