"""Bringing a list of addresses in, and taking the addresses out: the network's administrators alone, each time journaled."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.queries import suppressed_among
from maillage.activity.actions import record
from maillage.core.errors import Refused
from maillage.core.jobs import progress, task
from maillage.core.mail import slots_left
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.newsletters import rules
from maillage.newsletters.actions.subscribing import activate, held, keep_proof, mail_confirmation
from maillage.newsletters.enums import ConsentAct, Origin, SubscriptionState
from maillage.newsletters.models import Subscription

MOST_ADDRESSES = 5000
_WAIT = timedelta(minutes=10)


@dataclass
class Taken:
    """What became of each address of a list; `unreadable` are the first lines that hold none."""

    added: int = 0
    known: int = 0
    left: int = 0
    forbidden: int = 0
    unreadable: list[str] = field(default_factory=list)


def import_addresses(*, by: Viewer, addresses: Iterable[str], source: str, consented_on: date | None = None) -> Taken:
    """`source` says where the list comes from. With `consented_on`, the administrator states that these persons agreed on that day:
    they are subscribed. Without, each is asked once to confirm. Whoever left, or asked to be forgotten, never comes back so."""
    rules.may_read_addresses(by).require()
    if not source.strip():
        raise Refused(_("Dites d'où vient cette liste."), status=409)
    taken = Taken()
    readable: dict[str, None] = {}
    for line in addresses:
        text = line.strip().strip(";,").strip().lower()
        if not text:
            continue
        try:
            validate_email(text)
            Subscription._meta.get_field("email").run_validators(text)  # As long as the column keeps.
        except ValidationError:
            taken.unreadable.append(line.strip()[:100])
        else:
            readable[text] = None
    emails = list(readable)
    if len(emails) > MOST_ADDRESSES:
        raise Refused(_("%(most)d adresses au plus à la fois.") % {"most": MOST_ADDRESSES}, status=409)
    with transaction.atomic():
        forbidden = suppressed_among(emails)
        known = dict(Subscription.objects.filter(network=by.network).values_list("email", "state"))
        for email in emails:
            if email in forbidden:
                taken.forbidden += 1
            elif email in known:
                gone = known[email] in (SubscriptionState.STOPPED, SubscriptionState.FAILED)
                taken.left, taken.known = taken.left + gone, taken.known + (not gone)
            else:
                is_new = _add(by, email, source.strip()[:200], consented_on)
                taken.added, taken.known = taken.added + is_new, taken.known + (not is_new)
        record("subscribers.import", by=by, details={"count": taken.added, "source": source.strip()[:200]}, touch=False)
        if taken.added and consented_on is None:
            invite_imported.enqueue(_scope=f"network:{by.network_id}", network_id=by.network_id)
    return taken


def _add(by: Viewer, email: str, source: str, consented_on: date | None) -> bool:
    """False when its reader subscribed meanwhile."""
    given = {"origin": Origin.IMPORT, "source": source}
    subscription, is_new = Subscription.objects.get_or_create(network=by.network, email=email, defaults=given)
    if is_new and consented_on is not None:
        subscription.agreed_at = timezone.now()
        activate(subscription)
        keep_proof(subscription, ConsentAct.STATED, given_on=consented_on)
    return is_new


@task(max_attempts=5)
def invite_imported(job: Job, network_id: int) -> None:
    """One message to each, in a transaction of its own; within what the network may send in an hour."""
    network = Network.objects.get(pk=network_id)
    waiting = Subscription.objects.filter(
        network=network, origin=Origin.IMPORT, state=SubscriptionState.PENDING, mailed_at=None
    )
    left = slots_left(network)
    keys = list(waiting.order_by("pk").values_list("pk", flat=True))
    for done, pk in enumerate(keys):
        if left <= 0:
            invite_imported.enqueue(_scope=f"network:{network_id}", _at=timezone.now() + _WAIT, network_id=network_id)
            return
        with transaction.atomic():
            try:
                subscription = held(Subscription(pk=pk))
            except Refused:
                continue
            if subscription.mailed_at is None and subscription.state == SubscriptionState.PENDING:
                mail_confirmation(subscription)
                left -= 1
        progress(job, done + 1, len(keys))


def note_export(*, by: Viewer, count: int) -> None:
    """Before the addresses leave."""
    rules.may_read_addresses(by).require()
    record("subscribers.export", by=by, details={"count": count}, touch=False)
