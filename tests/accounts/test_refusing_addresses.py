"""No invitation goes to an address whose owner wants no message: it is said next to the address, and nothing is written."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from maillage.accounts import actions
from maillage.accounts.models import Invitation
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks.models import Network
from tests.factories.accounts import make_admin, make_platform_admin, viewer
from tests.factories.directory import make_network

pytestmark = pytest.mark.django_db

SAID = "Nous n'écrivons pas à"


@pytest.fixture
def network():
    return make_network(host="testserver")


@pytest.fixture
def admin(network):
    return make_admin(network)


@pytest.fixture
def refused():
    actions.forbid_address(email="non@exemple.test", reason="objection")
    return "non@exemple.test"


def sent():
    run_waiting()
    return [message.to[0] for message in mail.outbox]


def test_it_is_said_next_to_the_addresses_and_nobody_is_invited(client, network, admin, refused):
    client.force_login(admin)
    given = {"emails": "Non@exemple.test oui@exemple.test", "kind": "member", "department": ""}
    page = client.post(reverse("people:invitation_create"), given)
    (said,) = page.context["form"].errors["emails"]
    assert page.status_code == 422 and said.startswith(f"{SAID} cette adresse") and "Non@exemple.test" in said
    assert "oui@exemple.test" not in said and "Non@exemple.test oui@exemple.test" in page.text
    assert not Invitation.objects.exists() and sent() == []


def test_whoever_invites_is_refused(network, admin, refused):
    for by in (viewer(admin, network), Viewer.as_system(network, "essai")):
        with pytest.raises(Refused, match=SAID):
            actions.invite(by=by, emails=[refused, "oui@exemple.test"], kind=RoleKind.MEMBER)
    assert not Invitation.objects.exists()


def test_an_invitation_is_not_sent_again_once_its_address_objected(client, network, admin):
    by = viewer(admin, network)
    (waiting,) = actions.invite(by=by, emails=["non@exemple.test"], kind=RoleKind.MEMBER)
    actions.forbid_address(email="non@exemple.test", reason="objection")
    client.force_login(admin)
    page = client.post(reverse("people:invitation_resend", args=[waiting.pk]), follow=True)
    kept = Invitation.objects.get()
    assert "L&#x27;adresse de cette invitation est effacée" in page.text
    assert (kept.nonce, kept.email, kept.is_open) == (waiting.nonce, "", False)
    assert sent() == []  # The first one waited still.


def test_an_address_of_ones_own_account_is_invited(network, admin):
    actions.forbid_address(email=admin.email, reason="objection")
    actions.invite(by=viewer(admin, network), emails=[admin.email.upper()], kind=RoleKind.ANIMATOR)
    assert sent() == [admin.email]


def test_the_first_administrator_of_a_network_is_invited_only_if_their_address_wants_messages(client, network, refused):
    client.force_login(make_platform_admin())
    count = Network.objects.count()
    given = {"name": "Réseau du Nord", "host": "nord.exemple.test", "perimeter": [], "admin_email": refused}
    page = client.post(reverse("network_create"), given)
    (said,) = page.context["form"].errors["admin_email"]
    assert page.status_code == 422 and said.startswith(SAID)
    with pytest.raises(CommandError, match=SAID):
        call_command("createnetwork", "Nord", "--host", "nord.test", "--admin", refused)
    assert Network.objects.count() == count
