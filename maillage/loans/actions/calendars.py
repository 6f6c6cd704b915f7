"""The secret address of the calendar of one's loans."""

from django.db import transaction

from maillage.accounts.models import new_nonce
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.loans.models import CalendarKey


def renew_calendar(*, by: Viewer) -> CalendarKey:
    """A new address; the former one dies."""
    if by.user is None:
        raise Refused("")
    with transaction.atomic():
        key, _is_new = CalendarKey.objects.update_or_create(
            network=by.network, user=by.user, defaults={"nonce": new_nonce()}
        )
    return key
