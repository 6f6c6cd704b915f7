"""What allauth asks us: who writes the messages and from where, where links point, where one lands."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from maillage.accounts import queries
from maillage.core import mail
from maillage.core.panels import menu

_LETTERS = {
    f"{folder}/email/{name}": f"accounts/mail/{name}.html"
    for folder, names in {
        "account": [
            "account_already_exists",
            "email_changed",
            "email_confirm",
            "email_deleted",
            "email_confirmation",
            "email_confirmation_signup",
            "login_code",
            "password_changed",
            "password_reset",
            "password_reset_key",
            "password_set",
            "unknown_account",
        ],
        "mfa": [
            "recovery_codes_generated",
            "totp_activated",
            "totp_deactivated",
            "webauthn_added",
            "webauthn_removed",
        ],
    }.items()
    for name in names
}
"""Our letter for each of allauth's; a name that it invents later fails loudly."""


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Written now, sent by a background job: the answer takes the same time whether the account exists or not."""
        network = allauth_context.request.network
        known = {
            "code": context.get("code", ""),
            "from_email": context.get("from_email", ""),
            "to_email": context.get("to_email", ""),
            "at": timezone.now(),
            "signup_url": mail.absolute_url(network, reverse("account_signup")),
            "reset_url": context.get("password_reset_url")
            or mail.absolute_url(network, reverse("account_reset_password")),
            "security_url": mail.absolute_url(network, reverse("mfa_index")),
        }
        mail.send(_LETTERS[template_prefix], to=email, context=known, network=network)

    def send_account_already_exists_mail(self, email: str) -> None:
        """A new account costs a hash of its password: refusing a known address must take as long."""
        if password := allauth_context.request.POST.get("password1"):
            make_password(password)
        super().send_account_already_exists_mail(email)

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return mail.absolute_url(allauth_context.request.network, path)

    def is_safe_url(self, url: str | None) -> bool:
        """Paths of this site only: another network of the instance is another site."""
        return bool(url) and str(url).startswith("/") and url_has_allowed_host_and_scheme(str(url), allowed_hosts=None)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if queries.lacks_second_factor(request.user, request.network):
            return reverse("mfa_index")
        # Those who have something to do here land on it; the viewer of the request was made before they signed in.
        work = menu("work", queries.viewer_for(request.user, request.network))
        return work[0].url if work else super().get_login_redirect_url(request)

    def new_user(self, request: HttpRequest) -> AbstractBaseUser:
        user = super().new_user(request)
        user.home_network = request.network
        return user

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Someone without password nor second factor confirms by an e-mailed code."""
        methods = super().get_reauthentication_methods(user)
        if not methods and user.is_authenticated:
            return [{"id": "code", "url": reverse("accounts:identity_confirm"), "description": ""}]
        return methods


class SecondFactorAdapter(DefaultMFAAdapter):
    def _get_site_name(self) -> str:
        network = allauth_context.request.network
        return network.name if network is not None else "Maillage"
