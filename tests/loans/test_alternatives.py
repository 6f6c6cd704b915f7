"""What is offered instead of what is taken: only what the same request would get."""

import pytest

from maillage.catalogue.enums import Borrowers
from maillage.catalogue.models import Closure
from maillage.core.errors import Refused
from maillage.loans import actions
from maillage.loans.queries.terms import Asked, look_alikes
from tests.factories.directory import make_actor, make_commune, make_term
from tests.factories.loans import ask, day_in, easy_terms, make_resource, morning


@pytest.fixture
def crowd(world):
    """Of each reason to refuse, a lender with a kit like the one that is taken."""
    world.kits = {}

    def lender(name, *, copies=2, kind="malle", **terms):
        actor = make_actor(world.network, f"Prêteur {name}")
        easy_terms(world.network, actor, **terms)
        world.kits[name] = make_resource(world.network, actor, f"Malle {name}", copies=copies, kind=kind)
        return actor

    lender("ouverte")
    lender("unique", copies=1)
    lender("signataires", borrowers=Borrowers.SIGNATORIES)
    lender("familles", borrowers=Borrowers.FAMILIES)
    lender("structures", borrowers=Borrowers.ACTORS)
    lender("lente", notice_days=30)
    lender("brève", max_days=1)
    lender("tampon", buffer=4)
    Closure.objects.create(
        network=world.network, actor=lender("fermée"), first_on=day_in(10), last_on=day_in(10), reason="Travaux"
    )
    lender("ailleurs")
    world.kits["ailleurs"].zone.add(make_commune("11069", "Ailleurs"))
    lender("occupée", at_once=1)
    ask(world.basile, world.kits["occupée"], first=40, actor=world.borrower)
    ask(world.nadia, world.kits["tampon"], first=14, days=1)
    return world


def offered(world, by, quantity, **values):
    """One after the other, as if each kit were the only other one."""
    asked = Asked(world.kit, {None: quantity}, morning(10), morning(10) + 5, **values)
    found = set()
    for name, kit in world.kits.items():
        others = [other for other in world.kits.values() if other != kit]
        for other in others:
            other.state = "draft"
            other.save(update_fields=["state"])
        if look_alikes(by, asked, day_in(0)):
            found.add(name)
        for other in others:
            other.state = "published"
            other.save(update_fields=["state"])
    return found


def granted(world, by, quantity, **values):
    found = set()
    for name, kit in world.kits.items():
        try:
            loan = actions.request_loan(
                by=by, resource=kit, wanted={None: quantity}, first=morning(10), last=morning(10) + 5, **values
            )
        except Refused:
            continue
        found.add(name)
        actions.cancel_loan(by=by, loan=loan)
    return found


@pytest.mark.parametrize("quantity", [1, 2])
def test_what_is_offered_is_what_the_same_request_would_get(crowd, quantity):
    for by, values in ((crowd.nadia, {}), (crowd.basile, {"actor": crowd.borrower})):
        shown = offered(crowd, by, quantity, **values)
        assert shown == granted(crowd, by, quantity, **values)
        assert "ouverte" in shown
        assert "signataires" not in shown


def test_what_comes_on_wheels_is_not_offered_as_a_loan(world):
    theme = make_term()
    lorry = make_resource(world.network, world.lender, "Camion des lumières", kind="vehicule")
    for each in (world.kit, lorry):
        each.terms.add(theme)

    assert look_alikes(world.nadia, Asked(world.kit, {None: 1}, morning(10), morning(11)), day_in(0)) == []
