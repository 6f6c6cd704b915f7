"""Runs background jobs until told to stop: SIGTERM lets the job in hand end, or yield at its next progress."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection

from maillage.core import jobs
from maillage.core.operations.state import heartbeat

logger = logging.getLogger(__name__)
_MINUTE = 60.0


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

        def end(*_: Any) -> None:
            over.set()
            jobs.close()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        name = jobs.worker_name()
        next_minute = 0.0
        while not over.is_set():
            try:
                close_old_connections()
                if time.monotonic() >= next_minute:
                    next_minute = time.monotonic() + _MINUTE
                    heartbeat()
                    jobs.enqueue_scheduled()
                job = jobs.lease_one(name)
                if job is not None:
                    jobs.run(job)
                    continue
            except DatabaseError:
                logger.warning("database unavailable, the worker waits", exc_info=True)
                connection.close()
                over.wait(5 * options["pause"])
            over.wait(options["pause"])
