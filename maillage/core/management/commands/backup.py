"""Archives the database and the files while the instance runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.core.operations.backup import backup


class Command(BaseCommand):
    help = "Archive de la base et des fichiers, prise en marche."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="archive à écrire (.zip)")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if file.exists():
            raise CommandError(f"{file} existe déjà : une sauvegarde n'en écrase pas une autre.")
        if not file.parent.is_dir():
            raise CommandError(f"Le dossier {file.parent} n'existe pas.")
        backup(file, self.stdout.write)
