"""Approaches: begun for one actor or for a list, moved from stage to stage, ended by a refusal or a membership."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import record
from maillage.core.errors import Conflict
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import hold
from maillage.directory.models import Actor
from maillage.directory.queries.charter import calendar_of, memberships
from maillage.networks.models import Network
from maillage.outreach import rules
from maillage.outreach.enums import Channel, Stage
from maillage.outreach.models import Approach, ApproachStep, TargetList
from maillage.outreach.queries.recipients import to_begin
from maillage.outreach.queries.terms import months
from maillage.outreach.registry.approaches import KEPT, LATER

_MET = (Channel.MEETING, Channel.VISIT)
_BATCH = 500


def begin_approach(
    *,
    by: Viewer,
    actor: Actor,
    stage: Stage = Stage.TO_CONTACT,
    reason: str = "",
    follower: User | None = None,
    next_on: date | None = None,
) -> Approach:
    """By default followed by whoever begins it."""
    rules.may_follow(by, actor).require()
    with transaction.atomic():
        hold([actor.pk], by=by)
        if Approach.objects.open().filter(network=by.network, actor=actor).exists():
            raise Conflict(_("Une approche de cet acteur est déjà en cours."))
        approach = Approach(
            network=by.network, actor=actor, reason=reason, follower=follower or by.user, next_on=next_on
        )
        _set(by, approach, Stage(stage), was="", at=timezone.now())
        record("approach.begun", by=by, subject=approach, touch=False)
    return approach


def begin_approaches(*, by: Viewer, target_list: TargetList, reason: str = "", follower: User | None = None) -> int:
    """One for each actor of the list that has none, is no member and did not refuse lately; done again, it adds nothing."""
    rules.may_follow(by).require()
    with transaction.atomic():
        target_list = TargetList.objects.select_for_update(of=("self",)).get(pk=target_list.pk)
        ids = to_begin(by, target_list)
        now = timezone.now()
        new = [
            Approach(network=by.network, actor_id=pk, reason=reason, follower=follower or by.user, moved_at=now)
            for pk in ids
        ]
        if new:
            new[0].clean_fields(exclude=["actor"])
            try:
                with transaction.atomic():
                    Approach.objects.bulk_create(new, batch_size=_BATCH)
            except IntegrityError as clash:
                raise Conflict(_("Quelqu'un commence l'une de ces approches en ce moment : recommencez.")) from clash
            ApproachStep.objects.bulk_create(
                [
                    ApproachStep(
                        network=by.network, actor_id=pk, stage=Stage.TO_CONTACT, at=now, by=by.user, system=by.system
                    )
                    for pk in ids
                ],
                batch_size=_BATCH,
            )
            record("approach.many", by=by, subject=target_list, details={"count": len(ids)}, touch=False)
    return len(ids)


def change_approach(*, by: Viewer, approach: Approach, **values: Any) -> Approach:
    """`values`: `reason`, `follower`, `next_on`."""
    with transaction.atomic():
        approach = _held(approach)
        rules.may_follow(by, approach.actor).require()
        if unknown := values.keys() - {"reason", "follower", "next_on"}:
            raise TypeError(f"an approach has no {sorted(unknown)}")
        for name, value in values.items():
            setattr(approach, name, value)
        approach.full_clean()
        approach.save()
        record("approach.changed", by=by, subject=approach, touch=False)
    return approach


def move_approach(
    *,
    by: Viewer,
    approach: Approach,
    stage: Stage,
    next_on: date | None = None,
    seen: str = "",
    at: datetime | None = None,
) -> Approach:
    """To any stage, backwards too: people err. `seen` is the stage that was read; « plus tard » has a day to come back."""
    with transaction.atomic():
        approach = _held(approach)
        rules.may_follow(by, approach.actor).require()
        was, stage = Stage(approach.stage), Stage(stage)
        if seen and seen != was:
            raise Conflict(
                _("Quelqu'un a fait passer cette approche à « %(stage)s » entre-temps : relisez.")
                % {"stage": was.label}
            )
        if stage == was and next_on == approach.next_on:
            return approach
        approach.next_on = next_on
        _set(by, approach, stage, was=was, at=at or timezone.now())
        if stage != was:
            record(
                "approach.moved",
                by=by,
                subject=approach,
                details={"was": str(was.label), "stage": str(stage.label)},
                touch=False,
            )
    return approach


def _set(by: Viewer, approach: Approach, stage: Stage, *, was: str, at: datetime) -> None:
    """Write the stage and its step; a step never comes before the last one."""
    if was != stage:
        steps = ApproachStep.objects.filter(network=approach.network_id, actor=approach.actor_id)
        at = max(filter(None, [at, steps.values_list("at", flat=True).first()]))
        approach.moved_at = at
        ApproachStep.objects.create(
            network=approach.network, actor=approach.actor, stage=stage, was=was, at=at, by=by.user, system=by.system
        )
    approach.stage = stage
    approach.closed_at = (approach.closed_at or at) if stage.ends else None
    if stage == Stage.LATER and approach.next_on is None:
        approach.next_on = timezone.localdate() + months(int(approach.network.setting(LATER.name)))
    if stage.ends:
        approach.next_on = None
    others = (
        Approach.objects.open().filter(network=approach.network_id, actor=approach.actor_id).exclude(pk=approach.pk)
    )
    if not stage.ends and others.exists():
        raise Conflict(_("Une autre approche de cet acteur est déjà en cours."))
    approach.full_clean(validate_constraints=False)
    approach.save()


def _held(approach: Approach) -> Approach:
    """Locked after its actor, as all that writes on both."""
    held = Approach.objects.select_for_update(of=("self",)).select_related("network", "actor__commune__department")
    found = held.filter(pk=approach.pk).first()
    if found is None:
        raise Conflict(_("Cette approche n'existe plus : les deux fiches de cet acteur ont été réunies."))
    return found


# --- what moves an approach by itself -----------------------------------------------------------------------------------


def reach_stage(*, by: Viewer, actor: Actor, stage: Stage, at: datetime | None = None) -> Approach | None:
    """Advance the open approach of an actor to `stage`, never backwards; nothing when it is there or further."""
    with transaction.atomic():
        found = Approach.objects.select_for_update(of=("self",)).select_related("network", "actor")
        approach = found.open().filter(network=by.network, actor=actor).first()
        if approach is None or Stage(approach.stage).rank >= stage.rank:
            return approach
        was = Stage(approach.stage)
        _set(by, approach, stage, was=was, at=at or timezone.now())
        details = {"was": str(was.label), "stage": str(stage.label)}
        record("approach.moved", by=by, subject=approach, details=details, touch=False)
    return approach


def follow_contact(*, by: Viewer, actors: Iterable[Actor], channel: str, on: date) -> None:
    """A contact was logged: who was to be contacted is contacted, who was seen is met."""
    stage = Stage.MET if channel in _MET else Stage.CONTACTED
    at = timezone.now() if on >= timezone.localdate() else timezone.make_aware(datetime.combine(on, time(12)))
    for actor in actors:
        reach_stage(by=by, actor=actor, stage=stage, at=at)


def contact_once(*, by: Viewer, actor: Actor, follower: User | None) -> Approach | None:
    """A campaign wrote to the actor: its approach begins there if it has none, unless it is a member."""
    approach = reach_stage(by=by, actor=actor, stage=Stage.CONTACTED)
    known = Approach.objects.filter(network=by.network, actor=actor)
    if approach is not None or known.filter(stage=Stage.MEMBER).exists():
        return approach
    return begin_approach(by=by, actor=actor, stage=Stage.CONTACTED, follower=follower)


def answer_approach(*, by: Viewer, actor: Actor, stage: Stage, next_on: date | None, follower: User | None) -> Approach:
    """What the actor says itself: its last approach goes there, a refused one opens again; a member stays one."""
    with transaction.atomic():
        found = Approach.objects.select_for_update(of=("self",)).select_related("network", "actor", "follower")
        mine = found.filter(network=by.network, actor=actor)
        approach = mine.open().first() or mine.first()
        if approach is None:
            approach = begin_approach(by=by, actor=actor, stage=Stage.CONTACTED, follower=follower)
        if approach.stage == Stage.MEMBER:
            return approach
        was = Stage(approach.stage)
        approach.next_on = next_on
        _set(by, approach, stage, was=was, at=timezone.now())
        if was != stage:
            details = {"was": str(was.label), "stage": str(stage.label)}
            record("approach.moved", by=by, subject=approach, details=details, touch=False)
    return approach


def welcome(*, network: Network, actor_ids: Iterable[int]) -> int:
    """Those of `actor_ids` that are members by now: their approach has come to its end."""
    found = Approach.objects.open().filter(network=network, actor__in=list(actor_ids))
    ids = list(found.order_by("pk").values_list("actor", flat=True))
    if not ids:
        return 0
    held = memberships(network, ids, calendar=calendar_of(network))
    by = Viewer.as_system(network, _("Signature de la charte"))
    joined = [pk for pk in ids if held[pk].is_member]
    for actor in Actor.objects.filter(pk__in=joined).order_by("pk"):
        reach_stage(by=by, actor=actor, stage=Stage.MEMBER)
    return len(joined)


@task(every=timedelta(days=1))
def welcome_members(job: Job) -> None:
    """Membership is computed from dates: one begins without anybody doing anything that day."""
    for network in Network.objects.order_by("pk"):
        open_ = Approach.objects.open().filter(network=network)
        welcome(network=network, actor_ids=open_.values_list("actor", flat=True))


@task(every=timedelta(days=1))
def forget_approaches(job: Job) -> None:
    """At their term the words go; that there was an approach and how it went is counted for ever."""
    for network in Network.objects.order_by("pk"):
        term = timezone.now() - months(int(network.setting(KEPT.name)))
        Approach.objects.filter(network=network, closed_at__lt=term).exclude(reason="").update(reason="")
