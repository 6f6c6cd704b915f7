"""Nobody sees or does what the rules do not give: each line of the table is tried as each role."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from tests.access.table import LOGIN, ROLES, Line, filled, line, lines, urls


def answer(world: SimpleNamespace, tried: Line, role: str, host: str) -> int | str:
    """The status that `tried` answers to `role` on `host`; what it changed is undone."""
    with transaction.atomic():
        address = tried.path or reverse(tried.name, kwargs=filled(tried.args, world))
        data = filled(tried.data, world)
        client = Client(HTTP_HOST=host)
        if world.users[role] is not None:
            client.force_login(world.users[role])
        if tried.query:
            address += f"?{tried.query}"
        response = getattr(client, tried.method)(address, data or None, headers=tried.headers)
        if response.streaming:
            b"".join(response.streaming_content)
            # Not response.close(): it announces the end of the request, on which Django closes the test's connection.
            if getattr(response, "file_to_stream", None) is not None:
                response.file_to_stream.close()
        transaction.set_rollback(True)
    cache.clear()  # What counts too much of one thing: each role comes first.
    if response.status_code == 302 and response["Location"].startswith(resolve_url(settings.LOGIN_URL)):
        return LOGIN
    return response.status_code


def test_every_url_has_a_line():
    missing = sorted(set(urls()) - {each.name for each in lines()})
    assert missing == [], "à décrire dans tests/access/<app>.py"


def test_every_line_is_a_url():
    assert sorted({each.name for each in lines()} - set(urls())) == []


# Of those who get the same answer, the one to whom the page shows most.
_SHOWN_MOST = ["network_admin", "representative", "animator", "member", *ROLES]


def tried_roles(tried: Line) -> list[str]:
    """Every role; on PostgreSQL one for each answer: who may what depends on no database, what a page asks of it does."""
    if connection.vendor == "sqlite":
        return ROLES
    return list({tried.expected[role]: role for role in reversed(_SHOWN_MOST)}.values())


@pytest.mark.parametrize("tried", lines(), ids=str)
def test_each_role_gets_what_the_table_says(world, tried):
    asked = tried_roles(tried)
    answered = {role: answer(world, tried, role, world.network.host) for role in asked}
    assert answered == {role: tried.expected[role] for role in asked}


def test_every_answer_of_the_table_is_tried_on_every_database():
    for each in lines():
        assert {each.expected[role] for role in tried_roles(each)} == set(each.expected.values())


@pytest.mark.parametrize("tried", [each for each in lines() if each.elsewhere is not None], ids=str)
def test_an_object_of_a_network_does_not_exist_in_another(world, tried):
    assert answer(world, tried, "other_network", world.other_network.host) == tried.elsewhere


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"])
def test_no_page_answers_to_a_method_that_it_does_not_have(world, method):
    client = Client(HTTP_HOST=world.network.host)
    client.force_login(world.users["network_admin"])
    addresses = {each.path or reverse(each.name, kwargs=filled(each.args, world)) for each in lines()}
    pages = sorted(address for address in addresses if not address.startswith("/api/"))
    assert len(pages) > 100
    assert {address: code for address in pages if (code := client.generic(method, address).status_code) != 405} == {}


def test_an_unknown_host_is_refused(client, db):
    assert client.get("/", headers={"host": "evil.exemple.test"}).status_code == 400


def test_a_line_that_forgets_a_role_is_refused():
    with pytest.raises(ValueError, match="no status for"):
        line("healthz", member=200)
