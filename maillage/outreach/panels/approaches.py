"""Approaches, lists and campaigns in the menus, on the sheet and in the table of actors, in the week and in relations."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry import actor_work, table_foot
from maillage.directory.registry.dealings import DealingKind, add_dealings
from maillage.outreach import rules
from maillage.outreach.enums import Stage
from maillage.outreach.panels.contacts import RELATIONS, runs
from maillage.outreach.queries.approaches import approach_of, approaches_due, letters_with, steps_with
from maillage.outreach.registry.week import DueKind, add_to_week


def add_work_menu() -> None:
    own = partial(MenuItem, "work", shown=runs, group=RELATIONS)
    covers = ("outreach:list_list", "outreach:campaign_list")
    add_to_menu(own(_("Approches"), "outreach:approach_board", "columns-3", order=32, covers=covers))


add_work_menu()
add_to_week(DueKind("approach", _("Approches"), "columns-3", approaches_due))
add_dealings(DealingKind("approach", _("Approche"), "columns-3", steps_with))
add_dealings(DealingKind("campaign", _("Messages"), "send", letters_with))


@actor_work.fill(order=2)
def approach_of_actor(viewer: Viewer, actor: Actor) -> Panel | None:
    approach = approach_of(viewer, actor)
    context = {
        "actor": actor,
        "approach": approach,
        "stages": [stage for stage in Stage if approach is not None and stage != approach.stage],
        "may_follow": rules.may_follow(viewer, actor),
    }
    return Panel("outreach/approaches/_panel.html", context)


@table_foot.fill(order=10)
def list_of_table(viewer: Viewer, count: int) -> Panel | None:
    return Panel("outreach/lists/_table.html", {"count": count}) if viewer.runs_network else None
