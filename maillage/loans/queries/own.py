"""What one borrows, and the calendar of one's loans."""

from datetime import UTC, datetime, time, timedelta

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from maillage.accounts.queries import viewer_for
from maillage.catalogue.queries.halves import NOON, day_of, is_afternoon
from maillage.core.mail import absolute_url
from maillage.core.viewer import Viewer
from maillage.loans.enums import OPEN
from maillage.loans.models import CalendarKey, Loan
from maillage.loans.queries.halves import half_now
from maillage.networks.models import Network

_MOST = 500
_OPENS, _CLOSES = time(9), time(18)


def own_loans(viewer: Viewer) -> QuerySet[Loan]:
    """The open ones first, the nearest before."""
    ended = Case(When(state__in=OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return Loan.objects.borrowed_by(viewer).for_lists().annotate(ended=ended).order_by("ended", "-first", "-pk")


def calendar_of(key: CalendarKey) -> bytes:
    """Borrowed and lent, from a month ago on."""
    from icalendar import Calendar, Event

    viewer = viewer_for(key.user, key.network)
    made = Calendar()
    made.add("prodid", "-//Maillage//Prêts//FR")
    made.add("version", "2.0")
    since = half_now(timezone.now() - timedelta(days=30))
    found = Loan.objects.borrowed_by(viewer) | Loan.objects.lent_by(viewer)
    for loan in found.filter(state__in=OPEN, last__gte=since).for_lists().order_by("first", "pk")[:_MOST]:
        event = Event()
        event.add("uid", f"pret-{loan.pk}@{key.network.host}")
        event.add("dtstamp", loan.updated_at.astimezone(UTC))
        event.add("dtstart", _at(loan.first, begins=True))
        event.add("dtend", _at(loan.last, begins=False))
        event.add("summary", f"{loan.resource.title} ({loan.get_state_display()})")
        event.add("location", loan.place)
        event.add("url", absolute_url(key.network, loan.get_absolute_url()))
        made.add_component(event)
    return bytes(made.to_ical())


def _at(half: int, *, begins: bool) -> datetime:
    """Nine or one o'clock when it begins, one or six when it ends; in UTC, which every calendar reads alike."""
    if begins:
        clock = time(NOON) if is_afternoon(half) else _OPENS
    else:
        clock = _CLOSES if is_afternoon(half) else time(NOON)
    return datetime.combine(day_of(half), clock, timezone.get_current_timezone()).astimezone(UTC)


def key_of(viewer: Viewer) -> CalendarKey | None:
    return CalendarKey.objects.filter(network=viewer.network_id, user=viewer.user_id).first()


def key_opened_by(network: Network | None, pk: int, token: str) -> CalendarKey | None:
    """Of someone who still signs in here."""
    key = CalendarKey.objects.filter(pk=pk, network=network).select_related("user", "network").first()
    return key if key is not None and key.is_opened_by(token) and key.user.is_active else None
