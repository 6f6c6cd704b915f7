"""Lists deposited, previewed and imported into a small network, as its animator does it from the pages."""

from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from maillage.accounts.queries import viewer_for
from maillage.core import jobs
from maillage.core.viewer import RoleKind, Viewer
from maillage.exchange import actions
from maillage.exchange.models import Batch
from tests.factories.accounts import make_person
from tests.factories.directory import make_commune, make_network, make_term

HEAD = "Nom;Code;Code postal;Ville;Site web;Famille;Cercle"
LINES = [
    "MUSEE DES SCIENCES;M1;34000.0;MONTPELLIER CEDEX 2;musee.example.org;musee;1 : les sciences",
    "Astroclub d'Auch;M2;32000;Auch;;;",
]


def make_world() -> SimpleNamespace:
    """A network on Montpellier and Auch, with Ana to run it; Albi is outside."""
    montpellier = make_commune(postal_codes=["34000"])
    auch = make_commune("32013", "Auch", (43.6465, 0.5855), ["32000"])
    albi = make_commune("81004", "Albi", (43.929, 2.148), ["81000"])
    network = make_network(host="ici.test")
    network.perimeter.set([montpellier, auch])
    user = make_person(network, RoleKind.ANIMATOR, name="Ana")
    return SimpleNamespace(
        network=network,
        user=user,
        by=viewer_for(user, network),
        family=make_term("family", "musee"),
        montpellier=montpellier,
        auch=auch,
        albi=albi,
    )


def deposited(world: SimpleNamespace, lines: list[str], head: str = HEAD, **options: Any) -> Batch:
    file = ContentFile("\n".join([head, *lines]).encode(), name="liste.csv")
    batch = actions.receive_file(by=world.by, file=file, target="actors")
    spec = batch.options["recipe"]
    spec = {**spec, "source": "Liste d'essai", "options": {**spec["options"], "state": "published", **options}}
    return actions.use_recipe(by=world.by, batch=batch, key="", spec=spec)


def previewed(world: SimpleNamespace, lines: list[str], **rest: Any) -> Batch:
    return ran(world.by, deposited(world, lines, **rest), apply=False)


def ran(by: Viewer, batch: Batch, *, preview: bool = True, apply: bool = True, without_faulty: bool = False) -> Batch:
    """The batch, after the background work of its preview, of its application, or of both."""
    if preview:
        actions.start_preview(by=by, batch=batch)
        jobs.run_waiting()
    if apply:
        actions.start_apply(by=by, batch=batch, without_faulty=without_faulty)
        jobs.run_waiting()
    batch.refresh_from_db()
    return batch


def applied(world: SimpleNamespace, batch: Batch, *, without_faulty: bool = False) -> Batch:
    return ran(world.by, batch, preview=False, without_faulty=without_faulty)


def imported(
    world: SimpleNamespace, lines: list[str], decision: str = "", without_faulty: bool = False, **rest: Any
) -> Batch:
    batch = previewed(world, lines, **rest)
    if decision:
        lines = list(batch.lines.filter(verdict="lookalike").values_list("pk", flat=True))
        actions.decide(by=world.by, batch=batch, decision=decision, lines=lines)
    return applied(world, batch, without_faulty=without_faulty)


def verdicts(batch: Batch) -> list[tuple[int, str]]:
    return [(line.number, line.verdict) for line in batch.lines.all()]
