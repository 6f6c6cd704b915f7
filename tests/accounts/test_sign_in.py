"""Signing up and in: by code, by password; nobody learns who has an account; guessing is slowed down."""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.urls import reverse

from maillage.accounts.models import Role, User
from maillage.accounts.queries import device_named
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def letters(to=None):
    run_waiting()
    return [message for message in mail.outbox if to is None or message.to == [to]]


def code_in(message):
    return re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", message.body)[0]


def ask_code(client, email):
    return client.post(reverse("account_request_login_code"), {"email": email}, follow=True)


def give_code(client, code):
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def signed_in(client):
    return client.get(reverse("accounts:profile")).status_code == 200


def test_one_signs_up_without_password_proves_the_address_and_becomes_a_member(client, network):
    answer = client.post(
        reverse("account_signup"), {"email": "Claire@Exemple.test", "name": "Claire Aubert", "password1": ""}
    )
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert not Role.objects.exists()
    code = code_in(letters("claire@exemple.test")[-1])
    client.post(reverse("account_email_verification_sent"), {"code": code})
    user = User.objects.get(email="claire@exemple.test")
    assert signed_in(client)
    assert (user.name, user.home_network) == ("Claire Aubert", network)
    assert [(role.kind, role.network) for role in user.roles.all()] == [(RoleKind.MEMBER, network)]


def test_one_signs_in_with_an_emailed_code_that_serves_once(client, network):
    user = make_user("alice@exemple.test")
    ask_code(client, user.email)
    code = code_in(letters(user.email)[-1])
    give_code(client, code)
    assert signed_in(client)
    client.post(reverse("account_logout"))
    give_code(client, code)
    assert not signed_in(client)


def test_a_code_dies_after_five_wrong_tries(client, network):
    user = make_user("alice@exemple.test")
    ask_code(client, user.email)
    code = code_in(letters(user.email)[-1])
    for _ in range(5):
        give_code(client, "BBBB-BBBB")
    give_code(client, code)
    assert not signed_in(client)


def test_a_code_dies_after_fifteen_minutes(client, network, monkeypatch):
    user = make_user("alice@exemple.test")
    ask_code(client, user.email)
    code = code_in(letters(user.email)[-1])
    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 901)
    give_code(client, code)
    assert not signed_in(client)


def test_one_signs_in_with_a_password_whatever_the_case_of_the_address(client, network):
    make_user("alice@exemple.test")
    answer = client.post(reverse("account_login"), {"login": "Alice@Exemple.TEST", "password": PASSWORD})
    assert answer.status_code == 302
    assert signed_in(client)


def shape(response):
    """What a stranger can compare: status, address, visible text without the typed address and the form token."""
    body = re.sub(r'value="[^"]*"|nonce="[^"]*"', "", response.content.decode())
    return response.status_code, [url for url, _ in response.redirect_chain], body


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("account_login", {"login": "{}", "password": "pas le bon mot de passe"}),
        ("account_request_login_code", {"email": "{}"}),
        ("account_reset_password", {"email": "{}"}),
        ("account_signup", {"email": "{}", "name": "Quelqu'un", "password1": ""}),
    ],
)
def test_the_answer_is_the_same_whether_the_address_has_an_account_or_not(network, url, data):
    from django.test import Client

    make_user("connu1@exemple.test")
    shapes = []
    for address in ("connu1@exemple.test", "autre1@exemple.test"):
        filled = {key: value.format(address) for key, value in data.items()}
        response = Client().post(reverse(url), filled, follow=True)
        status, chain, body = shape(response)
        shapes.append((status, chain, body.replace(address, "…")))
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(
    ("url", "data", "subjects"),
    [
        ("account_request_login_code", {}, ("Votre code de connexion", "Aucun compte à cette adresse")),
        ("account_reset_password", {}, ("Choisissez un nouveau mot de passe", "Aucun compte à cette adresse")),
        ("account_signup", {"name": "X"}, ("Vous avez déjà un compte", "Bienvenue : confirmez votre adresse")),
    ],
)
def test_each_address_is_written_to_in_both_cases_outside_the_request(client, network, url, data, subjects):
    make_user("connu@exemple.test")
    told = []
    for address in ("connu@exemple.test", "inconnu@exemple.test"):
        client.post(reverse(url), {"email": address, **data})
        assert mail.outbox == []
        told.append([message.subject for message in letters(address)])
        mail.outbox.clear()
        client.logout()
    assert told == [[subjects[0]], [subjects[1]]]


