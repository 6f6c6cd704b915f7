"""Follows what allauth does (membership of new accounts, other sessions ended when a way in changes) and restorations."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import ngettext

from maillage.accounts import actions, queries
from maillage.accounts.actions import tombstones
from maillage.accounts.models import User
from maillage.core import mail
from maillage.core.signals import restored, restoring

mail.withhold_when(queries.is_suppressed)


@receiver(account_signals.user_logged_in)
def welcome(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The first sign-in, after the address was proved, makes one a member of the network one signed up to; any sign-in
    keeps an account that was to be erased."""
    actions.end_absence(user=user)
    actions.complete_signup(user=user, network=request.network)


@receiver([account_signals.password_changed, account_signals.password_set, account_signals.password_reset])
def end_sessions_after_password(request: HttpRequest, user: User, **kwargs: Any) -> None:
    actions.end_sessions(user=user, but=request.session.session_key)


@receiver(account_signals.email_changed)
def end_sessions_after_email(request: HttpRequest, user: User, **kwargs: Any) -> None:
    actions.end_sessions(user=user, but=request.session.session_key)


@receiver([mfa_signals.authenticator_removed])
def end_sessions_after_factor(request: HttpRequest, user: User, **kwargs: Any) -> None:
    actions.end_sessions(user=user, but=request.session.session_key)


@receiver(restoring)
def keep_tombstones(**kwargs: Any) -> None:
    tombstones.complete()


@receiver(restored)
def erase_again(**kwargs: Any) -> str:
    count = actions.replay_erasures()
    return (
        ngettext("%d effacement de compte refait", "%d effacements de comptes refaits", count) % count if count else ""
    )
