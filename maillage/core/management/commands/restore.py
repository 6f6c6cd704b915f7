"""Puts an archive back into an empty instance."""

import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.core.operations.restore import Refusal, restore


class Command(BaseCommand):
    help = "Remet une archive dans une instance vide."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="archive écrite par backup")
        parser.add_argument("--force", action="store_true", help="effacer d'abord ce que contient l'instance")

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"Archive non remise : {file} n'existe pas.")
        try:
            restore(file, self.stdout.write, force=force)
        except zipfile.BadZipFile as error:
            raise CommandError(f"Archive non remise : {file} n'est pas une archive entière de Maillage.") from error
        except Refusal as error:
            raise CommandError(f"Archive non remise : {error}") from error
