"""Who is warned that a promised loan is uncertain, and of what: each once, none in the place of another."""

from types import SimpleNamespace

import pytest

from maillage.activity.models import Notice
from maillage.catalogue.actions import Taken, assign, edit_copy
from maillage.catalogue.enums import CopyState
from maillage.catalogue.models import Component, Copy
from maillage.loans import actions
from maillage.loans.enums import Outcome
from tests.factories.loans import ask, make_loan, make_resource, noon_in


def titles(loan, person):
    """Of what a person was told of a loan, on the site, without its resource."""
    told = Notice.objects.filter(user=person.user, channel="site", object_id=loan.pk, content_type__model="loan")
    return [title.partition(":")[0].strip() for title in told.order_by("pk").values_list("title", flat=True)]


def promised(world, by, **values):
    return actions.accept_loan(by=world.louise, loan=ask(by, values.pop("resource", world.kit), **values))


def test_a_loan_that_was_warned_for_its_copy_is_warned_for_the_one_before_too(world):
    late = make_loan(world, state="out", first=0, days=2)
    following = promised(world, world.nadia, first=3)
    copy = Copy.objects.get()
    actions.withdraw_copy(by=world.louise, copy=copy, state=CopyState.DAMAGED)

    for _each in range(2):
        actions.mind_network(world.network, at=noon_in(2))

    assert titles(following, world.nadia).count("Votre prêt est incertain") == 2
    assert titles(following, world.louise).count("Un prêt promis est en danger") == 2
    assert titles(late, world.basile).count("Quelqu'un attend votre retour") == 1


def test_a_loan_that_was_uncertain_still_hears_that_someone_waits_for_its_return(world):
    first = make_loan(world, state="out", first=0, days=1)
    second = promised(world, world.nadia, first=2, days=2)
    actions.mind_network(world.network, at=noon_in(1.3))
    actions.return_units(by=world.louise, loan=first, units={first.units.get().pk: actions.Back()}, at=noon_in(2))
    second = actions.prepare_loan(by=world.louise, loan=second)
    actions.hand_over(by=world.louise, loan=second, at=noon_in(2))
    promised(world, world.basile, first=5, days=1)

    actions.mind_network(world.network, at=noon_in(4))

    assert titles(second, world.nadia).count("Votre prêt est incertain") == 1
    assert titles(second, world.nadia).count("Quelqu'un attend votre retour") == 1


def test_a_loan_that_was_safe_again_is_warned_again(world):
    loan = promised(world, world.nadia)
    copy = Copy.objects.get()
    for state in (CopyState.DAMAGED, CopyState.REPAIR, CopyState.FIT, CopyState.LOST):
        actions.withdraw_copy(by=world.louise, copy=copy, state=state)

    assert titles(loan, world.nadia).count("Votre prêt est incertain") == 2


@pytest.fixture
def kit(world):
    """A kit of Louise's with a telescope that is lent apart too, and a second telescope that lies in none."""
    world.scope = make_resource(world.network, world.lender, "Lunette", copies=2)
    box, part = world.kit.copies.get(), world.scope.copies.first()
    Component.objects.create(kit=box, part=part)
    return SimpleNamespace(box=box, part=part, other=world.scope.copies.last())


def lose(world, loan, outcome):
    unit = loan.units.get()
    actions.return_units(by=world.louise, loan=loan, units={unit.pk: actions.Back(outcome)}, at=noon_in(1))


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.DAMAGED])
def test_a_kit_that_is_lost_or_damaged_warns_those_who_have_its_parts(world, kit, outcome):
    out = make_loan(world, state="out", first=0)
    both = promised(world, world.nadia, resource=world.scope, first=20, quantity=2)

    lose(world, out, outcome)

    assert titles(both, world.nadia).count("Votre prêt est incertain") == 1
    assert titles(both, world.louise).count("Un prêt promis est en danger") == 1


def test_what_lies_in_a_lost_kit_is_promised_no_more_and_goes_to_others(world, kit):
    out = make_loan(world, state="out", first=0)
    one = promised(world, world.nadia, resource=world.scope, first=20)
    hold = one.booking.holds.get()
    assign(hold, kit.part)

    lose(world, out, Outcome.LOST)

    assert one.booking.holds.get().copy == kit.other
    assert "Votre prêt est incertain" not in titles(one, world.nadia)
    with pytest.raises(Taken):
        ask(world.basile, world.scope, first=20)


def test_a_part_that_is_lost_warns_those_who_have_its_kit(world, kit):
    whole = promised(world, world.nadia, first=20)
    out = make_loan(world, state="out", resource=world.scope, first=0, quantity=2)

    units = {unit.pk: actions.Back(Outcome.LOST) for unit in out.units.all()}
    actions.return_units(by=world.louise, loan=out, units=units, at=noon_in(1))

    assert titles(whole, world.nadia).count("Votre prêt est incertain") == 1


def test_a_copy_said_to_be_lost_on_the_page_of_the_stock_warns_too(world):
    loan = promised(world, world.nadia)

    edit_copy(by=world.louise, copy=Copy.objects.get(), fields={"state": CopyState.LOST})

    assert titles(loan, world.nadia).count("Votre prêt est incertain") == 1
