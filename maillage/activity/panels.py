"""Entries of the menu, and the journal of a person on their page."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.accounts.queries import people_of
from maillage.accounts.registry import person_panels
from maillage.accounts.rules import may_manage_people
from maillage.activity import queries, rules
from maillage.activity.registry import lead_to
from maillage.core.panels import MenuItem, Panel, add_to_menu, header_tools
from maillage.core.viewer import Viewer

add_to_menu(
    MenuItem(
        "work",
        _("Journal"),
        "activity:journal",
        "history",
        80,
        lambda viewer: bool(rules.may_read_journal(viewer)),
        group=_("Réseau"),
    )
)
add_to_menu(
    MenuItem(
        "work",
        _("Tâches de fond"),
        "activity:job_list",
        "loader",
        95,
        lambda viewer: bool(rules.may_see_jobs(viewer)),
        group=_("Réseau"),
    )
)
add_to_menu(
    MenuItem(
        "work",
        _("Adresses refusées"),
        "activity:refused_list",
        "mail",
        96,
        lambda viewer: bool(may_manage_people(viewer)),
        under="people",
    )
)


@header_tools.fill(order=10)
def bell(viewer: Viewer, _subject: Any) -> Panel | None:
    """One bounded query, for those who signed in."""
    if not viewer.is_authenticated:
        return None
    untold = queries.untold(viewer)
    context = {
        "unread": untold.unread,
        "pages": untold.pages,
        "many": untold.unread > queries.MANY,
        "most": queries.MANY,
    }
    return Panel("activity/_bell.html", context)


@person_panels.fill(order=20)
def address_of_person(viewer: Viewer, person: Any) -> Panel | None:
    refused = person.refused_addresses.filter(address=person.email).first()
    return Panel("activity/_refused.html", {"refused": refused}) if refused is not None else None


@person_panels.fill(order=50)
def acts_of_person(viewer: Viewer, person: Any) -> Panel | None:
    return Panel("activity/_person.html", {"lines": queries.done_by(viewer, person, limit=30)})


def _links_to_people(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    known = people_of(viewer).filter(pk__in=keys).values_list("pk", flat=True) if may_manage_people(viewer) else ()
    return {pk: reverse("people:person_detail", args=[pk]) for pk in known}


lead_to("accounts.User", _links_to_people)
