"""Follows what allauth does: membership of new accounts, other sessions ended when a way in changes."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.dispatch import receiver
from django.http import HttpRequest

from maillage.accounts import actions
from maillage.accounts.models import User


@receiver(account_signals.user_logged_in)
def welcome(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The first sign-in, after the address was proved, makes one a member of the network one signed up to."""
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
