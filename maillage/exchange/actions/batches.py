"""Batches: changes made together are kept so that they can be undone together.

batch = open_batch(by=viewer, kind=BatchKind.BULK, target="actors", title="Famille de 12 acteurs")
record_change(batch, actor, before={"family": 3}, after={"family": 5})      # in the transaction of the change
finish_batch(batch, counts={"updated": 12})
undo_batch(by=viewer, batch=batch)                                          # asks the target to restore
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.accounts.queries import viewer_for
from maillage.activity.actions import record
from maillage.activity.models import Entry
from maillage.core.dates import date_format
from maillage.core.errors import Conflict
from maillage.core.jobs import Stopped, progress, task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.exchange import registry, rules
from maillage.exchange.enums import BatchKind, BatchStatus
from maillage.exchange.models import Batch, Change

CHUNK = 500


def open_batch(
    *, by: Viewer, kind: str, target: str, title: str, source: str = "", options: Mapping[str, Any] | None = None
) -> Batch:
    """A batch under way (a bulk change) or waiting for its file (an import)."""
    rules.may_import(by).require()
    return Batch.objects.create(
        network=by.network,
        kind=kind,
        target=target,
        title=title[:200],
        source=source[:120],
        author=by.user,
        author_label=(by.system or str(by.user or ""))[:120],
        options=dict(options or {}),
        status=BatchStatus.APPLYING if kind == BatchKind.BULK else BatchStatus.UPLOADED,
    )


def record_change(
    batch: Batch,
    obj: models.Model,
    *,
    created: bool = False,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Change:
    """Keep what the batch did to `obj`: JSON values by field, in the target's own terms."""
    return record_changes(batch, [(obj, created, before or {}, after or {})])[0]


def record_changes(
    batch: Batch, rows: Iterable[tuple[models.Model, bool, Mapping[str, Any], Mapping[str, Any]]]
) -> list[Change]:
    """`record_change` for many: rows of (object, created, before, after)."""
    return Change.objects.bulk_create(
        [
            Change(
                batch=batch,
                content_type=ContentType.objects.get_for_model(obj),
                object_id=obj.pk,
                label=str(obj)[:200],
                created=created,
                before=dict(before),
                after=dict(after),
            )
            for obj, created, before, after in rows
        ],
        batch_size=CHUNK,
    )


def finish_batch(batch: Batch, *, counts: Mapping[str, int] | None = None, status: str = BatchStatus.APPLIED) -> Batch:
    """Close a batch that was applied."""
    batch.status = BatchStatus(status)
    batch.counts = {**batch.counts, **(counts or {})}
    batch.applied_at = timezone.now()
    batch.save(update_fields=["status", "counts", "applied_at", "updated_at"])
    return batch


def viewer_of(batch: Batch, user: User | None) -> Viewer:
    """Who acts when a job goes on with the batch: a person with the roles held now, or the program."""
    if user is None:
        return Viewer.as_system(batch.network, batch.author_label or "import")
    return viewer_for(user, batch.network)


def request_undo(*, by: Viewer, batch: Batch) -> Batch:
    """Undo in the background; with few changes the job is short, so one way is enough."""
    rules.may_handle(by, batch).require()
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        _require_undoable(batch)
        batch.status = BatchStatus.UNDOING
        batch.job = undo_in_background.enqueue(
            _unique=f"exchange:undo:{batch.pk}",
            _scope=f"network:{batch.network_id}",
            batch_id=batch.pk,
            user_id=by.user_id,
        )
        batch.save(update_fields=["status", "job", "updated_at"])
    return batch


@task(max_attempts=3)
def undo_in_background(job: Job, batch_id: int, user_id: int | None = None) -> None:
    batch = Batch.objects.select_related("network", "author").get(pk=batch_id)
    if batch.status != BatchStatus.UNDOING:
        return
    try:
        _undo(viewer_of(batch, User.objects.filter(pk__in=[user_id]).first()), batch, job)
    except Stopped:
        batch.status = BatchStatus.STOPPED
        batch.save(update_fields=["status", "updated_at"])
        raise


def undo_batch(*, by: Viewer, batch: Batch) -> Batch:
    """Undo at once, the latest change first; `Change.kept` says what was not put back, and why."""
    rules.may_handle(by, batch).require()
    with transaction.atomic():
        batch = Batch.objects.select_for_update().select_related("network").get(pk=batch.pk)
        _require_undoable(batch)
        batch.status = BatchStatus.UNDOING
        batch.save(update_fields=["status", "updated_at"])
    return _undo(by, batch, None)


def _require_undoable(batch: Batch) -> None:
    """Undone by a colleague, or by one's own second click: who, and when."""
    if batch.can_be_undone:
        return
    if batch.status == BatchStatus.UNDOING:
        raise Conflict(_("L'annulation est déjà en cours : rechargez la page pour la suivre."))
    if batch.undone_at is None:
        raise Conflict(_("Ces modifications ne peuvent pas être annulées dans leur état actuel."))
    act = Entry.objects.about(batch).filter(verb="batch.undo").select_related("user").first()
    who = str(act.user or act.system) if act is not None else ""
    at = date_format(timezone.localtime(batch.undone_at), r"j F Y \à H:i")
    sentence = (
        _("Déjà annulé le %(at)s par %(who)s : rien n'a changé cette fois-ci.")
        if who
        else _("Déjà annulé le %(at)s : rien n'a changé cette fois-ci.")
    )
    raise Conflict(sentence % {"at": at, "who": who})


def _undo(by: Viewer, batch: Batch, job: Job | None) -> Batch:
    undo_changes(by, batch, job)
    with transaction.atomic():
        batch.status, batch.undone_at = BatchStatus.UNDONE, timezone.now()
        kept = batch.changes.exclude(kept={}).count()
        batch.counts = {**batch.counts, "undone": batch.changes.count() - kept, "kept": kept}
        batch.save(update_fields=["status", "undone_at", "counts", "updated_at"])
        record("batch.undo", by=by, subject=batch, details={"undone": batch.counts["undone"], "kept": kept})
    return batch


def undo_changes(by: Viewer, batch: Batch, job: Job | None = None) -> None:
    """By chunks, each in its transaction: interrupted, it goes on where it was."""
    target = registry.target(batch.target)
    total = batch.changes.count()
    done = batch.changes.exclude(undone_at=None).count()
    while changes := list(batch.changes.filter(undone_at=None).order_by("-pk")[:CHUNK]):
        if job is not None:
            progress(job, done, total, _("Annulation en cours"))
        with transaction.atomic():
            kept = target.restore(by=by, batch=batch, changes=changes)
            now = timezone.now()
            for change in changes:
                change.kept, change.undone_at = kept.get(change.pk, {}), now
            Change.objects.bulk_update(changes, ["kept", "undone_at"])
        done += len(changes)
