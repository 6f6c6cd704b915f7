"""Profile, sessions and API tokens."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.actions.telling import tell_act
from maillage.accounts.enums import TokenScope
from maillage.accounts.models import ApiToken, User, hashed, new_token
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer

TOKENS_AT_MOST = 20


def save_profile(*, by: Viewer, name: str) -> User:
    user = User.objects.get(pk=by.user.pk)
    before, user.name = user.name, name.strip()
    user.full_clean(exclude=["password"])
    with transaction.atomic():
        user.save(update_fields=["name"])
        if before != user.name:
            tell_act("profile.changed", by=by, subject=user)
    return user


def end_sessions(*, user: User, but: str | None = None, only: int | None = None) -> int:
    """End the sessions of a person: all, all but the current one (`but`, its key), or one (`only`, its id)."""
    sessions = UserSession.objects.filter(user=user)
    if but:
        sessions = sessions.exclude(session_key=but)
    if only is not None:
        sessions = sessions.filter(pk=only)
    if but is None and only is None:
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return sessions.delete()[0]


def create_token(*, by: Viewer, name: str, scopes: list[str], days: int | None) -> tuple[ApiToken, str]:
    """A token of the person for the current network, and its text, which is never shown again."""
    if by.user is None or by.network is None:
        raise Refused(_("Connectez-vous pour créer un jeton."))
    if ApiToken.objects.live().filter(user=by.user, network=by.network).count() >= TOKENS_AT_MOST:
        raise Refused(_("Pas plus de %(limit)s jetons : révoquez-en un.") % {"limit": TOKENS_AT_MOST}, status=422)
    text = new_token()
    token = ApiToken(
        user=by.user,
        network=by.network,
        name=name,
        token_hash=hashed(text),
        scopes=[scope for scope in TokenScope.values if scope in scopes],
        expires_at=timezone.now() + timedelta(days=days) if days else None,
    )
    token.full_clean(exclude=["scopes"])
    with transaction.atomic():
        token.save()
        tell_act("token.created", by=by, subject=token, details={"scopes": token.scopes})
    return token, text


def note_token_use(*, token: ApiToken, at: datetime | None = None) -> None:
    """Keep when a token last served, to the hour."""
    now = at or timezone.now()
    if token.last_used_at is None or token.last_used_at < now - timedelta(hours=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def revoke_token(*, by: Viewer, token: ApiToken) -> ApiToken:
    if token.user_id != by.user_id:
        raise Refused(_("Ce jeton n'est pas le vôtre."))
    with transaction.atomic():
        token.revoked_at = token.revoked_at or timezone.now()
        token.save(update_fields=["revoked_at", "updated_at"])
        tell_act("token.revoked", by=by, subject=token)
    return token
