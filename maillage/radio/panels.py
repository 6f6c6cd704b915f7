"""What the radio brings to the site: its tabs, its words in the journal, the sheets of actors."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to
from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry import actor_main
from maillage.publications.registry.gathered import Gathered, gather
from maillage.radio.models import Episode
from maillage.radio.queries.documents import KIND
from maillage.radio.queries.reading import heard_of


def _runs(viewer: Viewer) -> bool:
    return viewer.runs_network


add_to_menu(MenuItem("public", _("Radio"), "radio:show_list", "play", order=30, under="publications"))
add_to_menu(MenuItem("work", _("Radio"), "radio:episode_table", "play", 30, _runs, under="publications"))


def _links(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    if not viewer.runs_network:
        return {}
    seen = Episode.objects.visible_to(viewer).filter(pk__in=list(keys)).values_list("pk", flat=True)
    return {pk: reverse("radio:episode_work", args=[pk]) for pk in seen}


lead_to("radio.Episode", _links)
gather(
    Gathered(
        KIND,
        _("Émission"),
        "play",
        lambda viewer: Episode.objects.visible_to(viewer).shown().select_related("show"),
        "radio:episode_show",
        {"show": "show__slug", "slug": "slug"},
    )
)


@actor_main.fill(order=40)
def heard_on_the_radio(viewer: Viewer, actor: Actor) -> Panel | None:
    """Where the actor is heard, on its public sheet."""
    found = heard_of(viewer, actor)
    return Panel("radio/_of_actor.html", {"heard": found}) if found else None
