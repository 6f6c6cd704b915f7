"""Two years of loans that ended, written at once: by seasons, most of them well, some late, extended, damaged, lost, cancelled, refused,
left without an answer or handed straight on; those who waited, and what nobody could lend."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from maillage.accounts.models import User
from maillage.catalogue.enums import BookingKind, Borrowers, CopyState
from maillage.catalogue.models import Booking, Component, Copy, Hold, Occupancy, Resource, Use
from maillage.catalogue.queries.halves import day_of, half_of
from maillage.catalogue.queries.lending import terms_of_many
from maillage.directory.models import Actor
from maillage.loans.enums import (
    CaseState,
    ExtensionState,
    LoanState,
    Outcome,
    ReportKind,
    TransferState,
    Unmet,
    WaitingState,
)
from maillage.loans.models import (
    ConditionReport,
    DamageCase,
    Extension,
    Loan,
    LoanLine,
    LoanUnit,
    Transfer,
    UnmetRequest,
    WaitingEntry,
    WaitingLine,
)

PURPOSES = (
    "Semaine des sciences à la médiathèque", "Accueil de loisirs des vacances", "Fête de la science au village", "Projet d'une classe de CM2",
    "Nuit des chercheurs", "Exposition du printemps", "Club du mercredi", "Journée portes ouvertes",
)  # fmt: skip
PLACES = ("Médiathèque", "École du bourg", "Salle des fêtes", "Collège", "Centre de loisirs")
_DAYS = (720, 21)
"""The oldest and the latest that are told, in days before."""
_BY_MONTH = (5, 6, 12, 11, 12, 10, 5, 3, 8, 20, 11, 5)
"""Loans that begin on a hundred days of a month: schools in spring, the Fête de la science in October, little in summer."""
_WAYS = {"well": 64, "late": 10, "extended": 8, "damaged": 4, "on": 3, "cancelled": 6, "refused": 4, "expired": 2}
_WITHOUT = {"cancelled": LoanState.CANCELLED, "refused": LoanState.REFUSED, "expired": LoanState.EXPIRED}
_REASONS = {"cancelled": "La journée est reportée.", "refused": "Promise à une école cette semaine-là.", "expired": ""}


@dataclass
class _Told:
    """Rows to write, each kind at once. `made` are (row, when it was made). `to_people`: what is lent to people in their own name."""

    random: Random
    borrowers: list[Actor]
    to_people: set[int]
    loans: list[Loan] = field(default_factory=list)
    units: list[LoanUnit] = field(default_factory=list)
    lines: list[LoanLine] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    cases: list[DamageCase] = field(default_factory=list)
    entries: list[WaitingEntry] = field(default_factory=list)
    unmet: dict[tuple[Any, ...], UnmetRequest] = field(default_factory=dict)
    given_on: list[tuple[LoanUnit, LoanUnit]] = field(default_factory=list)
    made: list[tuple[Any, datetime]] = field(default_factory=list)

    def lend(self, copy: Copy, first: int, last: int, way: str) -> LoanUnit | None:
        """A loan of that copy, and its unit when it left."""
        random, actor = self.random, self.random.choice(self.borrowers)
        is_alone = copy.resource_id in self.to_people and random.randint(1, 12) == 1
        asked = moment(first) - timedelta(days=random.randint(9, 45), hours=random.randint(0, 6))
        answered = asked + timedelta(hours=random.randint(2, 110))
        left, back = moment(first), moment(last)
        loan = Loan(
            network=copy.resource.network, resource=copy.resource, contact=person_of(actor), first=first, last=last,
            actor=None if is_alone else actor, original_first=first, original_last=last, purpose=random.choice(PURPOSES),
            place=random.choice(PLACES), commune=actor.commune, expected=random.randint(2, 30) * 10,
            booking=Booking(resource=copy.resource, kind=BookingKind.LOAN, first=first, last=last),
        )  # fmt: skip
        self.loans.append(loan)
        self.lines.append(LoanLine(loan=loan, module=copy.module, quantity=1))
        self.made.append((loan, asked))
        if way in _WITHOUT:
            loan.state, loan.reason = _WITHOUT[way], _REASONS[way]
            loan.answered_at = None if way == "expired" else answered
            loan.state_at = {"expired": asked + timedelta(days=10), "refused": answered}.get(
                way, answered + timedelta(1)
            )
            if way != "cancelled":
                self.lack(loan, Unmet.REFUSED if way == "refused" else Unmet.EXPIRED, asked)
            return None
        if way == "late":
            back += timedelta(days=random.randint(1, 6))
            loan.booking.last = half_of(timezone.localdate(back), afternoon=True)
        if way == "extended":
            loan.original_last, loan.renewed = max(first, last - 4), 1
            self._extend(loan, left)
        loan.answered_at, loan.left_at, loan.returned_at = answered, left, back
        loan.state, loan.state_at = LoanState.CLOSED, back + timedelta(days=1)
        loan.reached = random.randint(2, 32) * 10
        unit = LoanUnit(loan=loan, copy=copy, left_at=left, returned_at=back, outcome=Outcome.FIT)
        self.units.append(unit)
        if way in ("damaged", "lost"):
            self._damage(unit, way)
        return unit

    def _extend(self, loan: Loan, left: datetime) -> None:
        asked = max(left, moment(loan.original_last) - timedelta(days=1))
        row = Extension(
            loan=loan, previous_last=loan.original_last, asked_last=loan.last, reason="Une classe de plus voudrait la voir.",
            asked_by=loan.contact, state=ExtensionState.ACCEPTED, answered_at=asked + timedelta(hours=5),
        )  # fmt: skip
        self.extensions.append(row)
        self.made.append((row, asked))

    def _damage(self, unit: LoanUnit, way: str) -> None:
        is_lost, back = way == "lost", unit.returned_at
        unit.outcome, unit.note = (
            (Outcome.LOST, "Oubliée dans le train") if is_lost else (Outcome.DAMAGED, "Un pied fendu")
        )
        row = DamageCase(
            unit=unit, outcome=unit.outcome, description=unit.note, amount=Decimal(320) if is_lost else Decimal(45),
            state=CaseState.CLAIMED if is_lost else CaseState.SETTLED, closed_at=None if is_lost else back + timedelta(days=18),
            resolution="" if is_lost else "Réparé par le fablab, réglé par l'emprunteur.",
        )  # fmt: skip
        self.cases.append(row)
        self.made.append((row, back))

    def wait(self, loan: Loan, rank: int) -> None:
        """Someone else who wanted the same days, and what came of it."""
        state = (WaitingState.PAST, WaitingState.EXPIRED, WaitingState.DECLINED, WaitingState.WITHDRAWN)[rank % 4]
        actor = self.random.choice([one for one in self.borrowers if one != loan.actor] or self.borrowers)
        joined = moment(loan.first) - timedelta(days=6)
        offered = joined + timedelta(days=2) if state in (WaitingState.EXPIRED, WaitingState.DECLINED) else None
        row = WaitingEntry(
            network=loan.network, resource=loan.resource, actor=actor, contact=person_of(actor), first=loan.first,
            last=loan.last, purpose=self.random.choice(PURPOSES), commune=actor.commune, state=state, offered_at=offered,
        )  # fmt: skip
        self.entries.append(row)
        self.made.append((row, joined))
        self.lack(row, Unmet.WAITED if state == WaitingState.PAST else Unmet.TAKEN, joined)

    def lack(self, wish: Any, reason: Unmet, at: datetime) -> None:
        row = UnmetRequest(
            network=wish.network, resource=wish.resource, territory=wish.commune, actor=wish.actor, user=wish.contact,
            first=wish.first, last=wish.last, reason=reason,
        )  # fmt: skip
        if self.unmet.setdefault((wish.resource.pk, row.user_id, row.first, row.last), row) is row:
            self.made.append((row, at))


def fill_past(random: Random, resources: list[Resource], borrowers: list[Actor], at: datetime) -> None:
    today, told = timezone.localdate(at), _Told(random, borrowers, lent_to_people(resources))
    copies: dict[int, list[Copy]] = {}
    for copy in (
        Copy.objects.filter(resource__in=resources).select_related("resource__network", "module").order_by("pk")
    ):
        copies.setdefault(copy.resource_id, []).append(copy)
    free: dict[int, int] = {}
    for ago in range(*_DAYS, -1):
        day = today - timedelta(days=ago)
        # One or two a day, as often as the month has them.
        for _each in range(2):
            if random.randint(1, 100) <= 2 * _BY_MONTH[day.month - 1]:
                _lend(told, copies[random.choice(resources).pk], free, half_of(day), today - timedelta(days=_DAYS[1]))
    _lose_one(told, copies, free, half_of(today - timedelta(days=45)))
    for rank, unit in enumerate(told.units[5::9]):
        told.wait(unit.loan, rank)
    _write(told)


def _lend(told: _Told, copies: list[Copy], free: dict[int, int], first: int, until: Any) -> None:
    """One that is back by then; a copy leaves again once it was free for a day."""
    random = told.random
    copy, last = random.choice(copies), first + random.choice([3, 5, 9, 13, 19])
    way = random.choices(list(_WAYS), list(_WAYS.values()))[0]
    if free.get(copy.pk, 0) > first or day_of(last) >= until:
        return
    unit = told.lend(copy, first, last, way)
    if unit is None:
        return
    free[copy.pk] = unit.loan.booking.last + 3
    if way == "on" and day_of(last + 8) < until:
        after = told.lend(copy, last + 1, last + 8, "well")
        if after is not None:
            after.left_at = after.loan.left_at = unit.returned_at = unit.loan.returned_at = moment(last + 1)
            unit.loan.state_at = max(unit.loan.state_at, moment(last + 1))
            free[copy.pk] = last + 11
            told.given_on.append((unit, after))


def _lose_one(told: _Told, copies: dict[int, list[Copy]], free: dict[int, int], first: int) -> None:
    """One of several that lie in no kit: the others go on being lent."""
    tied = {pk for pair in Component.objects.values_list("kit", "part") for pk in pair}
    for each in copies.values():
        alike = [copy for copy in each if copy.module_id == each[0].module_id]
        spare = [copy for copy in alike if copy.pk not in tied and copy.state == CopyState.FIT]
        spare = [copy for copy in spare if free.get(copy.pk, 0) <= first]
        if len(alike) > 2 and spare:
            told.lend(spare[-1], first, first + 5, "lost")
            Copy.objects.filter(pk=spare[-1].pk).update(state=CopyState.LOST, state_note="Oubliée dans le train")
            return


def _write(told: _Told) -> None:
    bookings = Booking.objects.bulk_create([loan.booking for loan in told.loans])
    for loan, booking in zip(told.loans, bookings, strict=True):
        loan.booking = booking
    Loan.objects.bulk_create(told.loans)
    for rows in (told.units, told.lines, told.extensions, told.cases, told.entries, list(told.unmet.values())):
        _create(rows)
    holds = Hold.objects.bulk_create(
        Hold(
            booking=unit.loan.booking, copy=unit.copy, first=unit.loan.first, last=unit.loan.booking.last, is_fixed=True
        )
        for unit in told.units
    )
    Occupancy.objects.bulk_create(
        Occupancy(hold=hold, copy_id=hold.copy_id, half=half)
        for hold in holds
        for half in range(hold.first, hold.last + 1)
    )
    _create([WaitingLine(entry=entry, quantity=1) for entry in told.entries])
    Use.objects.bulk_create(_use(unit.loan) for unit in told.units)
    for giving, receiving in told.given_on:
        _give_on(told, giving, receiving)
    _date(told.made)


def _create(rows: list[Any]) -> None:
    if rows:
        type(rows[0])._default_manager.bulk_create(rows)


def _use(loan: Loan) -> Use:
    return Use(
        resource=loan.resource, user=loan.contact, actor=loan.actor, booking=loan.booking, used_on=day_of(loan.first),
        commune=loan.commune, reached=loan.reached,
    )  # fmt: skip


def _give_on(told: _Told, giving: LoanUnit, receiving: LoanUnit) -> None:
    """Signed by both on the device of the first; the second confirmed that evening."""
    at, names = receiving.left_at, [one.loan.contact.name if one.loan.contact else "" for one in (giving, receiving)]
    transfer = Transfer.objects.create(
        giving=giving.loan, receiving=receiving.loan, state=TransferState.DONE, planned_for=receiving.loan.first,
        place=told.random.choice(PLACES), done_at=at,
        giver=giving.loan.contact, giver_name=names[0], giver_signed_at=at, giver_confirmed_at=at,
        receiver=receiving.loan.contact, receiver_name=names[1], receiver_signed_at=at,
        receiver_confirmed_at=at + timedelta(hours=5),
    )  # fmt: skip
    transfer.units.set([giving])
    report = ConditionReport.objects.create(
        loan=giving.loan, transfer=transfer, key=uuid5(NAMESPACE_URL, f"remise:{giving.loan_id}"),
        kind=ReportKind.TRANSFER, author=giving.loan.contact, made_at=at,
    )  # fmt: skip
    report.units.create(unit=giving, outcome=Outcome.FIT)
    told.made += [(transfer, at - timedelta(days=3)), (report, at)]


def _date(made: Iterable[tuple[Any, datetime]]) -> None:
    """The rows were made now: they say when they would have been."""
    by_model: dict[Any, list[Any]] = {}
    for row, at in made:
        row.created_at = at
        by_model.setdefault(type(row), []).append(row)
    for model, rows in by_model.items():
        model._default_manager.bulk_update(rows, ["created_at"])


def lent_to_people(resources: list[Resource]) -> set[int]:
    terms = terms_of_many(resources[0].network, resources) if resources else {}
    return {pk for pk, said in terms.items() if said.borrowers == Borrowers.ANYONE}


def moment(half: int) -> datetime:
    day = datetime.combine(day_of(half), datetime.min.time(), timezone.get_current_timezone())
    return day + timedelta(hours=9 if half % 2 == 0 else 15)


def person_of(actor: Actor) -> User | None:
    member = actor.members.filter(user__is_active=True).select_related("user").order_by("pk").first()
    return member.user if member is not None else None
