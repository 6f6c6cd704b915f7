"""Condition reports: what was seen of each copy when it left, came back or went to the next borrower, and what that does to the loan.

One report is one act: its photos, the state of the loan and the cases are written together or not at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from django.core.files.images import get_image_dimensions
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.loans import rules
from maillage.loans.actions.marking import held
from maillage.loans.actions.preparing import hand_over
from maillage.loans.actions.returning import Back, return_units, tell_damage
from maillage.loans.actions.telling import tell_borrower
from maillage.loans.enums import OUTCOME_OF, Condition, Outcome, ReportKind
from maillage.loans.models import ConditionReport, DamageCase, Loan, LoanUnit, ReportedUnit, ReportPhoto, Transfer
from maillage.loans.queries.reports import units_to_report

LONGEST_WAIT = timedelta(days=14)
"""How late a report may reach us and still tell when things happened."""


@dataclass(frozen=True)
class Looked:
    """What was seen of a unit; `photos` are pictures already made clean."""

    condition: Condition = Condition.FIT
    missing: str = ""
    notes: str = ""
    photos: Sequence[ContentFile] = ()

    @property
    def outcome(self) -> Outcome:
        return OUTCOME_OF[self.condition]


@dataclass(frozen=True)
class Signed:
    """Names typed by those who attest the report, "" for a borrower who was not there."""

    lender: str
    borrower: str = ""


@dataclass
class Stored:
    """Photos written so far, taken away again when the rest fails."""

    rows: list[ReportPhoto] = field(default_factory=list)


def file_report(
    *,
    by: Viewer,
    loan: Loan,
    kind: ReportKind,
    key: UUID,
    looked: Mapping[int, Looked],
    signed: Signed,
    notes: str = "",
    made_at: datetime | None = None,
) -> ConditionReport:
    """At its departure the loan leaves, at its return what is reported comes back (LOAN-5); once it is back, what is reported is a damage
    found since. The same `key` again is the report already there: a device that never heard our answer may send it as often as it likes."""
    with photos_or_nothing() as stored, transaction.atomic():
        loan = held(loan)
        if (before := same_report(by, loan, key)) is not None:
            return before
        rules.may_report(by, loan, kind).require()
        _check(looked, signed, kind)
        units = _units(loan, looked, kind)
        at = moment_of(made_at, since=_follows(loan, kind, units.values()))
        report = write_report(by, loan, kind, key, signed, notes, at)
        describe_units(report, units, looked, stored)
        if kind == ReportKind.OUT:
            hand_over(by=by, loan=loan, at=at)
        elif kind == ReportKind.LATER:
            for pk, seen in looked.items():
                tell_damage(by=by, unit=units[pk], back=Back(seen.outcome, said_of(seen)), report=report)
            _tell_found(by, loan, report, units.values())
        else:
            backs = {pk: Back(seen.outcome, said_of(seen)) for pk, seen in looked.items()}
            return_units(by=by, loan=loan, units=backs, at=at)
            link_cases(report, looked)
        record("loan.reported", by=by, subject=loan, details={"report": report.pk}, touch=False)
    return report


def same_report(by: Viewer, loan: Loan, key: UUID) -> ConditionReport | None:
    """Only of the same loan and from the same person: a key guessed or taken opens nothing."""
    found = ConditionReport.objects.filter(key=key).first()
    if found is not None and (found.loan_id != loan.pk or found.author_id != by.user_id):
        raise Conflict(_("Ce constat a déjà été envoyé pour un autre prêt : rechargez la page."))
    return found


def _check(looked: Mapping[int, Looked], signed: Signed, kind: ReportKind) -> None:
    if not signed.lender.strip() or (kind == ReportKind.OUT and not signed.borrower.strip()):
        raise Refused(_("Il manque le nom de qui atteste ce constat."), status=422)
    if kind == ReportKind.LATER and any(seen.outcome == Outcome.FIT for seen in looked.values()):
        raise Refused(_("Dites ce qui ne va pas : un exemplaire en état ne demande pas de constat."), status=422)
    if kind == ReportKind.OUT and any(seen.condition == Condition.LOST for seen in looked.values()):
        raise Refused(_("Ce qui est perdu ne part pas : changez d’exemplaire."), status=422)


def _units(loan: Loan, looked: Mapping[int, Looked], kind: ReportKind) -> dict[int, LoanUnit]:
    found = {unit.pk: unit for unit in units_to_report(loan, kind)}
    if not looked or looked.keys() - found.keys() or (kind == ReportKind.OUT and looked.keys() != found.keys()):
        raise Conflict(_("Les exemplaires de ce prêt ont changé entre-temps : relisez la page du prêt."))
    return {pk: found[pk] for pk in looked}


def _follows(loan: Loan, kind: ReportKind, units: Iterable[LoanUnit]) -> datetime | None:
    """What it cannot have come before."""
    if kind == ReportKind.LATER:
        return max(unit.returned_at for unit in units if unit.returned_at is not None)
    return loan.left_at or loan.state_at


def _tell_found(by: Viewer, loan: Loan, report: ConditionReport, units: Iterable[LoanUnit]) -> None:
    tell_borrower(
        loan, f"damage:{report.pk}", _("Un dommage est constaté après le retour : « %(title)s »"), by=by,
        text=_("%s. Le constat et ses photos sont sur la page du prêt : vous pouvez y répondre.")
        % ", ".join(f"{unit.copy.label} – {unit.get_outcome_display()}" for unit in units),
        said=report.notes[:500],
    )  # fmt: skip


def moment_of(made_at: datetime | None, *, since: datetime | None) -> datetime:
    """When it happened, as the device says, within what may be: never to come, nor before what it follows."""
    now = timezone.now()
    if made_at is None or made_at > now or made_at < now - LONGEST_WAIT:
        return now
    return max(made_at, since) if since is not None else made_at


def write_report(
    by: Viewer,
    loan: Loan,
    kind: ReportKind,
    key: UUID,
    signed: Signed,
    notes: str,
    at: datetime,
    transfer: Transfer | None = None,
) -> ConditionReport:
    lender, borrower = _name(signed.lender), _name(signed.borrower)
    report = ConditionReport(
        loan=loan, transfer=transfer, key=key, kind=kind, author=by.user, made_at=at,
        notes=legible(notes).strip()[:3000], lender_name=lender, borrower_name=borrower,
        lender_signed_at=at if lender else None, borrower_signed_at=at if borrower else None,
    )  # fmt: skip
    report.full_clean()
    report.save()
    return report


def _name(text: str) -> str:
    return " ".join(legible(text).split())[:120]


def said_of(seen: Looked) -> str:
    lacks = _("Il manque : %s.") % seen.missing if seen.missing else ""
    return " ".join(each for each in (lacks, seen.notes) if each)[:300]


def describe_units(
    report: ConditionReport, units: Mapping[int, LoanUnit], looked: Mapping[int, Looked], stored: Stored
) -> None:
    for pk, seen in looked.items():
        row = ReportedUnit(
            report=report, unit=units[pk], outcome=seen.outcome,
            missing=legible(seen.missing).strip()[:300], notes=legible(seen.notes).strip()[:500],
        )  # fmt: skip
        row.full_clean()
        row.save()
        for position, picture in enumerate(seen.photos):
            _keep(report, units[pk], picture, position, stored)


def _keep(report: ConditionReport, unit: LoanUnit, picture: ContentFile, position: int, stored: Stored) -> None:
    """Its key follows from that of the report: a photo sent again is the same."""
    width, height = get_image_dimensions(picture)
    photo = ReportPhoto(
        report=report, unit=unit, key=uuid5(report.key, f"{unit.pk}:{position}"), position=position,
        width=width or 0, height=height or 0,
    )  # fmt: skip
    photo.image.save("photo.webp", picture, save=False)
    stored.rows.append(photo)
    photo.save()


@contextmanager
def photos_or_nothing() -> Iterator[Any]:
    """Whatever fails leaves no file behind."""
    stored = Stored()
    try:
        yield stored
    except BaseException:
        for photo in stored.rows:
            photo.image.delete(save=False)
        raise


def link_cases(report: ConditionReport, looked: Mapping[int, Looked]) -> None:
    """The photos of a damage are those of the report that told of it."""
    DamageCase.objects.filter(unit__in=list(looked), report=None).update(report=report)
