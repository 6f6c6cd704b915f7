"""What the agenda brings to the site: its entries in the menus, the words of its changes in the journal."""

from django.utils.translation import gettext_lazy as _

from maillage.agenda import kit
from maillage.agenda.queries.pages import next_of
from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry import actor_main

add_to_menu(MenuItem("public", _("Agenda"), "agenda:event_list", "calendar", order=5))


@actor_main.fill(order=20)
def coming_at_actor(viewer: Viewer, actor: Actor) -> Panel | None:
    """What the actor organises or receives, on its public sheet."""
    events = kit.cards(viewer, next_of([actor.pk], viewer))
    return Panel("agenda/_of_actor.html", {"events": events}) if events else None
