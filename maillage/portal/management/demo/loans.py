"""Loans of the demonstration, over the copies of its catalogue: two years that ended (`lent`), and those of these days, by the acts of
their people, one in each state."""

from datetime import datetime, timedelta
from random import Random

from django.db.models import F
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from maillage.catalogue.enums import FORM_OF, Form, Kind
from maillage.catalogue.models import Resource
from maillage.catalogue.queries.availability import sets_free, whole
from maillage.catalogue.queries.halves import half_of
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.loans import actions
from maillage.loans.enums import LoanState
from maillage.loans.models import Loan
from maillage.networks.models import Network
from maillage.portal.management.demo.lent import PLACES, PURPOSES, fill_past, lent_to_people, person_of
from maillage.portal.management.demo.world import World

_WAITED = 2


def tell_loans(world: World) -> None:
    """Once the catalogue is there."""
    world.chronicle.add(world.chronicle.ago(2, 9), lambda at: fill_loans(world.south, at))


def fill_loans(network: Network, at: datetime) -> None:
    """Nothing where nothing is lent."""
    random = Random(1789)  # noqa: S311  (a demonstration, the same each time)
    loaned = [kind for kind in Kind if FORM_OF[kind] == Form.LOAN]
    found = Resource.objects.shown().filter(network=network, kind__in=loaned, copies__isnull=False).distinct()
    resources = list(found.select_related("actor", "network").order_by("pk"))
    borrowers = list(
        Actor.objects.filter(members__user__is_active=True, listings__network=network, archived_at=None)
        .select_related("commune")
        .distinct()
        .order_by("pk")[:40]
    )
    if not resources or not borrowers:
        return
    fill_past(random, resources, borrowers, at)
    _current(random, network, resources, borrowers, at)
    _wait(network, resources, borrowers, at)
    date_requests(network)


def date_requests(network: Network) -> None:
    """The acts were told of some days ago, the rows made now: a request comes before what became of it."""
    acts = Least("state_at", Coalesce("answered_at", "state_at"), Coalesce("left_at", "state_at"))
    late = Loan.objects.filter(network=network).annotate(acted=acts).filter(created_at__gt=F("acted"))
    for loan in late.order_by("pk"):
        Loan.objects.filter(pk=loan.pk).update(created_at=loan.acted - timedelta(hours=20))


def _current(random: Random, network: Network, resources: list[Resource], borrowers: list[Actor], at: datetime) -> None:
    """One in each state, some in one's own name; what is not free, or may not leave yet, stays where it is."""
    by = Viewer.as_system(network, "Démonstration")
    states = [
        LoanState.ASKED, LoanState.ACCEPTED, LoanState.PREPARED, LoanState.OUT, LoanState.OUT, LoanState.RETURNED,
        LoanState.REFUSED, LoanState.CANCELLED, LoanState.COUNTERED,
    ]  # fmt: skip
    today, to_people = timezone.localdate(at), lent_to_people(resources)
    for rank, state in enumerate(states):
        resource, actor = resources[rank % len(resources)], borrowers[(rank * 5) % len(borrowers)]
        borrower = Viewer(network=network, user=person_of(actor), system=by.system)
        gone = state in (LoanState.OUT, LoanState.RETURNED)
        begins = half_of(today - timedelta(days=0 if gone else -(5 + 2 * rank)))
        try:
            loan = actions.request_loan(
                by=borrower, resource=resource, wanted=whole(resource, 1), first=begins, last=begins + 7,
                actor=None if rank % 4 == 1 and resource.pk in to_people else actor,
                purpose=random.choice(PURPOSES), place=random.choice(PLACES), commune=actor.commune,
                expected=random.randint(2, 30) * 10, at=at,
            )  # fmt: skip
            _bring(by, loan, state, at)
        except Refused:
            continue


def _wait(network: Network, resources: list[Resource], borrowers: list[Actor], at: datetime) -> None:
    """Behind a loan that takes all that there is of a thing, two others who wait for the same days; of two things."""
    by, begins = Viewer.as_system(network, "Démonstration"), half_of(timezone.localdate(at) + timedelta(days=24))
    people: dict[int, tuple[Viewer, Actor]] = {}
    for actor in borrowers:
        if (person := person_of(actor)) is not None:
            people.setdefault(person.pk, (Viewer(network=network, user=person, system=by.system), actor))
    (first, *others), waited = list(people.values()), 0
    for resource in resources:
        count = min(sets_free(resource, begins, begins + 7))
        if not count or not others or waited == _WAITED:
            continue
        asked = {"resource": resource, "wanted": whole(resource, count), "first": begins, "last": begins + 7, "at": at}
        try:
            loan = actions.request_loan(by=first[0], actor=first[1], purpose=PURPOSES[0], place=PLACES[0], **asked)
            actions.accept_loan(by=by, loan=loan, answer="Avec plaisir !", at=at)
        except Refused:
            continue
        asked["wanted"] = whole(resource, 1)
        for rank, (person, actor) in enumerate(others[2 * waited : 2 * waited + 2] or others[:2]):
            actions.join_waiting(by=person, actor=actor, purpose=PURPOSES[rank + 1], commune=actor.commune, **asked)
        waited += 1


def _bring(by: Viewer, loan: Loan, state: LoanState, at: datetime) -> None:
    if state == LoanState.REFUSED:
        actions.refuse_loan(by=by, loan=loan, reason="Promise à une école cette semaine-là.", at=at)
    if state == LoanState.COUNTERED:
        first = loan.first + 28
        actions.counter_loan(by=by, loan=loan, first=first, last=first + 7, answer="Deux semaines plus tard ?", at=at)
    if state in (LoanState.ASKED, LoanState.REFUSED, LoanState.COUNTERED):
        return
    loan = actions.accept_loan(by=by, loan=loan, answer="Avec plaisir !", at=at)
    if state == LoanState.CANCELLED:
        actions.cancel_loan(by=by, loan=loan, reason="La journée est reportée.", at=at)
    if state in (LoanState.ACCEPTED, LoanState.CANCELLED):
        return
    loan = actions.prepare_loan(by=by, loan=loan, at=at)
    if state == LoanState.PREPARED:
        return
    loan = actions.hand_over(by=by, loan=loan, at=at)
    if state == LoanState.RETURNED:
        units = {unit.pk: actions.Back() for unit in loan.units.all()}
        actions.return_units(by=by, loan=loan, units=units, at=at)
