"""Events that contain others: a village of sciences and its animations."""

from django.db.models import Q
from django.utils import timezone

from maillage.agenda.enums import WITHDRAWN, EventState
from maillage.agenda.models import Event
from maillage.agenda.queries.wording import place_of
from maillage.core.dates import date_format
from maillage.core.text import folded
from maillage.core.viewer import Viewer

_MOST = 10


def named_parents(text: str, viewer: Viewer) -> list[Event]:
    """Those to come, within nothing themselves, whose title has these words; the soonest first."""
    found = Event.objects.visible_to(viewer).filter(parent=None).exclude(state__in=[EventState.REFUSED, *WITHDRAWN])
    found = found.filter(Q(last_at=None) | Q(last_at__gt=timezone.now()))
    words = folded(text).split()[:8]
    for word in words:
        found = found.filter(title_key__contains=word)
    return list(found.select_related("commune", "venue").order_by("first_at", "pk")[:_MOST]) if words else []


def shown_parent(event: Event) -> str:
    """Its place and its first day."""
    day = date_format(event.first_at.astimezone(event.tz), "j F Y") if event.first_at is not None else ""
    return ", ".join(filter(None, [place_of(event), day]))
