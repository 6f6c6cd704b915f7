"""What the registrations bring to the site: « S'inscrire » on the page of an event, their list for who organises, « Mes inscriptions »."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to
from maillage.agenda.models import Event
from maillage.agenda.registry import event_side, event_work
from maillage.agenda.registry.places import tell_places_with
from maillage.attendance import rules
from maillage.attendance.models import Opening, Registration, Session
from maillage.attendance.queries.standing import dates_of, opening_of, places_of_events
from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer

_AT_ONCE = 5


def _signed_in(viewer: Viewer) -> bool:
    return viewer.is_authenticated and not viewer.system and viewer.network is not None


add_to_menu(
    MenuItem("account", _("Mes inscriptions"), "attendance:own_list", "clipboard-list", order=27, shown=_signed_in)
)
tell_places_with(places_of_events)


@event_side.fill(order=5)
def register_for_event(viewer: Viewer, event: Event) -> Panel | None:
    """Its dates with the places left, or why one does not register."""
    opening = opening_of(event) if event.is_shown else None
    if opening is None or not (dates := dates_of(opening)):
        return None
    own = []
    if viewer.is_authenticated:
        mine = Registration.objects.visible_to(viewer).whole().filter(user=viewer.user_id, session__opening=opening)
        own = [each for each in mine.order_by("pk") if each.is_active]
    context = {
        "event": event,
        "opening": opening,
        "dates": dates[:_AT_ONCE],
        "folded": dates[_AT_ONCE:],
        "own": own,
        "takes": any(date.takes for date in dates),
        "all_full": all(date.is_full for date in dates if date.takes),
    }
    return Panel("attendance/_of_event.html", context)


@event_work.fill(order=10)
def hold_registrations(viewer: Viewer, event: Event) -> Panel | None:
    """For those who may edit it, on its working page."""
    if not rules.may_manage(viewer, event):
        return None
    opening = opening_of(event)
    dates = dates_of(opening)[:3] if opening is not None else []
    return Panel("attendance/work/_panel.html", {"event": event, "opening": opening, "dates": dates})


def _openings(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Opening.objects.filter(pk__in=list(keys), event__in=Event.objects.editable_by(viewer))
    return {pk: reverse("attendance:board", args=[event]) for pk, event in seen.values_list("pk", "event")}


def _sessions(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Session.objects.editable_by(viewer).filter(pk__in=list(keys))
    return {pk: reverse("attendance:session_show", args=[pk]) for pk in seen.values_list("pk", flat=True)}


lead_to("attendance.Opening", _openings)
lead_to("attendance.Session", _sessions)
