"""What the agenda brings to the site: its entries in the menus, the words of its changes in the journal."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to, read_changes_with
from maillage.agenda import kit, rules
from maillage.agenda.actions.marking import refresh
from maillage.agenda.actions.reporting import remove_reported, restore_reported, suspend_reported
from maillage.agenda.actions.telling import writers_of
from maillage.agenda.models import Event
from maillage.agenda.queries.history import differences_of
from maillage.agenda.queries.own import coming_of
from maillage.agenda.queries.pages import next_of
from maillage.agenda.queries.waiting import PROPOSED, REVISIONS
from maillage.agenda.registry import EVENT, event_side
from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry import actor_main, actor_own
from maillage.directory.registry.waiting import add_to_queue
from maillage.moderation.registry import ReportableKind, reportable
from maillage.sharing.registry import ShareableKind, shareable


def _runs(viewer: Viewer) -> bool:
    return viewer.runs_network


def _contributes(viewer: Viewer) -> bool:
    """The team reaches its own from the table of events."""
    signed_in = viewer.is_authenticated and not viewer.system and viewer.network is not None
    return signed_in and not viewer.runs_network


add_to_menu(MenuItem("public", _("Agenda"), "agenda:event_list", "calendar", order=5))
add_to_menu(
    MenuItem(
        "work", _("Agenda"), "agenda:event_table", "calendar", 20, _runs, None, _("Publier"), ("agenda:pair_list",)
    )
)
add_to_menu(
    MenuItem("account", _("Mes événements"), "agenda:own_events", "calendar-plus", order=28, shown=_contributes)
)
add_to_queue(PROPOSED)
add_to_queue(REVISIONS)
read_changes_with("agenda.Event", differences_of)


def _links(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Event.objects.visible_to(viewer).filter(pk__in=list(keys)).values_list("pk", flat=True)
    return {pk: reverse("agenda:event_work", args=[pk]) for pk in seen}


lead_to("agenda.Event", _links)

reportable(
    ReportableKind(
        name=EVENT,
        label=_("événement"),
        model=Event,
        authors=writers_of,
        may_settle=rules.may_review,
        suspend=lambda by, event: suspend_reported(by=by, event=event),
        remove=lambda by, event, words: remove_reported(by=by, event=event, reason=words),
        restore=lambda by, event: restore_reported(by=by, event=event),
        department="commune__department__code",
    )
)

shareable(
    ShareableKind(
        name=EVENT,
        label=_("événement"),
        model=Event,
        may_share=rules.may_review,
        refresh=refresh,
        work_url="agenda:event_work",
    )
)


@actor_main.fill(order=20)
def coming_at_actor(viewer: Viewer, actor: Actor) -> Panel | None:
    """What the actor organises or receives, on its public sheet."""
    events = kit.cards(viewer, next_of([actor.pk], viewer))
    return Panel("agenda/_of_actor.html", {"events": events}) if events else None


@actor_own.fill(order=2)
def own_events(viewer: Viewer, actor: Actor) -> Panel | None:
    """For those who look after the sheet: what it organises or receives, and a way to announce more."""
    return Panel("agenda/work/_own_panel.html", {"actor": actor, "events": coming_of(viewer, actor)})


@event_side.fill(order=10)
def follow_event(viewer: Viewer, event: Event) -> Panel | None:
    """For those who hold it, on its public page: where it stands, what to do."""
    if not viewer.is_authenticated or viewer.system or not rules.may_edit(viewer, event):
        return None
    return Panel("agenda/work/_side_panel.html", {"event": event})
