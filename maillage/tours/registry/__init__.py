"""Settings of the tours in a network, the words of their acts, what becomes of requests when two sheets are made one."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import name_task, say
from maillage.directory.registry.relations import Relation, follow
from maillage.networks.registry import Setting, declare

SECONDS = declare(Setting("tours_seconds", 45, _("Temps de calcul d'une tournée, au plus (secondes)"), 5, 300))

DONE: dict[str, Any] = {
    "season.create": _("a préparé la saison"),
    "season.update": _("a modifié la saison"),
    "season.draft": _("a repris la préparation de la saison"),
    "season.open": _("a ouvert aux demandes la saison"),
    "season.plan": _("a fait calculer la tournée de la saison"),
    "season.move": _("a changé à la main la tournée de la saison"),
    "season.published": _("a publié la tournée de la saison"),
    "season.over": _("a terminé la saison"),
    "season.cancelled": _("a annulé la saison"),
    "host_request.ask": _("a demandé un passage :"),
    "host_request.feasible": _("a jugé faisable la demande"),
    "host_request.refused": _("a refusé la demande"),
    "host_request.withdrawn": _("a retiré la demande"),
}
say(**{verb.replace(".", "__"): format_lazy("{} : %(label)s", sentence) for verb, sentence in DONE.items()})
name_task("maillage.tours.actions.planning.compute", _("Calcul d'une tournée"))
name_task("maillage.tours.actions.bounding.compute", _("Borne d'une tournée changée à la main"))
name_task("maillage.tours.actions.minding.count_stops", _("Haltes passées, comptées parmi les usages"))
name_task("maillage.tours.actions.canvassing.compute", _("Choix des communes à démarcher"))

follow(Relation("tours.HostRequest.actor", _("demandes de passage d'une tournée")))
