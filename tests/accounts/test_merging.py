"""Two accounts of one person: the proof of the other address, what follows, what is the stricter, what stays closed."""

import re
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import actions, queries
from maillage.accounts.actions import tombstones
from maillage.accounts.models import ApiToken, Consent, Role, Suppression, User, hashed
from maillage.accounts.queries.merging import account_at, relation_to_account
from maillage.activity.actions import first_broken_seal, record, seal_entries
from maillage.activity.models import Entry
from maillage.activity.queries import journal, lines_of, people_in_journal
from maillage.core.errors import Conflict, Refused
from maillage.core.following import may_clash, name_of, pointing_to
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind
from tests.factories.accounts import (
    PASSWORD,
    give_role,
    make_admin,
    make_person,
    make_platform_admin,
    viewer,
)
from tests.factories.directory import make_network

pytestmark = pytest.mark.django_db
MARKS = re.compile(r'(value|nonce|content|data-csrf)="[^"]*"')  # Drawn anew with each page.
ASK, PROVE, CONFIRM = (reverse(f"accounts:merge_{step}") for step in ("ask", "prove", "confirm"))


@pytest.fixture
def kept(network):
    return make_person(network, email="ana@asso.exemple.test", name="Ana Roche")


@pytest.fixture
def gone(network):
    return make_person(network, email="ana@perso.exemple.test", name="Ana R.")


@pytest.fixture
def signed_in(client, kept):
    sign_in(client, kept.email)
    client.get(reverse("accounts:profile"))  # The greeting is read.
    return client


