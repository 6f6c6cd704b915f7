"""/metrics for Prometheus: queues, worker, backups, disk. To this machine, or to who holds the token; 404 to others."""

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from maillage.core.operations.state import State, state

_LOCAL = {"127.0.0.1", "::1"}


def may_read(request: HttpRequest) -> bool:
    """By token when one is set; else a direct request of this machine (one that a proxy passes on is not)."""
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    forwarded = {"X-Forwarded-For", "Forwarded", "X-Real-Ip"} & set(request.headers)
    return request.META.get("REMOTE_ADDR") in _LOCAL and not forwarded


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    if not may_read(request):
        raise Http404
    registry = CollectorRegistry()
    up = Gauge("maillage_database_up", "1 when the database answers", registry=registry)
    try:
        measured = state()
    except DatabaseError:
        up.set(0)
    else:
        up.set(1)
        _fill(registry, measured)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _fill(registry: CollectorRegistry, measured: State) -> None:
    jobs = Gauge("maillage_jobs", "Background jobs by status", ["status"], registry=registry)
    for status, count in measured.jobs.items():
        jobs.labels(status).set(count)
    ages = {
        "maillage_jobs_oldest_waiting_seconds": ("How late the oldest due job is", measured.oldest_waiting),
        "maillage_worker_heard_seconds": ("Since a worker was last heard", measured.worker_heard),
        "maillage_last_backup_seconds": ("Since the last backup", measured.last_backup),
    }
    for name, (help_text, age) in ages.items():
        # Nothing waiting is a lateness of zero; a worker or a backup never seen has no age.
        if age is not None or name == "maillage_jobs_oldest_waiting_seconds":
            Gauge(name, help_text, registry=registry).set(age.total_seconds() if age else 0)
    Gauge("maillage_disk_free_bytes", "Free space of the data folder", registry=registry).set(measured.free_bytes)
