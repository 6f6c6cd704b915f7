"""core.jobs: acknowledged work is done at least once, by one worker at a time, and never for ever."""

import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from maillage.core import jobs
from maillage.core.models import Job, JobStatus

pytestmark = [pytest.mark.django_db]
calls: list = []


@jobs.task(max_attempts=3)
def note(job, word):
    calls.append(word)


@jobs.task(max_attempts=3)
def fail(job):
    raise RuntimeError("raté")


@jobs.task()
def give_up(job):
    raise jobs.Abandoned("inutile")


@jobs.task()
def count_to_three(job):
    for step in range(1, 4):
        jobs.progress(job, step, 3, f"étape {step}")
        calls.append(step)


@jobs.task()
def announce_three(job):
    jobs.progress(job, 0, 3)


@jobs.task()
def ask_for_itself(job, key):
    calls.append("run")
    if len(calls) == 1:
        ask_for_itself.enqueue(key=key, _unique=key)


@jobs.task()
def last_beyond_the_lease(job):
    """What another worker would take of it once its first lease is over."""
    time.sleep(max(0, (job.leased_until - timezone.now()).total_seconds()) + 0.3)
    calls.append(jobs.lease_one("other"))


@pytest.fixture(autouse=True)
def _forget_calls():
    calls.clear()
    jobs._closing.clear()
    yield
    jobs._closing.clear()


def fresh(job):
    return Job.objects.get(pk=job.pk)


def expire(job):
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_a_job_runs_once_with_its_arguments():
    job = note.enqueue(word="bonjour")
    assert jobs.run_waiting() == 1
    assert jobs.run_waiting() == 0
    assert calls == ["bonjour"]
    assert (fresh(job).status, fresh(job).attempts) == (JobStatus.DONE, 1)


def test_a_finished_job_is_not_left_at_its_last_progress():
    job = announce_three.enqueue()
    jobs.run_waiting()
    assert (fresh(job).status, fresh(job).done_steps, fresh(job).total_steps) == (JobStatus.DONE, 3, 3)


def test_a_job_of_a_rolled_back_transaction_does_not_exist():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note.enqueue(word="jamais")
        raise ZeroDivisionError
    assert Job.objects.count() == 0


def test_a_job_for_later_waits():
    note.enqueue(word="demain", _at=timezone.now() + timedelta(hours=1))
    assert jobs.run_waiting() == 0


def test_a_failure_is_tried_again_later_then_left_with_its_trace():
    job = fail.enqueue()
    for attempt in (1, 2):
        assert jobs.run_waiting() == 1
        assert (fresh(job).status, fresh(job).attempts) == (JobStatus.WAITING, attempt)
        assert fresh(job).run_at > timezone.now() + timedelta(seconds=5)
        Job.objects.update(run_at=timezone.now())
    assert jobs.run_waiting() == 1
    assert (fresh(job).status, fresh(job).attempts) == (JobStatus.FAILED, 3)
    assert "RuntimeError: raté" in fresh(job).error


def test_a_task_that_gives_up_is_not_tried_again():
    job = give_up.enqueue()
    jobs.run_waiting()
    assert (fresh(job).status, fresh(job).error) == (JobStatus.FAILED, "inutile")


def test_a_job_of_an_unknown_task_fails_without_stopping_the_worker():
    Job.objects.create(task="gone.task", run_at=timezone.now() - timedelta(seconds=1), max_attempts=1)
    note.enqueue(word="après")
    assert jobs.run_waiting() == 2
    assert calls == ["après"]


def test_a_job_whose_worker_died_is_taken_by_another():
    job = note.enqueue(word="x")
    jobs.lease_one("dead")
    assert jobs.lease_one("other") is None
    expire(job)
    taken = jobs.lease_one("other")
    assert (taken.pk, taken.worker, taken.attempts) == (job.pk, "other", 2)


def test_a_job_that_kills_every_worker_ends_as_failed():
    job = note.enqueue(word="x")
    for _ in range(3):
        assert jobs.lease_one("victim").pk == job.pk
        expire(job)
    assert jobs.lease_one("victim") is None
    assert fresh(job).status == JobStatus.FAILED
    assert fresh(job).error == "Le processus qui l'exécutait s'est arrêté à chaque essai."


def test_a_worker_that_lost_its_lease_writes_nothing_more():
    note.enqueue(word="x")
    slow = jobs.lease_one("slow")
    expire(slow)
    quick = jobs.lease_one("quick")
    jobs.run(slow, keep_lease=False)
    assert (fresh(slow).status, fresh(slow).worker) == (JobStatus.RUNNING, "quick")
    jobs.run(quick, keep_lease=False)
    assert fresh(quick).status == JobStatus.DONE


