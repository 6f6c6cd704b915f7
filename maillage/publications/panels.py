"""What the publications bring to the site: their entries in the menus, their words in the journal, the sheets of actors."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to, read_changes_with
from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry import actor_main
from maillage.directory.registry.waiting import add_to_queue
from maillage.publications.models import Publication
from maillage.publications.queries.history import differences_of
from maillage.publications.queries.reading import latest_of
from maillage.publications.queries.waiting import COMMENTS, PROPOSED, VERSIONS


def _runs(viewer: Viewer) -> bool:
    return viewer.runs_network


def _contributes(viewer: Viewer) -> bool:
    return viewer.is_authenticated and not viewer.system and viewer.network is not None


add_to_menu(
    MenuItem("work", _("Publications"), "publications:publication_table", "newspaper", 22, _runs, None, _("Publier"))
)
add_to_menu(
    MenuItem("account", _("Mes textes"), "publications:own_publications", "newspaper", order=29, shown=_contributes)
)
add_to_queue(PROPOSED)
add_to_queue(VERSIONS)
add_to_queue(COMMENTS)
read_changes_with("publications.Publication", differences_of)


def _links(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Publication.objects.editable_by(viewer).filter(pk__in=list(keys)).values_list("pk", flat=True)
    return {pk: reverse("publications:publication_work", args=[pk]) for pk in seen}


lead_to("publications.Publication", _links)


@actor_main.fill(order=30)
def written_by_actor(viewer: Viewer, actor: Actor) -> Panel | None:
    """What the actor signs, on its public sheet."""
    found = latest_of(viewer, actor)
    return Panel("publications/_of_actor.html", {"publications": found}) if found else None
