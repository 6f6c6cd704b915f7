"""Tables of the loans."""

from maillage.loans.models.changes import Extension, Transfer
from maillage.loans.models.loans import Loan, LoanLine, LoanQuerySet, LoanUnit, Told
from maillage.loans.models.papers import Agreement, AgreementText, LoanDocument
from maillage.loans.models.reports import ConditionReport, DamageCase, ReportedUnit, ReportPhoto
from maillage.loans.models.waiting import CalendarKey, Suspension, UnmetRequest, WaitingEntry, WaitingLine

__all__ = [
    "Agreement",
    "AgreementText",
    "CalendarKey",
    "ConditionReport",
    "DamageCase",
    "Extension",
    "Loan",
    "LoanDocument",
    "LoanLine",
    "LoanQuerySet",
    "LoanUnit",
    "ReportPhoto",
    "ReportedUnit",
    "Suspension",
    "Told",
    "Transfer",
    "UnmetRequest",
    "WaitingEntry",
    "WaitingLine",
]
