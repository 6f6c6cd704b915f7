"""Runs background jobs until told to stop (SIGTERM finishes the job in hand)."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from maillage.core import jobs


class Command(BaseCommand):
    help = "Exécute les tâches de fond."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="exécuter ce qui attend, puis finir")
        parser.add_argument("--pause", type=float, default=1.0, help="secondes entre deux regards sur la file")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{jobs.run_waiting()} tâche(s)")
            return
        over = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: over.set())
        signal.signal(signal.SIGINT, lambda *_: over.set())
        name = jobs.worker_name()
        last_schedule = 0
        while not over.is_set():
            close_old_connections()
            if last_schedule <= 0:
                jobs.enqueue_scheduled()
                last_schedule = 60
            job = jobs.lease_one(name)
            if job is None:
                over.wait(options["pause"])
                last_schedule -= 1
            else:
                jobs.run(job)
