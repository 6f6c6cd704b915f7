"""The last word before a message leaves the queue: its reader may have left, what it announces may have been hidden (MOD-4)."""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from maillage.core.jobs import Task
from maillage.core.text import whole_number
from maillage.newsletters.actions.marking import held
from maillage.newsletters.enums import LetterState, Skip
from maillage.newsletters.models import Delivery, Letter
from maillage.newsletters.queries.reading import Part, content_of

PREFIX = "newsletter"


def reference_of(delivery: Delivery, parts: Iterable[Part]) -> str:
    return f"{PREFIX}:{delivery.pk}:{print_of(parts)}"


def print_of(parts: Iterable[Part]) -> str:
    """Of the blocks that a message holds, in any order."""
    keys = sorted(item.block for part in parts for item in part.items)
    return hashlib.sha256(repr(keys).encode()).hexdigest()[:8]


def delivery_named(reference: str) -> int:
    """The delivery that a reference of `core.mail` is about, 0 for none."""
    prefix, _colon, rest = reference.partition(":")
    return (whole_number(rest.partition(":")[0]) or 0) if prefix == PREFIX else 0


def may_leave(rest: str, sender: Task) -> bool:
    """`rest` follows the prefix of the reference. A message that says what is no longer public is held back and written anew by
    `sender`, without it."""
    key, _colon, printed = rest.partition(":")
    delivery = (
        Delivery.objects.select_related("subscription", "letter__network").filter(pk=whole_number(key) or 0).first()
    )
    if delivery is None or delivery.sent_at is None:
        return False
    if delivery.subscription is None or not delivery.subscription.is_active:
        Delivery.objects.filter(pk=delivery.pk).update(sent_at=None, job=None, skipped=Skip.STOPPED)
        return False
    if delivery.letter.state not in (LetterState.SENDING, LetterState.SENT):
        # Stopped while the mail server was asked in vain: whoever goes on plans it again.
        given_up = Skip.CANCELLED if delivery.letter.state == LetterState.CANCELLED else ""
        Delivery.objects.filter(pk=delivery.pk).update(sent_at=None, job=None, skipped=given_up)
        return False
    if print_of(content_of(delivery.letter, leaving=True).parts) == printed:
        return True
    with transaction.atomic():
        letter = held(delivery.letter)
        Delivery.objects.filter(pk=delivery.pk).update(sent_at=None, job=None)
        if letter.state == LetterState.SENT:
            Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENDING, updated_at=timezone.now())
        sender.enqueue(
            _scope=f"network:{letter.network_id}", _unique=f"newsletter:{letter.pk}:again", letter_id=letter.pk
        )
    return False
