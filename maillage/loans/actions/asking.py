"""Asking for a loan: the copies are held at once, so that whoever comes second for the last one knows it then and there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.catalogue.actions.occupying import Taken, hold_stock, occupy
from maillage.catalogue.enums import BookingKind
from maillage.catalogue.models import Booking, Resource
from maillage.catalogue.queries.availability import Wanted
from maillage.catalogue.queries.lending import terms_of
from maillage.core.errors import Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.loans import rules
from maillage.loans.actions.marking import hold_actor
from maillage.loans.actions.telling import tell_lender
from maillage.loans.actions.wanting import forget_met
from maillage.loans.models import Loan, LoanLine
from maillage.loans.queries.terms import Asked, Objection, lacks, objections
from maillage.loans.registry import ANSWER

_TRIES = 3
WRITTEN = ("purpose", "place", "commune", "expected")


class Objections(Refused):
    """What the terms of the lender refuse: `fields` says the sentence of each field, `is_need` whether what is refused is a need that
    the network counts rather than a slip."""

    def __init__(self, found: Sequence[Objection]) -> None:
        self.fields = {each.field: each.sentence for each in found}
        self.is_need = all(each.is_need for each in found)
        super().__init__(" ".join(self.fields.values()), status=422)


def request_loan(
    *,
    by: Viewer,
    resource: Resource,
    wanted: Wanted,
    first: int,
    last: int,
    actor: Actor | None = None,
    at: datetime | None = None,
    **values: Any,
) -> Loan:
    """`Taken` when the copies are not free: nothing was written then. `Objections` when the terms refuse. What is counted (loans in
    progress) is counted holding the network.

    Where fewer copies are free than are wanted, no packing helps: that is read before anything is held, so that a crowd does not
    queue for what is gone. Whoever waited for SQLite's one lock until it gave up looks again, and finds it gone or a shorter queue.
    """
    now, asked = at or timezone.now(), Asked(resource, wanted, first, last, actor, values.get("commune"))
    tries = _TRIES
    while True:
        if lacks(asked, terms_of(resource)):
            _check(by, asked, now)
            raise Taken
        try:
            return _request(by, asked, values, now)
        except OperationalError:
            tries -= 1
            if not tries or connection.vendor != "sqlite" or connection.in_atomic_block:
                raise


def _request(by: Viewer, asked: Asked, values: Mapping[str, Any], now: datetime) -> Loan:
    with transaction.atomic():
        hold_actor(asked.actor)
        hold_stock(asked.resource)
        terms = terms_of(asked.resource)
        if lacks(asked, terms):
            raise Taken
        _check(by, asked, now)
        booking = occupy(
            resource=asked.resource,
            kind=BookingKind.LOAN,
            span=terms.span(asked.first, asked.last),
            wanted=asked.wanted,
            note=_noted(asked.actor),
        )
        return write_loan(by, asked, booking, values, now)


def _check(by: Viewer, asked: Asked, now: datetime) -> None:
    """Everything but whether copies are free."""
    rules.may_ask(by, asked.resource).require()
    rules.may_ask_for(by, asked.actor).require()
    if not any(asked.wanted.values()):
        raise Objections([Objection("quantity", _("Choisissez ce que vous empruntez."), is_need=False)])
    if by.system:
        return  # The demonstration and the imports write what was.
    if found := objections(by, asked, terms_of(asked.resource), timezone.localdate(now)):
        raise Objections(found)


def check(*, by: Viewer, asked: Asked, at: datetime | None = None) -> None:
    """For a waiting list, where nothing is taken: `Objections` alone."""
    hold_actor(asked.actor)
    hold_stock(asked.resource)
    _check(by, asked, at or timezone.now())


def write_loan(by: Viewer, asked: Asked, booking: Booking, values: Mapping[str, Any], now: datetime) -> Loan:
    """The request whose copies are held by `booking`."""
    if unknown := values.keys() - set(WRITTEN):
        raise TypeError(f"a request has no {sorted(unknown)}")
    network = asked.resource.network
    words = {name: legible(value).strip() if isinstance(value, str) else value for name, value in values.items()}
    loan = Loan(
        network=network,
        resource=asked.resource,
        actor=asked.actor,
        contact=by.user,
        first=asked.first,
        last=asked.last,
        original_first=asked.first,
        original_last=asked.last,
        booking=booking,
        state_at=now,
        expires_at=now + timedelta(days=int(network.setting(ANSWER.name))),
        **words,
    )
    loan.full_clean()
    loan.save()
    LoanLine.objects.bulk_create(
        LoanLine(loan=loan, module_id=module, quantity=count) for module, count in asked.wanted.items() if count
    )
    forget_met(by, asked)
    record("loan.asked", by=by, subject=loan, touch=False)
    tell_lender(
        loan,
        "asked",
        _("Une demande de prêt attend votre réponse : « %(title)s »"),
        by=by,
        kind="loan_asked",
        text=_("Les exemplaires sont retenus en attendant votre réponse."),
        said=loan.purpose,
        button_label=_("Répondre"),
    )
    return loan


def _noted(actor: Actor | None) -> str:
    """Of an actor: nobody's name outlives their loan in the booking."""
    return actor.name if actor is not None else ""
