"""Events that look alike: for the team alone."""

from tests.access.table import LOGIN, line
from tests.factories.agenda import make_event

TEAM = {"animator": 200, "network_admin": 200, "platform_admin": 200, "anonymous": LOGIN, "others": 403}
MOVED = {"animator": 302, "network_admin": 302, "platform_admin": 302, "anonymous": LOGIN, "others": 403}


def prepare(world):
    world.alike = [make_event(world.network, title) for title in ("Nuit des étoiles", "La nuit des étoiles")]


def pair(world):
    one, other = world.alike
    return {"une": one.pk, "autre": other.pk, "verdict": "differents"}


LINES = [
    line("agenda:pair_list", **TEAM),
    line("agenda:pair_judge", method="post", data=pair, **MOVED),
]
