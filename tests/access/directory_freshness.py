"""Whether sheets are up to date: the page of a personal link is whoever holds it; asking is the team's."""

from datetime import timedelta

from django.utils import timezone

from maillage.directory.models import Reminder
from tests.access.directory_work import DONE, TEAM
from tests.access.table import line
from tests.factories.directory import make_actor


def prepare(world):
    world.asked = make_actor(world.network, "Club des essais interrogé", "draft", email="club@exemple.test")
    world.reminder = Reminder.objects.create(
        network=world.network,
        actor=world.asked,
        email="club@exemple.test",
        sent_at=timezone.now() - timedelta(days=9),
        expires_at=timezone.now() + timedelta(days=9),
    )


def link(world):
    return {"pk": world.reminder.pk, "token": world.reminder.token}


def false_link(world):
    return link(world) | {"token": "0" * 64}


LINES = [
    line("directory:reminder_show", args=link, everyone=200),
    line("directory:reminder_show", args=link, method="post", everyone=302),
    line("directory:reminder_show", args=false_link, everyone=404),
    line("directory:reminder_edit", args=link, everyone=200),
    line("directory:reminder_edit", args=false_link, everyone=404),
    line("directory:reminder_done", args=link, everyone=200),
    line("directory:reminder_object", args=link, everyone=200),
    line("directory:reminder_object", args=link, method="post", everyone=302),
    line("directory:reminder_stop", args=link, everyone=200),
    line("directory:reminder_stop", args=link, method="post", everyone=200),
    line("directory:freshness", query="etat=mute", **TEAM),
    line("directory:actor_ask", args=lambda world: {"pk": world.asked.pk}, method="post", **DONE),
]
