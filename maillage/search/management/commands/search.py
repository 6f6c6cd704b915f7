"""`search rebuild [KIND…]`: read every source again; `search status`: what the index holds."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count

from maillage.search.actions import rebuild
from maillage.search.models import Document


class Command(BaseCommand):
    help = "Reconstruit l'index de recherche, ou dit ce qu'il contient."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["rebuild", "status"])
        parser.add_argument("kinds", nargs="*")

    def handle(self, *args: Any, verb: str, kinds: list[str], **options: Any) -> None:
        if verb == "rebuild":
            for kind, count in rebuild(kinds).items():
                self.stdout.write(f"{kind} : {count}")
            return
        for kind, count in Document.objects.order_by("kind").values_list("kind").annotate(Count("pk")):
            self.stdout.write(f"{kind} : {count}")