def sign_in(client, login, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def code_sent_to(address):
    run_waiting()
    letter = next(each for each in reversed(mail.outbox) if each.to == [address])
    return re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", letter.body)[0]


def prove(client, address):
    client.post(ASK, {"email": address})
    return client.post(PROVE, {"code": code_sent_to(address)})


def merge(kept, gone, network):
    return actions.merge_accounts(by=viewer(kept, network), other=gone, address=gone.email)


def confirm(client, **form):
    return client.post(CONFIRM, {"compte": client.get(CONFIRM).context["other"].pk, **form})


# --- the way there ------------------------------------------------------------------------------------------------------
def test_both_addresses_open_the_kept_account_with_its_password(signed_in, network, kept, gone):
    gone.set_password("un tout autre mot de passe")
    gone.save()
    assert prove(signed_in, gone.email)["Location"] == CONFIRM
    page = signed_in.get(CONFIRM)
    assert page.status_code == 200
    assert "Cela ne peut pas être annulé" in page.content.decode().replace("\xa0", " ")
    assert confirm(signed_in)["Location"] == reverse("accounts:profile")
    for address in (kept.email, "ana@perso.exemple.test"):
        other = Client()
        sign_in(other, address)
        assert other.session["_auth_user_id"] == str(kept.pk)
        refused = Client()
        sign_in(refused, address, "un tout autre mot de passe")
        assert "_auth_user_id" not in refused.session
    kept.refresh_from_db()
    assert kept.email == "ana@asso.exemple.test"
    assert EmailAddress.objects.get(user=kept, primary=True).email == kept.email


def test_an_address_without_account_gets_the_same_pages_and_the_same_message(signed_in, kept, gone):
    answers, letters = [], []
    for address in (gone.email, "personne@ailleurs.exemple.test"):
        asked = signed_in.post(ASK, {"email": address})
        page = signed_in.get(PROVE).content.decode().replace(address, "…")
        answers.append((asked.status_code, asked["Location"], MARKS.sub("", page)))
        code = code_sent_to(address)
        letters.append(mail.outbox[-1].body.replace(code, "…"))
    assert answers[0] == answers[1]
    assert letters[0] == letters[1]


def test_asking_costs_the_same_queries_whether_an_account_is_there_or_not(signed_in, gone, count_queries):
    signed_in.post(ASK, {"email": "avant@exemple.test"})
    costs = [
        count_queries(lambda address=address: signed_in.post(ASK, {"email": address}))
        for address in (gone.email, "personne@ailleurs.exemple.test")
    ]
    assert costs[0] == costs[1]


def test_who_proved_an_address_without_account_is_told_so_and_nothing_changes(signed_in, kept):
    prove(signed_in, "personne@ailleurs.exemple.test")
    assert "Aucun autre compte" in signed_in.get(CONFIRM).content.decode()
    assert signed_in.post(CONFIRM).status_code == 403
    assert not EmailAddress.objects.filter(email="personne@ailleurs.exemple.test").exists()


def test_ones_own_address_is_refused_next_to_its_field(signed_in, kept):
    answer = signed_in.post(ASK, {"email": kept.email.upper()})
    assert answer.status_code == 422
    assert "ouvre déjà ce compte" in answer.content.decode()


def test_a_wrong_code_is_refused_and_five_end_it(signed_in, gone):
    signed_in.post(ASK, {"email": gone.email})
    code = code_sent_to(gone.email)
    wrong = signed_in.post(PROVE, {"code": "BBBB-BBBB"})
    assert wrong.status_code == 422
    for _try in range(4):
        wrong = signed_in.post(PROVE, {"code": "BBBB-BBBB"})
    assert "ne peut plus servir" in wrong.content.decode()
    assert signed_in.post(PROVE, {"code": code})["Location"] == ASK
    assert signed_in.get(CONFIRM)["Location"] == ASK


def test_a_code_expires_in_thirty_minutes_and_so_does_its_proof(signed_in, gone, monkeypatch):
    signed_in.post(ASK, {"email": gone.email})
    code, now = code_sent_to(gone.email), time.time()
    monkeypatch.setattr("maillage.accounts.kit.was_recently_confirmed", lambda request: True)
    monkeypatch.setattr("maillage.accounts.kit.time.time", lambda: now + 1801)
    assert signed_in.post(PROVE, {"code": code})["Location"] == ASK
    monkeypatch.setattr("maillage.accounts.kit.time.time", lambda: now)
    prove(signed_in, gone.email)
    monkeypatch.setattr("maillage.accounts.kit.time.time", lambda: now + 1801)
    assert signed_in.post(CONFIRM)["Location"] == ASK
    assert account_at(gone.email) == gone


def test_the_session_keeps_no_code_that_can_be_read(signed_in, gone):
    signed_in.post(ASK, {"email": gone.email})
    code = code_sent_to(gone.email)
    kept = str(dict(signed_in.session))
    assert code not in kept and code.replace("-", "") not in kept


def test_codes_are_few_an_hour(signed_in):
    for number in range(5):
        assert signed_in.post(ASK, {"email": f"a{number}@exemple.test"}).status_code == 302
    late = signed_in.post(ASK, {"email": "a9@exemple.test"})
    assert late.status_code == 429 and late["Retry-After"]


def test_a_session_left_open_is_not_enough(client, kept, gone):
    client.force_login(kept)
    for answer in (client.get(ASK), client.post(ASK, {"email": gone.email}), client.post(CONFIRM)):
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
    run_waiting()
    assert mail.outbox == []


def test_the_confirmation_sent_twice_merges_once(signed_in, network, kept, gone):
    prove(signed_in, gone.email)
    form = {"cle": "5b0f5b40-8d3c-4c8e-9a57-2f8a3f0f8a11", "compte": gone.pk}
    assert signed_in.post(CONFIRM, form)["Location"] == reverse("accounts:profile")
    assert signed_in.post(CONFIRM, form)["Location"] == reverse("accounts:profile")
    assert Entry.objects.filter(verb="account.merged").count() == 1


def test_looking_at_what_would_follow_changes_nothing_and_costs_the_same(signed_in, network, kept, gone, same_queries):
    prove(signed_in, gone.email)

    def add():
        Consent.objects.create(user=gone, purpose="news", text_version="1", given=True, origin="page")

    same_queries(page=lambda: signed_in.get(CONFIRM), add=add)
    assert Consent.objects.filter(user=gone).count() == 3


# --- who may ------------------------------------------------------------------------------------------------------------
def test_a_second_factor_is_not_passed_by_a_message(network, kept, gone):
    Authenticator.objects.create(user=gone, type="totp", data={})
    with pytest.raises(Refused, match="second facteur"):
        merge(kept, gone, network)
    assert account_at(gone.email) == gone


def test_the_administration_of_the_platform_does_not_join_a_lesser_account(network, kept):
    with pytest.raises(Refused, match="plateforme"):
        merge(kept, make_platform_admin(email="racine@exemple.test"), network)
    merge(make_platform_admin(), make_platform_admin(email="racine2@exemple.test"), network)


@pytest.mark.parametrize("state", [{"is_active": False}, {"erased_at": timezone.now()}])
def test_a_closed_account_is_refused(network, kept, gone, state):
    User.objects.filter(pk=gone.pk).update(**state)
    gone.refresh_from_db()
    with pytest.raises(Refused, match="rien à réunir"):
        merge(kept, gone, network)


def test_of_two_mergings_of_one_account_the_first_wins(network, kept, gone):
    """Both proved its address: the second asks for an account that is no more, and does not take the first's instead."""
    late = make_person(network, email="autre@exemple.test")
    address = gone.email
    merge(kept, gone, network)
    with pytest.raises(Conflict):
        actions.merge_accounts(by=viewer(late, network), other=gone, address=address)
    assert account_at(address) == kept


def test_two_accounts_that_take_each_other_end_as_one(network, kept, gone):
    second = viewer(gone, network)
    mine, theirs = kept.email, gone.email
    merge(kept, gone, network)
    with pytest.raises(Conflict):
        actions.merge_accounts(by=second, other=kept, address=mine)
    assert account_at(mine) == account_at(theirs) == kept


def test_an_address_that_opens_another_account_proves_nothing_of_this_one(network, kept, gone):
    with pytest.raises(Conflict):
        actions.merge_accounts(by=viewer(kept, network), other=gone, address="ailleurs@exemple.test")


def test_a_page_read_before_the_address_changed_hands_is_read_again(signed_in, network, kept, gone):
    other = make_person(network, email="autre@exemple.test")
    prove(signed_in, gone.email)
    page = signed_in.get(CONFIRM)
    merge(other, gone, network)
    answer = signed_in.post(CONFIRM, {"compte": page.context["other"].pk})
    assert answer.status_code == 409
    assert User.objects.get(pk=other.pk).erased_at is None


# --- what follows -------------------------------------------------------------------------------------------------------
def test_every_model_whose_rows_may_clash_says_what_becomes_of_two():
    silent = [
        name_of(model, field)
        for model, field in pointing_to(User)
        if may_clash(model, field)
        and not ((relation := relation_to_account(model, field)).rule or relation.rewrite or relation.stays)
    ]
    assert silent == []


def test_nothing_points_to_the_account_that_goes_but_the_journal(network, kept, gone):
    give_role(gone, make_network(host="b.test"), RoleKind.ANIMATOR)
    merge(kept, gone, network)
    left = {
        name_of(model, field)
        for model, field in pointing_to(User)
        if QuerySet(model).filter(**{field: gone.pk}).exists()
    }
    assert left <= {"activity.Entry.user"}
    gone.refresh_from_db()
    assert (gone.email, gone.name, gone.is_active) == (f"reuni-{gone.pk}@invalid", "", False)
    assert not gone.has_usable_password()
    assert str(gone) == "Ana Roche"


def test_the_last_administrator_stays_through_the_other_account(network, kept):
    boss = make_admin(network, email="patron@exemple.test")
    give_role(boss, network)
    merge(kept, boss, network)
    held = Role.objects.held().filter(network=network, kind=RoleKind.NETWORK_ADMIN)
    assert [role.user for role in held] == [kept]
    assert Role.objects.held().filter(user=kept, kind=RoleKind.MEMBER).count() == 1
    assert Role.objects.filter(user=kept, kind=RoleKind.MEMBER).count() == 2


def test_tokens_are_revoked_and_sessions_end(client, network, kept, gone):
    client.force_login(gone)
    assert client.get(reverse("accounts:profile")).status_code == 200
    ApiToken.objects.create(user=gone, network=network, name="outil", token_hash=hashed("secret"), scopes=["read"])
    merge(kept, gone, network)
    assert queries.live_token("secret", network) is None
    assert client.get(reverse("accounts:profile")).status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(("mine", "theirs", "expected"), [
    ([True], [True], True), ([True], [], False), ([], [True], False), ([True], [True, False], False),
    ([True, False], [True], False), ([False, True], [True], True), ([], [False], False),
])  # fmt: skip
def test_of_two_consents_the_stricter_holds_and_every_line_stays(network, kept, gone, mine, theirs, expected):
    at = timezone.now() - timedelta(days=9)
    for user, answers in ((kept, mine), (gone, theirs)):
        for number, given in enumerate(answers):
            facts = {"purpose": "lettre", "text_version": "v1", "origin": "page", "at": at + timedelta(hours=number)}
            Consent.objects.create(user=user, network=network, given=given, **facts)
    merge(kept, gone, network)
    lines = list(Consent.objects.filter(user=kept, network=network, purpose="lettre").order_by("at", "pk"))
    assert lines[-1].given is expected
    assert len([line for line in lines if line.origin == "page"]) == len(mine) + len(theirs)


def test_the_journal_says_it_in_each_network_without_the_other_address(client, network, kept, gone):
    other, elsewhere = make_network(host="b.test"), make_network(host="c.test")
    give_role(gone, other, RoleKind.POLE_MEMBER)
    merge(kept, gone, network)
    lines = Entry.objects.filter(verb="account.merged")
    assert {line.network_id for line in lines} == {network.pk, other.pk} != {elsewhere.pk}
    assert gone.email not in str([(line.label, line.details, line.changes) for line in lines])
    boss = viewer(make_admin(other), other)
    assert Entry.objects.visible_to(boss).filter(verb="account.merged").exists()
    assert Entry.objects.visible_to(viewer(kept, network)).filter(verb="account.merged").exists()


def test_what_the_other_account_did_is_read_as_ones_own_and_stays_sealed(network, kept, gone):
    record("profile.changed", by=viewer(gone, network), subject=gone)
    seal_entries.enqueue()
    run_waiting()
    merge(kept, gone, network)
    assert first_broken_seal() is None
    assert Entry.objects.visible_to(viewer(kept, network)).filter(user=gone).exists()
    boss = viewer(make_admin(network), network)
    assert [line.who for line in lines_of(journal(boss, person=kept.pk))] == ["Ana Roche", "Ana Roche"]
    assert [str(person) for person in people_in_journal(boss)] == ["Ana Roche"]


def test_both_addresses_are_told(network, kept, gone):
    addresses = {kept.email, gone.email}
    merge(kept, gone, network)
    run_waiting()
    assert {message.to[0] for message in mail.outbox} == addresses
    assert all("deux comptes" in message.subject for message in mail.outbox)


# --- after --------------------------------------------------------------------------------------------------------------
def test_the_erasure_of_the_kept_account_forgets_both_addresses(network, kept, gone):
    addresses = [kept.email, gone.email]
    merge(kept, gone, network)
    assert tombstones.of_person(gone)["person"] not in {stone.get("person") for stone in tombstones.stones()}
    actions.erase_account(by=viewer(kept, network), user=kept)
    assert all(queries.is_suppressed(address) for address in addresses)
    assert not EmailAddress.objects.filter(email__in=addresses).exists()
    gone.refresh_from_db()
    assert str(gone) == "Personne supprimée"
    assert not Entry.objects.filter(label__contains="Ana").exists()
    assert Suppression.objects.count() == 2


def test_a_restoration_does_not_take_a_merged_account_for_an_erased_one(
    network, kept, gone, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        merge(kept, gone, network)
    tombstones.complete()
    assert not [stone for stone in tombstones.stones() if stone.get("person") == tombstones.hash_of(gone)]
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_account(by=viewer(kept, network), user=kept)
    buried = {stone.get("person") for stone in tombstones.stones()}
    assert {tombstones.hash_of(kept), tombstones.hash_of(gone)} <= buried


def test_an_account_merged_before_follows_the_next_one(network, kept, gone):
    third = make_person(network, email="ana3@exemple.test")
    merge(gone, third, network)
    merge(kept, gone, network)
    third.refresh_from_db()
    assert third.merged_into == kept
    assert set(queries.addresses_of(kept)) == {kept.email, "ana3@exemple.test", "ana@perso.exemple.test"}


def test_an_account_whose_address_was_never_proved_is_proved_by_the_code(network, kept):
    bare = User.objects.create_user("jamais@exemple.test", PASSWORD)
    merge(kept, bare, network)
    assert EmailAddress.objects.get(email="jamais@exemple.test").user == kept
    assert EmailAddress.objects.get(email="jamais@exemple.test").verified


def test_a_second_address_is_listed_and_withdrawn_on_the_page_of_the_address(signed_in, network, kept, gone):
    address = gone.email
    merge(kept, gone, network)
    page = signed_in.get(reverse("account_email"))
    assert address in page.content.decode()
    signed_in.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    signed_in.post(reverse("account_email"), {"email": address, "action_remove": "1"})
    assert not EmailAddress.objects.filter(email=address).exists()
