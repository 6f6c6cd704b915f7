"""Who someone is in a network; the people of a network; their sessions and invitations."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.enums import SECOND_FACTOR_KINDS
from maillage.accounts.models import ApiToken, Invitation, Role, User, hashed
from maillage.core.viewer import RoleHeld, Viewer
from maillage.networks.models import Network

_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def _held_by(user: Any, network: Network | None) -> "QuerySet[Role, tuple[str, str, bool]]":
    factor = Authenticator.objects.filter(user=OuterRef("user"), type__in=_FACTORS)
    roles = Role.objects.held().in_network(network).filter(user=user)
    return roles.annotate(has_factor=Exists(factor)).values_list("kind", "department", "has_factor")


def live_token(text: str, network: Network | None) -> ApiToken | None:
    """The token whose text is `text`, if it is alive, of an active person, and of this network."""
    found = ApiToken.objects.live().select_related("user")
    return found.filter(token_hash=hashed(text), network=network, user__is_active=True).first()


def viewer_for(user: Any, network: Network | None) -> Viewer:
    """The viewer of a signed-in or anonymous user in a network (one query when signed in).

    Outside the demonstration, a role that runs the network does not count until the account has a second factor.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return Viewer(network=network)
    roles = frozenset(
        RoleHeld(kind, department)
        for kind, department, has_factor in _held_by(user, network)
        if settings.DEMO or has_factor or kind not in SECOND_FACTOR_KINDS
    )
    return Viewer(network=network, user=user, roles=roles)


def lacks_second_factor(user: Any, network: Network | None) -> bool:
    """Whether roles of `user` here wait for a second factor."""
    if settings.DEMO or user is None or not user.is_authenticated:
        return False
    return any(kind in SECOND_FACTOR_KINDS and not has_factor for kind, _, has_factor in _held_by(user, network))


def people_of(viewer: Viewer, *, words: str = "", kind: str = "") -> QuerySet[User]:
    """Those who hold a role in the viewer's network, with these roles in `roles_here`; platform administrators are
    left out: they are nobody's people."""
    if not viewer.is_network_admin:
        return User.objects.none()
    held = Role.objects.held().filter(network=viewer.network)
    wanted = held.filter(kind=kind) if kind else held
    people = User.objects.filter(pk__in=wanted.values("user"), erased_at=None)
    for word in words.split()[:5]:
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    ordered = held.order_by("kind", "department")
    return people.prefetch_related(Prefetch("roles", ordered, to_attr="roles_here")).order_by("name", "email", "pk")


def networks_of(user: User) -> list[Network]:
    """Networks where a person holds a role."""
    held = Role.objects.held().filter(user=user)
    return list(Network.objects.filter(pk__in=held.values("network")).order_by("name", "pk"))


def sessions_of(user: User) -> list[UserSession]:
    """Sessions that still open something, newest first; the hourly purge removes the others."""
    known = UserSession.objects.filter(user=user).order_by("-created_at", "-pk")[:100]
    open_keys = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in known], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    return [row for row in known if row.session_key in open_keys]


# The first that is found names it: Chrome's own name is in Edge's, Safari's in Chrome's, Linux in Android.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Vivaldi", "Vivaldi"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"), ("curl/", "curl"),
)  # fmt: skip
_SYSTEMS = (
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_named(user_agent: str) -> str:
    """Browser and system in words, as far as they say who they are."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "") or _("Navigateur inconnu")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return _("%(browser)s sur %(system)s") % {"browser": browser, "system": system} if system else browser


def invitation_opened_by(network: Network | None, pk: int, token: str) -> Invitation | None:
    """The invitation of a link, on the host of its own network."""
    invitation = Invitation.objects.select_related("network", "invited_by").filter(pk=pk, network=network).first()
    return invitation if invitation is not None and invitation.is_opened_by(token) else None
