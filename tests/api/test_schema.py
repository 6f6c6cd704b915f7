"""The schema is the contract: committed, compared, and tried by a fuzzer."""

import json
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from maillage.accounts.models import ApiToken, Role, User, hashed
from maillage.agenda.queries.calendar import Schedule
from maillage.api.root import api
from maillage.core.viewer import RoleKind
from tests.factories.agenda import make_event, slot, weekly
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.publications import make_person, make_publication

SNAPSHOT = Path(__file__).parents[2] / "docs/api/openapi.json"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

contract = schemathesis.openapi.from_dict(api.get_openapi_schema())


def test_the_committed_schema_is_the_programs():
    """When it should change: `python manage.py export_openapi --write`."""
    assert json.loads(SNAPSHOT.read_text()) == json.loads(json.dumps(api.get_openapi_schema(), default=str))


@pytest.fixture
def server(transactional_db, live_server):
    """The real server, with a network, three actors, an event and a publication, and a token that may write."""
    network = make_network(host="localhost")
    user = User.objects.create_user("animation@exemple.fr")
    Role.objects.create(user=user, network=network, kind=RoleKind.NETWORK_ADMIN)
    ApiToken.objects.create(
        user=user, network=network, name="essai", token_hash=hashed("jeton"), scopes=["read", "write"]
    )
    for number in range(3):
        make_actor(network, f"Acteur {number}", commune=make_commune(), terms=[make_term()])
    make_event(
        network, organisers=[make_actor(network)], terms=[make_term()], schedule=Schedule((slot(),), (weekly(),))
    )
    make_publication(make_person(network, "Nadia Ferrand"))
    return live_server.url


@contract.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_makes_the_api_break_its_word(case, server):
    case.call_and_validate(headers={"Authorization": "Bearer jeton"}, base_url=server, checks=CHECKS)
