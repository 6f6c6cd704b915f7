"""Networks do not leak into one another: whatever is done in B, every page, feed, search, file and API answer of A keeps
its bytes, for a visitor and for A's own team.

B lists one of A's actors too: its circles, states and notes there are B's. Left out is what A shows of B by design: an
actor whose home is B and that A lists.
"""

import io
import re
import zipfile
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from maillage.core.jobs import run_waiting
from maillage.core.once import FIELD
from maillage.core.viewer import Viewer
from maillage.directory import actions
from maillage.directory.models import Actor, Listing
from maillage.networks.actions import add_term
from tests.access.table import filled, lines
from tests.access.world import made_world
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_commune, make_term
from tests.support.acts import ACTS, Stage, play

# About the instance.
ELSEWHERE = {
    "metrics", "healthz", "readyz", "api_documentation", "api:openapi-json", "portal:gallery",
}  # fmt: skip
# To whom a content may be proposed: it names the other open networks, and says nothing else of them (`tests/sharing`).
TO_OTHERS = {"sharing:share_content"}
# Pages of the sign-in library about one's own account.
OWN = ("account_", "mfa_", "usersessions_")
WORDS = ["médiation", "planetarum", "musée", "essais"]
# Where a leak would show first: asked after each of many little histories.
TELLING = {
    "directory:actor_list", "directory:actor_feed", "directory:actor_points", "directory:actor_show", "directory:actor_table",
    "directory:actor_work", "directory:work_home", "observatory:figures_show", "activity:journal", "exchange:batch_list",
    "search:suggestions", "api:list_actors", "api:list_topics", "portal:home",
}  # fmt: skip
_VOLATILE = [
    re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[^"]+'),
    re.compile(rb'(?<="X-CSRFToken": ")[^"]+'),
    re.compile(rb'(?<=nonce=")[^"]+'),
    re.compile(rb'(?<=name="opened" value=")[^"]+'),
    re.compile(rb'(?<=name="%s" value=")[^"]+' % FIELD.encode()),
    re.compile(rb"(?<=<responseDate>)[^<]+"),
    re.compile(rb'(?<="read_at": ")[^"]+'),
]
_KEPT_HEADERS = ("Content-Type", "Content-Disposition", "ETag", "Last-Modified", "Location")

Answers = dict[tuple[str, str], tuple[object, ...]]


@pytest.fixture
def stages(transactional_db: None) -> SimpleNamespace:
    """`b`, where things are done; `a` watched, with an actor that B lists too (`shared`)."""
    world = made_world()
    commune, theme = make_commune(), make_term("theme", "astronomie")
    a, b = world.network, world.other_network
    by_a = Viewer.as_system(a, "essai")
    values = {"summary": "Médiation", "commune": commune, "terms": [theme], "website": "https://musee.example.org"}
    actions.update_actor(by=by_a, actor=world.actor, values=values)
    actions.set_circle(by=by_a, actor=world.actor, circle=3, reason="loin")
    actions.add_note(by=by_a, actor=world.actor, body="À rappeler")
    add_term(by=by_a, network=a, vocabulary="theme", label="Astronomie")
    Listing.objects.create(network=b, actor=world.actor, state="draft")
    make_actor(b, "Astroclub de médiation", commune=commune, terms=[theme])
    make_person(b)
    known = list(Actor.objects.filter(listings__network=a))
    return SimpleNamespace(world=world, b=Stage(b, world.users["other_network"], known))


def addresses(world: SimpleNamespace, roles: list[str], names: set[str] | None = None) -> list[tuple[str, str]]:
    """(reader, address): what each is shown according to the table, one's own account apart; then words, and the sheet
    of the actor that B lists too."""
    found = []
    for each in lines():
        wanted = (
            each.name in names if names else not each.name.startswith(OWN) and each.name not in ELSEWHERE | TO_OTHERS
        )
        if each.method == "get" and wanted:
            address = each.path or reverse(each.name, kwargs=filled(each.args, world))
            address += f"?{each.query}" if each.query else ""
            found += [(role, address) for role in roles if each.expected[role] == 200]
    for word in WORDS if names is None else WORDS[:1]:
        searches = ("directory:actor_list", "search:results", "api:list_actors")
        found += [(role, f"{reverse(name)}?q={word}") for name in searches for role in roles]
    sheet = {"pk": world.actor.pk}
    return [*found, *((roles[-1], reverse(f"directory:{name}", kwargs=sheet)) for name in ("actor_work", "actor_edit"))]


def readers(world: SimpleNamespace, roles: list[str]) -> dict[str, Client]:
    clients = {role: Client(HTTP_HOST=world.network.host) for role in roles}
    for role, client in clients.items():
        if world.users[role] is not None:
            client.force_login(world.users[role])
    return clients


def read(clients: dict[str, Client], asked: list[tuple[str, str]]) -> Answers:
    """What each reader gets at each address, rendered anew."""
    for cache in caches.all():
        cache.clear()
    answers: Answers = {}
    for role, address in asked:
        response = clients[role].get(address)
        kept = tuple(response.get(name) for name in _KEPT_HEADERS)
        answers[role, address] = (response.status_code, *kept, content(response))
    return answers


def content(response: Any) -> bytes | dict[str, bytes]:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):  # An archive carries the hour it was made.
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return {name: archive.read(name) for name in archive.namelist() if name != "docProps/core.xml"}
    for pattern in _VOLATILE:
        body = pattern.sub(b"", body)
    return body


def changed(before: Answers, after: Answers) -> list[str]:
    return [f"{role} {address}" for (role, address), answer in before.items() if after[role, address] != answer]


@pytest.mark.django_db(transaction=True)
def test_a_network_keeps_every_byte_whatever_another_does(stages):
    """Committed for good, so that what processes keep in memory counts too."""
    roles = ["anonymous", "network_admin"]
    clients, asked = readers(stages.world, roles), addresses(stages.world, roles)
    run_waiting()  # The acts of B start the worker, which does what waits anywhere.
    before = read(clients, asked)
    done = {name for number in (0, 1) for name in ACTS if play(stages.b, name, number)}
    assert set(ACTS) - done == set()
    assert changed(before, read(clients, asked)) == []
