"""Sign-in pages, one's account, the people of a network."""

from datetime import timedelta

from django.utils import timezone

from maillage.accounts.models import ApiToken, Export, Role, hashed
from tests.access.table import LOGIN, line
from tests.factories.accounts import make_invitation


def prepare(world):
    member = world.users["member"]
    world.invitation = make_invitation(world.network, "invite@exemple.test")
    world.token = ApiToken.objects.create(
        user=member, network=world.network, name="essai", token_hash=hashed("essai"), scopes=["read"]
    )
    world.export = Export.objects.create(
        user=member,
        network=world.network,
        session_hash="autre",
        ready_at=timezone.now(),
        expires_at=timezone.now() + timedelta(hours=1),
    )


SIGNED_IN = {"anonymous": LOGIN, "others": 200}
ADMINS = {"anonymous": LOGIN, "network_admin": 200, "platform_admin": 200, "others": 403}
DONE = {"anonymous": LOGIN, "network_admin": 302, "platform_admin": 302, "others": 403}
# Sign-in pages send those who are signed in elsewhere; pages of a step send away those who did not start it.
ENTRANCE = {"anonymous": 200, "others": 302}
STEP = {"anonymous": LOGIN, "others": 302}
PROVED = {"anonymous": LOGIN, "others": 302}


def invitation(world):
    return {"pk": world.invitation.pk}


def token_link(world):
    return {"pk": world.invitation.pk, "token": world.invitation.token}


def member(world):
    return {"pk": world.users["member"].pk}


def member_role(world):
    return {"pk": Role.objects.get(user=world.users["member"]).pk}


LINES = [
    line("account_login", **ENTRANCE),
    line("account_logout", anonymous=302, others=200),
    line("account_inactive", everyone=200),
    line("account_signup", **ENTRANCE),
    line("account_reauthenticate", anonymous=LOGIN, others=302),
    line("account_email", **SIGNED_IN),
    line("account_email_verification_sent", **STEP),
    line("account_change_password", anonymous=LOGIN, others=302),
    line("account_set_password", **SIGNED_IN),
    line("account_reset_password", everyone=200),
    line("account_reset_password_done", everyone=200),
    line("account_reset_password_from_key", args={"uidb36": "1", "key": "faux"}, everyone=200, elsewhere=None),
    line("account_reset_password_from_key_done", everyone=200),
    line("account_request_login_code", **ENTRANCE),
    line("account_confirm_login_code", anonymous=LOGIN, others=302),
    line("mfa_login_webauthn", anonymous=LOGIN, others=302),
    line("mfa_authenticate", anonymous=LOGIN, others=302),
    line("mfa_reauthenticate", **PROVED),
    line("mfa_reauthenticate_webauthn", **PROVED),
    line("mfa_index", **SIGNED_IN),
    line("mfa_activate_totp", **SIGNED_IN),
    line("mfa_deactivate_totp", anonymous=LOGIN, others=404),
    line("mfa_view_recovery_codes", anonymous=LOGIN, others=404),
    line("mfa_generate_recovery_codes", **SIGNED_IN),
    line("mfa_download_recovery_codes", anonymous=LOGIN, others=404),
    line("mfa_list_webauthn", **SIGNED_IN),
    line("mfa_add_webauthn", **SIGNED_IN),
    line("mfa_remove_webauthn", args={"pk": 999_999}, anonymous=LOGIN, others=404),
    line("mfa_edit_webauthn", args={"pk": 999_999}, anonymous=LOGIN, others=404),
    line("usersessions_list", **SIGNED_IN),
    line("accounts:profile", **SIGNED_IN),
    line("accounts:identity_confirm", **SIGNED_IN),
    line("accounts:network_join", anonymous=LOGIN, others=405),
    line("accounts:network_join", method="post", anonymous=LOGIN, others=302),
    line("accounts:token_list", **PROVED),
    line(
        "accounts:token_revoke",
        args=lambda world: {"pk": world.token.pk},
        method="post",
        anonymous=LOGIN,
        member=302,
        others=404,
    ),
    line("accounts:data", **SIGNED_IN),
    line("accounts:export_request", **PROVED),
    line("accounts:export_request", method="post", **PROVED),
    line("accounts:export_download", args=lambda world: {"pk": world.export.pk}, elsewhere=302, **PROVED),
    line("accounts:erasure", **PROVED),
    line("accounts:erasure", method="post", data={"understood": "on"}, **PROVED),
    line("accounts:merge_ask", **PROVED),
    line("accounts:merge_ask", method="post", data={"email": "autre@exemple.test"}, **PROVED),
    line("accounts:merge_prove", **PROVED),
    line("accounts:merge_prove", method="post", data={"code": "BBBB-BBBB"}, **PROVED),
    line("accounts:merge_confirm", **PROVED),
    line("accounts:merge_confirm", method="post", **PROVED),
    line("accounts:invitation_accept", args=token_link, everyone=200),
    line("accounts:invitation_accept", args=lambda world: {"pk": world.invitation.pk, "token": "faux"}, everyone=404),
    line("people:person_list", **ADMINS),
    line("people:invitation_create", **ADMINS),
    line("people:invitation_list", **ADMINS),
    line("people:absence_list", **ADMINS),
    line("people:invitation_resend", args=invitation, method="post", **DONE),
    line("people:invitation_cancel", args=invitation, method="post", **DONE),
    line("people:person_detail", args=member, **ADMINS),
    line("people:role_grant", args=member, method="post", data={"kind": "pole_member", "department": ""}, **DONE),
    line("people:merge_suggest", args=member, method="post", **DONE),
    line("people:role_revoke", args=member_role, method="post", **DONE),
    line("network_create", anonymous=LOGIN, platform_admin=200, others=403),
]
