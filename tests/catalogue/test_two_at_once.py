"""Two people at once, the same thing twice, and numbers that no column holds: said in words, never an error of the site."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue import actions
from maillage.catalogue.engine.halves import Span, half_of
from maillage.catalogue.enums import BookingKind, CopyState
from maillage.catalogue.forms.steps import PublicForm
from maillage.catalogue.models import Consumable, Module
from maillage.catalogue.queries.availability import endangered
from maillage.core.errors import Conflict, Refused
from tests.factories.catalogue import make_resource
from tests.factories.stock import make_copies, make_kit, set_state

TODAY = timezone.localdate()


@pytest.fixture
def client(world):
    client = Client(HTTP_HOST="testserver")
    client.force_login(world.helene.user)
    return client


@pytest.fixture
def resource(world):
    return make_resource(world.helene, world.lender, copies=1)


@pytest.mark.parametrize(
    ("name", "more"), [("module_add", {}), ("consumable_add", {"each": "1", "stock": "3", "low": "0"})]
)
def test_the_same_name_twice_is_said_in_the_form(client, resource, name, more):
    address = reverse(f"catalogue:{name}", args=[resource.pk])
    data = {"title": "Panneau 1", **more}
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 422
    assert Module.objects.count() + Consumable.objects.count() == 1


def test_a_group_that_no_column_holds_is_said_in_the_form(world, resource):
    form = PublicForm({"group_max": "50000"}, resource=resource, viewer=world.helene)
    assert not form.is_valid()
    assert "group_max" in form.errors


def test_two_who_move_the_two_ends_of_a_range_are_told(world, resource):
    actions.edit_resource(by=world.helene, resource=resource, fields={"age_min": 12}, seen=None)
    with pytest.raises(Conflict):
        actions.edit_resource(by=world.helene, resource=resource, fields={"age_max": 10}, seen=None)


def test_a_page_that_was_left_open_does_not_give_back_a_lost_copy(world, client, resource):
    copy = resource.copies.get()
    address = reverse("catalogue:copy_edit", args=[copy.pk])
    page = client.get(address)
    data = {"initial-" + each.html_name: each.value() for each in page.context["form"]}
    assert page.content.decode().count('name="initial-') == 4
    set_state(copy, CopyState.LOST)
    client.post(address, {**data, "label": copy.label, "state": "fit", "where": "Cave", "state_note": ""})
    copy.refresh_from_db()
    assert (copy.state, copy.where) == ("lost", "Cave")


def test_a_page_of_a_module_that_was_left_open_gives_back_no_former_name(client, resource):
    module = Module.objects.create(resource=resource, title="Panneau 1", details="Bois")
    address = reverse("catalogue:module_edit", args=[module.pk])
    page = client.get(address)
    data = {"initial-" + each.html_name: each.value() or "" for each in page.context["form"]}
    Module.objects.filter(pk=module.pk).update(title="Panneau d'entrée")
    client.post(address, {**data, "title": "Panneau 1", "surface": "", "details": "Métal"})
    module.refresh_from_db()
    assert (module.title, module.details) == ("Panneau d'entrée", "Métal")


def test_upkeep_that_was_ended_is_over(world, resource):
    booking = actions.begin_upkeep(
        by=world.helene,
        copy=resource.copies.get(),
        first_on=TODAY - timedelta(days=3),
        last_on=TODAY + timedelta(days=9),
    )
    actions.end_upkeep(by=world.helene, booking=booking)
    booking.refresh_from_db()
    assert booking.last <= half_of(TODAY, afternoon=True)
    with pytest.raises(Refused):
        actions.end_upkeep(by=world.helene, booking=booking)


def test_what_was_just_removed_is_said_to_be(world, resource):
    module = actions.save_module(
        by=world.helene, resource=make_resource(world.helene, world.lender, "Autre"),
        fields={"title": "Un", "surface": None, "details": ""},
    )  # fmt: skip
    actions.remove_module(by=world.helene, module=module)
    with pytest.raises(Conflict):
        actions.remove_module(by=world.helene, module=module)


def test_a_lost_part_of_a_kit_that_is_booked_warns(world, resource):
    kit, other = resource.copies.get(), make_resource(world.helene, world.lender, "Loupes")
    (part,) = make_copies(other, 1)
    make_kit(kit, [part])

    begins = half_of(TODAY + timedelta(days=10))
    booking = actions.occupy(resource=resource, kind=BookingKind.LOAN, span=Span(begins, begins + 3), wanted={None: 1})
    set_state(part, CopyState.LOST)
    assert [hold.booking for hold in endangered(other, begins)] == [booking]


def test_one_person_gives_one_opinion_of_a_resource_however_many_days_they_declare(world, resource):
    days = [TODAY - timedelta(days=rank) for rank in (1, 2)]
    first, second = (actions.declare_use(by=world.nadia, resource=resource, used_on=day) for day in days)
    actions.write_feedback(by=world.nadia, use=first, stars=5, words="")
    with pytest.raises(Refused):
        actions.write_feedback(by=world.nadia, use=second, stars=5, words="")
    with pytest.raises(Refused):
        actions.declare_use(by=world.nadia, resource=resource, used_on=TODAY - timedelta(days=4000))


def test_a_kit_that_lacks_a_part_is_not_promised_whole(world, resource):
    kit, other = resource.copies.get(), make_resource(world.helene, world.lender, "Loupes")
    (part,) = make_copies(other, 1)
    make_kit(kit, [part])
    set_state(part, CopyState.LOST)
    begins = half_of(TODAY + timedelta(days=10))
    with pytest.raises(actions.Taken):
        actions.occupy(resource=resource, kind=BookingKind.LOAN, span=Span(begins, begins + 3), wanted={None: 1})
