"""The API's schema, to the screen or to the snapshot that CI compares."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from maillage.api.root import api


class Command(BaseCommand):
    help = "Affiche le schéma OpenAPI ; avec --write, met à jour docs/api/openapi.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        text = json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, default=str) + "\n"
        if options["write"]:
            (settings.ROOT / "docs" / "api" / "openapi.json").write_text(text)
        else:
            self.stdout.write(text)
