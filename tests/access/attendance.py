"""Registrations: anyone registers for what everyone reads, and holds a link; the list is for who may edit the event."""

from datetime import timedelta

from django.utils import timezone

from maillage.attendance import actions
from maillage.core.viewer import Viewer
from tests.access.table import LOGIN, line
from tests.factories.agenda import make_event

_RUNS = ("representative", "animator", "network_admin", "platform_admin")


def prepare(world):
    """Of A: an event written by the representative, with someone registered, and a draft with registrations."""
    team, visitor = Viewer.as_system(world.network, "table"), Viewer(network=world.network)
    world.registered_event = make_event(world.network, "Atelier des fusées", by=team)
    world.registered_draft = make_event(world.network, "Brouillon d'atelier", state="draft")
    for event in (world.registered_event, world.registered_draft):
        type(event).objects.filter(pk=event.pk).update(author=world.users["representative"])
        actions.set_opening(by=team, event=event, fields={"capacity": 10})
    world.registered_date = world.registered_event.registrations.sessions.get()
    asked = actions.register(
        by=visitor, session=world.registered_date, name="Lise", email="lise@exemple.test", places=2
    )
    world.registered = actions.confirm_registration(registration=asked)
    world.event_with_places = make_event(world.network, "Atelier d'hier", by=team)
    type(world.event_with_places).objects.filter(pk=world.event_with_places.pk).update(
        author=world.users["representative"]
    )
    actions.set_opening(by=team, event=world.event_with_places, fields={"capacity": 10})
    world.date_with_places = world.event_with_places.registrations.sessions.get()
    asked = actions.register(
        by=visitor, session=world.date_with_places, name="Omar", email="omar@exemple.test", places=2
    )
    world.held_came = actions.confirm_registration(registration=asked)
    begun = timezone.now() - timedelta(hours=1)
    type(world.date_with_places).objects.filter(pk=world.date_with_places.pk).update(starts_at=begun)
    world.registered_asked = actions.register(
        by=visitor, session=world.registered_date, name="Nour", email="nour@exemple.test", places=1
    )


def page(world):
    return {"slug": world.registered_event.slug}


def link(world):
    return {"pk": world.registered.pk, "token": world.registered.token}


def event(world):
    return {"pk": world.registered_event.pk}


def date(world):
    return {"pk": world.registered_date.pk}


def one(world):
    return {"pk": world.registered_date.pk, "registration": world.registered.pk}


HOLDS = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 200)}
DONE = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 302)}
UNSEEN = {"anonymous": LOGIN, "others": 404, **dict.fromkeys(_RUNS, 200)}
OPENS = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(("animator", "network_admin", "platform_admin"), 302)}
WRONG = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 422)}
POST = "post"

LINES = [
    line("attendance:register", args=page, query="date=zz", everyone=200),
    line("attendance:register", args=page, method=POST, everyone=422),
    line("attendance:register", args=lambda world: {"slug": world.registered_draft.slug}, everyone=404),
    line("attendance:register", args=lambda world: {"slug": world.event.slug}, everyone=404),
    line("attendance:register_done", args=page, everyone=200),
    line("attendance:registration_show", args=link, everyone=200),
    line("attendance:registration_show", args=link, method=POST, data={"acte": "annuler"}, everyone=302),
    line("attendance:registration_show", args=link, method=POST, data={"acte": "reduire", "places": "9"}, everyone=422),
    line("attendance:registration_show", args=link, method=POST, data={"acte": "accepter"}, everyone=302),
    line("attendance:registration_show", args=lambda world: {"pk": world.registered.pk, "token": "0" * 64}, everyone=404),
    line("attendance:registration_show", args=lambda world: {"pk": world.registered_asked.pk, "token": world.registered_asked.token}, method=POST,
         data={"acte": "accepter"}, everyone=409),
    line("attendance:registration_show", args=lambda world: {"pk": world.registered_asked.pk, "token": world.registered_asked.token}, method=POST,
         data={"acte": "refuser"}, everyone=409),
    line("attendance:registration_show", args=lambda world: {"pk": world.registered_asked.pk, "token": world.registered_asked.token}, method=POST,
         data={"acte": "confirmer"}, everyone=302),
    line("attendance:own_list", query="passees=1&page=zz", anonymous=LOGIN, others=200),
    line("attendance:board", args=event, query="passees=1", **HOLDS),
    line("attendance:board", args=lambda world: {"pk": world.registered_draft.pk}, **UNSEEN),
    line("attendance:session_show", args=lambda world: {"pk": world.registered_draft.registrations.sessions.get().pk}, **UNSEEN),
    line("attendance:opening_edit", args=event, **HOLDS),
    line("attendance:opening_edit", args=lambda world: {"pk": world.event.pk}, method=POST,
         data={"is_open": "on", "per_date": "True", "capacity": "10", "most": "5", "most_group": "35", "closes_before": "0"}, **OPENS),
    line("attendance:opening_edit", args=event, method=POST, data={"capacity": "x"}, **WRONG),
    line("attendance:session_show", args=date, **HOLDS),
    line("attendance:session_sheet", args=date, **HOLDS),
    line("attendance:session_size", args=date, **HOLDS),
    line("attendance:session_size", args=date, method=POST, data={"capacity": "1"}, **WRONG),
    line("attendance:session_size", args=date, method=POST, data={"capacity": "30"}, **DONE),
    line("attendance:session_export", args=date, method=POST, **HOLDS),
    line("attendance:registration_remove", args=one, **HOLDS),
    line("attendance:registration_remove", args=one, method=POST, **WRONG),
    line("attendance:registration_remove", args=one, method=POST, data={"message": "Annulé."}, **DONE),
    line("attendance:registration_count", args=one, method=POST, data={"tous": "1"},
         **{"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 409)}),
    line("attendance:registration_count", args=lambda world: {"pk": world.date_with_places.pk, "registration": world.held_came.pk}, method=POST,
         data={"tous": "1"}, **DONE),
    line("attendance:registration_count", args=lambda world: {"pk": world.registered_date.pk, "registration": 10**17}, method=POST,
         anonymous=LOGIN, others=403, **dict.fromkeys(_RUNS, 404)),
]  # fmt: skip