@pytest.mark.parametrize(
    ("url", "data", "hashes"),
    [
        ("account_login", {"login": "{}", "password": "pas le bon"}, 1),
        ("account_signup", {"email": "{}", "name": "X", "password1": PASSWORD}, 1),
        ("account_request_login_code", {"email": "{}"}, 0),
        ("account_reset_password", {"email": "{}"}, 0),
    ],
)
def test_an_unknown_address_costs_the_same_password_hashes_as_a_known_one(network, monkeypatch, url, data, hashes):
    from django.contrib.auth import hashers
    from django.test import Client

    make_user("connu@exemple.test")
    calls = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(self, *args, **kwargs):
        calls.append(1)
        return encode(self, *args, **kwargs)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    costs = []
    for address in ("connu@exemple.test", "inconnu@exemple.test"):
        calls.clear()
        Client().post(reverse(url), {key: value.format(address) for key, value in data.items()})
        costs.append(len(calls))
    assert costs == [hashes, hashes]


def fail(client, email="alice@exemple.test", ip="192.0.2.1"):
    return client.post(
        reverse("account_login"), {"login": email, "password": "pas le bon du tout"}, REMOTE_ADDR=ip
    ).content.decode()


BLOCKED = "Trop de tentatives"


def test_guessing_an_account_slows_down_after_five_failures_from_any_address_then_waits_fifteen_minutes(
    client, network, monkeypatch
):
    import time

    make_user("alice@exemple.test")
    start = time.time()
    said = [BLOCKED in fail(client, ip=f"192.0.2.{number}") for number in range(6)]
    assert said == [False] * 5 + [True]
    monkeypatch.setattr(time, "time", lambda: start + 61)
    assert [BLOCKED in fail(client, ip=f"198.51.100.{number}") for number in range(6)] == [False] * 5 + [True]
    monkeypatch.setattr(time, "time", lambda: start + 130)
    assert BLOCKED in fail(client, ip="203.0.113.1")
    monkeypatch.setattr(time, "time", lambda: start + 61 + 901)
    assert BLOCKED not in fail(client, ip="203.0.113.2")


def test_addresses_of_one_ipv6_network_of_64_bits_count_as_one(client, network):
    said = [
        BLOCKED in fail(client, email=f"cible{number}@exemple.test", ip=f"2001:db8:1:1::{number + 1}")
        for number in range(6)
    ]
    assert said == [False] * 5 + [True]
    assert BLOCKED not in fail(client, email="cible@exemple.test", ip="2001:db8:1:2::1")


def test_guessing_the_second_factor_slows_down_too(client, network):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user = make_user("alice@exemple.test")
    TOTP.activate(user, generate_totp_secret())
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert "Utiliser une clé d" not in client.get(reverse("mfa_authenticate")).text  # Who has none is offered none.
    said = [
        BLOCKED in client.post(reverse("mfa_authenticate"), {"code": f"00000{number}"}).content.decode()
        for number in range(6)
    ]
    assert said == [False] * 5 + [True]
    assert not signed_in(client)


def test_codes_are_not_sent_to_an_address_without_end(client, network):
    from django.test import Client

    make_user("alice@exemple.test")
    asked = [
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(
            reverse("account_request_login_code"), {"email": "alice@exemple.test"}
        )
        for number in range(5)
    ]
    assert [answer.status_code for answer in asked] == [302, 302, 302, 200, 200]
    assert len(letters("alice@exemple.test")) == 3


def test_changing_the_password_ends_other_sessions_and_writes_to_the_address(client, network):
    from django.test import Client

    user = make_user("alice@exemple.test")
    elsewhere = Client()
    for browser in (elsewhere, client):
        browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert signed_in(elsewhere)
    new = "cinquante-trois bleuets"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert signed_in(client)
    assert not signed_in(elsewhere)
    assert [message.subject for message in letters(user.email)] == ["Votre mot de passe a changé"]


def test_the_link_of_a_forgotten_password_points_to_the_network_serves_once_and_changes_nothing_when_opened(
    client, network
):
    user = make_user("alice@exemple.test")
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"http://testserver(?::\d+)?(/compte/mot-de-passe/nouveau/\S+)", letters(user.email)[-1].body)[1]
    form = client.get(link, follow=True)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    new = "cinquante-trois bleuets"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert "Ce lien ne sert plus" in client.get(link, follow=True).content.decode()


def test_choosing_a_forgotten_password_ends_other_sessions_and_writes_to_the_address(client, network):
    from django.test import Client

    user = make_user("alice@exemple.test")
    elsewhere = Client()
    elsewhere.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"(/compte/mot-de-passe/nouveau/\S+)", letters(user.email)[-1].body)[1]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    new = "cinquante-trois bleuets"
    client.post(form, {"password1": new, "password2": new})
    assert not signed_in(elsewhere)
    assert letters(user.email)[-1].subject == "Votre mot de passe a changé"


