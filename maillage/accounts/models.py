"""People who sign in, the roles they hold in each network, invitations, consents, API tokens, suppressed addresses."""

import hashlib
import secrets
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.accounts.enums import TokenScope
from maillage.core.models import Dated
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks.models import Network
from maillage.networks.validators import validate_one_line


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """One identity over all networks; `home_network` is the one it first signed up to.

    `merged_into`: this account is one with another, which has all that was its own; the row stays, empty and closed
    (`erased_at`), because what the journal sealed names it.
    """

    email = models.EmailField(_("adresse e-mail"), unique=True)
    name = models.CharField(_("nom"), max_length=120, blank=True, validators=[validate_one_line])
    home_network = models.ForeignKey(Network, models.SET_NULL, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged", editable=False
    )
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        if self.merged_into is not None:
            return str(self.merged_into)
        if self.erased_at is not None:
            return gettext("Personne supprimée")
        return self.name or self.email.split("@")[0]

    def get_full_name(self) -> str:
        return str(self)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions hold this hash: growing `session_epoch` ends them all, wherever they are kept."""
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac("maillage.session", value, secret=secret, algorithm="sha256").hexdigest()


class RoleQuerySet(models.QuerySet["Role"]):
    def held(self) -> "RoleQuerySet":
        return self.filter(revoked_at=None)

    def in_network(self, network: Network | None) -> "RoleQuerySet":
        """Roles that count in `network`: its own, and the platform administrator's."""
        return self.filter(Q(network=network) | Q(network=None, kind=RoleKind.PLATFORM_ADMIN))

    def visible_to(self, viewer: Viewer) -> "RoleQuerySet":
        """Those of the network, for its administrators; else one's own."""
        if viewer.network is not None and viewer.is_network_admin:
            return self.filter(network=viewer.network)
        return self.filter(user=viewer.user_id) if viewer.is_authenticated else self.none()


class Role(Dated):
    """A role held by a person in a network; `department` (INSEE code) may narrow an animator."""

    user = models.ForeignKey(User, models.CASCADE, related_name="roles")
    network = models.ForeignKey(Network, models.CASCADE, null=True, blank=True, related_name="roles")
    kind = models.CharField(_("rôle"), max_length=20, choices=RoleKind.choices)
    department = models.CharField(_("département"), max_length=3, blank=True)
    granted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "network", "kind", "department"],
                condition=Q(revoked_at=None),
                name="role_held_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=RoleKind.PLATFORM_ADMIN, network=None)
                | (~Q(kind=RoleKind.PLATFORM_ADMIN) & Q(network__isnull=False)),
                name="role_platform_admin_has_no_network",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


def hashed(token: str) -> str:
    """What is stored of an unguessable token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def visible_to(self, viewer: Viewer) -> "InvitationQuerySet":
        return self.filter(network=viewer.network) if viewer.is_network_admin else self.none()


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


class Invitation(Dated):
    """An invitation to hold a role. Its token is computed from `nonce` and the signing key, so that neither the
    database nor a queued message holds it; sending again changes the nonce, and the former link dies."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("adresse e-mail"))
    kind = models.CharField(_("rôle"), max_length=20, choices=RoleKind.choices)
    department = models.CharField(_("département"), max_length=3, blank=True)
    message = models.CharField(_("mot d'accueil"), max_length=500, blank=True)
    nonce = models.CharField(max_length=32, default=new_nonce)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Without the address, which the journal must not keep."""
        return gettext("Invitation : %(role)s") % {"role": self.get_kind_display()}

    @property
    def token(self) -> str:
        return salted_hmac("maillage.invitation", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self) -> "ApiTokenQuerySet":
        return self.filter(revoked_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))

    def visible_to(self, viewer: Viewer) -> "ApiTokenQuerySet":
        return self.filter(user=viewer.user_id, network=viewer.network) if viewer.is_authenticated else self.none()


class ApiToken(Dated):
    """A personal token for the API, bound to one network; shown once, kept hashed."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    name = models.CharField(_("nom"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_labels(self) -> list[str]:
        return [str(TokenScope(scope).label) for scope in self.scopes]


class Consent(models.Model):
    """Append-only: who agreed to which text, when, how; a withdrawal is another line."""

    user = models.ForeignKey(User, models.CASCADE, related_name="consents")
    network = models.ForeignKey(Network, models.CASCADE, null=True, related_name="+")
    purpose = models.CharField(max_length=60)
    text_version = models.CharField(max_length=64)
    given = models.BooleanField()
    origin = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.purpose} {'+' if self.given else '-'}"


class Absence(models.Model):
    """Someone who has not signed in for so long that their account will be erased: `since` is their last sign-in.

    The row goes when they sign in; it holds what was told, so that nothing is told twice.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="absence")
    since = models.DateTimeField()
    warned_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    erased_on = models.DateField(_("suppression du compte"))

    def __str__(self) -> str:
        return f"{self.user_id} {self.erased_on}"


class Suppression(models.Model):
    """An address whose owner asked to be forgotten or never written to, kept only as a keyed hash (GDP-6)."""

    email_hash = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.email_hash[:8]

    @staticmethod
    def hash_of(email: str) -> str:
        return salted_hmac("maillage.suppression", email.strip().lower(), algorithm="sha256").hexdigest()


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, viewer: Viewer) -> "ExportQuerySet":
        """One's own, until its term; the session is checked by the view."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(user=viewer.user_id, expires_at__gt=timezone.now())


class Export(Dated):
    """A copy of one's data being prepared or ready; bound to its owner and to the session that asked for it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="exports")
    network = models.ForeignKey(Network, models.CASCADE, null=True, related_name="+")
    session_hash = models.CharField(max_length=64)
    file = models.FileField(upload_to="exports/", blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"export {self.pk}"
