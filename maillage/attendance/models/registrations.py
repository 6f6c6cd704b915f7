"""Who comes, who waits."""

from datetime import datetime

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.agenda.models import Event
from maillage.attendance.enums import ACTIVE, HOLDING, UNCONFIRMED, State
from maillage.attendance.models.openings import Session
from maillage.core.models import Dated
from maillage.core.viewer import Viewer


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, viewer: Viewer) -> "RegistrationQuerySet":
        """One's own; those of events that one may change."""
        edited = Q(session__opening__event__in=Event.objects.editable_by(viewer))
        own = Q(user=viewer.user_id, session__opening__event__network=viewer.network_id)
        return self.filter(edited | own if viewer.is_authenticated else edited)

    def taking(self, at: datetime) -> "RegistrationQuerySet":
        """Those that hold places: for good, or until a moment that has not come."""
        return self.filter(Q(state=State.CONFIRMED) | Q(state__in=HOLDING, expires_at__gt=at))

    def whole(self) -> "RegistrationQuerySet":
        return self.select_related("session__opening__event__network", "session__timing", "user")


class Registration(Dated):
    """Places for a session, under a name and an address. `turn` is the order of the waiting list, given once. `told` says which
    facts of the date its person knows (`queries.facts`). `came` counts who came, None while nobody noted it. At its term `name`,
    `email`, `group_name` and `user` are emptied, and the counts stay."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="registrations")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("compte"))
    name = models.CharField(_("nom"), max_length=120, blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    places = models.PositiveIntegerField(_("places"), default=1)
    is_group = models.BooleanField(_("groupe scolaire"), default=False)
    group_name = models.CharField(_("établissement"), max_length=160, blank=True)
    level = models.CharField(_("niveau"), max_length=80, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.PENDING)
    turn = models.PositiveIntegerField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("gardée jusqu'au"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmée le"), null=True, blank=True)
    ended_at = models.DateTimeField(_("annulée le"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    told = models.CharField(max_length=80, blank=True, editable=False)
    came = models.PositiveSmallIntegerField(
        _("personnes venues"), null=True, blank=True, validators=[MaxValueValidator(2000)]
    )
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("inscription")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["session", "state"]),
            models.Index(fields=["state", "expires_at"]),
            models.Index(fields=["email"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "email"],
                condition=Q(state__in=ACTIVE) & ~Q(email=""),
                name="attendance_once_an_address",
            ),
            models.UniqueConstraint(fields=["session", "turn"], name="attendance_turn"),
            models.CheckConstraint(condition=Q(places__gte=1), name="attendance_places"),
            models.CheckConstraint(
                condition=~Q(state__in=HOLDING) | Q(expires_at__isnull=False), name="attendance_hold_has_a_term"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.WAITING, State.OFFERED]) | Q(turn__isnull=False),
                name="attendance_waits_in_turn",
            ),
        ]

    def __str__(self) -> str:
        """Without a name: it goes into logs and journals."""
        return f"inscription {self.pk}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def token(self) -> str:
        return salted_hmac("maillage.attendance", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def is_unconfirmed(self) -> bool:
        return self.state in UNCONFIRMED

    @property
    def event(self) -> Event:
        return self.session.opening.event
