"""Roles given and taken back, invitations, tokens, second factor."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import actions, queries
from maillage.accounts.models import ApiToken, Invitation, Role, hashed
from maillage.activity.models import Entry, Notice
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind, Viewer
from tests.factories.accounts import (
    PASSWORD,
    give_role,
    make_admin,
    make_invitation,
    make_person,
    make_platform_admin,
    make_user,
    viewer,
)
from tests.factories.directory import make_network

pytestmark = pytest.mark.django_db


def kinds(user, network):
    return sorted(Role.objects.held().filter(user=user, network=network).values_list("kind", flat=True))


def link_in(message):
    return re.search(r"http://testserver(?::\d+)?(/compte/invitation/\S+)", message.body)[1]


def sign_in(client, user):
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def test_an_administrator_invites_and_the_person_accepts_with_another_address(client, network, admin):
    client.force_login(admin)
    client.post(
        reverse("people:invitation_create"),
        {"emails": "bureau@exemple.test", "kind": "animator", "department": "", "message": "Bienvenue !"},
    )
    run_waiting()
    letter = mail.outbox[-1]
    assert letter.to == ["bureau@exemple.test"]
    assert "Bienvenue !" in letter.body
    person = make_user("perso@exemple.test")
    elsewhere = Client()
    elsewhere.force_login(person)
    path = link_in(letter)
    assert "Accepter" in elsewhere.get(path).content.decode()
    assert kinds(person, network) == []
    elsewhere.post(path)
    assert kinds(person, network) == ["animator"]
    assert Notice.objects.get(user=admin).title == f"{person} a accepté votre invitation : Animateur ou animatrice"


def test_the_link_is_the_only_key(client, network, admin):
    invitation = make_invitation(network, "invite@exemple.test")
    client.force_login(make_user("invite@exemple.test"))
    address = reverse("accounts:invitation_accept", args=[invitation.pk, "0" * 64])
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


@pytest.mark.parametrize("typed", ["nouvelle@exemple.test", "autre@exemple.test"])
def test_someone_without_account_signs_up_from_the_link_and_proves_the_address_they_type(client, network, typed):
    """Whoever was forwarded the link joins, and never becomes the person it was sent to."""
    invitation = make_invitation(network, "nouvelle@exemple.test", RoleKind.POLE_MEMBER)
    path = reverse("accounts:invitation_accept", args=[invitation.pk, invitation.token])
    door = client.post(path, {"door": "signup"})
    assert door["Location"].startswith(reverse("account_signup"))
    client.post(door["Location"], {"email": typed, "name": "Nour", "password1": "", "next": path})
    assert not EmailAddress.objects.filter(verified=True).exists()
    assert client.post(path)["Location"].startswith(reverse("account_login"))
    run_waiting()
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mail.outbox[-1].body)[0]
    assert mail.outbox[-1].to == [typed]
    assert client.post(reverse("account_email_verification_sent"), {"code": code})["Location"] == path
    client.post(path)
    invitation.refresh_from_db()
    assert kinds(invitation.accepted_by, network) == ["member", "pole_member"]
    assert EmailAddress.objects.get(verified=True).email == typed


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"accepted_at": timezone.now()}, "déjà été acceptée"),
        ({"revoked_at": timezone.now()}, "a été annulée"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "a expiré"),
    ],
)
def test_an_invitation_that_is_over_says_why(client, network, fields, sentence):
    invitation = make_invitation(network, **fields)
    person = make_user()
    client.force_login(person)
    path = reverse("accounts:invitation_accept", args=[invitation.pk, invitation.token])
    shown = client.get(path).text
    assert sentence in shown and "vous invite" not in shown
    refused = client.post(path)
    assert refused.status_code == 403
    assert sentence in refused.content.decode()
    assert kinds(person, network) == []


def test_sending_again_makes_a_new_link_and_kills_the_former(network, admin):
    invitation = actions.invite(by=viewer(admin, network), emails=["x@exemple.test"], kind=RoleKind.ANIMATOR)[0]
    former = invitation.token
    an_hour_later()
    again = actions.resend_invitation(by=viewer(admin, network), invitation=invitation)
    assert not again.is_opened_by(former)
    run_waiting()
    assert len(mail.outbox) == 2
    assert link_in(mail.outbox[-1]).endswith(f"{again.token}/")


def an_hour_later():
    for invitation in Invitation.objects.all():
        Invitation.objects.filter(pk=invitation.pk).update(sent_at=invitation.sent_at - timedelta(minutes=61))


def test_inviting_again_the_same_address_to_the_same_role_makes_one_invitation(network, admin):
    for _ in range(2):
        actions.invite(by=viewer(admin, network), emails=["x@exemple.test"], kind=RoleKind.ANIMATOR)
        an_hour_later()
    assert Invitation.objects.count() == 1


def test_one_address_is_written_to_once_an_hour_and_three_times_a_day(client, network, admin):
    by = viewer(admin, network)
    (invitation,) = actions.invite(by=by, emails=["x@exemple.test"], kind=RoleKind.ANIMATOR)
    for again in (
        lambda: actions.resend_invitation(by=by, invitation=invitation),
        lambda: actions.invite(by=by, emails=["y@exemple.test", "X@exemple.test"], kind=RoleKind.ANIMATOR),
    ):
        with pytest.raises(Refused, match="a déjà reçu cette invitation") as refusal:
            again()
        assert refusal.value.status == 429
    assert Invitation.objects.count() == 1
    for _ in range(2):
        an_hour_later()
        actions.resend_invitation(by=by, invitation=invitation)
    an_hour_later()
    client.force_login(admin)
    page = client.post(reverse("people:invitation_resend", args=[invitation.pk]), follow=True)
    assert "x@exemple.test a déjà reçu 3 invitations aujourd&#x27;hui" in page.text.replace("\xa0", " ")
    with pytest.raises(Refused, match="aujourd'hui"):
        actions.invite(by=by, emails=["x@exemple.test"], kind=RoleKind.POLE_MEMBER)
    run_waiting()
    assert [message.to for message in mail.outbox] == [["x@exemple.test"]] * 3


def test_the_link_is_kept_nowhere(network, admin):
    invitation = actions.invite(by=viewer(admin, network), emails=["x@exemple.test"], kind=RoleKind.ANIMATOR)[0]
    run_waiting()
    from maillage.core.models import Job

    kept = [str(list(model.objects.values())) for model in (Invitation, Notice, Entry, Job)]
    assert not any(invitation.token in text for text in kept)
    assert "x@exemple.test" not in str(list(Entry.objects.values()))


def test_invitations_are_limited_by_the_hour(network, admin):
    network.settings = {"invitations_per_hour": 3}
    network.save()
    by = viewer(admin, network)
    actions.invite(by=by, emails=["a@exemple.test", "b@exemple.test"], kind=RoleKind.MEMBER)
    with pytest.raises(Refused) as refused:
        actions.invite(by=by, emails=["c@exemple.test", "d@exemple.test"], kind=RoleKind.MEMBER)
    assert refused.value.status == 429
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize("wrong", ["pas une adresse", "a@exemple.test\r\nBcc:b", "a@"])
def test_a_wrong_address_is_named_and_nobody_is_invited(client, network, admin, wrong):
    client.force_login(admin)
    page = client.post(
        reverse("people:invitation_create"),
        {"emails": f"bonne@exemple.test {wrong}", "kind": "member", "department": ""},
    )
    assert page.status_code == 422
    assert Invitation.objects.count() == 0


def test_the_platform_role_cannot_be_given_from_a_network(client, network, admin):
    with pytest.raises(Refused):
        actions.invite(by=viewer(admin, network), emails=["x@exemple.test"], kind=RoleKind.PLATFORM_ADMIN)
    client.force_login(admin)
    person = make_person(network)
    client.post(reverse("people:role_grant", args=[person.pk]), {"kind": "platform_admin", "department": ""})
    assert kinds(person, None) == []


def test_taking_a_role_back_ends_sessions_and_tokens_at_once(client, network, admin):
    person = make_person(network, RoleKind.ANIMATOR)
    ApiToken.objects.create(user=person, network=network, name="outil", token_hash=hashed("outil"))
    theirs = Client()
    sign_in(theirs, person)
    assert theirs.get(reverse("activity:journal")).status_code == 200
    client.force_login(admin)
    client.post(reverse("people:role_revoke", args=[person.roles.get().pk]))
    assert theirs.get(reverse("accounts:profile")).status_code == 302
    assert not ApiToken.objects.live().exists()


def test_a_session_opened_without_allauth_ends_too(client, network, admin):
    person = make_person(network, RoleKind.ANIMATOR)
    theirs = Client()
    theirs.force_login(person)
    actions.revoke_role(by=viewer(admin, network), role=person.roles.get())
    assert theirs.get(reverse("accounts:profile")).status_code == 302


def test_the_last_administrator_cannot_be_removed_and_the_sentence_says_what_to_do(client, network, admin):
    client.force_login(admin)
    page = client.post(reverse("people:role_revoke", args=[admin.roles.get().pk]), follow=True)
    assert "nommez-en d&#x27;abord une autre" in page.content.decode()
    assert kinds(admin, network) == ["network_admin"]


def test_an_administrator_of_another_network_reaches_no_person(network):
    other = make_network("Hauts-de-France")
    stranger = make_admin(other)
    person = make_person(network, RoleKind.ANIMATOR)
    with pytest.raises(Refused):
        actions.revoke_role(by=viewer(stranger, other), role=person.roles.get())
    client = Client(HTTP_HOST=other.host)
    client.force_login(stranger)
    assert client.get(reverse("people:person_detail", args=[person.pk])).status_code == 404
    assert client.post(reverse("people:role_revoke", args=[person.roles.get().pk])).status_code == 404
    assert viewer(stranger, network).roles == frozenset()


def test_an_animator_of_a_department_animates_it_alone(network):
    seen = viewer(make_person(network, RoleKind.ANIMATOR, "31"), network)
    assert (seen.animates("31"), seen.animates("34")) == (True, False)


def test_the_same_role_twice_is_the_same_role(network, admin):
    person = make_person(network)
    by = viewer(admin, network)
    first = actions.grant_role(by=by, user=person, kind=RoleKind.ANIMATOR, department="31")
    assert actions.grant_role(by=by, user=person, kind=RoleKind.ANIMATOR, department="31") == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Role.objects.create(user=person, network=network, kind=RoleKind.ANIMATOR, department="31")


def test_someone_of_another_network_joins_with_the_same_account(client, network):
    other = make_network("Hauts-de-France")
    person = make_person(other)
    client.force_login(person)
    client.post(reverse("accounts:network_join"))
    assert (kinds(person, network), kinds(person, other)) == (["member"], ["member"])


def test_signing_up_to_a_closed_network_gives_no_role_but_an_invitation_does(network):
    network.is_public = False
    network.save()
    alone = make_user("seule@exemple.test", home_network=network)
    actions.complete_signup(user=alone, network=network)
    assert kinds(alone, network) == []
    invitation = make_invitation(network, "seule@exemple.test", RoleKind.MEMBER)
    actions.accept_invitation(by=viewer(alone, network), invitation=invitation)
    assert kinds(alone, network) == ["member"]


# --- second factor ---------------------------------------------------------------------------------------------------
def test_outside_the_demonstration_a_role_that_runs_the_network_waits_for_a_second_factor(client, network, settings):
    settings.DEMO = False
    person = make_person(network, RoleKind.NETWORK_ADMIN)
    give_role(person, network, RoleKind.MEMBER)
    assert {role.kind for role in viewer(person, network).roles} == {"member"}
    client.force_login(person)
    assert client.get(reverse("people:person_list"))["Location"] == reverse("mfa_index")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    assert {role.kind for role in viewer(person, network).roles} == {"member", "network_admin"}
    assert client.get(reverse("people:person_list")).status_code == 200


def test_the_platform_administrator_waits_for_a_second_factor_too(network, settings):
    settings.DEMO = False
    assert not viewer(make_platform_admin(), network).is_platform_admin


def test_recovery_codes_alone_are_no_second_factor(network, settings):
    settings.DEMO = False
    person = make_admin(network)
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    assert not viewer(person, network).is_network_admin


def test_signing_in_leads_to_the_second_factor_when_a_role_waits_for_it(client, network, settings):
    settings.DEMO = False
    person = make_admin(network)
    answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_index")


def test_an_application_of_codes_is_added_then_asked_at_the_next_sign_in(client, network):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    person = make_admin(network)
    sign_in(client, person)
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    client.post(page.redirect_chain[-1][0], {"password": PASSWORD, "next": reverse("mfa_activate_totp")})
    form = client.get(reverse("mfa_activate_totp")).context["form"]

    def code(secret, step=0):
        counter = next(iter(yield_hotp_counters_from_time())) + step
        return format_hotp_value(hotp_value(secret, counter))

    client.post(reverse("mfa_activate_totp"), {"code": code(form.secret)})
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert Authenticator.objects.filter(user=person, type="recovery_codes").exists()
    other = Client()
    answer = other.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert other.get(reverse("accounts:profile")).status_code == 302
    other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert other.get(reverse("accounts:profile")).status_code == 302
    other.post(reverse("mfa_authenticate"), {"code": code(form.secret, 1)})
    assert other.get(reverse("accounts:profile")).status_code == 200


# --- tokens ----------------------------------------------------------------------------------------------------------
def test_a_token_is_shown_once_kept_hashed_and_revoked(client, network):
    person = make_person(network)
    sign_in(client, person)
    page = client.post(reverse("accounts:token_list"), {"name": "Mon outil", "scopes": ["read"], "days": "30"})
    text = re.search(r"<code>([\w-]{43})</code>", page.content.decode())[1]
    token = ApiToken.objects.get()
    assert (token.token_hash, token.scopes, token.network) == (hashed(text), ["read"], network)
    listed = client.get(reverse("accounts:token_list")).text
    assert text not in listed
    assert ">lire ce que je peux lire</td>" in listed
    client.post(reverse("accounts:token_revoke", args=[token.pk]))
    assert not ApiToken.objects.live().exists()


def test_an_unknown_scope_is_refused(client, network):
    sign_in(client, make_person(network))
    page = client.post(reverse("accounts:token_list"), {"name": "x", "scopes": ["read", "admin"], "days": "30"})
    assert page.status_code == 422
    assert ApiToken.objects.count() == 0


def test_a_name_on_two_lines_is_refused(network):
    with pytest.raises(ValidationError):
        actions.save_profile(by=viewer(make_person(network), network), name="Eve\r\nBcc: tous@exemple.test")


def test_the_list_of_people_costs_the_same_with_one_and_three(client, network, admin, same_queries):
    client.force_login(admin)
    assert (
        same_queries(
            page=lambda: client.get(reverse("people:person_list")),
            add=lambda: make_person(network, RoleKind.ANIMATOR, "31"),
        )
        <= 11  # The bell counts the notices.
    )


def test_people_are_found_by_name_address_and_role(network, admin):
    zoe = make_person(network, RoleKind.ANIMATOR, name="Zoé Lampe")
    make_person(make_network("Ailleurs"), RoleKind.ANIMATOR, name="Zoé Loin")
    by = viewer(admin, network)
    assert list(queries.people_of(by, words="zoé")) == [zoe]
    assert list(queries.people_of(by, kind="animator")) == [zoe]
    assert list(queries.people_of(Viewer(network=network))) == []
