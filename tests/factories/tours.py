"""Small seasons of a lorry, made by the real actions."""

from collections.abc import Iterable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from maillage.catalogue.enums import Kind, Power
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory.models import Actor, ActorMember
from maillage.networks.models import Network
from maillage.tours import actions
from maillage.tours.enums import RequestState, SeasonState
from maillage.tours.models import HostRequest, Season
from tests.factories.directory import make_actor, make_commune, make_network
from tests.factories.publications import make_person
from tests.factories.stock import make_copies, make_resource

MONDAY = date(2027, 3, 1)
PLACES = (
    ("81004", "Albi", (43.928, 2.148)),
    ("32013", "Auch", (43.646, 0.586)),
    ("12202", "Rodez", (44.35, 2.575)),
    ("46042", "Cahors", (44.448, 1.44)),
    ("09122", "Foix", (42.966, 1.607)),
    ("65440", "Tarbes", (43.233, 0.078)),
)


def make_season(by: Viewer, state: str = SeasonState.OPEN, **fields: Any) -> Season:
    """Three weeks of a lorry from Toulouse."""
    resource = fields.pop("resource", None) or make_resource(
        by.network, kind=Kind.VEHICLE, title="Le Propulseur", surface=60, power=Power.STRONG, people=2
    )
    copy = resource.copies.first() or make_copies(resource, 1)[0]
    values = {
        "name": "Printemps du Propulseur", "resource": resource, "copy": copy,
        "base": make_commune("31555", "Toulouse", (43.604, 1.444)), "first_on": MONDAY,
        "last_on": MONDAY + timedelta(days=20), **fields,
    }  # fmt: skip
    season = actions.create_season(by=by, fields=values)
    if state != SeasonState.DRAFT:
        season = actions.change_state(by=by, season=season, state=SeasonState.OPEN)
    return season


def make_request(
    by: Viewer, season: Season, place: int = 0, *, actor: Actor | None = None, feasible: bool = True,
    windows: Iterable[tuple[int, int]] = (), **fields: Any,
) -> HostRequest:  # fmt: skip
    """At one of PLACES; `windows` in days from MONDAY."""
    code, name, point = PLACES[place % len(PLACES)]
    commune = make_commune(code, name, point)
    host = actor or make_actor(season.network, f"Médiathèque de {name}", commune=commune)
    values = {"commune": commune, "place": "Place du marché", "days": 2, "people": 200, "surface": 80, **fields}
    dates = [(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last)) for first, last in windows]
    request = actions.ask(by=by, season=season, actor=host, fields=values, windows=dates)
    return actions.judge(by=by, request=request, state=RequestState.FEASIBLE) if feasible else request


def look_after(viewer: Viewer, actor: Actor) -> None:
    ActorMember.objects.create(actor=actor, user=viewer.user)


def make_tour_world(host: str = "testserver") -> SimpleNamespace:
    """A network with an animator (Camille), a season that takes requests, and a host (Nadia, of a library in Albi)."""
    network: Network = make_network(host=host)
    team = make_person(network, "Camille", RoleKind.ANIMATOR)
    hosts = make_person(network, "Nadia", RoleKind.MEMBER)
    season = make_season(team)
    library = make_actor(network, "Médiathèque d'Albi", commune=make_commune(*PLACES[0]))
    look_after(hosts, library)
    return SimpleNamespace(network=network, team=team, host=hosts, season=season, library=library)
