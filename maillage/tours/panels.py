"""What the tours bring to the site: their entries in the menus, their words in the journal, pages of the map of the site."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to
from maillage.catalogue.models import Resource
from maillage.catalogue.registry import resource_side
from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer
from maillage.directory.registry.site import SitePart, keep_out, show_on_map
from maillage.directory.registry.waiting import add_to_queue
from maillage.tours.enums import MOVABLE, TOLD
from maillage.tours.models import Season
from maillage.tours.queries.waiting import REQUESTS


def _runs(viewer: Viewer) -> bool:
    return viewer.runs_network


add_to_menu(MenuItem("public", _("Tournées"), "tours:season_list", "truck", order=50, under="catalogue"))
add_to_menu(MenuItem("work", _("Tournées"), "tours:season_table", "truck", 50, _runs, under="catalogue"))


add_to_queue(REQUESTS)


def _links(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    if not viewer.runs_network:
        return {}
    seen = Season.objects.visible_to(viewer).filter(pk__in=list(keys)).values_list("pk", flat=True)
    return {pk: reverse("tours:season_work", args=[pk]) for pk in seen}


lead_to("tours.Season", _links)


@resource_side.fill(order=20)
def tours_of_resource(viewer: Viewer, resource: Resource) -> Panel | None:
    """Where it goes: the seasons that are not over."""
    seasons = Season.objects.visible_to(viewer).filter(resource=resource, state__in=MOVABLE).order_by("first_on", "pk")
    found = list(seasons[:5])
    return Panel("tours/_of_resource.html", {"seasons": found}) if found else None


def _told(viewer: Viewer) -> QuerySet[Any, Any]:
    return Season.objects.visible_to(viewer).filter(state__in=TOLD).order_by("pk").values_list("slug", "updated_at")


show_on_map(SitePart("tournees", "tours:season_show", _told))
keep_out("/tournees/*/tournee.ics", "/tournees/*/tournee.json")
