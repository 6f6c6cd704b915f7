"""The charter of a network: its versions, who signed for an actor, the links sent to sign; what a signature is worth on a day.

Nothing is written when a signature lapses: its worth is computed from dates (`Calendar`), so that it holds for any day,
past or to come.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.enums import MembershipState, SigningWay
from maillage.directory.models.actors import Actor
from maillage.networks.models import Network
from maillage.networks.validators import validate_one_line


class CharterVersionQuerySet(models.QuerySet["CharterVersion"]):
    def published(self) -> "CharterVersionQuerySet":
        return self.exclude(published_at=None)

    def visible_to(self, viewer: Viewer) -> "CharterVersionQuerySet":
        """The published texts are everyone's; drafts are the team's."""
        here = self.filter(network=viewer.network_id)
        return here if viewer.runs_network else here.published()


class CharterVersion(Dated):
    """A text of the charter. Published, it never changes: `sha256` is the print of its exact text, and what is signed.

    A major version asks everyone to sign again; a minor one does not.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="charter_versions")
    major = models.PositiveSmallIntegerField()
    minor = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("titre"), max_length=200)
    body = models.TextField(_("texte"))
    sha256 = models.CharField(_("empreinte du texte"), max_length=64, blank=True, editable=False)
    effective_on = models.DateField(_("entrée en vigueur"), null=True, blank=True)
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True, editable=False)

    objects = CharterVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-major", "-minor"]
        constraints = [
            models.UniqueConstraint(fields=["network", "major", "minor"], name="charter_version_number"),
            models.UniqueConstraint(fields=["network"], condition=Q(published_at=None), name="charter_one_draft"),
            models.CheckConstraint(
                condition=Q(published_at=None) | (Q(effective_on__isnull=False) & ~Q(sha256="")),
                name="charter_published_is_dated_and_hashed",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Charte %(number)s") % {"number": self.number}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuses, as a fault of the program, to write over a published text."""
        if self.pk and CharterVersion.objects.published().filter(pk=self.pk).exists():
            raise ValueError("a published charter never changes")
        super().save(*args, **kwargs)

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


def print_of(text: str) -> str:
    """The SHA-256 of a text, byte for byte as it is stored in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


class SignatureQuerySet(models.QuerySet["Signature"]):
    def visible_to(self, viewer: Viewer) -> "SignatureQuerySet":
        """Those of the network for its team, those of the actors that one represents; nobody else opens one."""
        here = self.filter(network=viewer.network_id)
        if viewer.runs_network:
            return here
        if not viewer.is_authenticated:
            return self.none()
        return here.filter(Q(actor__in=viewer.user.actor_memberships.values("actor")) | Q(signed_by=viewer.user_id))

    def in_force(self) -> "SignatureQuerySet":
        """Not withdrawn; whether a later major version makes it lapse is the calendar's to say."""
        return self.filter(withdrawn_on=None)

    def held_on(self, day: date) -> "SignatureQuerySet":
        return self.filter(signed_on__lte=day).filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day))


class Signature(Dated):
    """The charter signed for an actor by someone mandated. One is in force per actor and major version, whoever signs
    and at whatever second: the database says so.

    `network` and `major` are those of the version. The signer's name, address and account may be erased: the actor's
    signature stays. `nonce` makes the personal link of the proof (see `SigningLink`).
    """

    actor = models.ForeignKey(Actor, models.PROTECT, related_name="signatures")
    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    version = models.ForeignKey(
        CharterVersion, models.PROTECT, related_name="signatures", verbose_name=_("charte signée")
    )
    major = models.PositiveSmallIntegerField(editable=False)
    text_sha256 = models.CharField(_("empreinte du texte signé"), max_length=64, editable=False)
    signer_name = models.CharField(_("nom"), max_length=120, blank=True, validators=[validate_one_line])
    capacity = models.CharField(_("qualité"), max_length=120, validators=[validate_one_line])
    email = models.EmailField(_("adresse e-mail"), blank=True)
    name_is_public = models.BooleanField(_("nom montré sur la liste publique"), default=False)
    way = models.CharField(_("moyen"), max_length=10, choices=SigningWay.choices)
    signed_on = models.DateField(_("signée le"))
    signed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    withdrawn_on = models.DateField(_("retirée le"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("motif du retrait"), max_length=300, blank=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["-signed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "actor", "major"], condition=Q(withdrawn_on=None), name="signature_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("signed_on")),
                name="signature_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["network", "signed_on"])]

    def __str__(self) -> str:
        """Without the signer, whom the journal must not keep."""
        return f"{self.actor} – {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.network_id, self.major = self.version.network_id, self.version.major
        super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        return salted_hmac("maillage.charter.proof", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)


class SigningLinkQuerySet(models.QuerySet["SigningLink"]):
    def open(self) -> "SigningLinkQuerySet":
        return self.filter(used_at=None, revoked_at=None, stopped_at=None, expires_at__gt=timezone.now())

    def visible_to(self, viewer: Viewer) -> "SigningLinkQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()


class SigningLink(Dated):
    """A personal link to sign for an actor, sent to its contact address. Its token is computed from `nonce` and the
    signing key: neither the database nor a queued message tells it; sending again changes the nonce.

    `stopped_at`: whoever reads that address asked to be written to no more about the charter.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="signing_links")
    email = models.EmailField(_("adresse e-mail"))
    nonce = models.CharField(max_length=32, default=new_nonce)
    sent_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    signature = models.ForeignKey(Signature, models.SET_NULL, null=True, blank=True, related_name="links")

    objects = SigningLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["network", "actor"])]

    def __str__(self) -> str:
        return gettext("Lien de signature : %(actor)s") % {"actor": self.actor}

    @property
    def token(self) -> str:
        return salted_hmac("maillage.charter.link", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)

    @property
    def is_open(self) -> bool:
        """It signs once, in its time, for those who read the address of the sheet as it is now."""
        unused = self.used_at is None and self.revoked_at is None and self.stopped_at is None
        is_theirs = bool(self.email) and self.email.lower() == self.actor.email.lower()
        return unused and is_theirs and self.expires_at > timezone.now()


@dataclass(frozen=True)
class Calendar:
    """The published versions of a network, oldest first, and the days of grace that a major one leaves to sign again."""

    versions: Sequence[CharterVersion]
    grace_days: int

    def current(self, on: date) -> CharterVersion | None:
        """The text in effect on a day."""
        return next((each for each in reversed(self.versions) if begins_on(each) <= on), None)

    @property
    def latest(self) -> CharterVersion | None:
        """The text that is signed: the last published, even before it takes effect."""
        return self.versions[-1] if self.versions else None

    @property
    def majors(self) -> list[int]:
        return sorted({each.major for each in self.versions})

    def lapses_on(self, major: int) -> date | None:
        """The first day on which a signature of `major` is worth nothing: the next major version and its grace over."""
        following = [begins_on(each) for each in self.versions if each.major > major]
        return min(following) + timedelta(days=self.grace_days) if following else None

    def worth(self, major: int, on: date) -> MembershipState:
        """What a signature of `major`, not withdrawn, is worth on a day."""
        lapses = self.lapses_on(major)
        if lapses is None or lapses - timedelta(days=self.grace_days) > on:
            return MembershipState.SIGNED
        return MembershipState.TO_RESIGN if on < lapses else MembershipState.LAPSED


def begins_on(version: CharterVersion) -> date:
    assert version.effective_on is not None  # noqa: S101  (a constraint holds it of published versions)
    return version.effective_on
