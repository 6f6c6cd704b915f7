"""Background work: `@task` functions, enqueued in the caller's transaction, leased and retried.

At-least-once: a worker killed in the middle leaves a lease that expires, then the job runs again, so tasks are
idempotent. Arguments are JSON (ids, not objects). The signature is that of `django.tasks`.

    @task(max_attempts=3)
    def rebuild(job, network_id): ...
    rebuild.enqueue(network_id=3, _unique="rebuild:3")

A worker writes on a job only while it holds it (same worker, same attempt): one that was suspended past its lease
cannot overwrite what its successor did.
"""

import logging
import os
import platform
import threading
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from maillage.core.models import Job, JobStatus

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
_PENDING = [JobStatus.WAITING, JobStatus.RUNNING]
_tasks: dict[str, "Task"] = {}
_schedule: list[tuple["Task", timedelta]] = []
_closing = threading.Event()


class Stopped(Exception):
    """Raised inside a task by `progress` when someone asked for the job to stop."""


class Interrupted(Exception):
    """Raised inside a task by `progress` when the worker closes, or when another worker holds the job by now."""


class Abandoned(Exception):
    """Raised by a task that knows that trying again is useless; the text is kept for the administrator."""


class Task:
    def __init__(self, function: Callable[..., None], max_attempts: int) -> None:
        self.function = function
        self.max_attempts = max_attempts
        self.name = f"{function.__module__}.{function.__name__}"
        _tasks[self.name] = self

    def enqueue(self, *, _unique: str = "", _scope: str = "", _at: datetime | None = None, **arguments: Any) -> Job:
        """Write the job in the current transaction.

        With `_unique`, a waiting job of that key is returned instead; a running one is told to start over when it ends,
        since it may have read its data before the change that asks for it.
        """
        while True:
            try:
                with transaction.atomic():
                    return Job.objects.create(
                        task=self.name,
                        arguments=arguments,
                        unique_key=_unique,
                        scope=_scope,
                        run_at=_at or timezone.now(),
                        max_attempts=self.max_attempts,
                    )
            except IntegrityError:
                if not _unique:
                    raise
            pending = Job.objects.filter(unique_key=_unique, status__in=_PENDING)
            pending.filter(status=JobStatus.RUNNING).update(run_again=True)
            if job := pending.first():
                return job
            # It ended between the refusal and the look: nothing is pending any more, so the creation can succeed.


def task(max_attempts: int = 5, every: timedelta | None = None) -> Callable[[Callable[..., None]], Task]:
    """Declare a task whose function takes the running `job` first; `every` has workers enqueue it periodically."""

    def declare(function: Callable[..., None]) -> Task:
        declared = Task(function, max_attempts)
        if every is not None:
            _schedule.append((declared, every))
        return declared

    return declare


def _held(job: Job) -> QuerySet[Job]:
    """The row of `job` while this worker holds this attempt of it, else nothing."""
    return Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, worker=job.worker, attempts=job.attempts)


def progress(job: Job, done: int, total: int, message: str = "") -> None:
    """Publish progress, renew the lease; raises `Stopped` when a stop was asked for, `Interrupted` when it must yield."""
    held = _held(job).update(
        done_steps=done, total_steps=total, message=message[:300], leased_until=timezone.now() + LEASE
    )
    if not held or _closing.is_set():
        raise Interrupted
    if Job.objects.filter(pk=job.pk, stop_requested=True).exists():
        raise Stopped


def close() -> None:
    """The worker is asked to end: a long task yields at its next `progress` and goes back to the queue."""
    _closing.set()


def lease_one(worker: str) -> Job | None:
    """Take the oldest due job, or one whose worker died (lease expired); one that keeps killing workers is failed."""
    while True:
        now = timezone.now()
        due = Q(status=JobStatus.WAITING, run_at__lte=now) | Q(status=JobStatus.RUNNING, leased_until__lt=now)
        # On SQLite the transaction below takes the only write lock: do not ask for it when there is nothing to do.
        if not Job.objects.filter(due).exists():
            return None
        with transaction.atomic():
            candidates = Job.objects.filter(due).order_by("run_at", "pk")
            if connection.features.has_select_for_update_skip_locked:
                candidates = candidates.select_for_update(skip_locked=True)
            job = candidates.first()
            if job is None:
                return None
            if job.attempts >= job.max_attempts:
                job.status = JobStatus.FAILED
                job.error = job.error or "Le processus qui l'exécutait s'est arrêté à chaque essai."
                job.finished_at = now
                job.leased_until = None
                job.save(update_fields=["status", "error", "finished_at", "leased_until"])
                continue
            job.status = JobStatus.RUNNING
            job.worker = worker
            job.attempts += 1
            job.started_at = now
            job.leased_until = now + LEASE
            job.run_again = False
            job.save(update_fields=["status", "worker", "attempts", "started_at", "leased_until", "run_again"])
            return job


