"""An administrator sees one person in two accounts: they tell the person, and nothing more."""

import pytest
from django.core import mail
from django.urls import reverse

from maillage.accounts import actions
from maillage.accounts.models import User
from maillage.activity.models import Entry
from maillage.activity.queries import lines_of
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from tests.factories.accounts import make_admin, make_person, make_platform_admin, viewer
from tests.factories.directory import make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    return make_network(host="testserver")


@pytest.fixture
def twice(network):
    """The account of someone who has another one."""
    make_person(network, email="ana@perso.exemple.test", name="Ana R.")
    return make_person(network, email="ana@asso.exemple.test", name="Ana Roche")


def suggest(client, person):
    return client.post(reverse("people:merge_suggest", args=[person.pk]), follow=True)


def letters():
    run_waiting()
    return mail.outbox


@pytest.mark.parametrize("platform", [False, True])
def test_the_person_is_sent_to_the_journey_of_the_code_once_a_day(client, network, twice, platform):
    client.force_login(make_platform_admin() if platform else make_admin(network))
    page = client.get(reverse("people:person_detail", args=[twice.pk]))
    assert "Inviter à réunir" in page.text and "Personne ne le fait à sa place" in page.text
    before = list(User.objects.order_by("pk").values("pk", "email", "erased_at", "merged_into"))
    assert "Le message est parti" in suggest(client, twice).text
    assert "déjà parti à cette personne" in suggest(client, twice).text
    (letter,) = letters()
    assert letter.to == [twice.email] and reverse("accounts:merge_ask") in letter.body
    assert "ana@perso.exemple.test" not in letter.body
    assert list(User.objects.order_by("pk").values("pk", "email", "erased_at", "merged_into")) == before
    entry = Entry.objects.get(verb="account.merge_suggested")
    assert lines_of([entry])[0].sentence == "a invité Ana Roche à réunir ses deux comptes"


def test_one_has_ones_own_way_and_refusals_hold(client, network, twice):
    admin = make_admin(network)
    client.force_login(admin)
    assert "Inviter à réunir" not in client.get(reverse("people:person_detail", args=[admin.pk])).text
    assert client.post(reverse("people:merge_suggest", args=[admin.pk])).status_code == 403
    with pytest.raises(Refused):
        actions.invite_to_merge(by=viewer(make_person(network, "animator"), network), user=twice)
    actions.forbid_address(email=twice.email, reason="objection")
    for _each in range(2):  # A refusal is no message sent: it is said again.
        assert "Cette personne ne veut pas de message" in suggest(client, twice).text
    assert letters() == [] and not Entry.objects.filter(verb="account.merge_suggested").exists()


def test_a_message_that_waits_does_not_leave_once_its_address_objected(network, twice):
    actions.invite_to_merge(by=viewer(make_admin(network), network), user=twice)
    actions.forbid_address(email=twice.email, reason="objection")
    assert letters() == []
