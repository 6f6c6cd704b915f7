"""Where one lands after signing in, and that it never leaves the site."""

import pytest
from django.urls import reverse

from maillage.core.viewer import RoleKind
from maillage.directory.models import ActorMember
from tests.factories.accounts import PASSWORD, make_person, make_user
from tests.factories.directory import make_actor

pytestmark = pytest.mark.django_db


def enter(client, user, query=""):
    return client.post(reverse("account_login") + query, {"login": user.email, "password": PASSWORD})


@pytest.mark.parametrize(
    ("kind", "page"), [(RoleKind.ANIMATOR, "/travail/"), (RoleKind.NETWORK_ADMIN, "/travail/"), (RoleKind.MEMBER, "/")]
)
def test_one_lands_on_ones_work_when_there_is_some(client, network, settings, kind, page):
    settings.DEMO = True  # Nobody waits for a second factor there.
    assert enter(client, make_person(network, kind)).url == page


def test_someone_who_looks_after_a_sheet_lands_on_it_and_what_was_asked_for_comes_first(client, network):
    user = make_user()
    ActorMember.objects.create(actor=make_actor(network), user=user)
    assert enter(client, user).url == "/mes-fiches/"
    client.logout()
    assert enter(client, user, "?next=/acteurs/").url == "/acteurs/"


def test_what_is_shown_to_someone_who_signed_in_is_kept_by_no_cache(client, network):
    anonymous = client.get("/acteurs/").headers["Cache-Control"]
    enter(client, make_person(network, RoleKind.MEMBER))
    for page in ("/", "/acteurs/", "/mes-fiches/", reverse("activity:notice_list"), "/rien-ici/"):
        kept = client.get(page).headers["Cache-Control"]
        assert "private" in kept and "no-store" in kept, page
    assert anonymous == "no-cache"
    client.post(reverse("account_logout"))
    assert "private" not in client.get("/acteurs/").headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    "target", ["//evil.test/", "https://evil.test/", "javascript:alert(1)", "/\\evil.test", "\\\\evil.test"]
)
def test_next_never_leaves_the_site(client, network, target):
    make_user("alice@exemple.test")
    answer = client.post(
        reverse("account_login"), {"login": "alice@exemple.test", "password": PASSWORD, "next": target}
    )
    assert answer["Location"] == "/"


def test_next_brings_back_where_one_was_going(client, network):
    make_user("alice@exemple.test")
    wanted = reverse("accounts:data")
    refused = client.get(wanted)
    assert refused["Location"] == f"{reverse('account_login')}?next={wanted}"
    answer = client.post(
        reverse("account_login"), {"login": "alice@exemple.test", "password": PASSWORD, "next": wanted}
    )
    assert answer["Location"] == wanted
