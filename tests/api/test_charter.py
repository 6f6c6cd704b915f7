"""The membership of an actor in the API: days that change only when someone acts, and that followers are told of."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.directory.actions import charter
from maillage.directory.models.charter import print_of
from tests.factories.accounts import viewer
from tests.factories.directory import make_actor, make_charter

pytestmark = pytest.mark.django_db


def test_a_program_reads_since_when_and_until_when_an_actor_is_a_member(client, network, admin):
    today, by = timezone.localdate(), viewer(admin, network)
    first = make_charter(network, effective_on=today - timedelta(days=400))
    member, other = make_actor(network, "Musée"), make_actor(network, "Club")
    signed_on = today - timedelta(days=300)
    signer = charter.Signer("Odile Marty", "directrice")
    charter.record_paper(by=by, actor=member, version=first, signer=signer, on=signed_on)
    read = client.get("/api/v1/actors").json()
    assert {item["name"]: item["charter"] for item in read["items"]} == {
        "Musée": {"since": signed_on.isoformat(), "until": None},
        "Club": None,
    }
    assert client.get(f"/api/v1/actors/{other.pk}").json()["charter"] is None
    draft = charter.save_draft(by=by, values={"body": "<p>Autre</p>", "is_major": True})
    charter.publish(by=by, draft=draft, effective_on=today, read=print_of("<p>Autre</p>"))
    changed = client.get("/api/v1/actors", {"since": read["marker"]}).json()
    until = (today + timedelta(days=90)).isoformat()
    assert [(item["name"], item["charter"]["until"]) for item in changed["items"]] == [("Musée", until)]
    assert "Odile" not in client.get("/api/v1/actors").text
