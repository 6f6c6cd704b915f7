"""The shipped recipes on the real files: what each file gives a network, and how long it takes.

    python -m benchmarks.recipes --network occitanie [--again]

Writes in the database of the environment, so point MAILLAGE_VAR or DATABASE_URL at one to throw away.
"""

import argparse
import os
import resource
import time
from collections import Counter
from pathlib import Path
from typing import Any

EVENTS = [
    "openagenda_brest_2026-04-27.json",
    "openagenda_herault_sample.jsonl",
    "toulouse_2020_export1.csv",
    "openagenda_grenoble_2025.csv",
    "fete_de_la_science_2018_record.json",
]
FILES = [
    "museofile_france_2025-07.csv",
    "bibliotheques_france_2025.csv",
    "structures_recherche_rnsr_2022.csv",
    "etablissements_esr_2023.csv",
    "festivals_france.csv",
    "basilic_lieux_culturels.csv",
    "associations_montpellier_2011.csv",
    "fablabs_france_2017.json",
    "tiers_lieux_occitanie_2016.csv",
]


def import_one(network: Any, path: Path, target: str = "actors", *, everywhere: bool = False) -> dict[str, Any]:
    from django.core.files import File

    from maillage.core.viewer import Viewer
    from maillage.exchange import actions
    from maillage.exchange.enums import BatchStatus
    from maillage.exchange.queries.reporting import reasons

    by = Viewer.as_system(network, "banc d'essai")
    wall, cpu = time.perf_counter(), time.process_time()
    with path.open("rb") as stream:
        batch = actions.receive_file(by=by, file=File(stream, name=path.name), target=target)
    spec = batch.options["recipe"]
    if everywhere:
        spec = {**spec, "options": {**spec["options"], "perimeter": "all"}}
    batch = actions.use_recipe(by=by, batch=batch, key=batch.recipe_key, spec=spec)
    batch = actions.preview(batch)
    previewed = time.perf_counter() - wall
    batch.status = BatchStatus.APPLYING
    batch.save(update_fields=["status"])
    batch = actions.apply(batch)
    return {
        "counts": Counter(batch.counts),
        "recipe": batch.recipe_key,
        "alike": [
            (line.label, line.detail, [(each["label"], each["score"], each["reasons"]) for each in line.alike])
            for line in batch.lines.filter(verdict="lookalike")
        ],
        "remarks": batch.lines.exclude(verdict="error").exclude(fault_field="").count(),
        "reasons": reasons(batch)[:5],
        "preview": previewed,
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--network", default="")
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("MAILLAGE_SHARED", "../shared")))
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--events", action="store_true", help="les événements plutôt que les acteurs")
    parser.add_argument("--everywhere", action="store_true", help="aussi hors du périmètre du réseau")
    parser.add_argument("--alike", action="store_true", help="montrer les ressemblances proposées")
    parser.add_argument("--again", action="store_true", help="importer une seconde fois : rien ne doit changer")
    chosen = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    import django

    django.setup()
    from maillage.directory.models import Actor
    from maillage.networks.models import Network

    network = Network.objects.filter(slug=chosen.network).first() if chosen.network else Network.objects.first()
    if network is None:
        raise SystemExit("Aucun réseau.")
    print(
        "| fichier | recette | lues | hors sélection | créées | mises à jour | identiques | ressemblances | erreurs | remarques | aperçu s | total s | CPU s |"
    )
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    why = []
    alike: list[Any] = []
    total: Counter[str] = Counter()
    for _round in range(2 if chosen.again else 1):
        files = EVENTS if chosen.events else FILES
        folder, target = ("events", "events") if chosen.events else ("actors", "actors")
        for name in [name for name in files if not chosen.only or any(part in name for part in chosen.only)]:
            found = import_one(network, chosen.shared / "data" / folder / name, target, everywhere=chosen.everywhere)
            if chosen.alike:
                alike += found["alike"]
            counts = found["counts"]
            total.update(counts)
            cells = [
                counts[key] for key in ("read", "skipped", "created", "updated", "identical", "lookalike", "error")
            ]
            figures = [f"{found[key]:.1f}" for key in ("preview", "wall", "cpu")]
            print(
                "|", " | ".join(map(str, [name, found["recipe"], *cells, found["remarks"], *figures])), "|", flush=True
            )
            why += [f"- {name}, {column} : {reason} ({count})" for column, reason, count in found["reasons"]]
    print("\nErreurs :", *(why or ["aucune"]), sep="\n")
    for label, detail, others in alike:
        print(
            f"- {label} ({detail})",
            *(f"    ~ {score} {name} : {', '.join(why)}" for name, score, why in others),
            sep="\n",
        )
    if chosen.events:
        return
    actors = Actor.objects.filter(listings__network=network)
    print(f"\nActeurs du réseau : {actors.count()}")
    for label, missing in {
        "sans famille": actors.filter(family=None),
        "sans commune": actors.filter(commune=None),
        "sans position": actors.filter(latitude=None),
        "sans source": actors.filter(source=""),
        "sans cercle proposé": actors.exclude(qualifications__network=network),
    }.items():
        print(f"  {label} : {missing.count()}")
    print(
        f"Mémoire au plus : {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} Mo, dont à la fin {_mapped()}"
    )


def _mapped() -> str:
    """Pages of files (the base itself, which SQLite maps) count in the resident memory; the system takes them back."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    own, files = (int(told[name].split()[0]) // 1024 for name in ("RssAnon", "RssFile"))
    return f"{own} Mo en propre et {files} Mo de fichiers projetés"


if __name__ == "__main__":
    main()
