"""Needs and offers in the menus, on the sheets of actors, in the week and in the history of relations."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry import actor_main, actor_own, actor_work
from maillage.directory.registry.dealings import DealingKind, add_dealings
from maillage.outreach import rules
from maillage.outreach.enums import Sharing
from maillage.outreach.models import Need
from maillage.outreach.panels.contacts import RELATIONS, runs
from maillage.outreach.queries.needs import needs_due, needs_with, open_needs_of
from maillage.outreach.registry.week import DueKind, add_to_week

own = partial(MenuItem, "work", shown=runs, group=RELATIONS)
add_to_menu(own(_("Besoins et offres"), "outreach:need_list", "hand-helping", order=34))
add_to_week(DueKind("need", _("Besoins et offres"), "hand-helping", needs_due))
add_dealings(DealingKind("need", _("Besoins et offres"), "hand-helping", needs_with))


def _split(needs: list[Need]) -> dict[str, list[Need]]:
    return {"needs": [each for each in needs if each.is_need], "offers": [each for each in needs if not each.is_need]}


@actor_work.fill(order=3)
def needs_of_actor(viewer: Viewer, actor: Actor) -> Panel | None:
    context = {"actor": actor, "may_record": rules.may_record_need(viewer, actor)}
    return Panel("outreach/needs/_work_panel.html", context | _split(open_needs_of(viewer, actor)))


@actor_own.fill(order=1)
def own_needs(viewer: Viewer, actor: Actor) -> Panel | None:
    mine = [each for each in open_needs_of(viewer, actor) if each.is_own or each.sharing != Sharing.TEAM]
    return Panel("outreach/needs/_own_panel.html", {"actor": actor, **_split(mine)})


@actor_main.fill(order=40)
def needs_on_the_sheet(viewer: Viewer, actor: Actor) -> Panel | None:
    """What everyone may read; those who are signed in, what is for them too. What the team keeps for itself stays on its pages."""
    shared = [each for each in open_needs_of(viewer, actor) if each.sharing != Sharing.TEAM]
    if not shared or actor.archived_at is not None:
        return None
    if not viewer.is_authenticated:
        shared = [each for each in shared if each.sharing == Sharing.PUBLIC]
    return Panel("outreach/needs/_public.html", {"actor": actor, **_split(shared)}) if shared else None
