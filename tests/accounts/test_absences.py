"""Accounts that nobody opens: told a month and a week before, erased, kept by a sign-in; announced to administrators."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import actions, queries
from maillage.accounts.models import Absence, User
from maillage.activity.models import Entry
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind
from tests.factories.accounts import PASSWORD, give_role, make_admin, make_person, make_platform_admin, make_user
from tests.factories.directory import make_network

pytestmark = pytest.mark.django_db
ALICE = "alice@exemple.test"
TWO_YEARS = 730


@pytest.fixture
def alice(network):
    return make_person(network, email=ALICE, name="Alice Prudhomme")


def last_seen(user, days):
    User.objects.filter(pk=user.pk).update(last_login=timezone.now() - timedelta(days=days))


def night(days=0):
    """The nightly task, `days` later: everything known is made so much older."""
    delay = timedelta(days=days)
    User.objects.exclude(last_login=None).update(last_login=F("last_login") - delay)
    for absence in Absence.objects.all():
        for name in ("since", "warned_at", "reminded_at", "erased_on"):
            if (value := getattr(absence, name)) is not None:
                setattr(absence, name, value - delay)
        absence.save()
    mail.outbox.clear()
    actions.mind_absences.enqueue()
    run_waiting()
    return [(message.to[0], message.subject) for message in mail.outbox]


def warnings(sent):
    return [subject.split(" le ")[0] for to, subject in sent if to == ALICE]


def is_erased(user):
    user.refresh_from_db()
    return user.erased_at is not None


def test_someone_absent_is_told_a_month_and_a_week_before_nothing_twice_then_erased(alice):
    last_seen(alice, TWO_YEARS - 31)
    assert warnings(night()) == []
    assert warnings(night(1)) == ["Votre compte sera supprimé"]
    assert warnings(night()) == []
    assert warnings(night(22)) == []
    assert warnings(night(1)) == ["Dernier rappel : Votre compte sera supprimé"]
    assert warnings(night()) == []
    assert warnings(night(6)) == []
    assert not is_erased(alice)
    assert warnings(night(1)) == []
    assert is_erased(alice)
    assert not Absence.objects.exists()


def test_the_message_says_the_day_and_leads_to_the_sign_in(alice):
    last_seen(alice, TWO_YEARS - 30)
    night()
    (message,) = mail.outbox
    absence = Absence.objects.get()
    assert absence.erased_on == timezone.localdate() + timedelta(days=30)
    assert str(absence.erased_on.year) in message.subject
    assert reverse("account_login") in message.body
    assert "List-Unsubscribe" not in message.extra_headers


def test_whoever_was_never_told_has_the_whole_month_however_late(alice):
    last_seen(alice, 3000)
    assert warnings(night()) == ["Votre compte sera supprimé"]
    night(22)
    assert warnings(night(1)) == ["Dernier rappel : Votre compte sera supprimé"]
    assert not is_erased(alice)
    night(7)
    assert is_erased(alice)


def test_a_reminder_sent_late_still_leaves_a_week(alice):
    last_seen(alice, TWO_YEARS - 30)
    night()
    assert warnings(night(40)) == ["Dernier rappel : Votre compte sera supprimé"]
    assert not is_erased(alice)
    night(6)
    assert not is_erased(alice)
    night(1)
    assert is_erased(alice)


def test_signing_in_keeps_the_account(client, alice):
    last_seen(alice, TWO_YEARS)
    night()
    client.post(reverse("account_login"), {"login": ALICE, "password": PASSWORD})
    assert not Absence.objects.exists()
    assert warnings(night(40)) == []
    assert not is_erased(alice)


def test_opening_the_link_of_the_message_changes_nothing(alice):
    last_seen(alice, TWO_YEARS)
    night()
    before = Absence.objects.values().get()
    Client().get(reverse("account_login"))
    assert Absence.objects.values().get() == before


def test_a_sign_in_between_the_list_and_the_act_wins(alice, monkeypatch):
    last_seen(alice, TWO_YEARS)
    night()
    night(23)
    known = queries.absences()
    Absence.objects.update(erased_on=timezone.localdate())
    due = queries.absences()
    assert [absent.step for absent in (*known, *due)] == ["wait", "erase"]
    last_seen(alice, 0)
    from maillage.accounts.actions import absences

    assert absences._mind(due[0], None) == (0, 0)
    assert not is_erased(alice)


def test_someone_who_never_signed_in_counts_from_the_day_they_joined(network):
    person = make_person(network, email=ALICE, joined_at=timezone.now() - timedelta(days=TWO_YEARS))
    assert warnings(night()) == ["Votre compte sera supprimé"]
    assert Absence.objects.get().user == person


def test_the_longest_term_of_a_persons_networks_counts(network, alice):
    patient = make_network("Patient")
    patient.settings = {"absence_months": 36}
    patient.save()
    give_role(alice, patient)
    last_seen(alice, TWO_YEARS)
    assert warnings(night()) == []
    last_seen(alice, 3 * 365)
    assert warnings(night()) == ["Votre compte sera supprimé"]


def test_more_time_given_by_the_network_takes_the_warning_back(network, alice):
    last_seen(alice, TWO_YEARS)
    night()
    network.settings = {"absence_months": 36}
    network.save()
    night()
    assert not Absence.objects.exists()


def test_the_last_administrator_is_kept_and_the_page_says_why(client, network):
    admin = make_admin(network, email=ALICE)
    last_seen(admin, TWO_YEARS)
    night()
    night(23)
    night(7)
    assert not is_erased(admin)
    client.force_login(make_platform_admin())
    assert "Seule à administrer" in client.get(reverse("people:absence_list")).content.decode()


def test_the_last_administrator_of_the_platform_is_kept(db):
    admin = make_platform_admin(email=ALICE)
    last_seen(admin, TWO_YEARS)
    night()
    night(23)
    night(7)
    assert not is_erased(admin)


def test_administrators_are_told_before_and_after_and_see_the_list_first(client, network, alice):
    admin = make_admin(network)
    last_seen(alice, TWO_YEARS - 45)
    client.force_login(admin)
    page = client.get(reverse("people:absence_list")).content.decode()
    assert "Alice Prudhomme" in page
    assert "sera prévenue" in page
    last_seen(admin, 0)
    reports = [subject for to, subject in night(15) if to == admin.email]
    assert reports == ["Comptes inactifs : 1 prévenus, 0 supprimés"]
    assert [to for to, _ in night(1)] == []
    last_seen(admin, 0)
    night(22)
    last_seen(admin, 0)
    reports = [subject for to, subject in night(7) if to == admin.email]
    assert reports == ["Comptes inactifs : 0 prévenus, 1 supprimés"]
    assert Entry.objects.get(verb="account.expired").network == network


def test_an_administrator_sees_nobody_of_another_network(client, network, alice):
    elsewhere = make_person(make_network("Ailleurs"), name="Zoé Ailleurs")
    last_seen(elsewhere, TWO_YEARS)
    client.force_login(make_admin(network))
    assert "Zoé" not in client.get(reverse("people:absence_list")).content.decode()


def test_an_address_forgotten_for_want_of_sign_in_may_be_recorded_again(alice):
    last_seen(alice, 3000)
    night()
    night(23)
    night(7)
    assert is_erased(alice)
    assert not queries.is_suppressed(ALICE)


def test_the_command_lists_and_does_nothing(alice, capsys):
    last_seen(alice, TWO_YEARS)
    call_command("absences")
    said = capsys.readouterr().out
    assert f"n° {alice.pk}" in said
    assert "1 comptes inactifs" in said
    assert not Absence.objects.exists()


def test_the_list_costs_the_same_with_one_and_three(client, network, same_queries):
    client.force_login(make_admin(network))

    def add():
        person = make_person(network, RoleKind.MEMBER)
        last_seen(person, TWO_YEARS)

    make_user()
    assert same_queries(page=lambda: client.get(reverse("people:absence_list")), add=add) <= 16
