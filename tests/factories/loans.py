"""Small worlds for the tests of the loans: a lender with a kit or an exhibition, borrowers; made by the real actions where there are any."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from maillage.accounts.models import User
from maillage.accounts.queries import viewer_for
from maillage.catalogue.engine.halves import half_of
from maillage.catalogue.models import Copy, LendingTerms, Module, Resource
from maillage.catalogue.queries.availability import whole
from maillage.core.text import slugged
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory.enums import MemberRole
from maillage.directory.models import Actor, ActorMember
from maillage.loans import actions
from maillage.loans.enums import LoanState
from maillage.loans.models import Loan
from maillage.networks.models import Network
from tests.factories.directory import make_actor, make_commune, make_network
from tests.factories.publications import make_person

_numbers = iter(range(1, 10**9))
EVERY_HALF = list(range(14))


def make_resource(network: Network, actor: Actor, title: str = "", *, copies: int = 1, **fields: Any) -> Resource:
    """Published and lent, with so many copies (of each of `modules`)."""
    title = title or f"Malle {next(_numbers)}"
    modules = fields.pop("modules", [])
    values = {"kind": "malle", "state": "published", "published_at": timezone.now(), "slug": slugged(title)[:100]}
    resource = Resource.objects.create(network=network, actor=actor, title=title, **values | fields)
    made = [Module.objects.create(resource=resource, title=name, position=n) for n, name in enumerate(modules)]
    for module in made or [None]:
        for number in range(1, copies + 1):
            label = f"{module.title if module else 'Ex.'} {number}"
            Copy.objects.create(resource=resource, module=module, label=label)
    return resource


def easy_terms(network: Network, actor: Actor, **fields: Any) -> LendingTerms:
    """Open every half-day, without notice nor buffer, unless told otherwise."""
    values = {
        "open_halves": EVERY_HALF, "notice_days": 0, "max_days": 60, "renewals": 2, "at_once": 50, "buffer": 0,
        "transport": 0, "setup": 0, "needs_agreement": False, **fields,
    }  # fmt: skip
    return LendingTerms.objects.update_or_create(network=network, actor=actor, defaults=values)[0]


def looks_after(viewer: Viewer, actor: Actor) -> None:
    ActorMember.objects.get_or_create(actor=actor, user=viewer.user, defaults={"role": MemberRole.ADMIN})


def day_in(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def morning(days: int) -> int:
    """The half-day of a morning, so many days from now."""
    return half_of(day_in(days))


def noon_in(days: float) -> datetime:
    """Nine o'clock, so many days from now; today it is never to come, whenever the tests run."""
    now = timezone.localtime()
    nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
    return nine + timedelta(days=days) if days else min(nine, now)


def make_loans_world(host: str = "testserver", *, copies: int = 1) -> SimpleNamespace:
    """A network; the musée (Louise) lends a kit; the médiathèque (Basile) and Nadia, alone, borrow; Camille runs the network."""
    network = make_network(host=host)
    lender, borrower = make_actor(network, "Musée des ondes"), make_actor(network, "Médiathèque du Pic")
    Actor.objects.filter(pk=borrower.pk).update(commune=make_commune())
    borrower.refresh_from_db()
    world = SimpleNamespace(
        network=network,
        lender=lender,
        borrower=borrower,
        louise=make_person(network, "Louise Prêt"),
        basile=make_person(network, "Basile Emprunt"),
        nadia=make_person(network, "Nadia Seule"),
        team=make_person(network, "Camille Rey", RoleKind.ANIMATOR),
    )
    looks_after(world.louise, lender)
    looks_after(world.basile, borrower)
    easy_terms(network, lender)
    world.kit = make_resource(network, lender, "Malle lumière", copies=copies)
    return world


def ask(by: Viewer, resource: Resource, *, first: int = 10, days: int = 3, quantity: int = 1, **values: Any) -> Loan:
    """From the morning of a day (in `first` days) for so many days."""
    begins = morning(first)
    wanted = values.pop("wanted", None) or whole(resource, quantity)
    return actions.request_loan(
        by=by, resource=resource, wanted=wanted, first=begins, last=begins + 2 * days - 1, **values
    )


def make_loan(world: Any, *, state: str = "asked", by: Viewer | None = None, **values: Any) -> Loan:
    """Brought to that state by the actions; what left did on its first morning."""
    loan = ask(by or world.basile, values.pop("resource", world.kit), **values)
    if state == LoanState.ASKED:
        return loan
    loan = actions.accept_loan(by=world.louise, loan=loan)
    if state == LoanState.ACCEPTED:
        return loan
    loan = actions.prepare_loan(by=world.louise, loan=loan)
    if state == LoanState.PREPARED:
        return loan
    left = noon_in((loan.first - morning(0)) / 2)
    loan = actions.hand_over(by=world.louise, loan=loan, at=left)
    if state == LoanState.OUT:
        return loan
    units = {unit.pk: actions.Back() for unit in loan.units.all()}
    loan = actions.return_units(by=world.louise, loan=loan, units=units, at=left + timedelta(days=1))
    return loan if state == LoanState.RETURNED else actions.close_loan(by=world.louise, loan=loan, reached=40)


def viewer_of(user: User, network: Network) -> Viewer:
    return viewer_for(user, network)
