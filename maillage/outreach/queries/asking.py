"""Which needs and offers to ask about, at which address, and what a personal link opens."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models import Reminder
from maillage.networks.models import Network
from maillage.outreach.enums import Sharing
from maillage.outreach.models import Need, NeedAsking
from maillage.outreach.queries.team import people_of

BEFORE_DAYS = 14  # Asked so long before the end.
LINK_DAYS = 60


def address_for(need: Need) -> str:
    """The contact address of the actor; that of whoever heard the need when there is no actor, or it has no address and the
    need is known to the team alone. "" when nobody is to be written to."""
    if need.actor is not None and (need.actor.archived_at is not None or stopped(need, need.actor.email)):
        return ""
    # What the team keeps for itself is asked of whoever wrote it, never of the actor.
    if need.actor is not None and need.actor.email and (need.is_own or need.sharing != Sharing.TEAM):
        return need.actor.email
    author = need.author
    if author is None or not author.is_active or author.erased_at is not None or stopped(need, author.email):
        return ""
    return author.email if _still_there(need, author) else ""


def _still_there(need: Need, author: User) -> bool:
    """Whoever left the team, or the actor that it wrote for, is not told of it any more."""
    if need.is_own:
        return author.actor_memberships.filter(actor=need.actor_id).exists()
    return author in people_of(need.network)


def stopped(need: Need, address: str) -> bool:
    """Whether the reader of the address wants no more of these messages (nor of those about the sheet)."""
    if not address:
        return False
    own = NeedAsking.objects.filter(need__network=need.network_id, email__iexact=address).exclude(stopped_at=None)
    if own.exists():
        return True
    sheet = Reminder.objects.filter(network=need.network_id, actor=need.actor_id, email__iexact=address)
    return need.actor_id is not None and sheet.exclude(stopped_at=None).exists()


def _whole(found: QuerySet[Need]) -> QuerySet[Need]:
    return found.select_related("network", "actor", "author").order_by("expires_on", "pk")


def to_expire(network: Network, today: date) -> QuerySet[Need]:
    return _whole(Need.objects.open().filter(network=network, expires_on__lt=today))


def to_ask(network: Network, today: date) -> QuerySet[Need]:
    """Those that end within a fortnight, not asked about since the fortnight began."""
    ending = Need.objects.open().filter(
        network=network, expires_on__gte=today, expires_on__lte=today + timedelta(days=BEFORE_DAYS)
    )
    since = timezone.now() - timedelta(days=BEFORE_DAYS + 2)
    asked = NeedAsking.objects.filter(need=OuterRef("pk"), sent_at__gt=since)
    return _whole(ending.filter(~Exists(asked)))


def asking_opened_by(network: Network | None, pk: int, token: str) -> NeedAsking | None:
    """The asking of a link, on the host of its own network."""
    found = NeedAsking.objects.select_related("need__network", "need__actor", "need__author", "need__territory")
    asking = found.filter(pk=pk, need__network=network).first()
    return asking if asking is not None and asking.is_opened_by(token) else None