class _LeaseKeeper(threading.Thread):
    """Renews the lease of a long job from a connection of its own."""

    def __init__(self, job: Job) -> None:
        super().__init__(daemon=True)
        self.job = job
        self.over = threading.Event()

    def run(self) -> None:
        try:
            while not self.over.wait(LEASE.total_seconds() / 4):
                try:
                    _held(self.job).update(leased_until=timezone.now() + LEASE)
                except DatabaseError:
                    logger.warning("lease of job %s not renewed", self.job.pk)
        finally:
            connection.close()


def run(job: Job, *, keep_lease: bool = True) -> None:
    """Run a leased job to its end; a failure is retried with a growing delay, then left as failed with its trace."""
    keeper = _LeaseKeeper(job) if keep_lease else None
    if keeper:
        keeper.start()
    try:
        declared = _tasks.get(job.task)
        if declared is None:
            raise LookupError(f"Tâche inconnue : {job.task}")
        declared.function(job, **job.arguments)
    except Stopped:
        _finish(job, JobStatus.CANCELLED)
    except Interrupted:
        _held(job).update(status=JobStatus.WAITING, attempts=job.attempts - 1, leased_until=None)
    except Abandoned as error:
        _finish(job, JobStatus.FAILED, str(error))
    except Exception:
        error_text = traceback.format_exc()
        logger.warning("job %s failed (attempt %s)", job.pk, job.attempts, exc_info=True)
        if job.attempts < job.max_attempts:
            delay = timedelta(seconds=min(3600, 10 * 4 ** (job.attempts - 1)))
            _held(job).update(
                status=JobStatus.WAITING, run_at=timezone.now() + delay, error=error_text, leased_until=None
            )
        else:
            _finish(job, JobStatus.FAILED, error_text)
    else:
        _held(job).update(done_steps=F("total_steps"))
        _finish(job, JobStatus.DONE)
    finally:
        if keeper:
            keeper.over.set()
            keeper.join(timeout=5)


def _finish(job: Job, status: JobStatus, error: str = "") -> None:
    now = timezone.now()
    if status == JobStatus.DONE and _held(job).filter(run_again=True).update(
        status=JobStatus.WAITING, attempts=0, run_at=now, leased_until=None, error="", run_again=False
    ):
        return
    _held(job).update(status=status, error=error, finished_at=now, leased_until=None, stop_requested=False)


def enqueue_scheduled() -> None:
    """Enqueue each periodic task whose last run is older than its period."""
    for declared, period in _schedule:
        known = Job.objects.filter(task=declared.name)
        recent = known.filter(Q(created_at__gt=timezone.now() - period) | Q(status__in=_PENDING))
        if not recent.exists():
            declared.enqueue(_unique=f"schedule:{declared.name}")


def run_waiting(limit: int = 1000) -> int:
    """Run every due job in this process (tests, demonstration, `manage.py worker --once`); returns how many ran."""
    worker = f"inline:{os.getpid()}"
    for count in range(limit):
        job = lease_one(worker)
        if job is None:
            return count
        run(job, keep_lease=False)
    return limit


def retry(job: Job) -> bool:
    """Put a failed or cancelled job back in the queue, attempts counted anew; False when one like it is pending."""
    try:
        with transaction.atomic():
            return bool(
                Job.objects.filter(pk=job.pk, status__in=[JobStatus.FAILED, JobStatus.CANCELLED]).update(
                    status=JobStatus.WAITING,
                    attempts=0,
                    run_at=timezone.now(),
                    stop_requested=False,
                    finished_at=None,
                )
            )
    except IntegrityError:
        return False


def request_stop(job: Job) -> None:
    """Ask for a job to stop: a waiting one is cancelled at once, a running one at its next `progress`."""
    waiting = Job.objects.filter(pk=job.pk, status=JobStatus.WAITING)
    if not waiting.update(status=JobStatus.CANCELLED, finished_at=timezone.now()):
        Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(stop_requested=True)


def purge(older_than: timedelta = timedelta(days=30)) -> int:
    """Forget finished jobs; failed ones are kept three times as long."""
    now = timezone.now()
    done = Q(status__in=[JobStatus.DONE, JobStatus.CANCELLED], finished_at__lt=now - older_than)
    failed = Q(status=JobStatus.FAILED, finished_at__lt=now - 3 * older_than)
    return Job.objects.filter(done | failed).delete()[0]


@task(every=timedelta(days=1))
def forget_old_jobs(job: Job) -> None:
    purge()


def gather_statistics() -> None:
    """How many rows each value of an index has, for the choice between indexes: PostgreSQL sees to it itself, SQLite when told.
    Knowing nothing, it reads every event of a network to find a few by their ids. A sample: a tenth of a second."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")


@task(every=timedelta(days=1))
def keep_statistics(_job: Job) -> None:
    gather_statistics()


def worker_name() -> str:
    return f"{platform.node()}:{os.getpid()}"
