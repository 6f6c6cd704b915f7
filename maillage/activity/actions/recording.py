"""Writing the journal; the acts on background jobs, which go into it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from maillage.activity import rules
from maillage.activity.models import Entry
from maillage.activity.registry import task_label
from maillage.core import jobs
from maillage.core.models import Job
from maillage.core.viewer import Viewer


def record(
    verb: str,
    *,
    by: Viewer,
    subject: models.Model | None = None,
    changes: dict[str, list[Any]] | None = None,
    details: dict[str, Any] | None = None,
    touch: bool = True,
) -> Entry:
    """Add a line to the journal of the viewer's network and, unless `touch` is false, outdate its cached pages."""
    entry = Entry.objects.create(
        network=by.network,
        user=by.user,
        system=by.system,
        verb=verb,
        content_type=ContentType.objects.get_for_model(subject) if subject is not None else None,
        object_id=subject.pk if subject is not None else None,
        label=str(subject)[:200] if subject is not None else "",
        changes=changes or {},
        details=details or {},
    )
    if touch and by.network is not None:
        by.network.touch()
    return entry


def retry_job(*, by: Viewer, job: Job) -> None:
    rules.may_manage_job(by, job).require()
    with transaction.atomic():
        jobs.retry(job)
        record("job.retried", by=by, details={"task": task_label(job.task), "job": job.pk}, touch=False)


def stop_job(*, by: Viewer, job: Job) -> None:
    rules.may_manage_job(by, job).require()
    with transaction.atomic():
        jobs.request_stop(job)
        record("job.stopped", by=by, details={"task": task_label(job.task), "job": job.pk}, touch=False)
