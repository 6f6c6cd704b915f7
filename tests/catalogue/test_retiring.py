"""Offering a resource no more: what is booked of it is shown first, the words of its stub are read as those of a sheet."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue import actions
from maillage.catalogue.engine.halves import Span, half_of
from maillage.catalogue.enums import BookingKind
from maillage.catalogue.models import Resource
from maillage.core.errors import Conflict, Refused
from tests.factories.catalogue import make_resource


def client_of(viewer):
    client = Client(HTTP_HOST="testserver")
    if viewer is not None:
        client.force_login(viewer.user)
    return client


@pytest.fixture
def kit(world):
    return make_resource(world.helene, world.lender, copies=1)


def book(kit, days=30, kind=BookingKind.LOAN):
    first = half_of(timezone.localdate() + timedelta(days=days))
    return actions.occupy(
        resource=kit, kind=kind, span=Span(first, first + 1), wanted={None: 1}, note="École des Lilas"
    )


def test_coming_bookings_are_shown_before_and_stay(world, kit):
    booking = book(kit)
    client, address = client_of(world.helene), reverse("catalogue:resource_retire", args=[kit.pk])
    assert "École des Lilas" in client.get(address).content.decode()
    asked = client.post(address, {"reason": "usée"})
    assert (asked.status_code, "usée" in asked.content.decode()) == (409, True)
    assert client.post(address, {"reason": "usée", "confirme": "1"}).status_code == 302
    kit.refresh_from_db()
    assert (kit.state, list(kit.bookings.all())) == ("retired", [booking])


def test_what_is_over_and_upkeep_ask_for_no_confirmation(world, kit):
    book(kit, -30)
    book(kit, 30, BookingKind.UPKEEP)
    assert actions.retire_resource(by=world.helene, resource=kit).state == "retired"


def test_the_kind_of_what_is_booked_does_not_change(world, kit):
    book(kit)
    client = client_of(world.helene)
    address = reverse("catalogue:resource_edit_step", args=[kit.pk, "essentiel"])
    form = client.get(address).context["form"]
    data = {
        "vu": form.vu,
        "kind": "exposition",
        "title": kit.title,
        "actor": str(world.lender.pk),
        "summary": kit.summary,
    }
    answer = client.post(address, data)
    assert (answer.status_code, "sa nature ne change pas" in str(answer.context["form"].errors["kind"])) == (409, True)
    assert Resource.objects.get(pk=kit.pk).kind == "malle"


def test_the_kind_of_what_served_changes_within_what_is_lent(world, kit):
    book(kit, -30)
    actions.edit_resource(by=world.helene, resource=kit, fields={"kind": "exposition"}, seen=None)
    with pytest.raises(Refused):
        actions.edit_resource(by=world.helene, resource=kit, fields={"kind": "methode"}, seen=None)


def stub(kit):
    answer = client_of(None).get(kit.get_absolute_url())
    assert answer.status_code == 410
    return answer.content.decode()


def test_the_reason_of_an_editor_is_told_once_the_team_has_read_it(world, kit):
    actions.retire_resource(by=world.igor, resource=kit, reason="Allez voir ailleurs")
    assert "Allez voir ailleurs" not in stub(kit)
    assert client_of(world.team).get(reverse("directory:queue")).content.decode().count(kit.title)
    address = reverse("catalogue:reason_answer", args=[kit.pk])
    assert client_of(world.igor).post(address, {"motif": "Allez voir ailleurs"}).status_code == 403
    client_of(world.team).post(address, {"motif": "Allez voir ailleurs", "acte": "montrer"})
    assert "Allez voir ailleurs" in stub(kit)
    with pytest.raises(Conflict):
        actions.answer_reason(by=world.team, resource=kit, reason="Allez voir ailleurs", kept=False)


def test_the_team_may_erase_it(world, kit):
    actions.retire_resource(by=world.igor, resource=kit, reason="Injures")
    actions.answer_reason(by=world.team, resource=kit, reason="Injures", kept=False)
    assert "Injures" not in stub(kit)


def test_who_publishes_at_once_is_believed(world, kit):
    actions.retire_resource(by=world.helene, resource=kit, reason="Elle est usée")
    assert "Elle est usée" in stub(kit)


def test_the_title_of_a_stub_is_the_one_that_everyone_read(world, kit):
    actions.retire_resource(by=world.helene, resource=kit)
    actions.edit_resource(by=world.igor, resource=kit, fields={"title": "Titre lu de personne"}, seen=None)
    assert "Titre lu de personne" not in stub(kit)
    assert "Malle à eau" in stub(kit)
    actions.edit_resource(by=world.helene, resource=kit, fields={"title": "Titre de la responsable"}, seen=None)
    assert "Titre de la responsable" in stub(kit)
