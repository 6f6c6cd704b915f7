"""Reporting what everyone reads; the cases, for the team and for who wrote what is reported."""

import time

from django.core import signing

from maillage.core.viewer import Viewer
from maillage.moderation.actions import report, settle
from maillage.moderation.registry import kind_named
from tests.access.directory_work import TEAM
from tests.access.table import LOGIN, line
from tests.factories.agenda import make_event

_RUNS = ("animator", "network_admin", "platform_admin")
DECIDES = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 302)}
OWN = {"anonymous": LOGIN, "representative": 200, "others": 404}
WORDS = {"words": "Relu par l'équipe.", "decision": "garder"}


def prepare(world):
    """Two events that « representative » wrote: one reported, one removed for good until they contest."""
    author = world.users["representative"]
    team, visitor = Viewer.as_system(world.network, "accès"), Viewer(network=world.network)
    kind, events, cases = kind_named("evenement"), [], []
    for title in ("Événement signalé", "Événement signalé puis retiré"):
        event = make_event(world.network, title)
        type(event).objects.filter(pk=event.pk).update(author=author)
        event.refresh_from_db()
        events.append(event)
        cases.append(report(by=visitor, kind=kind, content=event, reason="faux").case)
    world.reported_event = events[0]
    world.reported, world.removed = cases
    settle(by=team, case=world.removed, removed=True, words="Inexact.")


def target(world):
    return {"kind": "evenement", "pk": world.reported_event.pk}


def unknown(world):
    return {"kind": "roman", "pk": world.reported_event.pk}


def case(name):
    return lambda world: {"pk": getattr(world, name).pk}


def said(world):
    opened = signing.dumps(int(time.time()) - 30, salt="directory.contact")
    return {"reason": "faux", "words": "", "opened": opened, "site": ""}


LINES = [
    line("moderation:report", args=target, everyone=200),
    line("moderation:report", args=unknown, everyone=404),
    line("moderation:report", args=target, method="post", data=said, others=302, representative=403),
    line("moderation:report_done", args=target, everyone=200, elsewhere=200),
    line("moderation:case_show", args=case("reported"), **TEAM, elsewhere=404),
    line("moderation:case_settle", args=case("reported"), method="post", data=WORDS, **DECIDES),
    line("moderation:case_settle", args=case("removed"), method="post", data=WORDS, **DECIDES | dict.fromkeys(_RUNS, 409)),
    line("moderation:case_own", args=case("removed"), **OWN),
    line("moderation:case_own", args=case("reported"), anonymous=LOGIN, others=404),
    line("moderation:case_appeal", args=case("removed"), method="post", data=WORDS, **OWN | {"representative": 302}),
]  # fmt: skip
