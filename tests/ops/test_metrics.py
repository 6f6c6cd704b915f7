"""/metrics and the probes: to this machine or to who holds the token."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from maillage.core.models import Job, JobStatus
from maillage.core.operations.state import heartbeat, state

pytestmark = [pytest.mark.django_db]


def test_queues_and_worker_are_measured(client):
    Job.objects.create(task="t", run_at=timezone.now() - timedelta(seconds=90))
    Job.objects.create(task="t", run_at=timezone.now(), status=JobStatus.FAILED)
    heartbeat()
    lines = client.get("/metrics").content.decode().splitlines()
    assert "maillage_database_up 1.0" in lines
    assert 'maillage_jobs{status="waiting"} 1.0' in lines
    assert 'maillage_jobs{status="failed"} 1.0' in lines
    late = next(line for line in lines if line.startswith("maillage_jobs_oldest_waiting_seconds"))
    assert 89 < float(late.split()[1]) < 120
    assert not any(line.startswith("maillage_last_backup_seconds") for line in lines)


def test_another_machine_gets_nothing(client):
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404


def test_a_request_passed_on_by_a_proxy_gets_nothing(client):
    assert client.get("/metrics", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 404


@pytest.mark.parametrize(("sent", "status"), [("Bearer s3cret", 200), ("Bearer other", 404), ("", 404)])
def test_the_token_opens_it_from_anywhere(client, settings, sent, status):
    settings.METRICS_TOKEN = "s3cret"
    answered = client.get("/metrics", REMOTE_ADDR="192.0.2.7", headers={"authorization": sent})
    assert answered.status_code == status


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_answer_whatever_the_host(client, path):
    assert client.get(path, headers={"host": "10.0.0.3:8000"}).json() == {"status": "ok"}


def test_a_worker_never_heard_has_no_age():
    cache.clear()
    assert state().worker_heard is None
