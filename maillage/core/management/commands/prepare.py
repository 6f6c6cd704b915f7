"""Prepares the instance and returns."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from maillage.core.operations.prepare import collect_static, prepare


class Command(BaseCommand):
    help = "Migrations, table du cache, fichiers statiques, données de référence, démonstration si elle est demandée."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--static-only", action="store_true", help="seulement les fichiers statiques (image)")

    def handle(self, *args: Any, static_only: bool, **options: Any) -> None:
        (collect_static if static_only else prepare)(self.stderr.write)
