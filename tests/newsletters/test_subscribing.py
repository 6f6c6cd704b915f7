"""Subscribing without an account: twice agreed, the same answer for any address, left by one click, forgotten for good."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.actions import erase_account
from maillage.accounts.actions.privacy import _tables_of
from maillage.accounts.queries import is_suppressed
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.core.signals import address_refused
from maillage.newsletters.actions import importing, minding, subscribing
from maillage.newsletters.models import Consent, Subscription
from maillage.newsletters.registry import CONSENT_TEXTS, CONSENT_VERSION
from tests.factories.directory import make_commune, make_network, make_term
from tests.factories.newsletters import make_subscription

ADDRESS = "lise@exemple.test"


def filled(email=ADDRESS, **more):
    opened = signing.dumps(int(timezone.now().timestamp()) - 60, salt="directory.contact")
    return {"email": email, "consent": "on", "version": CONSENT_VERSION, "opened": opened, "site": "", **more}


def link_in(message, part):
    return re.search(rf"http://[^/\s]+(/lettre/{part}/\S+)", message.get_body(("plain",)).get_content())[1]


def test_from_the_form_to_the_confirmed_address_nobody_is_written_to_before(world, smtp_server, client):
    theme = make_term("theme", "astronomie", label="Astronomie")
    department = make_commune().department
    page = client.get(reverse("newsletters:subscribe"))
    assert not page.context["form"]["consent"].value()
    answer = client.post(
        reverse("newsletters:subscribe"), filled(themes=[str(theme.pk)], departments=[str(department.pk)])
    )
    assert answer["Location"] == reverse("newsletters:subscribe_done")
    assert Subscription.objects.count() == 0  # The queue alone knows.
    run_waiting()

    [message] = smtp_server.received
    assert message["To"] == ADDRESS
    assert message["List-Unsubscribe"] is None
    link = link_in(message, "confirmer")
    subscription = Subscription.objects.get()
    assert (subscription.state, Subscription.objects.active().count()) == ("pending", 0)
    assert [job.arguments for job in Job.objects.all()] == [{}, {}]

    reader = Client(enforce_csrf_checks=False)
    assert reader.get(link).status_code == 200  # A scanner of mail changes nothing.
    assert Subscription.objects.get().state == "pending"
    assert reader.post(link).status_code == 302
    subscription.refresh_from_db()
    assert subscription.is_active
    assert list(subscription.themes.all()) == [theme]
    assert list(subscription.departments.all()) == [department]
    proofs = Consent.objects.of(subscription)
    assert list(proofs.values_list("act", "text_version", "origin")) == [
        ("asked", "2026-11", "site"),
        ("confirmed", "2026-11", "site"),
    ]
    assert reader.post(link).status_code == 302  # Twice is once.
    assert proofs.count() == 2


def test_the_text_of_a_version_never_changes():
    """Another text is another version: people agreed to those words."""
    assert {version: str(text) for version, text in CONSENT_TEXTS.items()} == {
        "2026-11": "J'accepte que %(network)s m'envoie sa lettre d'information à cette adresse. Je peux arrêter d'un clic "
        "dans chaque lettre."
    }


def test_the_page_says_the_same_whatever_is_known_of_an_address(world, smtp_server, client):
    """Same page, same work: as many questions to the database, and nothing sent before the queue runs."""
    make_subscription(world.network, "active@exemple.test")
    subscribing.erase_address(subscription=make_subscription(world.network, "erased@exemple.test"))
    for state in ("pending", "stopped", "failed"):
        make_subscription(world.network, f"{state}@exemple.test", state=state)
    names = ("unknown", "active", "erased", "pending", "stopped", "failed")
    answers, asked = set(), set()
    for name in names:
        cache.clear()
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(reverse("newsletters:subscribe"), filled(f"{name}@exemple.test"))
        answers.add((answer.status_code, answer["Location"]))
        asked.add(len(queries))
    assert answers == {(302, "/lettre/merci/")}
    assert len(asked) == 1
    assert smtp_server.received == []
    run_waiting()
    assert {message["To"] for message in smtp_server.received} == {f"{name}@exemple.test" for name in names}


def test_a_form_without_the_box_or_filled_by_a_program_sends_nothing(world, smtp_server, client):
    for form in (filled() | {"consent": ""}, filled(site="x"), filled() | {"opened": ""}, filled("pas une adresse")):
        assert client.post(reverse("newsletters:subscribe"), form).status_code == 422
    run_waiting()
    assert smtp_server.received == []


def test_an_address_is_not_written_to_again_and_again(world, smtp_server):
    for _time in range(6):
        subscribing.ask_subscription(by=world.nadia, email=ADDRESS)
        Subscription.objects.update(mailed_at=timezone.now() - timedelta(hours=1))
    run_waiting()
    assert len(smtp_server.received) == 1  # Five minutes between two.
    for _time in range(6):
        Subscription.objects.update(mailed_at=timezone.now() - timedelta(hours=1))
        subscribing.ask_subscription(by=world.nadia, email=ADDRESS)
        run_waiting()
    assert len(smtp_server.received) == 3  # Three a day.


def test_a_link_of_more_than_seven_days_gives_another_and_the_night_forgets_who_did_not_confirm(
    world, smtp_server, client
):
    subscribing.ask_subscription(by=world.nadia, email=ADDRESS)
    run_waiting()
    link = link_in(smtp_server.received[0], "confirmer")
    long_ago = timezone.now() - timedelta(days=8)
    Subscription.objects.update(asked_at=long_ago, mailed_at=long_ago)
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert Subscription.objects.active().count() == 0
    assert client.post(link, {"acte": "redemander"}).status_code == 200
    run_waiting()
    assert len(smtp_server.received) == 2
    assert client.post(link_in(smtp_server.received[1], "confirmer")).status_code == 302

    Subscription.objects.update(state="pending", asked_at=long_ago)
    stopped = make_subscription(world.network, "partie@exemple.test", state="stopped", asked_at=long_ago)
    assert minding.forget_unconfirmed() == 1
    assert list(Subscription.objects.all()) == [stopped]  # To ask in place of someone who left does not undo it.


def test_who_left_comes_back_by_their_own_act_alone(world, smtp_server, client):
    subscription = make_subscription(world.network)
    address = reverse("newsletters:subscription_stop", args=[subscription.pk, subscription.token])
    outside = Client(enforce_csrf_checks=True)
    assert outside.get(address).status_code == 200
    subscription.refresh_from_db()
    assert subscription.is_active  # A GET only asks.
    assert outside.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    subscription.refresh_from_db()
    assert subscription.state == "stopped"
    assert outside.post(address).status_code == 200

    taken = importing.import_addresses(
        by=world.admin, addresses=[ADDRESS], source="forum", consented_on=timezone.localdate()
    )
    assert (taken.added, taken.left) == (0, 1)
    subscribing.ask_subscription(by=world.nadia, email=ADDRESS)
    run_waiting()
    subscription.refresh_from_db()
    assert subscription.state == "stopped"
    client.post(link_in(smtp_server.received[0], "confirmer"))
    subscription.refresh_from_db()
    assert subscription.is_active
    acts = list(Consent.objects.of(subscription).values_list("act", flat=True))
    assert acts == ["asked", "confirmed", "withdrawn", "asked", "confirmed"]


def test_who_asks_in_the_place_of_someone_changes_nothing_until_their_own_link_is_used(world, smtp_server, client):
    """Neither choices, nor the proof of what they agreed to; each link gives what was asked with it."""
    sky, sea, bugs = (make_term("theme", name, label=name.title()) for name in ("ciel", "mer", "insectes"))
    department = make_commune().department
    left = make_subscription(world.network, state="stopped")
    left.themes.set([sky])
    agreed, later = left.agreed_at, timezone.now() - timedelta(hours=1)
    for theme in (sea, bugs):
        subscribing.ask_subscription(by=world.nadia, email=ADDRESS, themes=[theme.pk], departments=[department.pk])
        run_waiting()
        Subscription.objects.update(mailed_at=later)
    left.refresh_from_db()
    assert (list(left.themes.all()), list(left.departments.all())) == ([sky], [])
    assert (left.agreed_at, left.state) == (agreed, "stopped")
    assert client.post(link_in(smtp_server.received[0], "confirmer")).status_code == 302
    left.refresh_from_db()
    assert left.is_active
    assert (list(left.themes.all()), list(left.departments.all())) == ([sea], [department])
    assert left.agreed_at > agreed
    assert client.post(link_in(smtp_server.received[1], "confirmer")).status_code == 404


def test_what_is_asked_of_a_pending_address_of_a_list_leaves_where_it_comes_from(world, smtp_server, client):
    importing.import_addresses(by=world.admin, addresses=[ADDRESS], source="Forum 2026")
    run_waiting()
    Subscription.objects.update(mailed_at=timezone.now() - timedelta(hours=1))
    theme = make_term("theme", "ciel", label="Ciel")
    subscribing.ask_subscription(by=world.nadia, email=ADDRESS, themes=[theme.pk])
    run_waiting()
    held = Subscription.objects.get()
    assert (held.origin, held.source, held.themes.count()) == ("import", "Forum 2026", 0)
    assert "Forum 2026" not in smtp_server.received[1].get_body(("plain",)).get_content()
    assert (
        client.post(link_in(smtp_server.received[0], "confirmer")).status_code == 302
    )  # That of the list still serves.
    held.refresh_from_db()
    assert (held.is_active, held.origin, held.themes.count()) == (True, "import", 0)


def test_an_erased_address_is_on_no_list_and_no_list_brings_it_back(world):
    subscription = make_subscription(world.network)
    address = reverse("newsletters:subscription_erase", args=[subscription.pk, subscription.token])
    client = Client()
    assert client.get(address).status_code == 200
    assert Subscription.objects.count() == 1
    assert client.post(address).status_code == 200
    assert (Subscription.objects.count(), is_suppressed(ADDRESS)) == (0, True)
    assert client.get(address).status_code == 404
    assert Consent.objects.latest("pk").act == "erased"
    taken = importing.import_addresses(by=world.admin, addresses=[ADDRESS], source="forum")
    assert (taken.added, taken.forbidden) == (0, 1)


def test_leaving_one_network_is_not_leaving_another(world):
    here = make_subscription(world.network)
    there = make_subscription(make_network("Ailleurs"), ADDRESS)
    subscribing.stop_subscription(subscription=here)
    there.refresh_from_db()
    assert there.is_active
    link = reverse("newsletters:subscription_stop", args=[there.pk, there.token])
    assert Client().post(link).status_code == 404  # Each link is of its own network.


def test_preferences_are_chosen_by_the_link_of_a_letter_without_an_account(world, client):
    theme = make_term("theme", "astronomie", label="Astronomie")
    subscription = make_subscription(world.network)
    address = reverse("newsletters:subscription_edit", args=[subscription.pk, subscription.token])
    assert client.post(address, {"themes": [str(theme.pk)], "pause": "2"}).status_code == 302
    subscription.refresh_from_db()
    assert list(subscription.themes.all()) == [theme]
    assert subscription.paused_until == timezone.localdate() + timedelta(days=60)
    assert not Subscription.objects.writable().exists()
    page = client.get(address).content.decode()
    assert "Pas de lettre jusqu" in page
    assert client.post(address, {"pause": "garder"}).status_code == 302
    assert client.post(address, {"pause": "zz", "themes": ["999"]}).status_code == 422
    other = make_subscription(world.network, "autre@exemple.test")
    wrong = reverse("newsletters:subscription_edit", args=[other.pk, subscription.token])
    assert client.get(wrong).status_code == 404
    assert client.get(reverse("newsletters:subscription_edit", args=[9_999, "x"])).status_code == 404
    confirming = reverse("newsletters:subscription_confirm", args=[subscription.pk, subscription.token])
    assert client.get(confirming).status_code == 404  # Each link has one purpose.


def test_a_refused_address_stops_with_its_day_and_reason(world):
    subscription = make_subscription(world.network)
    address_refused.send(sender=None, address=ADDRESS.upper())
    subscription.refresh_from_db()
    assert subscription.state == "failed"
    assert subscription.failure == "refusée par le serveur de courrier"
    assert not Subscription.objects.writable().exists()


def test_someone_signed_in_subscribes_in_one_click_and_takes_it_away_with_their_account(world, client):
    user = world.nadia.user
    client.force_login(user)
    assert client.post(reverse("newsletters:subscribe_account")).status_code == 302
    assert not Subscription.objects.exists()  # Its address is not proved.
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    assert client.post(reverse("newsletters:subscribe_account")).status_code == 302
    assert client.post(reverse("newsletters:subscribe_account")).status_code == 302
    subscription = Subscription.objects.get()
    assert (subscription.is_active, subscription.user, subscription.origin) == (True, user, "account")
    [table] = [each for each in _tables_of(user, []) if each["table"] == "Abonnements à la lettre"]
    assert table["rows"][0]["email"] == user.email
    erase_account(by=world.nadia, user=user)
    assert not Subscription.objects.exists()


def test_an_address_proved_later_for_an_account_belongs_to_it(world):
    subscription = make_subscription(world.network, world.nadia.user.email)
    EmailAddress.objects.create(user=world.nadia.user, email=world.nadia.user.email, verified=True, primary=True)
    subscription.refresh_from_db()
    assert subscription.user == world.nadia.user


def test_a_list_brought_in_asks_each_once_or_says_when_they_agreed(world, smtp_server):
    long = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".fr"  # An address indeed, longer than what is kept.
    lines = ["a@exemple.test", " A@exemple.test;", "pas une adresse", "", long, "b@exemple.test"]
    taken = importing.import_addresses(by=world.admin, addresses=lines, source="Forum 2026")
    assert (taken.added, taken.unreadable) == (2, ["pas une adresse", long[:100]])
    assert Subscription.objects.active().count() == 0
    run_waiting()
    run_waiting()
    assert sorted(message["To"] for message in smtp_server.received) == ["a@exemple.test", "b@exemple.test"]
    message = smtp_server.received[0]
    assert "Forum 2026" in message.get_body(("plain",)).get_content()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    day = timezone.localdate() - timedelta(days=30)
    taken = importing.import_addresses(by=world.admin, addresses=["c@exemple.test"], source="Salon", consented_on=day)
    proof = Consent.objects.of(Subscription.objects.get(email="c@exemple.test")).get()
    assert (proof.act, proof.given_on, proof.source) == ("stated", day, "Salon")
    with pytest.raises(Refused):
        importing.import_addresses(by=world.team, addresses=["d@exemple.test"], source="Salon")


def test_someone_who_subscribes_while_a_list_is_brought_in_keeps_their_own_subscription(world):
    """Between the moment when the addresses known are read and the writing of each."""
    read = []

    def meanwhile(execute, sql, params, many, context):
        if '"newsletters_subscription"' in sql:
            read.append(sql)
        if len(read) == 2:
            read.append("")
            make_subscription(world.network)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        taken = importing.import_addresses(by=world.admin, addresses=[ADDRESS, "omar@exemple.test"], source="Forum")
    assert (taken.added, taken.known) == (1, 1)
    held = Subscription.objects.get(email=ADDRESS)
    assert (held.is_active, held.origin, held.source) == (True, "site", "")


def test_the_journal_of_consents_is_only_added_to(world):
    subscription = make_subscription(world.network)
    proof = Consent.objects.of(subscription).first()
    with pytest.raises(TypeError):
        proof.save()
    Consent.objects.update(at=timezone.now() - timedelta(days=4 * 365))
    minding.forget_proofs()
    assert Consent.objects.count() == 2  # They prove what is still sent.
    QuerySet(Subscription).update(state="stopped")
    minding.forget_proofs()
    assert Consent.objects.count() == 0
