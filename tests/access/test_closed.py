"""A network closed to the public: no page, feed, file, search, API nor kept copy of it for who holds no role (NET-1)."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import ApiToken, hashed
from maillage.activity.actions import stop_token
from maillage.activity.models import Preference
from tests.access.table import filled, lines

# The way in, the looks of its pages, what the law and messages already sent owe to anyone, probes of operators.
OPEN_NAMES = {
    "core:network_css",
    "core:theme_set",
    "loans:calendar",
    "loans:agreement_link",
    "loans:agreement_link_pdf",
    "portal:notice",
    "portal:privacy",
    "portal:accessibility",
    "activity:notices_stop",
    "attendance:registration_show",
    "directory:actor_join",
    "directory:reminder_show",
    "directory:reminder_edit",
    "directory:reminder_done",
    "directory:reminder_stop",
    "directory:reminder_object",
    "directory:charter_sign",
    "directory:charter_stop",
    "directory:charter_proof",
    "directory:charter_name",
    "directory:charter_proof_file",
    "outreach:need_asked",
    "outreach:need_asked_done",
    "outreach:need_asked_stop",
    "outreach:letter_stop",
    "outreach:introduction_link",
    "outreach:introduction_news",
    "outreach:introduction_stop",
    "outreach:partnership_link",
    "outreach:partnership_stop",
    "outreach:proposal_show",
    "outreach:proposal_sheet",
    "outreach:proposal_stop",
    "publications:credit_answer",
    "publications:publication_preview",
    "newsletters:subscription_confirm",
    "newsletters:subscription_edit",
    "newsletters:subscription_stop",
    "newsletters:subscription_erase",
    "healthz",
    "readyz",
    "metrics",
}
BY_LINK = {  # Asked for with more than a name.
    "core:theme_set",
    "loans:calendar",
    *(
        name
        for name in OPEN_NAMES
        if name.startswith(
            ("activity:", "directory:", "loans:", "newsletters:", "outreach:", "publications:", "attendance:")
        )
    ),
}
SECRETS = ("Musée des essais", "Fiche à préparer")


@pytest.fixture
def closed(world):
    world.network.is_public = False
    world.network.save()
    return world


def requests(world):
    """Each line of the access table that leads inside the network."""
    for tried in lines():
        address = tried.path or reverse(tried.name, kwargs=filled(tried.args, world))
        if tried.name not in OPEN_NAMES and not address.startswith("/compte/"):
            yield tried, address + (f"?{tried.query}" if tried.query else "")


def answers(world, user):
    """By address: status and text of what is answered to `user`."""
    client = Client(HTTP_HOST=world.network.host)
    if user is not None:
        client.force_login(user)
    found = {}
    for tried, address in requests(world):
        with transaction.atomic():
            data = filled(tried.data, world) or None
            response = getattr(client, tried.method)(address, data, headers=tried.headers)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            found[f"{tried.method} {address}"] = (response.status_code, content.decode(errors="replace"))
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("role", ["anonymous", "other_network"])
def test_no_address_answers_to_who_holds_no_role(closed, role):
    found = answers(closed, closed.users[role])
    assert len(found) > 100
    assert {address: status for address, (status, _) in found.items() if status != 404} == {}
    assert [address for address, (_, text) in found.items() if any(secret in text for secret in SECRETS)] == []


def test_every_refusal_is_the_same_page_as_for_an_address_that_does_not_exist(closed):
    visitor = Client(HTTP_HOST=closed.network.host)
    nothing = visitor.get("/acteurs/inconnu-de-tous/").content
    assert visitor.get(closed.actor.get_absolute_url()).content == nothing.replace(
        b"inconnu-de-tous", closed.actor.slug.encode()
    )


def test_what_stays_open_tells_nothing_of_what_is_inside(closed):
    visitor = Client(HTTP_HOST=closed.network.host)
    pages = [reverse(name) for name in OPEN_NAMES if name not in BY_LINK]
    for page in [*pages, reverse("account_login"), reverse("account_signup")]:
        answer = visitor.get(page)
        assert answer.status_code == 200, page
        assert not any(secret in answer.content.decode() for secret in SECRETS)


@pytest.mark.parametrize(
    ("method", "status"), [("head", 404), ("post", 404), ("options", 405), ("put", 405), ("delete", 405)]
)
def test_no_method_opens_what_get_does_not(closed, method, status):
    visitor = Client(HTTP_HOST=closed.network.host)
    assert getattr(visitor, method)(reverse("directory:actor_list")).status_code == status
    answer = getattr(visitor, method)(reverse("api:list_actors"))
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_kept_copy_dies_when_the_network_closes(world):
    visitor = Client(HTTP_HOST=world.network.host)
    kept = {}
    for name in ("directory:actor_list", "directory:actor_feed", "portal:home", "directory:sitemap", "api:list_actors"):
        first = visitor.get(reverse(name))
        visitor.get(reverse(name))
        kept[name] = first.get("ETag", "")
    world.network.is_public = False
    world.network.save()
    answered = {
        name: visitor.get(reverse(name), headers={"If-None-Match": etag}).status_code for name, etag in kept.items()
    }
    assert answered == dict.fromkeys(kept, 404)


def test_those_who_hold_a_role_read_and_no_server_in_between_keeps_it(closed):
    client = Client(HTTP_HOST=closed.network.host)
    client.force_login(closed.users["member"])
    page = client.get(closed.actor.get_absolute_url())
    assert "Musée des essais" in page.content.decode()
    assert "public" not in page.get("Cache-Control", "")
    from tests.access.core import picture

    file = client.get(reverse("file", kwargs=picture(closed)))
    b"".join(file.streaming_content)
    assert file["Cache-Control"].startswith("private")


def test_a_token_of_the_network_reads_and_others_do_not(closed):
    visitor = Client(HTTP_HOST=closed.network.host)
    outsider = closed.users["other_network"]
    for user, network, text in (
        (closed.users["member"], closed.network, "dedans"),
        (outsider, closed.network, "dehors"),
        (outsider, closed.other_network, "ailleurs"),
    ):
        ApiToken.objects.create(
            user=user,
            network=network,
            name=text,
            token_hash=hashed(text),
            scopes=["read"],
            last_used_at=timezone.now(),
        )
    address = reverse("api:list_actors")
    answered = {
        text: visitor.get(address, headers={"Authorization": f"Bearer {text}"}).status_code
        for text in ("dedans", "dehors", "ailleurs", "inconnu")
    }
    assert answered == {"dedans": 200, "dehors": 404, "ailleurs": 404, "inconnu": 404}
    assert visitor.get(reverse("directory:actor_list"), headers={"Authorization": "Bearer dedans"}).status_code == 404


def test_the_link_that_stops_messages_works_without_cookie_in_a_closed_network(closed):
    address = reverse("activity:notices_stop", args=[stop_token(closed.users["member"].pk, "import_finished")])
    visitor = Client(HTTP_HOST=closed.network.host, enforce_csrf_checks=True)
    visitor.get(address)
    assert not Preference.objects.exists()
    assert visitor.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.get().wanted is False


def test_another_network_of_the_instance_names_it_nowhere(closed):
    visitor = Client(HTTP_HOST=closed.other_network.host)
    for name in ("portal:home", "directory:actor_list", "directory:actor_feed", "directory:sitemap", "api:list_actors"):
        text = visitor.get(reverse(name)).content.decode()
        assert closed.network.name not in text
        assert closed.network.host not in text
        assert not any(secret in text for secret in SECRETS)
