"""Template pieces of the agenda: `{% load agenda %}`."""

from datetime import datetime

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from maillage.agenda.enums import Attendance, EventStatus
from maillage.agenda.models import Event
from maillage.agenda.queries import wording

register = template.Library()
_STATES = {
    EventStatus.CANCELLED: "danger",
    EventStatus.POSTPONED: "danger",
    EventStatus.FULL: "warning",
    EventStatus.RESCHEDULED: "warning",
    EventStatus.MOVED_ONLINE: "info",
}


@register.simple_tag
def event_badges(event: Event) -> SafeString:
    """What must be read before the title: cancelled (as a whole, or the date that the card tells), put off, full, online, not to be
    missed."""
    told: list[tuple[str, str]] = []
    if event.status in _STATES:
        told.append((_STATES[EventStatus(event.status)], event.get_status_display()))
    elif getattr(event, "is_off", False):
        told.append(("danger", _("date annulée")))
    if event.attendance == Attendance.ONLINE and event.status != EventStatus.MOVED_ONLINE:
        told.append(("info", _("en ligne")))
    if event.featured_at is not None:
        told.append(("success", _("à ne pas manquer")))
    if not told:
        return SafeString("")
    badges = format_html_join("", '<span class="badge state-{}">{}</span>', told)
    return format_html('<p class="event-card__badges">{}</p>', badges)


@register.filter
def hour(at: datetime) -> str:
    """« 14 h 30 »."""
    return wording.hour(at)
