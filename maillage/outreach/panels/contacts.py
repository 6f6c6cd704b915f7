"""The contact log in the menus, on the sheet of an actor, in the week and in the history of relations."""

from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.core.panels import MenuItem, Panel, add_to_menu, header_tools
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry import actor_acts, actor_work
from maillage.directory.registry.dealings import DealingKind, add_dealings
from maillage.outreach import rules
from maillage.outreach.queries.contacts import contacts_with, last_contact, next_steps, with_whom
from maillage.outreach.registry.week import Due, DueKind, add_to_week

RELATIONS = _("Relations")


def runs(viewer: Viewer) -> bool:
    return viewer.runs_network


def add_work_menu() -> None:
    own = partial(MenuItem, "work", shown=runs)
    add_to_menu(own(_("Ma semaine"), "outreach:week", "calendar", order=6))
    covers = ("outreach:silent_list",)
    add_to_menu(own(_("Contacts"), "outreach:contact_list", "phone", order=30, group=RELATIONS, covers=covers))


def steps_due(viewer: Viewer, until: date, everyone: bool, limit: int) -> list[Due]:
    """Next steps to be taken; the button of each is for those who may say that it is done."""
    return [
        Due(
            contact.next_on,
            contact.next_step,
            with_whom(contact),
            reverse("outreach:contact_show", args=[contact.pk]),
            str(contact.next_for or ""),
            reverse("outreach:contact_step", args=[contact.pk]) if rules.may_finish_step(viewer, contact) else "",
        )
        for contact in next_steps(viewer, until, everyone, limit)
    ]


add_work_menu()
add_to_week(DueKind("step", _("Suites à donner"), "phone", steps_due))
add_dealings(DealingKind("contact", _("Contacts"), "phone", contacts_with))


@header_tools.fill(order=10)
def log_a_contact(viewer: Viewer, subject: object) -> Panel | None:
    """From anywhere on the site."""
    return Panel("outreach/contacts/_tool.html") if viewer.runs_network and viewer.network is not None else None


@actor_acts.fill(order=10)
def log_a_contact_with(viewer: Viewer, actor: Actor) -> Panel | None:
    return Panel("outreach/contacts/_act.html", {"actor": actor}) if rules.may_follow(viewer, actor) else None


@actor_work.fill(order=1)
def relation_of_actor(viewer: Viewer, actor: Actor) -> Panel | None:
    return Panel("outreach/contacts/_panel.html", {"actor": actor, "last": last_contact(viewer, actor)})