def test_a_worker_that_lost_its_lease_yields_at_its_next_progress():
    count_to_three.enqueue()
    slow = jobs.lease_one("slow")
    expire(slow)
    jobs.lease_one("quick")
    jobs.run(slow, keep_lease=False)
    assert calls == []
    assert (fresh(slow).worker, fresh(slow).attempts) == ("quick", 2)


@pytest.mark.django_db(transaction=True)
def test_a_job_longer_than_its_lease_keeps_it_without_saying_a_word(monkeypatch):
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=1))
    last_beyond_the_lease.enqueue()
    job = jobs.lease_one("slow")
    jobs.run(job)
    assert calls == [None]
    assert (fresh(job).status, fresh(job).attempts) == (JobStatus.DONE, 1)


def test_progress_is_published():
    job = count_to_three.enqueue()
    jobs.run_waiting()
    assert (fresh(job).done_steps, fresh(job).total_steps, fresh(job).message) == (3, 3, "étape 3")


def test_a_running_job_stops_at_its_next_progress_when_asked():
    count_to_three.enqueue()
    job = jobs.lease_one("w")
    jobs.request_stop(job)
    jobs.run(job, keep_lease=False)
    assert (fresh(job).status, fresh(job).stop_requested, calls) == (JobStatus.CANCELLED, False, [])


def test_a_waiting_job_stops_at_once():
    job = note.enqueue(word="x")
    jobs.request_stop(job)
    assert fresh(job).status == JobStatus.CANCELLED
    assert jobs.run_waiting() == 0


def test_a_closing_worker_gives_its_job_back_without_counting_the_attempt():
    count_to_three.enqueue()
    job = jobs.lease_one("w")
    jobs.close()
    jobs.run(job, keep_lease=False)
    assert (fresh(job).status, fresh(job).attempts, calls) == (JobStatus.WAITING, 0, [])


def test_two_requests_of_one_key_make_one_job():
    first = note.enqueue(word="a", _unique="k")
    assert note.enqueue(word="b", _unique="k").pk == first.pk
    assert jobs.run_waiting() == 1
    assert note.enqueue(word="c", _unique="k").pk != first.pk


def test_a_request_that_comes_while_its_job_runs_makes_it_start_over():
    """The running job may have read its data before the change that asks for it."""
    job = ask_for_itself.enqueue(key="k", _unique="k")
    assert jobs.run_waiting() == 2
    assert calls == ["run", "run"]
    assert (fresh(job).status, Job.objects.count()) == (JobStatus.DONE, 1)


def test_a_failed_job_is_retried_on_request():
    job = give_up.enqueue()
    jobs.run_waiting()
    assert jobs.retry(fresh(job)) is True
    assert (fresh(job).status, fresh(job).attempts) == (JobStatus.WAITING, 0)


def test_a_failed_job_is_not_retried_beside_one_like_it():
    job = give_up.enqueue(_unique="k")
    jobs.run_waiting()
    give_up.enqueue(_unique="k")
    assert jobs.retry(fresh(job)) is False
    assert fresh(job).status == JobStatus.FAILED


def test_a_done_job_is_not_retried():
    job = note.enqueue(word="x")
    jobs.run_waiting()
    assert jobs.retry(fresh(job)) is False


def test_periodic_tasks_are_asked_once_per_period():
    jobs.enqueue_scheduled()
    jobs.enqueue_scheduled()
    purges = Job.objects.filter(task=jobs.forget_old_jobs.name)
    assert purges.count() == 1
    purges.update(status=JobStatus.DONE, created_at=timezone.now() - timedelta(days=2))
    jobs.enqueue_scheduled()
    assert purges.count() == 2


def test_the_database_is_told_each_night_how_its_rows_are_spread():
    jobs.keep_statistics.enqueue()
    jobs.run_waiting()
    assert Job.objects.get(task=jobs.keep_statistics.name).status == JobStatus.DONE
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'core_job'")
            assert cursor.fetchone()[0] > 0


def test_old_jobs_are_forgotten_failed_ones_later():
    long_ago = timezone.now() - timedelta(days=40)
    common = {"task": "t", "run_at": long_ago, "finished_at": long_ago}
    Job.objects.create(status=JobStatus.DONE, **common)
    Job.objects.create(status=JobStatus.FAILED, **common)
    assert jobs.purge() == 1
    assert Job.objects.get().status == JobStatus.FAILED


def test_the_worker_command_runs_what_waits(capsys):
    note.enqueue(word="x")
    call_command("worker", once=True)
    assert capsys.readouterr().out == "1 tâche(s)\n"
    assert calls == ["x"]
