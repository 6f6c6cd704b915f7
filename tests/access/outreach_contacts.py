"""The contact log is the team's own memory."""

from tests.access.directory_work import DONE, TEAM
from tests.access.table import line
from tests.factories.outreach import make_contact


def prepare(world):
    world.contact = make_contact(world.network, world.actor, author=world.users["animator"], next_step="Rappeler")


def one(world):
    return {"pk": world.contact.pk}


LOGGED = {
    "channel": "phone",
    "about": "Le prêt de la mallette",
    "on": "2026-01-15",
}

LINES = [
    line("outreach:week", **TEAM),
    line("outreach:week", query="equipe=1", **TEAM),
    line("outreach:contact_list", query="q=mallette&mission=former&moyen=phone&qui=moi&suite=en-retard", **TEAM),
    line("outreach:contact_export", args={"kind": "csv"}, elsewhere=None, **TEAM),
    line("outreach:contact_log", **TEAM),
    line(
        "outreach:contact_log",
        method="post",
        data=lambda world: LOGGED | {"actor": str(world.actor.pk)},
        **DONE,
    ),
    line("outreach:contact_show", args=one, **TEAM),
    line("outreach:contact_change", args=one, **TEAM),
    line("outreach:contact_remove", args=one, **TEAM),
    line("outreach:contact_remove", args=one, method="post", **DONE),
    line("outreach:contact_step", args=one, method="post", **DONE),
    line("outreach:relation", args=lambda world: {"pk": world.actor.pk}, **TEAM),
    line("outreach:silent_list", query="mois=3&cercle=2", **TEAM),
]
