"""Needs and offers: the team's pages, those of an actor's own people, the personal link."""

from datetime import timedelta

from django.utils import timezone

from maillage.directory.models import ActorMember
from maillage.outreach.models import Mismatch, NeedAsking
from tests.access.directory_work import DONE, TEAM
from tests.access.table import LOGIN, line
from tests.factories.directory import make_actor
from tests.factories.outreach import make_need

OWN = {"anonymous": LOGIN, "representative": 200, "others": 404}
OWN_DONE = {"anonymous": LOGIN, "representative": 302, "others": 404}
SAID = {"side": "need", "kind": "speaker", "title": "Un intervenant", "sharing": "public"}


def prepare(world):
    world.seeker = make_actor(world.network, "Qui cherche", email="cherche@exemple.test")
    ActorMember.objects.create(actor=world.seeker, user=world.users["representative"])
    world.need = make_need(world.network, world.seeker, sharing="public", author=world.users["animator"])
    world.mismatch = Mismatch.objects.create(need=world.need, actor=world.actor)
    world.asking = NeedAsking.objects.create(
        need=world.need, email=world.seeker.email, expires_at=timezone.now() + timedelta(days=9)
    )


def one(world):
    return {"pk": world.need.pk}


def mine(world):
    return {"pk": world.seeker.pk}


def own(world):
    return {"pk": world.seeker.pk, "need": world.need.pk}


def link(world):
    return {"pk": world.asking.pk, "token": world.asking.token}


LINES = [
    line("outreach:need_list", **TEAM),
    line("outreach:need_list", query="cote=besoins&nature=speaker&departement=reseau&etat=open&qui=moi&q=eau", **TEAM),
    line("outreach:need_export", args={"kind": "csv"}, elsewhere=None, **TEAM),
    line("outreach:need_record", **TEAM),
    line("outreach:need_record", method="post", data=SAID | {"heard_from": "Une élue", "sharing": "team"}, **DONE),
    line("outreach:need_gaps", query="par=theme&departement=34", **TEAM),
    line("outreach:need_gaps_export", **TEAM),
    line("outreach:need_show", args=one, **TEAM),
    line("outreach:need_change", args=one, **TEAM),
    line("outreach:need_close", args=one, **TEAM),
    line("outreach:need_close", args=one, method="post", data={"outcome_kind": "abandoned"}, **DONE),
    line("outreach:need_keep", args=one, method="post", **DONE),
    line(
        "outreach:need_dismiss",
        args=one,
        method="post",
        data=lambda world: {"acteur": str(world.actor.pk)},
        **DONE,
    ),
    line(
        "outreach:need_recall",
        args=lambda world: {"pk": world.need.pk, "mismatch": world.mismatch.pk},
        method="post",
        **DONE,
    ),
    line("outreach:own_needs", args=mine, **OWN),
    line("outreach:own_need_record", args=mine, **OWN),
    line("outreach:own_need_record", args=mine, method="post", data=SAID, **OWN_DONE),
    line("outreach:own_need_change", args=own, **OWN),
    line("outreach:own_need_close", args=own, **OWN),
    line("outreach:own_need_keep", args=own, method="post", **OWN_DONE),
    line("outreach:need_asked", args=link, everyone=200),
    line("outreach:need_asked", args=link, method="post", data={"reponse": "answered"}, everyone=302),
    line("outreach:need_asked_done", args=link, everyone=200),
    line("outreach:need_asked_stop", args=link, everyone=200),
    line("outreach:need_asked_stop", args=link, method="post", everyone=200),
]
