"""Who writes resources, what the team reads first, what becomes of them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from maillage.catalogue import actions, rules
from maillage.catalogue.actions import Taken, occupy
from maillage.catalogue.engine.halves import Span, half_of
from maillage.catalogue.enums import BookingKind, CopyState
from maillage.catalogue.models import Closure, Copy, Hold, Resource, ResourceTombstone
from maillage.catalogue.queries.availability import sets_free
from maillage.catalogue.queries.clashes import broken_by_closure, broken_by_hours
from maillage.catalogue.registry import REVIEW
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import Viewer
from tests.factories.catalogue import make_resource

MONDAY = date(2030, 1, 7)
ZERO = half_of(MONDAY)


def fresh(resource):
    return Resource.objects.get(pk=resource.pk)


def book(resource, first, last, wanted=None, **around):
    span = Span(ZERO + first, ZERO + last, **around)
    return occupy(resource=resource, kind=BookingKind.LOAN, span=span, wanted=wanted or {None: 1})


def test_who_is_responsible_for_the_sheet_publishes_at_once_and_an_editor_is_read_first(world):
    assert make_resource(world.helene, world.lender, state="proposed").state == "published"
    assert make_resource(world.igor, world.lender, "Loupes", state="proposed").state == "proposed"


def test_a_network_may_read_those_who_are_responsible_too(world):
    world.network.settings = {**world.network.settings, REVIEW.name: True}
    world.network.save()
    assert make_resource(world.helene, world.lender, state="proposed").state == "proposed"


def test_nobody_offers_in_the_name_of_an_actor_of_others(world):
    with pytest.raises(Refused):
        make_resource(world.nadia, world.lender)


def test_what_an_editor_changes_of_what_everyone_finds_is_read_by_the_team_first(world):
    resource = make_resource(world.helene, world.lender)
    actions.edit_resource(by=world.igor, resource=resource, fields={"title": "Malle à feu"}, seen=None)
    assert fresh(resource).state == "proposed"
    assert not Resource.objects.visible_to(world.visitor).exists()
    actions.publish_resource(by=world.team, resource=resource)
    assert Resource.objects.visible_to(world.visitor).get().title == "Malle à feu"


def test_what_who_is_responsible_changes_is_found_at_once(world):
    resource = make_resource(world.helene, world.lender)
    actions.edit_resource(by=world.helene, resource=resource, fields={"surface": 12}, seen=None)
    assert (fresh(resource).state, fresh(resource).surface) == ("published", 12)


def test_a_refusal_says_why_and_what_was_refused_is_read_again(world):
    resource = make_resource(world.igor, world.lender, state="proposed")
    with pytest.raises(Refused):
        actions.refuse_resource(by=world.team, resource=resource, code="unclear", reason=" ")
    actions.refuse_resource(by=world.team, resource=resource, code="unclear", reason="Dites la surface.")
    assert (fresh(resource).state, fresh(resource).reason) == ("refused", "Dites la surface.")
    assert actions.submit_resource(by=world.helene, resource=resource).state == "proposed"


def test_the_team_publishes_what_it_read_and_nothing_written_since(world):
    resource = make_resource(world.igor, world.lender, state="proposed")
    with pytest.raises(Conflict):
        actions.publish_resource(by=world.team, resource=resource, seen="autre chose")


def test_a_document_without_a_licence_is_not_published(world):
    with pytest.raises(Refused):
        make_resource(world.helene, world.lender, kind="methode", licence="")


def test_what_everyone_found_leaves_a_tombstone_which_goes_when_it_comes_back(world):
    resource = make_resource(world.helene, world.lender)
    actions.retire_resource(by=world.helene, resource=resource)
    assert ResourceTombstone.objects.get().uid == resource.uid
    assert actions.submit_resource(by=world.helene, resource=resource).state == "published"
    assert not ResourceTombstone.objects.exists()


def test_a_draft_goes_with_its_copies_and_what_was_published_does_not(world):
    draft = make_resource(world.helene, world.lender, state="draft", copies=2)
    actions.delete_resource(by=world.helene, resource=draft)
    assert not Copy.objects.exists()
    with pytest.raises(Refused):
        actions.delete_resource(by=world.helene, resource=make_resource(world.helene, world.lender))


def test_an_actor_does_not_change_under_what_is_booked(world):
    resource = make_resource(world.helene, world.lender, copies=1)
    book(resource, 0, 1)
    with pytest.raises(Refused):
        actions.edit_resource(
            by=Viewer.as_system(world.network, "essai"), resource=resource, fields={"actor": world.other}, seen=None
        )


# --- stock --------------------------------------------------------------------------------------------------------------


def test_copies_come_several_at_once_and_their_labels_go_on(world):
    resource = make_resource(world.helene, world.lender)
    actions.add_copies(by=world.helene, resource=resource, number=2, label="Malle")
    actions.add_copies(by=world.helene, resource=resource, number=2, label="Malle")
    assert sorted(resource.copies.values_list("label", flat=True)) == ["Malle 1", "Malle 2", "Malle 3", "Malle 4"]


def test_the_first_module_takes_the_copies_that_are_there(world):
    resource = make_resource(world.helene, world.lender, kind="exposition", copies=1)
    module = actions.save_module(
        by=world.helene, resource=resource, fields={"title": "Panneau", "surface": 9, "details": ""}
    )
    assert resource.copies.get().module == module
    with pytest.raises(Refused):
        actions.remove_module(by=world.helene, module=module)


def test_a_copy_in_upkeep_is_not_free_and_what_was_promised_of_it_goes_to_another(world):
    resource = make_resource(world.helene, world.lender, copies=2)
    booking = book(resource, 0, 3)
    copy = booking.holds.get().copy
    upkeep = actions.begin_upkeep(by=world.helene, copy=copy, first_on=MONDAY, last_on=MONDAY + timedelta(days=1))
    assert sets_free(resource, ZERO, ZERO + 5) == [0, 0, 0, 0, 2, 2]
    assert booking.holds.get().copy != copy
    assert Hold.objects.get(booking=upkeep).copy == copy


def test_the_last_copy_that_is_promised_is_not_put_in_upkeep(world):
    resource = make_resource(world.helene, world.lender, copies=1)
    book(resource, 0, 3)
    with pytest.raises(Taken):
        actions.begin_upkeep(by=world.helene, copy=resource.copies.get(), first_on=MONDAY, last_on=MONDAY)
    assert Hold.objects.count() == 1


def test_upkeep_ends_when_it_is_over(world):
    resource = make_resource(world.helene, world.lender, copies=1)
    today = timezone.localdate()
    upkeep = actions.begin_upkeep(
        by=world.helene,
        copy=resource.copies.get(),
        first_on=today + timedelta(days=1),
        last_on=today + timedelta(days=9),
    )
    actions.end_upkeep(by=world.helene, booking=upkeep)
    assert not Hold.objects.exists()


def test_what_is_promised_of_a_copy_that_breaks_goes_to_another(world):
    resource = make_resource(world.helene, world.lender, copies=2)
    booking = book(resource, 0, 3)
    copy = booking.holds.get().copy
    fields = {"label": copy.label, "where": "", "state": CopyState.DAMAGED, "state_note": "tombée"}
    actions.edit_copy(by=world.helene, copy=copy, fields=fields)
    assert booking.holds.get().copy != copy


def test_a_kit_holds_no_kit_and_what_is_booked_does_not_change_what_it_holds(world):
    kit = make_resource(world.helene, world.lender, copies=1).copies.get()
    part = make_resource(world.helene, world.lender, "Loupe", kind="materiel", copies=1).copies.get()
    component = actions.put_in(by=world.helene, kit=kit, part=part)
    with pytest.raises(Refused):
        actions.put_in(by=world.helene, kit=part, part=kit)
    book(kit.resource, 0, 1)
    with pytest.raises(Refused):
        actions.take_out(by=world.helene, component=component)


# --- lenders ------------------------------------------------------------------------------------------------------------


def test_a_closure_says_which_bookings_leave_or_come_back_during_it(world):
    resource = make_resource(world.helene, world.lender, copies=3)
    out, back, across = book(resource, 0, 8), book(resource, -4, 1), book(resource, -4, 8)
    clashes = broken_by_closure(world.network, world.lender, MONDAY, MONDAY + timedelta(days=1), ZERO - 100)
    assert {(clash.booking.pk, clash.out, clash.back) for clash in clashes} == {
        (out.pk, True, False), (back.pk, False, True),
    }  # fmt: skip
    assert across.pk not in {clash.booking.pk for clash in clashes}


def test_other_hours_say_which_bookings_they_break(world):
    resource = make_resource(world.helene, world.lender, copies=1)
    booking = book(resource, 0, 8)
    assert broken_by_hours(world.network, world.lender, range(10), ZERO - 100) == []
    (clash,) = broken_by_hours(world.network, world.lender, [0], ZERO - 100)
    assert (clash.booking, clash.out, clash.back) == (booking, False, True)


def test_nothing_is_closed_before_its_lender_has_seen_what_it_breaks(world, client):
    book(make_resource(world.helene, world.lender, copies=1), 0, 8)
    client.force_login(world.helene.user)
    address = f"/catalogue/preteurs/{world.lender.pk}/fermetures/"
    days = {"first_on": "2030-01-07", "last_on": "2030-01-08"}
    page = client.post(address, days)
    assert (page.status_code, Closure.objects.count()) == (409, 0)
    assert "Malle à eau" in page.content.decode()
    assert client.post(address, {**days, "confirme": "1"}).status_code == 302
    assert Closure.objects.count() == 1


def test_only_the_people_of_a_lender_and_the_team_say_on_what_terms_it_lends(world):
    assert [bool(rules.may_lend(who, world.lender)) for who in (world.helene, world.igor, world.team, world.nadia)] == [
        True, True, True, False,
    ]  # fmt: skip
