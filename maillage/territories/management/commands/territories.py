"""`manage.py territories load | import FILE… | fetch`: the reference territories and their official measures."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.territories import actions
from maillage.territories.actions.importing import MAX_BYTES
from maillage.territories.enums import TerritoryKind


class Command(BaseCommand):
    help = "Charge les territoires de référence."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("load", help="Charge toute la France depuis le fichier livré (peut être relancé).")
        files = verbs.add_parser(
            "import", help="Importe des fichiers officiels : coordonnées, surfaces, grilles, contours."
        )
        files.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
        fetch = verbs.add_parser("fetch", help="Lit positions et surfaces sur geo.api.gouv.fr.")
        fetch.add_argument("--departement", action="append", default=[], metavar="CODE", help="Répétable ; tous sinon.")
        fetch.add_argument("--contours", action="store_true", help="Lit aussi les contours des communes.")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        try:
            verb = {"load": self._load, "import": self._import, "fetch": self._fetch}[options["verb"]]
            verb(Viewer.as_system(None, "ligne de commande"), options)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Terminé en {time.perf_counter() - started:.1f} s.")

    def _load(self, viewer: Viewer, options: dict[str, Any]) -> None:
        loaded = actions.load_shipped(by=viewer)
        for kind in TerritoryKind:
            self.stdout.write(f"{kind.label} : {loaded.counts[kind]}")
        if loaded.kept:
            self.stdout.write(f"Gardés bien que disparus, car encore cités : {', '.join(loaded.kept)}")

    def _import(self, viewer: Viewer, options: dict[str, Any]) -> None:
        for path in options["files"]:
            if not path.is_file():
                raise CommandError(f"{path} : ce fichier n'existe pas.")
            if path.stat().st_size > MAX_BYTES:
                raise CommandError(f"{path} : ce fichier dépasse 200 Mo.")
            try:
                imported = actions.import_territories(by=viewer, content=path.read_bytes(), title=path.stem)
            except Refused as refusal:
                raise CommandError(f"{path.name} : {refusal.sentence}") from refusal
            self._tell(path.name, imported)

    def _fetch(self, viewer: Viewer, options: dict[str, Any]) -> None:
        departments = [code.upper() for code in options["departement"]]
        found = actions.fetch_territories(by=viewer, departments=departments, contours=options["contours"])
        self._tell("geo.api.gouv.fr", found)

    def _tell(self, name: str, imported: actions.Imported) -> None:
        self.stdout.write(
            f"{name} ({', '.join(imported.found)}) : {imported.lines} lignes, {imported.changed} territoires changés, "
            f"{len(imported.unknown)} codes inconnus"
        )
        if imported.unknown:
            self.stdout.write(
                f"Inconnus : {', '.join(imported.unknown[:20])}{'…' if len(imported.unknown) > 20 else ''}"
            )
