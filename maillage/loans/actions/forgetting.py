"""Names, photos and documents of loans that ended: kept as long as their network says, or until their person asks."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from maillage.accounts.models import User, new_nonce
from maillage.accounts.queries import addresses_of
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.loans.enums import OPEN, OPEN_CASES, WAITS, Side
from maillage.loans.models import (
    Agreement,
    ConditionReport,
    DamageCase,
    Extension,
    Loan,
    LoanDocument,
    LoanQuerySet,
    ReportPhoto,
    Suspension,
    Transfer,
    UnmetRequest,
    WaitingEntry,
)
from maillage.loans.queries.halves import half_now
from maillage.loans.registry import KEPT
from maillage.networks.models import Network

_LAPSES = timedelta(days=5 * 365)
"""How long a damage that nobody settles may keep papers, and who borrowed: an action at law lapses in five years (article 2224 of the Code civil)."""


def long_past(network: Network, at: datetime) -> LoanQuerySet:
    """Loans whose last act is older than the term of their network, and that ended or whose last day is: returned and never closed,
    promised and never fetched, never brought back."""
    term = at - timedelta(days=30 * int(network.setting(KEPT.name)))
    over = ~Q(state__in=OPEN) | Q(last__lt=half_now(term))
    return Loan.objects.filter(over, network=network, state_at__lt=term)


def _disputed(at: datetime) -> QuerySet[DamageCase]:
    return DamageCase.objects.filter(state__in=OPEN_CASES, created_at__gte=at - _LAPSES)


@task(every=timedelta(days=1))
def forget_loans(job: Job) -> None:
    """At their term, who borrowed and what for are forgotten; that it was lent, by whom, to which actor, where and for how many people
    stays. What never came back stays to be found on its lender's pages, without a person's name: a lender who still claims it says
    that it is lost, and what is known of it waits for that damage."""
    for network in Network.objects.order_by("pk"):
        _forget_in(network, timezone.now())


def _forget_in(network: Network, now: datetime) -> None:
    term = now - timedelta(days=30 * int(network.setting(KEPT.name)))
    old = long_past(network, now).exclude(units__cases__in=_disputed(now))
    words = ("purpose", "place", "answer", "reason", "lender_note")
    people: dict[str, Any] = {"contact": None, "answered_by": None}
    _blank(old, people | dict.fromkeys(words, ""))
    asked = Extension.objects.filter(loan__in=old)
    _blank(asked, {"asked_by": None, "answered_by": None, "reason": "", "answer": ""})
    _blank(DamageCase.objects.filter(unit__loan__in=old), {"opened_by": None, "answered_by": None, "answer": ""})
    over = {"network": network, "last__lt": half_now(term)}
    waited = WaitingEntry.objects.filter(updated_at__lt=term, **over).exclude(state__in=WAITS)
    _blank(waited, {"contact": None, "purpose": "", "place": ""})
    _blank(UnmetRequest.objects.filter(created_at__lt=term, **over), {"user": None})
    Suspension.objects.filter(network=network, until__lt=timezone.localdate(term)).delete()


def _blank(rows: QuerySet[Any], blank: dict[str, Any]) -> None:
    """Those that are blank already are not written again each night."""
    rows.exclude(**blank).update(**blank)


@task(every=timedelta(days=1))
def forget_papers(job: Job) -> None:
    """At the term of a loan: its documents and photos go, and the names of those who signed. What a damage still needs waits."""
    now = timezone.now()
    for network in Network.objects.order_by("pk"):
        old = long_past(network, now).exclude(units__cases__in=_disputed(now))
        for row in LoanDocument.objects.filter(loan__in=old).order_by("pk").iterator():
            row.delete()
        for photo in ReportPhoto.objects.filter(report__loan__in=old).order_by("pk").iterator():
            photo.delete()
        # Between a lender and a person, the text itself names someone.
        Agreement.objects.filter(loan__in=old.filter(actor=None)).delete()
        _unname(Agreement.objects.filter(loan__in=old))
        reports = ConditionReport.objects.filter(loan__in=old)
        _blank(reports, {"lender_name": "", "borrower_name": "", "author": None})
        signers: dict[str, Any] = {"giver_name": "", "receiver_name": "", "giver": None, "receiver": None}
        _blank(Transfer.objects.filter(giving__in=old, receiving__in=old), signers | {"agreed_by": None})


def _unname(agreements: Any, side: Side | None = None) -> None:
    """A new nonce: personal links die with the names."""
    sides = [side] if side else list(Side)
    blank: dict[str, Any] = {f"{each}_{name}": "" for each in sides for name in ("name", "capacity", "email")}
    blank |= {f"{each}_signed_by": None for each in sides}
    for agreement in agreements.exclude(**blank).order_by("pk"):
        Agreement.objects.filter(pk=agreement.pk).update(nonce=new_nonce(), **blank)


def forget_signer(*, user: User) -> None:
    """Inside the transaction of an erasure: what they signed stays their side's, without their name."""
    with transaction.atomic():
        for side in Side:
            _unname(Agreement.objects.filter(**{f"{side}_signed_by": user}), side)
            for address in addresses_of(user):
                _unname(Agreement.objects.filter(**{f"{side}_email__iexact": address}), side)
        ConditionReport.objects.filter(author=user).update(lender_name="")
        ConditionReport.objects.filter(loan__contact=user).update(borrower_name="")
        DamageCase.objects.filter(answered_by=user).update(answer="")
        # Signed on the device of somebody else, the name is theirs all the same, whoever confirmed it.
        Transfer.objects.filter(Q(giver=user) | Q(giving__contact=user)).update(giver_name="")
        Transfer.objects.filter(Q(receiver=user) | Q(receiving__contact=user)).update(receiver_name="")
        Agreement.objects.filter(loan__contact=user, loan__actor=None).delete()
