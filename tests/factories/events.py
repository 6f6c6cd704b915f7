"""Agendas deposited, previewed and imported into a small network, as its animator does it from the pages."""

import json
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from maillage.accounts.queries import viewer_for
from maillage.agenda.models import Event
from maillage.core.viewer import RoleKind
from maillage.exchange import actions
from maillage.exchange.models import Batch
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.imports import ran


def make_event_world() -> SimpleNamespace:
    """A network on Montpellier and Auch, with Ana to run it and the Muséum of Montpellier in its directory; Albi is outside."""
    montpellier = make_commune(postal_codes=["34000"])
    auch = make_commune("32013", "Auch", (43.6465, 0.5855), ["32000"])
    make_commune("81004", "Albi", (43.929, 2.148), ["81000"])
    network = make_network(host="ici.test")
    network.perimeter.set([montpellier, auch])
    user = make_person(network, RoleKind.ANIMATOR, name="Ana")
    return SimpleNamespace(
        network=network,
        user=user,
        by=viewer_for(user, network),
        montpellier=montpellier,
        museum=make_actor(network, "Muséum de Montpellier", commune=montpellier, address="1 place du Muséum"),
        astronomy=make_term("theme", "astronomie-et-espace", label="Astronomie et espace"),
        workshop=make_term("action_kind", "atelier", label="Atelier"),
    )


def told(uid: int = 1, title: str = "Nuit des étoiles", **fields: Any) -> dict[str, Any]:
    """An event as the API of OpenAgenda tells it; `timings` are (beginning, end)."""
    timings = fields.pop("timings", [("2031-08-09T21:00:00+02:00", "2031-08-09T23:30:00+02:00")])
    place = {
        "name": "Parc",
        "address": "2 rue du Parc, 34000 Montpellier",
        "city": "Montpellier",
        "postalCode": "34000",
    }
    return {
        "uid": uid,
        "title": {"fr": title},
        "description": {"fr": "Observer le ciel."},
        "timings": [{"begin": begins, "end": ends} for begins, ends in timings],
        "status": 1,
        "attendanceMode": 1,
        "location": {**place, **fields.pop("location", {})},
        **fields,
    }


def deposited_events(
    world: SimpleNamespace, content: bytes | list[dict[str, Any]], name: str = "agenda.json", **options: Any
) -> Batch:
    if isinstance(content, list):
        content = json.dumps({"events": content}).encode()
    batch = actions.receive_file(by=world.by, file=ContentFile(content, name=name), target="events")
    spec = batch.options["recipe"]
    source = options.pop("source", "") or spec.get("source") or "Agenda d'essai"
    spec = {**spec, "source": source, "options": {**spec["options"], "state": "published", **options}}
    return actions.use_recipe(by=world.by, batch=batch, key=batch.recipe_key, spec=spec)


def imported_events(world: SimpleNamespace, content: Any, *, decision: str = "", **options: Any) -> Batch:
    """Previewed and applied; `decision` answers all that resembles."""
    batch = ran(world.by, deposited_events(world, content, **options), apply=False)
    if decision:
        lines = list(batch.lines.filter(verdict="lookalike").values_list("pk", flat=True))
        actions.decide(by=world.by, batch=batch, decision=decision, lines=lines)
    return ran(world.by, batch, preview=False, without_faulty=True)


def event_of(uid: int | str) -> Event:
    return Event.objects.get(identifiers__value=str(uid))
