"""Condition reports as they are read, and what is still to be reported."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from maillage.core.viewer import Viewer
from maillage.loans.enums import OPEN_CASES, Outcome, ReportKind
from maillage.loans.models import ConditionReport, DamageCase, Loan, LoanUnit, ReportedUnit, ReportPhoto
from maillage.loans.registry import FOUND_LATE


def reports_seen_by(viewer: Viewer) -> QuerySet[ConditionReport]:
    """Of the loans that the viewer sees; of a transfer, by both of its loans."""
    loans = Loan.objects.visible_to(viewer)
    given = Exists(loans.filter(pk=OuterRef("loan")))
    received = Exists(loans.filter(pk=OuterRef("transfer__receiving")))
    return ConditionReport.objects.filter(given | received)


def photos_seen_by(viewer: Viewer) -> QuerySet[ReportPhoto]:
    return ReportPhoto.objects.filter(report__in=reports_seen_by(viewer))


def whole(reports: QuerySet[ConditionReport]) -> QuerySet[ConditionReport]:
    """With all that their page shows, in a bounded number of queries."""
    units = ReportedUnit.objects.select_related("unit__copy__module")
    photos = ReportPhoto.objects.select_related("unit__copy")
    found = reports.select_related(
        "loan__resource__actor",
        "loan__actor",
        "loan__contact",
        "author",
        "transfer__giving__actor",
        "transfer__receiving__actor",
        "transfer__giver",
        "transfer__receiver",
    )
    return found.prefetch_related(Prefetch("units", units), Prefetch("photos", photos))


def report_sent_before(viewer: Viewer, loan: Loan, key: UUID) -> ConditionReport | None:
    """What a device already sent under that key, when only our answer was lost."""
    return ConditionReport.objects.filter(loan=loan, key=key, author=viewer.user_id).first()


def units_to_report(loan: Loan, kind: ReportKind) -> list[LoanUnit]:
    """All of them at its departure, those still away at its return; once back, those of which a damage may be told."""
    if kind == ReportKind.LATER:
        units: QuerySet[LoanUnit] = _found_late(loan)
    else:
        units = loan.units.all() if kind == ReportKind.OUT else loan.units.away()
    return list(units.select_related("copy__module").order_by("copy__label", "pk"))


def _found_late(loan: Loan) -> QuerySet[LoanUnit]:
    """Back for a few days (setting of the network), and not with another since: whose damage it is would be anyone's guess. One with a
    damage still open takes more words and photos."""
    since = timezone.now() - timedelta(days=int(loan.network.setting(FOUND_LATE.name)))
    others = LoanUnit.objects.filter(copy=OuterRef("copy"), left_at__gte=OuterRef("returned_at"))
    fresh = Q(returned_at__gte=since) & ~Q(outcome=Outcome.LOST) & ~Exists(others.exclude(pk=OuterRef("pk")))
    still_open = Exists(DamageCase.objects.filter(unit=OuterRef("pk"), state__in=OPEN_CASES))
    return LoanUnit.objects.filter(fresh | Q(still_open), loan=loan, returned_at__isnull=False)


def reports_of(loan: Loan) -> QuerySet[ConditionReport]:
    """Its own, and that of the transfer which brought it."""
    return ConditionReport.objects.filter(Q(loan=loan) | Q(transfer__receiving=loan)).order_by("made_at", "pk")


def cases_of(loan: Loan) -> QuerySet[DamageCase]:
    return DamageCase.objects.filter(unit__loan=loan).select_related("unit__copy").order_by("pk")


def cases_seen_by(viewer: Viewer) -> QuerySet[DamageCase]:
    seen = DamageCase.objects.filter(unit__loan__in=Loan.objects.visible_to(viewer))
    return seen.select_related("unit__loan__resource__actor", "unit__loan__network", "unit__copy", "report")


def photos_of(case: DamageCase) -> list[ReportPhoto]:
    """Of the copy, in the report which told of it and in those made once it was back."""
    told = Q(report__kind=ReportKind.LATER)
    if case.report_id is not None:
        told |= Q(report=case.report_id)
    return list(
        ReportPhoto.objects.filter(told, unit=case.unit).order_by("report__made_at", "report", "position", "pk")
    )
