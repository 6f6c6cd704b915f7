"""Suspending a borrower until a day, for reasons that only those who suspend read (LOAN-11)."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import record
from maillage.core.errors import Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.loans import rules
from maillage.loans.actions.waiting import serve_reopened
from maillage.loans.models import Suspension


def suspend(
    *,
    by: Viewer,
    until: date,
    reason: str,
    lender: Actor | None = None,
    actor: Actor | None = None,
    user: User | None = None,
) -> Suspension:
    """From `lender`, or (None) from all of the network. Loans already agreed go on."""
    rules.may_suspend(by, lender).require()
    if lender is not None and lender == actor:
        raise Refused(_("Une structure ne suspend pas ses propres emprunts : choisissez-en une autre."), status=422)
    with transaction.atomic():
        row = Suspension(
            network=by.network, lender=lender, actor=actor, user=user, until=until,
            reason=legible(reason).strip(), by=by.user,
        )  # fmt: skip
        row.full_clean()
        row.save()
        record("suspension.made", by=by, touch=False)
    return row


def lift(*, by: Viewer, suspension: Suspension) -> Suspension:
    rules.may_suspend(by, suspension.lender).require()
    with transaction.atomic():
        suspension.lifted_at = timezone.now()
        suspension.save(update_fields=["lifted_at", "updated_at"])
        serve_reopened(suspension.network, suspension.lender)
        record("suspension.lifted", by=by, touch=False)
    return suspension
