"""People who want to be forgotten, accounts that go, addresses that an account proves."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.accounts.models import User, new_nonce
from maillage.attendance.actions.marking import held_registration
from maillage.attendance.actions.registering import give_back
from maillage.attendance.enums import ACTIVE, State
from maillage.attendance.models import Registration

# Each holds its network: two people who leave at once take the networks in the same order.
_IN_ORDER = ("session__opening__event__network", "pk")
NAMED = ~Q(name="", email="", group_name="", user=None)


def blank(registrations: Iterable[Registration]) -> int:
    """The counts stay; a new nonce: personal links die with the names."""
    count = 0
    for registration in registrations:
        Registration.objects.filter(pk=registration.pk).update(
            name="", email="", group_name="", user=None, nonce=new_nonce(), updated_at=timezone.now()
        )
        count += 1
    return count


def _forget(found: Iterable[Registration], now: datetime) -> None:
    """Places to come go to the next, and nobody is written to."""
    for registration in found:
        standing = registration.state in (*ACTIVE, State.PENDING) and registration.session.starts_at > now
        registration = held_registration(registration)
        blank([registration])
        if standing:
            fresh = Registration.objects.get(pk=registration.pk)
            fresh.session = registration.session
            give_back(fresh, State.CANCELLED, at=now)


def forget_address(*, email: str) -> None:
    """In every network."""
    with transaction.atomic():
        _forget(Registration.objects.whole().filter(email=email.strip().lower()).order_by(*_IN_ORDER), timezone.now())


def forget_account(*, user: User) -> None:
    with transaction.atomic():
        _forget(Registration.objects.whole().filter(user=user).order_by(*_IN_ORDER), timezone.now())


def follow_account(*, email: str, user: User) -> None:
    """An address just proved for an account: its confirmed registrations are found there too."""
    Registration.objects.filter(email=email.strip().lower(), user=None, state__in=ACTIVE).update(user=user)
