"""Prepares the instance, then serves it with one worker beside the web server, until told to stop."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from maillage.core.operations.prepare import prepare
from maillage.core.operations.supervise import Supervisor, web_command, worker_command

EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - recognised, not chosen


class Command(BaseCommand):
    help = "Prépare l'instance et la sert."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reload", action="store_true", help="recharger quand le code change")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare(self.stderr.write)
        web = web_command()
        if options["reload"]:
            web = [sys.executable, "-m", "maillage", "runserver", f"{settings.BIND}:{settings.PORT}"]
        shown = settings.BIND if settings.BIND not in EVERYWHERE else "127.0.0.1"
        self.stdout.write(f"Maillage répond sur http://{shown}:{settings.PORT}/ (Ctrl-C pour arrêter)")
        if settings.DEMO and settings.BIND not in {"127.0.0.1", "::1", "localhost"}:
            self.stderr.write("Attention : la démonstration et ses comptes connus sont ouverts à d'autres machines.")
        self.stdout.flush()
        sys.exit(Supervisor(web, worker_command(), self.stderr.write).run())
