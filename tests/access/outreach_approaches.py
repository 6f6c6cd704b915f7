"""Approaches, lists and campaigns are the team's; a proposal is whoever holds its link."""

from datetime import timedelta

from django.utils import timezone

from maillage.outreach.enums import CampaignState
from maillage.outreach.models import Campaign
from tests.access.directory_work import DONE, TEAM
from tests.access.table import line
from tests.factories.directory import make_actor
from tests.factories.outreach import make_approach, make_campaign, make_list, make_message


def prepare(world):
    world.approached = make_actor(world.network, "Ferme des essais", email="ferme@exemple.test")
    world.approach = make_approach(world.approached)
    world.target_list = make_list(world.network, world.approached, name="Liste des essais")
    world.campaign = make_campaign(world.network, target_list=world.target_list)
    world.under_way = make_campaign(
        world.network, target_list=world.target_list, state=CampaignState.SENDING, started_at=timezone.now()
    )
    world.message = make_message(world.under_way, world.approached)
    Campaign.objects.filter(pk=world.under_way.pk).update(created_at=timezone.now() - timedelta(days=1))


def approach(world):
    return {"pk": world.approach.pk}


def one_list(world):
    return {"pk": world.target_list.pk}


def campaign(world):
    return {"pk": world.campaign.pk}


def under_way(world):
    return {"pk": world.under_way.pk}


def link(world):
    return {"pk": world.message.pk, "token": world.message.token}


def false_link(world):
    return link(world) | {"token": "0" * 64}


CONFLICT = {**DONE, "animator": 409, "network_admin": 409, "platform_admin": 409}
LETTER = {"subject": "Une soirée", "body": "Bonjour {acteur}"}

LINES = [
    line("outreach:approach_board", **TEAM),
    line("outreach:approach_board", query="q=ferme&famille=x&cercle=3&qui=moi&liste=1&retard=1&etape=later", **TEAM),
    line("outreach:approach_begin", **TEAM),
    line(
        "outreach:approach_begin",
        method="post",
        data=lambda world: {"actor": str(world.actor.pk), "stage": "contact"},
        **DONE,
    ),
    line("outreach:approach_show", args=approach, **TEAM),
    line("outreach:approach_change", args=approach, **TEAM),
    line("outreach:approach_change", args=approach, method="post", data={"reason": "Vos sorties."}, **DONE),
    line("outreach:approach_move", args=approach, method="post", data={"stage": "met"}, **DONE),
    line("outreach:list_list", query="closes=1", **TEAM),
    line("outreach:list_create", query="tous=1&cercle=3", **TEAM),
    line("outreach:list_create", method="post", query="tous=1", data={"name": "Une autre liste"}, **DONE),
    line("outreach:list_show", args=one_list, **TEAM),
    line("outreach:list_change", args=one_list, **TEAM),
    line("outreach:list_change", args=one_list, method="post", data={"name": "Autrement"}, **DONE),
    line(
        "outreach:list_add",
        args=one_list,
        method="post",
        data=lambda world: {"actor": str(world.actor.pk)},
        **DONE,
    ),
    line(
        "outreach:list_remove",
        args=one_list,
        method="post",
        data=lambda world: {"acteur": str(world.approached.pk)},
        **DONE,
    ),
    line("outreach:list_begin", args=one_list, method="post", **DONE),
    line("outreach:list_archive", args=one_list, method="post", **DONE),
    line("outreach:campaign_list", **TEAM),
    line("outreach:campaign_write", **TEAM),
    line(
        "outreach:campaign_write",
        method="post",
        data=lambda world: LETTER | {"target_list": str(world.target_list.pk)},
        **DONE,
    ),
    line("outreach:campaign_show", args=under_way, query="reponse=later", **TEAM),
    line("outreach:campaign_show", args=campaign, **DONE),
    line("outreach:campaign_progress", args=under_way, **TEAM),
    line("outreach:campaign_change", args=campaign, **TEAM),
    line("outreach:campaign_change", args=under_way, **CONFLICT),
    line("outreach:campaign_remove", args=campaign, **TEAM),
    line("outreach:campaign_remove", args=campaign, method="post", **DONE),
    line("outreach:campaign_preview", args=campaign, **TEAM),
    line("outreach:campaign_try", args=campaign, method="post", **DONE),
    line("outreach:campaign_send", args=campaign, **TEAM),
    line("outreach:campaign_send", args=campaign, method="post", data={"lu": "autre chose"}, **CONFLICT),
    line("outreach:campaign_stop", args=under_way, method="post", **DONE),
    line("outreach:campaign_resume", args=under_way, method="post", **DONE),
    line("outreach:campaign_export", args=lambda world: under_way(world) | {"kind": "csv"}, **TEAM),
    line("outreach:proposal_show", args=link, everyone=200),
    line("outreach:proposal_show", args=link, method="post", data={"reponse": "later"}, everyone=302),
    line("outreach:proposal_show", args=link, method="post", data={"reponse": "peut-être"}, everyone=422),
    line("outreach:proposal_show", args=false_link, everyone=404),
    line("outreach:proposal_sheet", args=link, method="post", everyone=302),
    line("outreach:proposal_sheet", args=false_link, method="post", everyone=404),
    line("outreach:proposal_stop", args=link, everyone=200),
    line("outreach:proposal_stop", args=link, method="post", everyone=200),
]
