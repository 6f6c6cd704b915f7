"""What came of an introduction: told by its sides, asked of them each night; those that nobody answers are closed."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory.rules import represents
from maillage.networks.models import Network
from maillage.outreach import rules
from maillage.outreach.actions.introductions import held_side, holder_of, locked
from maillage.outreach.actions.writing_to_sides import send_follow_up
from maillage.outreach.enums import Ending, IntroductionState, Outcome, SideAnswer
from maillage.outreach.models import FollowUp, Introduction, IntroductionSide
from maillage.outreach.queries import introductions as queries

_A_NIGHT = 200  # Messages of one night and network.
_CLOSING = (Ending.PROJECT, Ending.NOTHING)


def tell_outcome_by_link(*, side: IntroductionSide, answer: str) -> Introduction:
    with transaction.atomic():
        introduction, side = held_side(side)
        _tell(holder_of(introduction), introduction, side, answer)
    return introduction


def tell_outcome(*, by: Viewer, side: IntroductionSide, answer: str) -> Introduction:
    """For a side, by the team after a call, or by whoever looks after its sheet."""
    with transaction.atomic():
        introduction, side = held_side(side)
        if side.actor is None or not represents(by, side.actor):
            rules.may_answer_introduction(by, introduction).require()
        _tell(by, introduction, side, answer)
    return introduction


def _tell(by: Viewer, introduction: Introduction, side: IntroductionSide, answer: str) -> None:
    """It answers the last question asked of the side, else the first to come; one that was closed opens again."""
    if not introduction.is_met:
        raise Conflict(_("Ces deux acteurs ne sont pas encore en contact."))
    today = timezone.localdate()
    rows = list(side.follow_ups.order_by("rank"))
    due = [row for row in rows if row.due_on <= today or row.sent_at is not None] or rows[:1]
    follow_up = due[-1]
    if follow_up.answer == answer:
        return
    follow_up.answer, follow_up.answered_at, follow_up.told_by = Outcome(answer), timezone.now(), by.user
    follow_up.full_clean()
    follow_up.save()
    told = FollowUp.objects.filter(side__introduction=introduction)
    introduction.ending = Ending(queries.ending_of(told))
    is_last = introduction.ending in _CLOSING or follow_up.rank == 2
    introduction.closed_at = timezone.now() if is_last else None
    introduction.save()
    record("introduction.followed", by=by, subject=introduction, details={"answer": str(answer)}, touch=False)


# --- each night -------------------------------------------------------------------------------------------------------


@task(every=timedelta(days=1))
def follow_introductions(job: Job) -> None:
    """Ask what came of those put in contact; close those that nobody answers."""
    today = timezone.localdate()
    for network in Network.objects.order_by("pk"):
        by = Viewer.as_system(network, _("Nouvelles des mises en relation"))
        for follow_up in queries.follow_ups_to_send(network, today, _A_NIGHT):
            with transaction.atomic():
                if FollowUp.objects.filter(pk=follow_up.pk, sent_at=None, answer="").update(sent_at=timezone.now()):
                    send_follow_up(follow_up)
        _close_unanswered(by)
        _close_silent(by)


def _close_unanswered(by: Viewer) -> None:
    """Once the last link is over."""
    now = timezone.now()
    waiting = Introduction.objects.filter(network=by.network).open()
    alive = IntroductionSide.objects.filter(answer__in=["", SideAnswer.LATER], expires_at__gt=now)
    asked_before = now - (queries.link_ends_at(by.network, now) - now)
    for one in waiting.filter(asked_at__lt=asked_before).exclude(sides__in=alive).order_by("pk"):
        with transaction.atomic():
            introduction = locked(one)
            if introduction.is_open:
                introduction.state, introduction.closed_at = IntroductionState.UNANSWERED, now
                introduction.save()
                record("introduction.unanswered", by=by, subject=introduction, touch=False)


def _close_silent(by: Viewer) -> None:
    for one in queries.silent_since(by.network, timezone.localdate()):
        with transaction.atomic():
            introduction = locked(one)
            if introduction.is_met and introduction.closed_at is None:
                introduction.ending, introduction.closed_at = Ending.SILENT, timezone.now()
                introduction.save()
                record("introduction.silent", by=by, subject=introduction, touch=False)
