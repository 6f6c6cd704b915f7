"""`manage.py topics load`: the shipped vocabularies."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from maillage.core.viewer import Viewer
from maillage.topics import actions


class Command(BaseCommand):
    help = "Ajoute les thématiques, publics, familles et types d'action livrés qui manquent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["load"])

    def handle(self, *args: Any, **options: Any) -> None:
        added = actions.load_defaults(by=Viewer.as_system(None, "ligne de commande"))
        self.stdout.write(f"Termes ajoutés : {added}")
