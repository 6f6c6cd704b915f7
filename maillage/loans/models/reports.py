"""Condition reports, written on a phone perhaps without a network; what is done about what came back damaged or did not."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.loans.enums import CaseState, Outcome, ReportKind
from maillage.loans.models.changes import Transfer
from maillage.loans.models.loans import Loan, LoanUnit
from maillage.loans.models.papers import private_storage, random_name


class ConditionReport(Dated):
    """`key` is drawn by the page that writes it: sent twice, it is one report. `made_at` is the time of the device, `created_at` when
    it reached us. Names and accounts of those who signed may be erased, that they did stays."""

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="reports")
    transfer = models.ForeignKey(Transfer, models.PROTECT, null=True, blank=True, related_name="reports")
    key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=8, choices=ReportKind.choices)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(_("établi le"), default=timezone.now)
    notes = models.TextField(_("observations"), max_length=3000, blank=True)
    lender_name = models.CharField(_("pour le prêteur"), max_length=120, blank=True)
    lender_signed_at = models.DateTimeField(null=True, blank=True)
    borrower_name = models.CharField(_("pour l'emprunteur"), max_length=120, blank=True)
    borrower_signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("constat d'état")
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["loan", "kind"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ReportKind.TRANSFER, transfer__isnull=False)
                | (~Q(kind=ReportKind.TRANSFER) & Q(transfer=None)),
                name="loan_report_transfer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} : {self.get_kind_display()}"


class ReportedUnit(models.Model):
    """What a report says of a copy."""

    report = models.ForeignKey(ConditionReport, models.CASCADE, related_name="units")
    unit = models.ForeignKey(LoanUnit, models.CASCADE, related_name="reported")
    outcome = models.CharField(_("état"), max_length=7, choices=Outcome.choices, default=Outcome.FIT)
    missing = models.CharField(_("ce qui manque"), max_length=300, blank=True)
    notes = models.CharField(_("observations"), max_length=500, blank=True)

    class Meta:
        ordering = ["unit"]
        constraints = [models.UniqueConstraint(fields=["report", "unit"], name="loan_reported_unit_once")]

    def __str__(self) -> str:
        return f"{self.report_id} : {self.unit_id}"


class ReportPhoto(Dated):
    """`key` is drawn by the device, as that of the report: a photo sent again is the same. It is re-encoded, without its place."""

    report = models.ForeignKey(ConditionReport, models.CASCADE, related_name="photos")
    unit = models.ForeignKey(LoanUnit, models.SET_NULL, null=True, blank=True, related_name="photos")
    key = models.UUIDField(unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    image = models.FileField(_("photo"), storage=private_storage, upload_to=random_name)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    caption = models.CharField(_("ce qu'elle montre"), max_length=200, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.caption or f"{self.report_id}"


class DamageCase(Dated):
    """What is done about a copy damaged or lost during a loan; `report` told of it. `amount` in euros. `answer` is what its borrower
    says of it."""

    unit = models.ForeignKey(LoanUnit, models.PROTECT, related_name="cases")
    report = models.ForeignKey(ConditionReport, models.SET_NULL, null=True, blank=True, related_name="cases")
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    state = models.CharField(_("suite"), max_length=7, choices=CaseState.choices, default=CaseState.OPEN)
    description = models.TextField(_("ce qui s'est passé"), max_length=2000, blank=True)
    amount = models.DecimalField(_("montant demandé (euros)"), max_digits=10, decimal_places=2, null=True, blank=True)
    resolution = models.CharField(_("comment c'est réglé"), max_length=500, blank=True)
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.TextField(_("réponse de l’emprunteur"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    closed_at = models.DateTimeField(_("clos le"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state__in=[CaseState.OPEN, CaseState.CLAIMED]),
                name="loan_case_one_open",
            ),
            models.CheckConstraint(condition=~Q(outcome=Outcome.FIT), name="loan_case_of_damage"),
            models.CheckConstraint(
                condition=Q(state__in=[CaseState.OPEN, CaseState.CLAIMED], closed_at=None)
                | (Q(state__in=[CaseState.SETTLED, CaseState.DROPPED]) & Q(closed_at__isnull=False)),
                name="loan_case_closed_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} : {self.get_outcome_display()}"
