"""What time does to loans: answers that do not come, reminders, copies that are late, offers that lapse."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.catalogue.actions.occupying import Taken, extend
from maillage.catalogue.models import Hold
from maillage.catalogue.queries.halves import day_of
from maillage.core.dates import date_format
from maillage.core.errors import Refused
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.loans.actions.answering import escalate, expire_loan
from maillage.loans.actions.marking import held
from maillage.loans.actions.returning import tell_endangered
from maillage.loans.actions.telling import lacking_said, tell_borrower, tell_lender, tell_team_of
from maillage.loans.actions.waiting import end_wait, expire_offer, serve_reopened
from maillage.loans.enums import (
    PROMISED,
    WAITING_ANSWER,
    AgreementState,
    ExtensionState,
    LoanState,
    Moment,
    WaitingState,
)
from maillage.loans.models import Extension, Loan, Suspension, Told, WaitingEntry
from maillage.loans.queries.halves import half_now
from maillage.loans.queries.tied import lying_with
from maillage.loans.registry import FALLBACK, LATE
from maillage.loans.registry.pieces import lacking
from maillage.networks.models import Network

_DAYTIME = range(8, 20)
"""Hours at which reminders leave: nobody is woken by one."""


@task(every=timedelta(hours=1))
def mind_loans(job: Job) -> None:
    faults: list[Exception] = []
    for network in Network.objects.order_by("pk"):
        try:
            with timezone.override(network.zone):
                mind_network(network)
        except ExceptionGroup as group:
            faults += group.exceptions
    if faults:
        raise ExceptionGroup("loans that could not be minded", faults)


def mind_network(network: Network, at: datetime | None = None) -> None:
    """Each loan in a transaction of its own: one that cannot be minded holds up no other, and the job then fails aloud."""
    now, faults = at or timezone.now(), []

    def mind(act: Callable[[], Any]) -> None:
        try:
            act()
        except Exception as fault:  # noqa: BLE001
            faults.append(fault)

    by = Viewer.as_system(network, _("Prêts"))
    here = Loan.objects.filter(network=network).for_lists().order_by("pk")
    for loan in here.filter(state__in=WAITING_ANSWER, expires_at__lte=now):
        mind(partial(expire_loan, by=by, loan=loan, at=now))
    fallback = now - timedelta(days=int(network.setting(FALLBACK.name)))
    for loan in here.filter(state=LoanState.ASKED, escalated_at=None, created_at__lte=fallback):
        mind(partial(escalate, by=by, loan=loan, at=now))
    offered = WaitingEntry.objects.filter(network=network, state=WaitingState.OFFERED, expires_at__lte=now)
    for entry in offered.select_related("resource").order_by("pk"):
        mind(partial(expire_offer, by=by, entry=entry, at=now))
    over = WaitingEntry.objects.filter(network=network, state=WaitingState.WAITING, first__lt=half_now(now))
    for entry in over.select_related("resource__network", "actor__commune", "commune", "contact").order_by("pk"):
        mind(partial(end_wait, entry=entry))
    ended = Suspension.objects.filter(
        network=network, until=timezone.localdate(now) - timedelta(days=1), lifted_at=None
    )
    for suspension in ended.select_related("network", "lender").order_by("pk"):
        mind(partial(_serve_again, suspension, now))
    near = half_now(now) + 2 * 3 + 1
    for loan in here.away().filter(last__lte=near):
        mind(partial(_mind_return, by, loan, now))
    unsigned = Q(agreement_state__in=(AgreementState.TO_SIGN, AgreementState.HALF_SIGNED))
    yesterday = Extension.objects.filter(state=ExtensionState.ACCEPTED, answered_at__gt=now - timedelta(days=1))
    extended = here.away().filter(unsigned | Q(needs_insurance=True), renewed__gt=0)
    for loan in extended.exclude(pk__in=yesterday.values("loan")):
        mind(partial(_mind_papers, loan, now))
    if faults:
        raise ExceptionGroup(network.name, faults)


def _mind_papers(loan: Loan, now: datetime) -> None:
    """A day after it was extended, what its new end asks for and is not there: once for each end, to both."""
    with transaction.atomic():
        loan = held(loan)
        sentences = [each.sentence for each in lacking(loan)] if loan.is_away else []
        if not sentences or timezone.localtime(now).hour not in _DAYTIME or not _first_time(loan, Moment.PAPERS, now):
            return
        by, event = Viewer.as_system(loan.network, ""), f"{Moment.PAPERS}:{loan.last}"
        title, text = _("Prêt prolongé, pièces à compléter : « %(title)s »"), " ".join(lacking_said(sentences))
        tell_borrower(loan, event, title, by=by, kind="loan_reminder", text=text)
        tell_lender(loan, event, title, by=by, text=text)


def _serve_again(suspension: Suspension, now: datetime) -> None:
    """It ended yesterday: who was passed over is served, if what they wait for is free."""
    with transaction.atomic():
        serve_reopened(suspension.network, suspension.lender, at=now)


def _mind_return(by: Viewer, loan: Loan, now: datetime) -> None:
    """LOAN-6: −3, 0, +2 days, then the team; copies that are late are kept from others as long as that is possible, and whoever
    comes next is told when it is not."""
    with transaction.atomic():
        loan = held(loan)
        if not loan.is_away:
            return
        is_late = half_now(now) > loan.last
        if is_late:
            _keep_from_others(loan, now)
        if timezone.localtime(now).hour in _DAYTIME:
            _tell_in_time(by, loan, now)
            if is_late:
                _tell_next(by, loan, now)


def _tell_in_time(by: Viewer, loan: Loan, now: datetime) -> None:
    today, due = timezone.localdate(now), day_of(loan.last)
    late = int(loan.network.setting(LATE.name))
    if today >= due + timedelta(days=late):
        _escalate_late(by, loan, now)
    elif today >= due + timedelta(days=2):
        _remind(loan, Moment.AFTER, now)
    elif today >= due:
        _remind(loan, Moment.THAT_DAY, now)
    elif today >= due - timedelta(days=3):
        _remind(loan, Moment.BEFORE, now)


def _remind(loan: Loan, moment: Moment, now: datetime) -> None:
    if not _first_time(loan, moment, now):
        return
    titles = {
        Moment.BEFORE: _("À rendre bientôt : « %(title)s »"),
        Moment.THAT_DAY: _("À rendre aujourd'hui : « %(title)s »"),
        Moment.AFTER: _("En retard : « %(title)s »"),
    }
    by = Viewer.as_system(loan.network, "")
    text = _("Retour prévu le %s. Un empêchement ? Demandez une prolongation sur la page du prêt.")
    day = date_format(day_of(loan.last), "l j F Y")
    tell_borrower(loan, f"{moment}:{loan.last}", titles[moment], by=by, kind="loan_reminder", text=text % day)
    if moment == Moment.AFTER:
        tell_lender(loan, f"{moment}:{loan.last}", _("Un retour est en retard : « %(title)s »"), by=by)


def _escalate_late(by: Viewer, loan: Loan, now: datetime) -> None:
    if _first_time(loan, Moment.ESCALATED, now):
        title = _("Un prêt n'est pas revenu : « %(title)s »") % {"title": loan.resource.title}
        tell_team_of(loan, title, _("Les rappels sont restés sans effet."))
        tell_borrower(
            loan, f"escalated:{loan.last}", _("Toujours attendu : « %(title)s »"), by=by, kind="loan_reminder",
            text=_("L'équipe du réseau est prévenue. Rapportez-le, ou dites ce qu'il en est."),
        )  # fmt: skip
        if loan.escalated_at is None:
            loan.escalated_at = now
            loan.save(update_fields=["escalated_at", "updated_at"])


def _first_time(loan: Loan, moment: Moment, now: datetime) -> bool:
    _told, is_new = Told.objects.get_or_create(loan=loan, moment=moment, last=loan.last, defaults={"at": now})
    return is_new


def _keep_from_others(loan: Loan, now: datetime) -> None:
    """The booking of what is away goes on; bookings that are not prepared go to other copies."""
    away = list(loan.units.away().values_list("copy", flat=True))
    until = max(loan.booking.last, half_now(now))
    for copy in away:  # Each by itself: one that is promised elsewhere does not free the others.
        try:
            with transaction.atomic():
                extend(loan.booking, until, copies=[copy])
        except (Taken, Refused):
            continue


def _tell_next(by: Viewer, loan: Loan, now: datetime) -> None:
    """Whoever comes next on the same copies, on a kit that they lack from or on what lies in them; and who keeps them from it."""
    away = list(loan.units.away().values_list("copy", flat=True))
    nearest = half_now(now) + 2 * 2
    after = Hold.objects.filter(copy__in=lying_with(away), first__lte=nearest, last__gte=half_now(now))
    keys = after.exclude(booking=loan.booking).values("booking")
    for following in Loan.objects.filter(booking__in=keys, state__in=PROMISED).for_lists().order_by("first", "pk"):
        tell_endangered(following, Moment.ENDANGERED, text=_("L'emprunt précédent n'est pas revenu à temps."))
        if _first_time(loan, Moment.AWAITED, now):
            title = _("Quelqu'un attend votre retour : « %(title)s »")
            tell_borrower(loan, f"awaited:{loan.last}", title, by=by, kind="loan_reminder")
