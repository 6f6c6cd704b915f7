"""Processes that write in an instance, run as `python -m tests.ops.processes MODE …` and killed by the tests."""

import sys
import time
from pathlib import Path

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from maillage.accounts import actions as accounts  # noqa: E402
from maillage.accounts import queries  # noqa: E402
from maillage.accounts.models import User  # noqa: E402
from maillage.core import jobs  # noqa: E402
from maillage.core.models import Job, JobStatus  # noqa: E402
from maillage.core.viewer import Viewer  # noqa: E402
from maillage.exchange.enums import BatchKind  # noqa: E402
from maillage.exchange.models import Batch  # noqa: E402
from maillage.networks.models import Network  # noqa: E402


@jobs.task(max_attempts=50)
def mark(job: Job, number: int) -> None:
    """An idempotent effect (one row by number), and a trace of each run."""
    with transaction.atomic():
        Job.objects.create(task="trace", scope=str(number), run_at=timezone.now(), status=JobStatus.DONE)
        Job.objects.get_or_create(
            task="effect", unique_key=f"effect:{number}", defaults={"run_at": timezone.now(), "status": JobStatus.DONE}
        )
    time.sleep(0.01)


def write(name: str) -> None:
    """Write pairs of rows for ever, each pair in one transaction, and acknowledge it once committed."""
    number = 0
    while True:
        number += 1
        with transaction.atomic():
            for half in ("a", "b"):
                Job.objects.create(
                    task="pair", scope=half, message=f"{name}:{number}", run_at=timezone.now(), status=JobStatus.DONE
                )
        print(f"{name}:{number}", flush=True)


def enqueue(count: str) -> None:
    for number in range(int(count)):
        mark.enqueue(number=number)


def work() -> None:
    """A worker without its patience: it ends when nothing waits."""
    name = jobs.worker_name()
    print("ready", flush=True)
    while job := jobs.lease_one(name):
        jobs.run(job)


def check() -> None:
    """SQLite's own verdict on its file."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            print(cursor.fetchone()[0])
    else:
        print("ok")


def expire() -> None:
    """What two minutes do: the leases of dead workers run out."""
    Job.objects.filter(status=JobStatus.RUNNING).update(leased_until=timezone.now())


def rows(task: str) -> None:
    for scope, message, key, status, attempts in Job.objects.filter(task=task).values_list(
        "scope", "message", "unique_key", "status", "attempts"
    ):
        print("|".join([scope, message, key, status, str(attempts)]))


def join(*emails: str) -> None:
    for email in emails:
        User.objects.create_user(email, name=email.split("@")[0])


def leave(email: str) -> None:
    """A person erases their account themselves."""
    user = User.objects.get(email=email)
    accounts.erase_account(by=Viewer(user=user), user=user)


def people() -> None:
    """What the instance holds of each account."""
    for user in User.objects.order_by("pk"):
        print(f"{user.name}|{user.email}")


def upload(name: str, content: str) -> None:
    """An import, of which only the file counts here."""
    network = Network.objects.create(name="Réseau", slug="reseau")
    Batch.objects.create(network=network, kind=BatchKind.IMPORT, title=name, file_name=name).file.save(
        name, ContentFile(content.encode())
    )


def uploaded() -> None:
    for batch in Batch.objects.order_by("pk"):
        print(batch.file_name, batch.file.read().decode(), f"{Path(batch.file.path).stat().st_mode & 0o777:o}")


def suppressed(*emails: str) -> None:
    print(*(email for email in emails if queries.is_suppressed(email)))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
