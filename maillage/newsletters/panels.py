"""What the letters bring to the site: a tab of the publications, public and for the team, and a place at the foot of pages."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to
from maillage.core.panels import MenuItem, Panel, add_to_menu, footer_panels
from maillage.core.viewer import Viewer
from maillage.newsletters.models import Letter


def _runs(viewer: Viewer) -> bool:
    return viewer.runs_network


add_to_menu(MenuItem("public", _("Lettre"), "newsletters:subscribe", "mail", order=40, under="publications"))
add_to_menu(
    MenuItem("work", _("Lettres"), "newsletters:letter_list", "mail", order=40, shown=_runs, under="publications")
)


def _links(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    if not viewer.runs_network:
        return {}
    seen = Letter.objects.visible_to(viewer).filter(pk__in=list(keys)).values_list("pk", flat=True)
    return {pk: reverse("newsletters:letter_work", args=[pk]) for pk in seen}


lead_to("newsletters.Letter", _links)


@footer_panels.fill(order=20)
def invite(viewer: Viewer, _subject: Any) -> Panel | None:
    """At the foot of public pages, one line and a link."""
    return Panel("newsletters/_foot.html") if viewer.network is not None else None
