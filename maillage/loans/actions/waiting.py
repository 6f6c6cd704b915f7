"""Waiting lists: served in order, each with a time limit during which copies are held for them."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import record
from maillage.catalogue.actions.marking import hold
from maillage.catalogue.actions.occupying import Taken, hold_stock, occupy, release, tied_to
from maillage.catalogue.enums import BookingKind
from maillage.catalogue.models import Resource
from maillage.catalogue.queries.availability import Wanted
from maillage.catalogue.queries.lending import Terms, terms_of_many
from maillage.core.dates import date_format
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.loans import rules
from maillage.loans.actions.asking import WRITTEN, check, write_loan
from maillage.loans.actions.marking import hold_actor
from maillage.loans.actions.telling import tell_offer
from maillage.loans.actions.wanting import count_unmet
from maillage.loans.enums import WAITS, Unmet, WaitingState
from maillage.loans.models import Loan, WaitingEntry, WaitingLine
from maillage.loans.queries.halves import half_now
from maillage.loans.queries.terms import Asked, is_suspended, suspended_until
from maillage.networks.models import Network

MOST_WAITS = 10  # Of a person, open: each may hold copies for hours.


def join_waiting(
    *,
    by: Viewer,
    resource: Resource,
    wanted: Wanted,
    first: int,
    last: int,
    actor: Actor | None = None,
    tells_need: bool = False,
    at: datetime | None = None,
    **values: Any,
) -> WaitingEntry:
    """Behind those who came before, in the order of commit: whoever enters holds the network. Served at once when copies are free."""
    now = at or timezone.now()
    with transaction.atomic():
        check(by=by, asked=Asked(resource, wanted, first, last, actor, values.get("commune")), at=now)
        if WaitingEntry.objects.filter(contact=by.user, state__in=WAITS).count() >= MOST_WAITS:
            raise Refused(_("Vous attendez déjà dix ressources : quittez d'abord une de ces listes."), status=409)
        if unknown := values.keys() - set(WRITTEN):
            raise TypeError(f"a request has no {sorted(unknown)}")
        entry = WaitingEntry(
            network=resource.network, resource=resource, actor=actor, contact=by.user,
            first=first, last=last, tells_need=tells_need, **values,
        )  # fmt: skip
        entry.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                entry.save()
        except IntegrityError:
            raise Conflict(_("Vous êtes déjà en liste d'attente pour ces dates.")) from None
        WaitingLine.objects.bulk_create(
            WaitingLine(entry=entry, module_id=module, quantity=count) for module, count in wanted.items() if count
        )
        record("waiting.joined", by=by, subject=entry, touch=False)
        serve_waiting(resource, at=now)
        entry.refresh_from_db()
    return entry


def serve_waiting(resource: Resource, *, at: datetime | None = None) -> list[WaitingEntry]:
    """Offer what is free to those who wait, in order: each gets what fits, held until their time limit. A kit and what lies in it free
    each other. Called in the transaction that freed something, which holds the stock."""
    now = at or timezone.now()
    entries = WaitingEntry.objects.filter(
        resource__in=tied_to(resource), state=WaitingState.WAITING, first__gte=half_now(now), contact__is_active=True
    )
    rows = list(entries.select_related("resource__network", "resource__actor", "network", "contact").order_by("pk"))
    terms = terms_of_many(resource.network, {row.resource_id: row.resource for row in rows}.values()) if rows else {}
    return [entry for entry in rows if _serve(entry, terms[entry.resource_id], now)]


def serve_reopened(network: Network, actor: Actor | None, *, at: datetime | None = None) -> None:
    """What waits for a lender that is open again, or (None) for any: some were passed over while they could not be served."""
    hold(network)
    waited = WaitingEntry.objects.filter(network=network, state=WaitingState.WAITING)
    if actor is not None:
        waited = waited.filter(resource__actor=actor)
    for resource in Resource.objects.filter(pk__in=waited.values("resource")).order_by("pk"):
        serve_waiting(resource, at=at)


def _serve(entry: WaitingEntry, terms: Terms, now: datetime) -> bool:
    wanted = {line.module_id: line.quantity for line in entry.lines.all()}
    # Its modules are no more, or its lender would give and take back nothing then.
    if not wanted or not (entry.resource.is_shown and terms.is_open(entry.first) and terms.is_open(entry.last)):
        return False
    if is_suspended(entry, timezone.localdate(now)):
        return False  # Their place is kept until it ends.
    try:
        entry.booking = occupy(
            resource=entry.resource, kind=BookingKind.LOAN, span=terms.span(entry.first, entry.last), wanted=wanted,
            note=_("Gardé pour la liste d'attente"),
        )  # fmt: skip
    except Taken:
        return False
    entry.state, entry.offered_at = WaitingState.OFFERED, now
    entry.expires_at = now + timedelta(hours=terms.offer_hours)
    entry.save()
    until = date_format(timezone.localtime(entry.expires_at), "l j F Y à G:i")
    record("waiting.offered", by=Viewer.as_system(entry.network, _("Liste d'attente")), subject=entry, touch=False)
    tell_offer(entry, until)
    return True


def take_offer(*, by: Viewer, entry: WaitingEntry, at: datetime | None = None) -> Loan:
    """The request is made with the copies that were held; its lender answers as to any other."""
    now = at or timezone.now()
    with transaction.atomic():
        hold_actor(entry.actor)
        entry = _held(entry)
        rules.may_wait(by, entry).require()
        booking = entry.booking
        if (
            entry.state != WaitingState.OFFERED
            or entry.expires_at is None
            or entry.expires_at <= now
            or booking is None
        ):
            raise Conflict(_("Le délai est passé : la place est allée à la personne suivante."))
        wanted = {line.module_id: line.quantity for line in entry.lines.all()}
        asked = Asked(entry.resource, wanted, entry.first, entry.last, entry.actor)
        # What has changed since they joined: who may borrow, and for whom. The notice was kept by waiting.
        rules.may_ask(by, asked.resource).require()
        rules.may_ask_for(by, asked.actor).require()
        if suspended_until(by, asked, timezone.localdate(now)) is not None:
            raise Refused(_("Vos emprunts sont suspendus : écrivez au prêteur pour en parler."), status=409)
        loan = write_loan(by, asked, booking, {name: getattr(entry, name) for name in WRITTEN}, now)
        entry.state, entry.loan, entry.booking, entry.expires_at = WaitingState.TAKEN, loan, None, None
        entry.save()
    return loan


def leave_waiting(*, by: Viewer, entry: WaitingEntry, at: datetime | None = None) -> WaitingEntry:
    """Decline what is offered, or wait no more; the next one is served."""
    with transaction.atomic():
        entry = _held(entry)
        rules.may_wait(by, entry).require()
        if entry.state not in WAITS:
            raise Conflict(_("Cette place en liste d'attente n'est plus ouverte."))
        was_offered = entry.state == WaitingState.OFFERED
        _end(entry, WaitingState.DECLINED if was_offered else WaitingState.WITHDRAWN)
        record("waiting.left", by=by, subject=entry, touch=False)
        serve_waiting(entry.resource, at=at)
    return entry


def expire_offer(*, by: Viewer, entry: WaitingEntry, at: datetime | None = None) -> WaitingEntry:
    """Not taken in time: it goes to the next one."""
    now = at or timezone.now()
    with transaction.atomic():
        entry = _held(entry)
        if entry.state == WaitingState.OFFERED and entry.expires_at is not None and entry.expires_at <= now:
            _end(entry, WaitingState.EXPIRED)
            record("waiting.expired", by=by, subject=entry, touch=False)
            serve_waiting(entry.resource, at=now)
    return entry


def end_wait(*, entry: WaitingEntry) -> None:
    """Its days came before a place did: nobody served it."""
    with transaction.atomic():
        hold_actor(entry.actor)
        entry = _held(entry)
        if entry.state == WaitingState.WAITING:
            _end(entry, WaitingState.PAST)
            count_unmet(entry, Unmet.WAITED)


def leave_twice_waited(*, kept: User, gone: User) -> None:
    """Inside the transaction that makes two accounts one: of two places for the same thing and days one stays, the offered one if
    there is; what was held for the other goes to the next."""
    open_to_them = WaitingEntry.objects.filter(state__in=WAITS)
    for theirs in open_to_them.filter(contact=gone).select_related("resource").order_by("network", "pk"):
        same = {"resource": theirs.resource, "first": theirs.first, "last": theirs.last}
        own = open_to_them.filter(contact=kept, **same).select_related("resource").first()
        if own is None:
            continue
        theirs, own = _held(theirs), _held(own)
        loser = own if theirs.state == WaitingState.OFFERED != own.state else theirs
        if loser.state in WAITS:
            _end(loser, WaitingState.WITHDRAWN)
            serve_waiting(loser.resource)


def _end(entry: WaitingEntry, state: WaitingState) -> None:
    booking, entry.booking = entry.booking, None
    entry.state, entry.expires_at = state, None
    entry.save()
    if booking is not None:
        release(booking)
        booking.delete()


def _held(entry: WaitingEntry) -> WaitingEntry:
    hold_stock(entry.resource)
    found = WaitingEntry.objects.select_for_update(of=("self",))
    return found.select_related("resource__network", "resource__actor", "network", "contact", "actor", "booking").get(
        pk=entry.pk
    )
