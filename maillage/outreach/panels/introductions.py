"""Introductions and partnerships in the menus, on the sheet of an actor, in the week and in the history of relations."""

from collections.abc import Iterable
from functools import partial

from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to
from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry import actor_work
from maillage.directory.registry.dealings import DealingKind, add_dealings
from maillage.outreach import rules
from maillage.outreach.models import Introduction, IntroductionRefusal, Partnership
from maillage.outreach.panels.contacts import RELATIONS, runs
from maillage.outreach.queries.introduction_contacts import contacts_due
from maillage.outreach.queries.introductions import answers_due, introduction_dealings, introductions_of, news_due
from maillage.outreach.queries.partnerships import confirmations_due, partnership_dealings, partnerships_of
from maillage.outreach.registry.week import DueKind, add_to_week

_SHOWN = 3


def _looks_after(viewer: Viewer) -> bool:
    """For people who signed in without running the network, in one small query; the team has its own lists."""
    if not viewer.is_authenticated or viewer.system or viewer.runs_network:
        return False
    return bool(viewer.user.actor_memberships.exists())


def add_work_menu() -> None:
    own = partial(MenuItem, "work", shown=runs)
    add_to_menu(own(_("Qui pourrait… ?"), "outreach:question", "search", order=9))
    add_to_menu(MenuItem("work", _("Mes relations"), "outreach:own_relations", "users", order=9, shown=_looks_after))
    grouped = partial(own, group=RELATIONS)
    covers = ("outreach:partnership_list",)
    add_to_menu(grouped(_("Mises en relation"), "outreach:introduction_list", "users", order=32, covers=covers))


add_work_menu()
add_to_week(DueKind("introduction", _("Mises en relation sans réponse"), "users", answers_due))
add_to_week(DueKind("contact", _("Coordonnées à transmettre"), "users", contacts_due))
add_to_week(DueKind("news", _("Nouvelles à prendre"), "users", news_due))
add_to_week(DueKind("partnership", _("Partenariats à confirmer"), "badge-check", confirmations_due))
add_dealings(DealingKind("introduction", _("Mises en relation"), "users", introduction_dealings))
add_dealings(DealingKind("partnership", _("Partenariats"), "badge-check", partnership_dealings))


def _links_to_introductions(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Introduction.objects.visible_to(viewer).filter(pk__in=keys)
    return {one.pk: one.get_absolute_url() for one in seen} if viewer.runs_network else {}


def _links_to_partnerships(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Partnership.objects.visible_to(viewer).filter(pk__in=keys)
    return {one.pk: one.get_absolute_url() for one in seen} if viewer.runs_network else {}


lead_to("outreach.Introduction", _links_to_introductions)
lead_to("outreach.Partnership", _links_to_partnerships)


@actor_work.fill(order=2)
def introductions_of_actor(viewer: Viewer, actor: Actor) -> Panel | None:
    refusals = IntroductionRefusal.objects.visible_to(viewer).filter(actor=actor).select_related("other")
    held = list(refusals[: _SHOWN + 1])
    context = {
        "actor": actor,
        "last": introductions_of(viewer, actor)[:_SHOWN],
        "partnerships": partnerships_of(viewer, actor)[:_SHOWN],
        "refuses_all": any(refusal.other_id is None for refusal in held),
        "refused": [refusal.other for refusal in held if refusal.other is not None],
        "may_follow": rules.may_follow(viewer, actor),
    }
    return Panel("outreach/introductions/_panel.html", context)
