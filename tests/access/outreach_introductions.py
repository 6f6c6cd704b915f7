"""The question box, introductions and partnerships are the team's; links are whoever holds them; each sees its own."""

from datetime import timedelta

from django.utils import timezone

from maillage.directory.models import ActorMember
from tests.access.directory_work import DONE, TEAM
from tests.access.table import LOGIN, line
from tests.factories.directory import make_actor
from tests.factories.outreach import make_introduction, make_partnership


def prepare(world):
    world.asker = make_actor(world.network, "Structure qui demande", email="demande@exemple.test")
    world.proposed = make_actor(world.network, "Structure proposée", email="proposee@exemple.test")
    ActorMember.objects.create(actor=world.proposed, user=world.users["representative"])
    world.introduction = make_introduction(world.network, world.asker, world.proposed)
    world.met = make_introduction(
        world.network, world.asker, make_actor(world.network, email="autre@exemple.test"), met=9
    )
    world.own_met = make_introduction(world.network, world.proposed, make_actor(world.network), met=20)
    world.partnership = make_partnership(
        world.network, world.asker, world.proposed, expires_at=timezone.now() + timedelta(days=9)
    )


def one(world):
    return {"pk": world.introduction.pk}


def side(world):
    return {"pk": world.introduction.pk, "role": "found"}


def link(world):
    found = world.introduction.found
    return {"pk": found.pk, "token": found.token}


def news(world):
    asker = world.met.asker
    return {"pk": asker.pk, "token": asker.token}


def partnership(world):
    return {"pk": world.partnership.pk}


def partner_link(world):
    return {"pk": world.partnership.pk, "token": world.partnership.token}


def false(given):
    return lambda world: given(world) | {"token": "0" * 64}


MADE = {"what": "Un atelier d'astronomie", "manner": "both"}
DECLARED = {"title": "Un cycle d'ateliers", "began_on": "2026-01-15"}
OWN = {"representative": 302, "anonymous": LOGIN}

LINES = [
    line("outreach:question", **TEAM),
    line("outreach:question", query="q=un atelier pour des lycéens dans le Gers", **TEAM),
    line("outreach:question", query="q=x&lu=1&departement=34&theme=zz&pres=99999&pour=999999999999999999", **TEAM),
    line("outreach:introduction_list", query="q=atelier&etat=met&issue=project&mission=former&departement=34", **TEAM),
    line("outreach:introduction_export", args={"kind": "csv"}, elsewhere=None, **TEAM),
    line("outreach:introduction_new", query="acteur=1&demandeur=2&quoi=un atelier&pourquoi=x", **TEAM),
    line(
        "outreach:introduction_new",
        method="post",
        data=lambda world: MADE | {"asker": str(world.proposed.pk), "found": str(world.asker.pk)},
        **DONE,
    ),
    line("outreach:introduction_show", args=one, **TEAM),
    line("outreach:introduction_answer", args=side, method="post", data={"answer": "yes"}, **DONE),
    line(
        "outreach:introduction_outcome",
        args=lambda world: {"pk": world.met.pk, "role": "found"},
        method="post",
        data={"answer": "ongoing"},
        **DONE,
    ),
    line(
        "outreach:introduction_contact",
        args=lambda world: {"pk": world.met.pk, "role": "found"},
        method="post",
        **DONE,
    ),
    line("outreach:introduction_cancel", args=one, method="post", **DONE),
    line("outreach:introduction_refusal", args=lambda world: {"pk": world.asker.pk}, method="post", **DONE),
    line("outreach:introduction_link", args=link, everyone=200),
    line("outreach:introduction_link", args=link, method="post", data={"answer": "yes"}, everyone=302),
    line("outreach:introduction_link", args=false(link), everyone=404),
    line("outreach:introduction_news", args=news, query="reponse=project", everyone=200),
    line("outreach:introduction_news", args=news, method="post", data={"answer": "project"}, everyone=302),
    line("outreach:introduction_news", args=false(news), everyone=404),
    line("outreach:introduction_stop", args=link, everyone=200),
    line("outreach:introduction_stop", args=link, method="post", everyone=200),
    line("outreach:partnership_list", query="q=atelier&etat=confirmed&theme=eau&mission=former&departement=34", **TEAM),
    line("outreach:partnership_export", args={"kind": "csv"}, elsewhere=None, **TEAM),
    line("outreach:partnership_new", **TEAM),
    line(
        "outreach:partnership_new",
        method="post",
        data=lambda world: DECLARED | {"actor": str(world.proposed.pk), "other": str(world.asker.pk)},
        **DONE,
    ),
    line("outreach:partnership_show", args=partnership, **TEAM),
    line("outreach:partnership_ask", args=partnership, method="post", **DONE),
    line(
        "outreach:partnership_decide",
        args=partnership,
        method="post",
        data={"reponse": "oui"},
        representative=302,
        **(DONE | {"others": 404}),
    ),
    line("outreach:partnership_link", args=partner_link, everyone=200),
    line("outreach:partnership_link", args=partner_link, method="post", data={"reponse": "oui"}, everyone=302),
    line("outreach:partnership_link", args=false(partner_link), everyone=404),
    line("outreach:partnership_stop", args=partner_link, everyone=200),
    line("outreach:partnership_stop", args=partner_link, method="post", everyone=200),
    line("outreach:partnership_stop", args=false(partner_link), everyone=404),
    line("outreach:own_relations", anonymous=LOGIN, others=200),
    line("outreach:partner_options", query="q=structure", anonymous=LOGIN, others=200),
    line(
        "outreach:own_outcome",
        args=lambda world: {"pk": world.own_met.pk},
        method="post",
        data={"answer": "ongoing"},
        representative=302,
        anonymous=LOGIN,
        animator=422,
        network_admin=422,
        platform_admin=422,
        others=404,
    ),
]
