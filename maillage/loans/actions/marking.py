"""Holding a loan in an act, and taking it to its next state."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.catalogue.actions.occupying import hold_stock
from maillage.core.errors import Conflict
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.loans import rules
from maillage.loans.enums import LoanState, TransferState
from maillage.loans.models import Loan, Transfer


def hold_actor(actor: Actor | None) -> None:
    """Before the network and its stock, in an act that writes a row about an actor: acts on its sheet hold it first, then the networks
    that list it, and neither must wait for the other. The row is only referred to: others may read and refer to it meanwhile."""
    if actor is None:
        return
    found = Actor.objects.filter(pk=actor.pk)
    if connection.features.has_select_for_update:
        found = found.select_for_update(no_key=True)
    if not found.values_list("pk", flat=True).first():
        raise Conflict(_("Cette fiche vient d'être réunie à une autre, ou retirée : rechargez la page."))


def held(loan: Loan) -> Loan:
    """First in the transaction of an act: the network and the stock of its resource, then the loan, read anew."""
    hold_stock(loan.resource)
    found = Loan.objects.select_for_update(of=("self",)).for_lists().select_related("booking__resource")
    return found.get(pk=loan.pk)


def step(
    by: Viewer, loan: Loan, state: LoanState, *, at: datetime | None = None, details: dict[str, Any] | None = None
) -> Loan:
    """Take it to `state`, if the rule allows; what else changed of it is saved too."""
    rules.may_become(by, loan, state).require()
    loan.state, loan.state_at = state, at or timezone.now()
    loan.expires_at = loan.expires_at if state == LoanState.COUNTERED else None
    loan.full_clean()
    loan.save()
    record(f"loan.{state}", by=by, subject=loan, details=details, touch=False)
    return loan


def drop_transfers(**values: Any) -> None:
    """Direct transfers that can be no more: what was to go straight on did not stay with its borrower, or is awaited no more."""
    planned = Transfer.objects.filter(state=TransferState.PLANNED, **values)
    planned.update(state=TransferState.CANCELLED, updated_at=timezone.now())
