"""Public pages of the agenda: read by all; an event that is not published is for the team and who wrote it."""

from tests.access.table import line
from tests.factories.agenda import make_event

TEAM = {"animator": 200, "network_admin": 200, "platform_admin": 200}


def prepare(world):
    world.event = make_event(world.network, "Nuit des essais")
    world.draft_event = make_event(world.network, "Brouillon d'événement", state="draft")


def event(world):
    return {"slug": world.event.slug}


def draft(world):
    return {"slug": world.draft_event.slug}


LINES = [
    line("agenda:event_list", everyone=200),
    line(
        "agenda:event_list",
        query="quand=x&du=31/02/2026&age=999&mois=0000-99&vue=mois&page=999999&pres=99999",
        everyone=200,
    ),
    line("agenda:event_list", query="vue=carte&lieu=online&enfants=oui&gratuit=oui", everyone=200),
    line("agenda:event_points", everyone=200),
    line("agenda:event_show", args=event, everyone=200),
    line("agenda:event_show", args=draft, others=404, **TEAM),
    line("agenda:event_show", args={"slug": "inconnu"}, everyone=404),
]
