"""What the communities bring to the site: entries in the menus, « Suivre » and « Placer » on the pages of contents."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to
from maillage.agenda.models import Event
from maillage.agenda.registry import event_side
from maillage.communities import rules
from maillage.communities.actions import reporting
from maillage.communities.models import Community
from maillage.communities.queries import targets
from maillage.communities.queries.documents import KIND
from maillage.communities.queries.reading import asked_count, communities_of_thing, open_to_placing
from maillage.communities.queries.waiting import REQUESTS
from maillage.communities.registry import COMMUNITY
from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry import actor_side
from maillage.directory.registry.waiting import add_to_queue
from maillage.moderation.registry import ReportableKind, reportable
from maillage.publications.models import Publication
from maillage.publications.registry import publication_side
from maillage.publications.registry.gathered import Gathered, gather


def _runs(viewer: Viewer) -> bool:
    return viewer.runs_network


def _signed_in(viewer: Viewer) -> bool:
    return viewer.is_authenticated and not viewer.system and viewer.network is not None


add_to_menu(MenuItem("public", _("Communautés"), "communities:community_list", "users", order=40, under="publications"))
add_to_menu(
    MenuItem(
        "work", _("Communautés"), "communities:community_table", "users", order=40, shown=_runs, under="publications"
    )
)
add_to_menu(
    MenuItem(
        "account", _("Mon réseau"), "communities:own_network", "network", order=2, shown=_signed_in, count=asked_count
    )
)
add_to_queue(REQUESTS)


def _links(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    """The team's own table for those it may not enter."""
    opened = Community.objects.visible_to(viewer).filter(pk__in=list(keys)).values_list("pk", "slug")
    return {pk: reverse("communities:community_show", args=[slug]) for pk, slug in opened}


lead_to("communities.Community", _links)


reportable(
    ReportableKind(
        name=COMMUNITY,
        label=_("communauté"),
        model=Community,
        authors=reporting.writers_of,
        may_settle=rules.may_moderate,
        suspend=lambda by, community: reporting.suspend_community(by=by, community=community),
        remove=lambda by, community, words: reporting.remove_community(by=by, community=community),
        restore=lambda by, community: reporting.restore_community(by=by, community=community),
        is_secret=lambda community: community.is_hidden,
    )
)


def _panel(
    viewer: Viewer, kind: str, path: str, thing: Any, about: Callable[[Viewer, Any], list[Any]], *, shown: bool
) -> Panel:
    """To follow what it is about; where it is placed, among what the viewer may name; to place it, for members."""
    signed = _signed_in(viewer)
    things = about(viewer, thing) if signed else []
    found = communities_of_thing(viewer, kind, thing.pk)
    context = {
        "targets": targets.offered(viewer, things) if signed else [],
        "communities": found,
        "place_url": reverse("communities:place", args=[path, thing.pk])
        if signed and shown and open_to_placing(viewer, kind, thing.pk)
        else "",
        "signed": signed,
    }
    return Panel("communities/_side.html", context)


@publication_side.fill(order=20)
def around_publication(viewer: Viewer, publication: Publication) -> Panel:
    return _panel(viewer, "publication", "texte", publication, targets.of_publication, shown=publication.is_shown)


@event_side.fill(order=20)
def around_event(viewer: Viewer, event: Event) -> Panel:
    return _panel(viewer, "event", "evenement", event, targets.of_event, shown=event.is_shown)


@actor_side.fill(order=20)
def around_actor(viewer: Viewer, actor: Actor) -> Panel:
    shown = actor.archived_at is None
    return _panel(viewer, "actor", "acteur", actor, targets.of_actor, shown=shown)


gather(
    Gathered(
        KIND,
        _("Communauté"),
        "users",
        Community.objects.listed_for,
        "communities:community_show",
    )
)
