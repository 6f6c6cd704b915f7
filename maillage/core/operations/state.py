"""What an instance is doing, measured: read by /metrics and by `doctor`."""

import json
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from maillage.core.models import Job, JobStatus
from maillage.core.operations.backup import last_backup_file

HEARTBEAT = "core.worker"


@dataclass(frozen=True)
class State:
    """`None` where nothing is known: no worker was heard, no backup was made, nothing waits."""

    jobs: dict[str, int]
    oldest_waiting: timedelta | None
    worker_heard: timedelta | None
    last_backup: timedelta | None
    free_bytes: int
    total_bytes: int


def state() -> State:
    now = timezone.now()
    counts = dict(Job.objects.order_by().values_list("status").annotate(Count("pk")))
    waiting = Job.objects.filter(status=JobStatus.WAITING, run_at__lte=now).aggregate(Min("run_at"))["run_at__min"]
    usage = shutil.disk_usage(settings.VAR)
    return State(
        jobs={status: counts.get(status, 0) for status in JobStatus.values},
        oldest_waiting=now - waiting if waiting else None,
        worker_heard=_since(cache.get(HEARTBEAT), now),
        last_backup=_since(_last_backup(), now),
        free_bytes=usage.free,
        total_bytes=usage.total,
    )


def heartbeat() -> None:
    """The worker is alive: said every minute, known for five."""
    cache.set(HEARTBEAT, timezone.now().isoformat(), 300)


def _since(text: str | None, now: datetime) -> timedelta | None:
    at = parse_datetime(text) if text else None
    return now - at if at else None


def _last_backup() -> str | None:
    try:
        return str(json.loads(last_backup_file().read_text())["at"])
    except (OSError, ValueError, KeyError):
        return None
