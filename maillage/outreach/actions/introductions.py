"""What follows the proposal of an introduction: answers, contact once both agree, refusals (MAT-2, MAT-4)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import hold
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.outreach import rules
from maillage.outreach.actions.writing_to_sides import send_contact, send_declined
from maillage.outreach.enums import IntroductionState, SideAnswer, SideRole
from maillage.outreach.models import FollowUp, Introduction, IntroductionRefusal, IntroductionSide
from maillage.outreach.queries import introductions as queries
from maillage.outreach.queries.terms import months
from maillage.outreach.registry.introductions import INTRODUCTIONS_KEPT

# --- answers ----------------------------------------------------------------------------------------------------------


def answer_by_link(*, side: IntroductionSide, answer: str, refuses: str = "") -> Introduction:
    """By whoever holds the personal link; `refuses` is "pair" or "all" when they want no more of this (MAT-4): what still
    waits is refused with it, but the very introduction that they agree to."""
    with transaction.atomic():
        introduction, side = held_side(side)
        if not side.is_open:
            raise Refused(_("Ce lien ne sert plus : son délai est passé, ou l'adresse a changé."), status=410)
        by = holder_of(introduction)
        _answer(by, introduction, side, answer)
        if refuses and side.actor is not None:
            other = queries.other_side(side).actor if refuses == "pair" else None
            if refuses == "all" or other is not None:
                _refuse(by, side.actor, other, agreed=introduction if answer == SideAnswer.YES else None)
    return introduction


def answer_for_side(*, by: Viewer, side: IntroductionSide, answer: str) -> Introduction:
    """In its place, after a call."""
    with transaction.atomic():
        introduction, side = held_side(side)
        rules.may_answer_introduction(by, introduction).require()
        _answer(by, introduction, side, answer)
    return introduction


def _answer(by: Viewer, introduction: Introduction, side: IntroductionSide, answer: str) -> None:
    """The same answer again is no news: a second click, or the same said twice."""
    if side.answer == answer:
        return
    if not introduction.is_open:
        raise Conflict(_("Cette mise en relation est déjà close : il n'y a plus rien à répondre."))
    side.answer, side.answered_at, side.told_by = SideAnswer(answer), timezone.now(), by.user
    side.full_clean(exclude=["introduction"])
    side.save()
    details = {"answer": str(answer)}
    record("introduction.answered", by=by, subject=introduction, details=details, touch=False)
    sides = list(introduction.sides.select_related("actor"))
    state = queries.state_after(sides)
    if state == IntroductionState.MET:
        record("introduction.met", by=by, subject=introduction, touch=False)
        put_in_contact(introduction)
    else:
        introduction.state = IntroductionState(state)
        introduction.closed_at = timezone.now() if state == IntroductionState.REFUSED else None
        introduction.save()
        if state == IntroductionState.REFUSED and side.role == SideRole.FOUND:
            send_declined(queries.other_side(side), side)


def put_in_contact(introduction: Introduction) -> None:
    """Each has the contact of the other, and will be asked twice what came of it."""
    now = timezone.now()
    introduction.state, introduction.met_at = IntroductionState.MET, now
    introduction.save()
    sides = list(introduction.sides.select_related("actor__commune__department").order_by("pk"))
    days = queries.follow_up_days(introduction.network)
    FollowUp.objects.bulk_create(
        FollowUp(side=side, rank=rank, due_on=timezone.localdate(now) + timedelta(days=days[rank - 1]))
        for side in sides
        for rank in (1, 2)
    )
    for side, other in ((sides[0], sides[1]), (sides[1], sides[0])):
        if send_contact(side, other):
            side.contact_at = now
            side.save(update_fields=["contact_at"])


def note_contact_passed_on(*, by: Viewer, side: IntroductionSide) -> Introduction:
    """The team told a side, that no message could tell, whom to join."""
    with transaction.atomic():
        introduction, side = held_side(side)
        rules.may_answer_introduction(by, introduction).require()
        if not introduction.is_met:
            raise Conflict(_("Ces deux acteurs ne sont pas encore en contact."))
        if side.contact_at is None:
            side.contact_at = timezone.now()
            side.full_clean(exclude=["introduction"])
            side.save()
            record("introduction.passed_on", by=by, subject=introduction, touch=False)
    return introduction


def cancel_introduction(*, by: Viewer, introduction: Introduction) -> Introduction:
    with transaction.atomic():
        introduction = locked(introduction)
        rules.may_answer_introduction(by, introduction).require()
        if not introduction.is_open:
            raise Conflict(_("Cette mise en relation a déjà sa réponse : elle ne s'annule plus."))
        _cancel(by, introduction)
    return introduction


def _cancel(by: Viewer, introduction: Introduction) -> None:
    introduction.state, introduction.closed_at = IntroductionState.CANCELLED, timezone.now()
    introduction.save()
    record("introduction.cancelled", by=by, subject=introduction, touch=False)


def close_with_itself(*, actor: Actor) -> None:
    """Two sheets became one: an introduction of the one to the other waits for nothing more, and is not asked about."""
    there = IntroductionSide.objects.filter(introduction=OuterRef("pk"), actor=actor)
    found = Introduction.objects.filter(
        Exists(there.filter(role=SideRole.ASKER)), Exists(there.filter(role=SideRole.FOUND)), closed_at=None
    )
    with transaction.atomic():
        for introduction in [_row(one) for one in found.order_by("pk")]:
            if introduction.is_open:
                _cancel(Viewer.as_system(introduction.network, _("Fusion de deux fiches")), introduction)
            else:
                introduction.closed_at = timezone.now()
                introduction.save()


# --- refusals (MAT-4) -------------------------------------------------------------------------------------------------


def refuse_introductions(*, by: Viewer, actor: Actor, other: Actor | None = None) -> None:
    """No introduction at all for this actor, or none with `other`; those that wait for an answer are refused with it."""
    rules.may_refuse_introductions(by, actor).require()
    with transaction.atomic():
        hold([actor.pk, *([other.pk] if other is not None else [])], by=by)
        _refuse(by, actor, other)


def lift_refusal(*, by: Viewer, actor: Actor, other: Actor | None = None) -> None:
    rules.may_refuse_introductions(by, actor).require()
    with transaction.atomic():
        gone, _rows = IntroductionRefusal.objects.filter(network=by.network, actor=actor, other=other).delete()
        if gone:
            record("introduction.refusal_lifted", by=by, subject=actor, touch=False)


def stop_by_link(*, side: IntroductionSide) -> None:
    """No more messages about introductions at this address; what was agreed to and still waits is taken back. For an actor,
    no more introductions: said by whoever reads the address of its sheet, not a former one."""
    with transaction.atomic():
        introduction, side = held_side(side)
        if side.stopped_at is None:
            side.stopped_at = timezone.now()
            side.save(update_fields=["stopped_at"])
        by = holder_of(introduction)
        if side.actor is None:
            if introduction.is_open:
                _answer(by, introduction, side, SideAnswer.NO)
            _stop_others(by, side)
        elif side.email and side.email.lower() == side.actor.email.lower():
            _refuse(by, side.actor, None)


def _stop_others(by: Viewer, side: IntroductionSide) -> None:
    """A person outside of the directory whom several actors were proposed to, in one message, stops them all."""
    rows = IntroductionSide.objects.filter(actor=None, stopped_at=None, introduction__network=by.network)
    rows = rows.filter(email__iexact=side.email).exclude(pk=side.pk) if side.email else rows.none()
    for one in rows.select_related("introduction").order_by("introduction", "pk"):
        introduction = _row(one.introduction)
        one.stopped_at = timezone.now()
        one.save(update_fields=["stopped_at"])
        if introduction.is_open:
            _answer(by, introduction, one, SideAnswer.NO)


def _refuse(by: Viewer, actor: Actor, other: Actor | None, *, agreed: Introduction | None = None) -> None:
    """Its actors are held. Whatever waits is answered no, but `agreed`."""
    refusal, is_new = IntroductionRefusal.objects.get_or_create(
        network=by.network, actor=actor, other=other, defaults={"author": by.user}
    )
    if is_new:
        refusal.full_clean()
        record("introduction.refusal", by=by, subject=actor, touch=False)
    waiting = Introduction.objects.filter(network=by.network).open().exclude(pk=agreed.pk if agreed is not None else 0)
    sides = IntroductionSide.objects.filter(actor=actor, introduction__in=waiting)
    if other is not None:
        sides = sides.filter(introduction__in=IntroductionSide.objects.filter(actor=other).values("introduction"))
    for side in sides.select_related("introduction", "actor").order_by("introduction", "pk"):
        introduction = _row(side.introduction)
        if introduction.is_open:
            _answer(by, introduction, side, SideAnswer.NO)


def holder_of(introduction: Introduction) -> Viewer:
    return Viewer.as_system(introduction.network, _("L'acteur, par son lien personnel"))


def locked(introduction: Introduction) -> Introduction:
    """The actors of its sides before it: a merging of one of them comes before or after."""
    sides = IntroductionSide.objects.filter(introduction=introduction, actor__isnull=False)
    hold(sides.values_list("actor", flat=True), by=holder_of(introduction))
    return _row(introduction)


def _row(introduction: Introduction) -> Introduction:
    rows = Introduction.objects.select_for_update(of=("self",)).select_related("network")
    found = rows.filter(pk=introduction.pk).first()
    if found is None:
        raise Conflict(_("Cette mise en relation n'existe plus."))
    return found


def held_side(side: IntroductionSide) -> tuple[Introduction, IntroductionSide]:
    """The introduction first: two answers at once come one after the other."""
    introduction = locked(side.introduction)
    return introduction, introduction.sides.select_related("actor__commune__department").get(pk=side.pk)


# --- forgotten --------------------------------------------------------------------------------------------------------


@task(every=timedelta(days=1))
def forget_introductions(job: Job) -> None:
    """At their term the words, names and addresses go; that two were introduced, and what came of it, is counted for ever."""
    for network in Network.objects.order_by("pk"):
        term = timezone.now() - months(int(network.setting(INTRODUCTIONS_KEPT.name)))
        old = Introduction.objects.filter(network=network, asked_at__lt=term)
        IntroductionSide.objects.filter(introduction__in=old).exclude(name="", email="", structure="").update(
            name="", email="", structure="", expires_at=None
        )
        old.filter(~Q(what="") | ~Q(why="")).update(what="", why="")
    # An address that its holder took away from the sheet is not kept here either.
    gone = (
        IntroductionSide.objects.filter(actor__isnull=False).exclude(email="").exclude(email__iexact=F("actor__email"))
    )
    gone.update(email="", expires_at=None)


def forget_person(*, email: str) -> None:
    """Whoever has this address is erased, or wants nothing kept of it: what was written of them as an outsider goes, and
    what they asked for with it; their address goes from the sides of their sheet."""
    if not email:
        return
    rows = IntroductionSide.objects.filter(email__iexact=email)
    with transaction.atomic():
        asked = Introduction.objects.filter(pk__in=rows.filter(actor=None).values("introduction")).open()
        for one in asked.order_by("pk"):
            if (introduction := locked(one)).is_open:
                _cancel(Viewer.as_system(introduction.network, _("Adresse oubliée")), introduction)
        rows.filter(actor=None).update(name="", email="", structure="", expires_at=None)
        rows.update(email="", expires_at=None)
