"""Target lists: made of a filter, enlarged and reduced by hand, closed."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.outreach import rules
from maillage.outreach.models import ListMember, TargetList

AT_MOST = 10_000
_BATCH = 500


def create_list(
    *, by: Viewer, name: str, purpose: str = "", query: str = "", actor_ids: Iterable[int] = ()
) -> TargetList:
    """Those of `actor_ids` that the viewer sees, ten thousand at most."""
    rules.may_follow(by).require()
    asked = list(dict.fromkeys(actor_ids))[:AT_MOST]
    with transaction.atomic():
        made = TargetList(network=by.network, name=name, purpose=purpose, query=query[:2000], author=by.user)
        _written(made)
        count = _add(by, made, asked)
        record("list.created", by=by, subject=made, details={"count": count}, touch=False)
    return made


def _add(by: Viewer, target_list: TargetList, asked: list[int]) -> int:
    seen: list[int] = []
    for start in range(0, len(asked), _BATCH):
        part = asked[start : start + _BATCH]
        there = set(Actor.objects.visible_to(by).filter(pk__in=part).values_list("pk", flat=True))
        seen += [pk for pk in part if pk in there]
    rows = [ListMember(target_list=target_list, actor_id=pk) for pk in seen]
    ListMember.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    return len(rows)


def change_list(*, by: Viewer, target_list: TargetList, name: str, purpose: str) -> TargetList:
    with transaction.atomic():
        held = _held(by, target_list)
        held.name, held.purpose = name, purpose
        _written(held)
        record("list.changed", by=by, subject=held, touch=False)
    return held


def add_to_list(*, by: Viewer, target_list: TargetList, actors: Iterable[Actor]) -> TargetList:
    with transaction.atomic():
        held = _held(by, target_list)
        if held.archived_at is not None:
            raise Refused(_("Cette liste est close : rouvrez-la pour la changer."), status=409)
        _add(by, held, [actor.pk for actor in actors])
        record("list.changed", by=by, subject=held, touch=False)
    return held


def remove_from_list(*, by: Viewer, target_list: TargetList, actor_ids: Iterable[int]) -> TargetList:
    """Approaches begun and messages sent stay."""
    with transaction.atomic():
        held = _held(by, target_list)
        if held.archived_at is not None:
            raise Refused(_("Cette liste est close : rouvrez-la pour la changer."), status=409)
        held.members.filter(actor__in=list(actor_ids)[:AT_MOST]).delete()
        record("list.changed", by=by, subject=held, touch=False)
    return held


def archive_list(*, by: Viewer, target_list: TargetList, archived: bool = True) -> TargetList:
    with transaction.atomic():
        held = _held(by, target_list)
        if archived != (held.archived_at is not None):
            held.archived_at = timezone.now() if archived else None
            held.save()
            record("list.archived" if archived else "list.unarchived", by=by, subject=held, touch=False)
    return held


def _held(by: Viewer, target_list: TargetList) -> TargetList:
    rules.may_follow(by).require()
    return TargetList.objects.select_for_update(of=("self",)).get(pk=target_list.pk)


def _written(target_list: TargetList) -> None:
    target_list.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            target_list.save()
    except IntegrityError as clash:
        raise Conflict(_("Une liste porte déjà ce nom.")) from clash
