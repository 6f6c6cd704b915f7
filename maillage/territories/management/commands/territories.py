"""`manage.py territories load`: the reference territories, from the shipped file or from official ones."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.territories import actions
from maillage.territories.enums import TerritoryKind


class Command(BaseCommand):
    help = "Charge les territoires de référence."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("load", help="Charge toute la France depuis le fichier livré (peut être relancé).")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        try:
            getattr(self, f"_{options['verb']}")(Viewer.as_system(None, "ligne de commande"), options)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Terminé en {time.perf_counter() - started:.1f} s.")

    def _load(self, viewer: Viewer, options: dict[str, Any]) -> None:
        loaded = actions.load_shipped(by=viewer)
        for kind in TerritoryKind:
            self.stdout.write(f"{kind.label} : {loaded.counts[kind]}")
        if loaded.kept:
            self.stdout.write(f"Gardés bien que disparus, car encore cités : {', '.join(loaded.kept)}")