def test_the_link_of_a_forgotten_password_dies_after_an_hour(client, network):
    from datetime import timedelta

    from allauth.account.forms import default_token_generator as generator
    from allauth.account.utils import user_pk_to_url_str

    user = make_user("alice@exemple.test")
    said = []
    for minutes in (59, 61):
        at = generator._num_seconds(generator._now() - timedelta(minutes=minutes))
        token = generator._make_token_with_timestamp(user, at, generator.secret)
        kwargs = {"uidb36": user_pk_to_url_str(user), "key": token}
        page = client.get(reverse("account_reset_password_from_key", kwargs=kwargs), follow=True)
        said.append("Ce lien ne sert plus" in page.content.decode())
    assert said == [False, True]


def test_changing_the_address_takes_a_code_warns_the_former_one_and_ends_other_sessions(client, network):
    from django.test import Client

    user = make_user("alice@exemple.test")
    elsewhere = Client()
    for browser in (elsewhere, client):
        browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    asked = client.post(reverse("account_email"), {"email": "nouvelle@exemple.test", "action_add": "1"})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked["Location"], {"password": PASSWORD, "next": reverse("account_email")})
    user.refresh_from_db()
    assert user.email == "alice@exemple.test"
    client.post(reverse("account_email_verification_sent"), {"code": code_in(letters("nouvelle@exemple.test")[-1])})
    user.refresh_from_db()
    assert user.email == "nouvelle@exemple.test"
    assert "L'adresse de votre compte a changé" in [message.subject for message in letters("alice@exemple.test")]
    assert signed_in(client)
    assert not signed_in(elsewhere)


def test_sessions_are_listed_and_closed_one_by_one_or_all_but_this_one(client, network):
    from django.test import Client

    user = make_user("alice@exemple.test")
    agents = [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:139.0) Gecko/20100101 Firefox/139.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1",
        "automate",
    ]
    others = [Client(HTTP_USER_AGENT=agent) for agent in agents]
    for browser in (*others, client):
        browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    page = client.get(reverse("usersessions_list")).content.decode()
    assert all(
        f">{device}</td>" in page for device in ("Firefox sur Windows", "Safari sur iPhone", "Navigateur inconnu")
    )
    assert "Mozilla" not in page
    chosen = UserSession.objects.get(user_agent=agents[1])
    client.post(reverse("usersessions_list"), {"session": chosen.pk})
    assert [signed_in(browser) for browser in others] == [True, False, True]
    client.post(reverse("usersessions_list"), {"session": "others"})
    assert [signed_in(browser) for browser in (*others, client)] == [False, False, False, True]


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36 Edg/138.0", "Edge sur Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/138.0.0.0 Mobile Safari/537.36", "Chrome sur Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15", "Safari sur Mac"),
        ("Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/138.0 Mobile/15E148 Safari/604.1", "Chrome sur iPad"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0", "Firefox sur Linux"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Navigateur inconnu sur Linux"),
        ("curl/8.9.1", "curl"),
        ("", "Navigateur inconnu"),
    ],
)  # fmt: skip
def test_a_browser_is_called_by_its_name_and_its_system(agent, device):
    assert device_named(agent) == device


def test_one_cannot_close_the_session_of_someone_else(client, network):
    from django.test import Client

    victim = Client()
    victim.post(reverse("account_login"), {"login": make_user("bob@exemple.test").email, "password": PASSWORD})
    client.post(reverse("account_login"), {"login": make_user("alice@exemple.test").email, "password": PASSWORD})
    client.post(reverse("usersessions_list"), {"session": UserSession.objects.get(user__email="bob@exemple.test").pk})
    assert signed_in(victim)


def test_a_robot_that_fills_the_hidden_field_gets_no_account(client, network):
    client.post(
        reverse("account_signup"),
        {"email": "robot@exemple.test", "name": "Robot", "password1": "", "site_personnel": "http://spam.test"},
    )
    assert not User.objects.filter(email="robot@exemple.test").exists()


def test_unknown_fields_of_the_sign_up_form_change_nothing(client, network):
    client.post(
        reverse("account_signup"),
        {
            "email": "alice@exemple.test",
            "name": "Alice",
            "password1": "",
            "is_active": "0",
            "kind": "network_admin",
            "role": "platform_admin",
            "is_staff": "1",
            "home_network": "99",
        },
    )
    user = User.objects.get(email="alice@exemple.test")
    assert (user.is_active, user.home_network, user.roles.count()) == (True, network, 0)
