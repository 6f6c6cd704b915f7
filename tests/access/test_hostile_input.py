"""No request makes the program fail: strange query strings on every URL of the access table, strange bodies of the API.

What a page reads is learnt from the page itself: names asked of `request.GET` are noted, and each is then given
values that no one types.
"""

import json
import random
import time
from collections.abc import Iterator
from copy import deepcopy
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import ApiToken, hashed
from maillage.directory.models import Actor
from tests.access.table import ROLES, Line, filled, lines

# Encoded as they travel: bytes that are no UTF-8, half a surrogate pair, numbers beyond int and float.
# A NUL is refused before any page sees it: it goes alone (`NUL`), else it would hide the others.
HOSTILE = [
    "%ff%fe%ed%a0%80",
    "9" * 5000,
    "-1",
    "NaN",
    "1e999",
    quote_plus("²٣'\"<>\\{{7*7}}%(x)s{0.__class__}../../\r\n\u202e"),
    "2026-02-31T25:61:61",
]
NUL = "%00a%00"
# Names of columns and of Python: no address may sort, filter or write by them.
STRANGERS = (
    "order_by=user__password&ordering=-pk&name__regex=(a%2B)%2B%24&__class__=1&id=1&pk=1&=&a[b][]=1&%5B%5D=1&;&&"
)
BIG = "e" * 1_000_000
# The strongest first: whoever goes farthest into the page.
STRENGTH = ["network_admin", "platform_admin", "animator", "representative", "member", "anonymous"]


class Asked:
    """The names that views read of a query string or form while `within` is open."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: set[str] = set()
        for method in ("__getitem__", "get", "getlist", "__contains__"):
            monkeypatch.setattr(QueryDict, method, self._noting(getattr(QueryDict, method)))

    def _noting(self, read: Any) -> Any:
        def noting(params: QueryDict, name: str, *rest: Any, **more: Any) -> Any:
            self.names.add(name)
            return read(params, name, *rest, **more)

        return noting

    def taken(self) -> list[str]:
        found, self.names = sorted(self.names - {"csrfmiddlewaretoken"}), set()
        return found


def client_for(world: SimpleNamespace, role: str) -> Client:
    """Someone who has just proved who they are, so that no page sends them away."""
    client = Client(HTTP_HOST=world.network.host)
    if world.users[role] is not None:
        client.force_login(world.users[role])
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time() + 3600}]
        session.save()
    return client


def targets(world: SimpleNamespace, method: str) -> Iterator[tuple[str, Line, str]]:
    """(address, its line, who goes farthest there), each address once; for POST, pages that show a form count."""
    seen = set()
    for each in sorted(lines(), key=lambda line: line.method != method):
        if each.method not in ("get", method):
            continue
        address = each.path or reverse(each.name, kwargs=filled(each.args, world))
        welcome = [role for role in STRENGTH if each.expected[role] in (200, 302, 303, 409, 422)]
        if address not in seen and welcome:
            seen.add(address)
            yield address, each, welcome[0]


def tried(client: Client, method: str, address: str, what: str, **sent: Any) -> list[str]:
    """What went wrong, in words; nothing of what was written stays, and who was signed in still is."""
    cookies = deepcopy(client.cookies)
    try:
        with transaction.atomic():
            response = getattr(client, method)(address, **sent)
            if response.streaming:
                b"".join(response.streaming_content)
            transaction.set_rollback(True)
    except Exception as error:
        return [f"{method} {address} {what[:80]} : {type(error).__name__} {str(error)[:200]}"]
    finally:
        client.cookies = cookies
    return [f"{method} {address} {what[:80]} : {response.status_code}"] if response.status_code >= 500 else []


def test_the_strange_values_cover_every_role():
    assert set(STRENGTH) < set(ROLES)


@pytest.mark.once
def test_no_query_string_makes_a_page_fail(world, monkeypatch):
    asked, faults = Asked(monkeypatch), []
    clients = {role: client_for(world, role) for role in STRENGTH}
    clients["anonymous"].get("/mentions-legales/")
    everywhere = set(asked.taken())
    for address, _, role in targets(world, "get"):
        faults += tried(clients[role], "get", f"{address}?{STRANGERS}", STRANGERS)
        names = [name for name in asked.taken() if name not in everywhere]
        for turn in range(len(HOSTILE) if names else 0):
            spoilt = [(name, HOSTILE[(rank * 5 + turn) % len(HOSTILE)]) for rank, name in enumerate(names)]
            query = "&".join(f"{quote(name)}=1&{quote(name)}={value}" for name, value in spoilt)
            faults += tried(clients[role], "get", f"{address}?{query[:60_000]}", query)
        if names and clients[role].get(f"{address}?{quote(names[0])}={NUL}").status_code != 400:
            faults.append(f"get {address} {NUL} : read")
    assert faults == []


def test_no_body_makes_the_api_fail(world):
    faults = []
    ApiToken.objects.create(
        user=world.users["network_admin"], network=world.network, name="essai", token_hash=hashed("jeton"),
        scopes=["read", "write"],
    )  # fmt: skip
    client = Client(HTTP_HOST=world.network.host, HTTP_AUTHORIZATION="Bearer jeton")
    change, create = reverse("api:change_actor", args=[world.actor.pk]), reverse("api:create_actor")
    fields = ["name", "summary", "website", "themes", "latitude", "commune", "kind", "family", "siret", "address"]
    values = [
        '"\\ud800"',
        '"\\u0000"',
        "1e999",
        "NaN",
        "9" * 5000,
        "[[]]",
        "{}",
        "null",
        "true",
        json.dumps("e" * 100_000),
    ]
    bodies = [f'{{"name": "Musée", "{field}": {value}}}' for field in fields for value in values]
    for body in [*bodies, "", "[" * 50_000, '{"a":' * 5_000, "\ufeff{}", "[]", '"x"', '{"home_network": 2}', BIG]:
        faults += tried(client, "patch", change, body, data=body, content_type="application/json")
    for body in chosen(bodies, 20):
        faults += tried(client, "post", create, body, data=body, content_type="application/json")
    assert faults == []


def chosen(bodies: list[str], count: int) -> list[str]:
    return random.Random(20).sample(bodies, count)


def test_a_filter_or_an_order_that_is_not_offered_is_ignored(world):
    client = Client(HTTP_HOST=world.network.host)
    strange = f"{STRANGERS}&tri=home_network__settings&etat=draft&cercle=1&source=essai&archive=1&provenance=x"
    for address in (reverse("directory:actor_export", args=["json"]), reverse("api:list_actors")):
        plain, asked = (json.loads(read(client, f"{address}?{query}")) for query in ("", strange))
        names = [
            [actor.get("nom", actor.get("name")) for actor in each.get("actors", each.get("items"))]
            for each in (plain, asked)
        ]
        shown = Actor.objects.filter(listings__state="published").values_list("name", flat=True)
        assert [sorted(found) for found in names] == [sorted(shown)] * 2


def read(client: Client, address: str) -> bytes:
    response = client.get(address)
    return b"".join(response.streaming_content) if response.streaming else response.content
