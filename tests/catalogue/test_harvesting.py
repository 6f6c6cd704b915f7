"""OAI-PMH 2.0: what each verb answers, its errors, whole walks with what left."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from django.test import Client

from maillage.catalogue import actions
from maillage.catalogue.models import Resource, ResourceTombstone
from maillage.catalogue.queries import harvesting
from tests.factories.catalogue import make_resource

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


def ask(**arguments):
    """The root of the answer, whose frame is that of the protocol: date, request, then one element."""
    answer = Client(HTTP_HOST="testserver").get("/oai", {name.rstrip("_"): value for name, value in arguments.items()})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(answer.content)
    assert root.tag == f"{OAI}OAI-PMH"
    date, request, body = root
    assert (date.tag, request.tag) == (f"{OAI}responseDate", f"{OAI}request")
    assert STAMP.match(date.text)
    assert request.text.endswith("/oai")
    return body


def error(**arguments):
    body = ask(**arguments)
    assert body.tag == f"{OAI}error"
    return body.get("code")


def walk(verb="ListRecords", **arguments):
    """All the headers of a walk, page after page."""
    headers, body = [], ask(verb=verb, metadataPrefix="oai_dc", **arguments)
    while True:
        headers += list(body.iter(f"{OAI}header"))
        token = body.find(f"{OAI}resumptionToken")
        if token is None or not token.text:
            return headers
        body = ask(verb=verb, resumptionToken=token.text)


def identifiers(headers):
    return [header.find(f"{OAI}identifier").text.rpartition(":")[2] for header in headers]


def test_it_says_what_it_is(world):
    body = ask(verb="Identify")
    assert [child.tag.removeprefix(OAI) for child in body] == [
        "repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp", "deletedRecord", "granularity",
    ]  # fmt: skip
    assert body.find(f"{OAI}deletedRecord").text == "persistent"
    assert body.find(f"{OAI}protocolVersion").text == "2.0"


def test_a_record_is_told_in_dublin_core(world):
    resource = make_resource(world.helene, world.lender, "Guide & carnet", kind="methode")
    body = ask(verb="GetRecord", identifier=f"oai:testserver:{resource.uid}", metadataPrefix="oai_dc")
    told = {(child.tag.removeprefix(DC), child.text) for child in body.iter() if child.tag.startswith(DC)}
    assert {
        ("title", "Guide & carnet"), ("creator", "Planétarium du Lez"), ("type", "Text"), ("language", "fr"),
        ("rights", "https://creativecommons.org/licenses/by/4.0/"),
    } <= told  # fmt: skip
    assert any(name == "identifier" and text.endswith(resource.get_absolute_url()) for name, text in told)


def test_formats_and_sets_are_listed(world):
    resource = make_resource(world.helene, world.lender)
    assert ask(verb="ListMetadataFormats")[0].find(f"{OAI}metadataPrefix").text == "oai_dc"
    assert len(ask(verb="ListMetadataFormats", identifier=f"oai:testserver:{resource.uid}")) == 1
    assert [each.find(f"{OAI}setSpec").text for each in ask(verb="ListSets")] == ["document", "pret", "venue"]
    make_resource(world.helene, world.lender, "Guide", kind="methode")
    assert identifiers(walk(set="pret")) == [resource.uid]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Steal"}, "badVerb"),
        ({"verb": "Identify", "x": "1"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "hier"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2027-01-02", "until": "2027-01-01"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2020-01-01", "until": "2027-01-01T00:00:00Z"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "resumptionToken": "x"}, "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:testserver:rien"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": "oai:ailleurs:rien"}, "idDoesNotExist"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": "1999-01-01"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "autre"}, "noRecordsMatch"),
    ],
)  # fmt: skip
def test_each_error_of_the_protocol(world, arguments, code):
    make_resource(world.helene, world.lender)
    assert error(**arguments) == code


def test_an_argument_given_twice_is_an_error(world):
    answer = Client(HTTP_HOST="testserver").get("/oai?verb=Identify&verb=Identify")
    assert b'code="badVerb"' in answer.content


def test_a_walk_meets_each_record_once_whatever_the_size_of_its_pages(world, monkeypatch):
    monkeypatch.setattr(harvesting, "PER_PAGE", 2)
    made = [make_resource(world.helene, world.lender, f"Malle {number}") for number in range(5)]
    gone = make_resource(world.helene, world.lender, "Partie")
    actions.retire_resource(by=world.helene, resource=gone)
    for verb in ("ListRecords", "ListIdentifiers"):
        headers = walk(verb)
        assert sorted(identifiers(headers)) == sorted([gone.uid, *(each.uid for each in made)])
        assert [header.get("status") for header in headers].count("deleted") == 1


def test_what_changes_during_a_walk_is_met_again_at_its_end(world, monkeypatch):
    monkeypatch.setattr(harvesting, "PER_PAGE", 2)
    first, *_others = [make_resource(world.helene, world.lender, f"Malle {number}") for number in range(4)]
    body = ask(verb="ListIdentifiers", metadataPrefix="oai_dc")
    actions.edit_resource(by=world.helene, resource=first, fields={"title": "Changée"}, seen=None)
    rest = []
    while (token := body.find(f"{OAI}resumptionToken")) is not None and token.text:
        body = ask(verb="ListIdentifiers", resumptionToken=token.text)
        rest += identifiers(body.iter(f"{OAI}header"))
    assert first.uid in rest
    assert len(rest) == len(set(rest)) == 3


def test_dates_narrow_what_is_told_to_the_second_and_to_the_day(world):
    old, new = make_resource(world.helene, world.lender, "Vieille"), make_resource(world.helene, world.lender, "Neuve")
    at = datetime(2025, 6, 15, 12, tzinfo=UTC)
    Resource.objects.filter(pk=old.pk).update(updated_at=at)
    assert identifiers(walk(until="2025-06-15")) == [old.uid]
    assert identifiers(walk(until="2025-06-15T12:00:00Z")) == [old.uid]
    assert identifiers(walk(from_="2025-06-16")) == [new.uid]
    assert error(verb="ListRecords", metadataPrefix="oai_dc", until="2025-06-15T11:59:59Z") == "noRecordsMatch"
    assert STAMP.match(walk()[0].find(f"{OAI}datestamp").text)


def test_what_left_is_told_for_ever_and_what_nobody_found_never(world):
    resource = make_resource(world.helene, world.lender)
    make_resource(world.igor, world.lender, "Proposée", state="proposed")
    actions.hide_resource(by=world.team, resource=resource)
    assert ResourceTombstone.objects.count() == 1
    body = ask(verb="GetRecord", identifier=f"oai:testserver:{resource.uid}", metadataPrefix="oai_dc")
    assert body[0][0].get("status") == "deleted"
    assert body[0].find(f"{OAI}metadata") is None
    assert identifiers(walk()) == [resource.uid]
