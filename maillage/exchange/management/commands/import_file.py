"""Import a file from the command line, with the verdicts of the pages.

manage.py import_file FILE --network occitanie [--recipe bibliotheques] [--apply] [--report out.csv]
"""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.exchange import actions
from maillage.exchange.enums import BatchStatus, Verdict
from maillage.exchange.models import Batch
from maillage.exchange.queries.files import Unreadable
from maillage.exchange.queries.proposing import known_recipes
from maillage.exchange.queries.reporting import report_columns, report_rows
from maillage.exchange.queries.transforming import Unfit
from maillage.networks.models import Network


class Command(BaseCommand):
    help = "Importe un fichier : donne le verdict de chaque ligne, et n'écrit rien sans --apply."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--network", default="", help="identifiant du réseau ; facultatif s'il est seul")
        parser.add_argument("--recipe", default="", help="recette ; par défaut celle qui reconnaît le fichier")
        parser.add_argument(
            "--source", default="", help="d'où vient la liste, cité sur les fiches ; celle de la recette sinon"
        )
        parser.add_argument("--target", default="actors")
        parser.add_argument("--apply", action="store_true", help="écrire, en laissant de côté les lignes en erreur")
        parser.add_argument(
            "--alike",
            choices=["skip", "different", "same"],
            default="skip",
            help="que faire des lignes qui ressemblent",
        )
        parser.add_argument("--report", type=Path, help="rapport CSV, ligne par ligne")

    def handle(self, *args: Any, **options: Any) -> None:
        networks = (
            Network.objects.filter(slug=options["network"]) if options["network"] else Network.objects.order_by("pk")
        )
        network = networks.first()
        if network is None:
            raise CommandError("Ce réseau n'existe pas.")
        by = Viewer.as_system(network, "import_file")
        try:
            batch = self._previewed(by, options)
            if options["apply"]:
                if options["alike"] != "skip":
                    actions.decide(by=by, batch=batch, decision=options["alike"])
                batch.status = BatchStatus.APPLYING
                batch.save(update_fields=["status"])
                actions.apply(batch)
        except (Refused, Unreadable, Unfit) as error:
            raise CommandError(error.sentence) from error
        except OSError as error:
            raise CommandError(f"{options['file']} : {error.strerror}") from error
        self._tell(batch)
        if options["report"]:
            with options["report"].open("w", encoding="utf-8-sig", newline="") as stream:
                writer = csv.writer(stream, delimiter=";")
                writer.writerow(report_columns(batch))
                writer.writerows(report_rows(batch))

    def _previewed(self, by: Viewer, options: dict[str, Any]) -> Batch:
        with options["file"].open("rb") as stream:
            batch = actions.receive_file(by=by, file=File(stream, name=options["file"].name), target=options["target"])
        if options["recipe"]:
            known = {recipe.key: recipe for recipe in known_recipes(by.network)}
            if options["recipe"] not in known:
                raise CommandError(f"Recette inconnue. Connues : {', '.join(sorted(known))}")
            key, spec = options["recipe"], known[options["recipe"]].spec
        else:
            key, spec = batch.recipe_key, batch.options["recipe"]
        if options["source"]:
            spec = {**spec, "source": options["source"]}
        batch = actions.use_recipe(by=by, batch=batch, key=key, spec=spec)
        actions.require_source(batch)
        return actions.preview(batch)

    def _tell(self, batch: Batch) -> None:
        labels = {
            "read": "lignes lues",
            "skipped": "hors de la sélection",
            **{key: str(label) for key, label in Verdict.choices},
        }
        labels |= {
            "created": "créées",
            "updated": "mises à jour",
            "unchanged": "inchangées",
            "left": "laissées de côté",
            "refused": "refusées",
        }
        self.stdout.write(f"{batch.title} — {batch.recipe_key or 'correspondances proposées'}")
        for key, label in labels.items():
            if batch.counts.get(key):
                self.stdout.write(f"  {label} : {batch.counts[key]}")
