"""Prepares the instance and returns."""

from typing import Any

from django.core.management.base import BaseCommand

from maillage.core.operations.prepare import prepare


class Command(BaseCommand):
    help = "Migrations, table du cache, fichiers statiques, territoires, démonstration si elle est demandée."

    def handle(self, *args: Any, **options: Any) -> None:
        prepare(self.stderr.write)
