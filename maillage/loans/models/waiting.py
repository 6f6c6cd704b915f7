"""Those whom nobody could serve yet: waiting lists, requests that were never met, borrowers who are suspended, addresses of calendars."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.catalogue.models import Booking, Module, Resource
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.loans.enums import WAITS, Unmet, WaitingState
from maillage.loans.models.loans import Line, Loan, Wish
from maillage.networks.models import Network
from maillage.outreach.models import Need
from maillage.territories.models import Territory
from maillage.topics.models import Term


class WaitingEntryQuerySet(models.QuerySet["WaitingEntry"]):
    def visible_to(self, viewer: Viewer) -> "WaitingEntryQuerySet":
        """One's own; who else waits is nobody's business but the lender's (`queries.board.waiting_for`)."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(network=viewer.network_id, contact=viewer.user_id)


class WaitingEntry(Wish):
    """Served in the order of its key, which is that of commit: whoever enters holds the network. An offer holds copies (`booking`)
    until `expires_at`; taken, it became `loan`."""

    state = models.CharField(_("état"), max_length=9, choices=WaitingState.choices, default=WaitingState.WAITING)
    offered_at = models.DateTimeField(_("proposé le"), null=True, blank=True)
    expires_at = models.DateTimeField(_("à prendre avant le"), null=True, blank=True)
    booking = models.OneToOneField(Booking, models.SET_NULL, null=True, blank=True, related_name="offer")
    loan = models.OneToOneField(Loan, models.SET_NULL, null=True, blank=True, related_name="waited")
    tells_need = models.BooleanField(_("le réseau peut faire connaître ce besoin"), default=False)

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inscription en liste d'attente")
        ordering = ["pk"]
        indexes = [models.Index(fields=["resource", "state"]), models.Index(fields=["state", "expires_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="loan_waiting_half_days"),
            models.UniqueConstraint(
                fields=["resource", "contact", "first", "last"],
                condition=Q(state__in=WAITS),
                name="loan_waiting_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=WaitingState.OFFERED) | Q(expires_at__isnull=False, offered_at__isnull=False),
                name="loan_waiting_offer_has_a_term",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.first}–{self.last}"


class WaitingLine(Line):
    entry = models.ForeignKey(WaitingEntry, models.CASCADE, related_name="lines")
    module = models.ForeignKey(Module, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "module"], name="loan_waiting_line_module"),
            models.UniqueConstraint(fields=["entry"], condition=Q(module=None), name="loan_waiting_line_whole"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="loan_waiting_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.module_id or '–'}"


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def visible_to(self, viewer: Viewer) -> "SuspensionQuerySet":
        """Those who suspended: the team, and the people of the lender."""
        here = self.filter(network=viewer.network_id)
        if viewer.runs_network:
            return here
        if not viewer.is_authenticated:
            return self.none()
        return here.filter(lender__in=viewer.user.actor_memberships.values("actor"))

    def on(self, day: date) -> "SuspensionQuerySet":
        return self.filter(lifted_at=None, until__gte=day)


class Suspension(Dated):
    """Someone who may not borrow until a day, included: from `lender`, or (None) from anyone of the network. `reason` is read by those
    who suspend alone."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    lender = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    until = models.DateField(_("jusqu'au"))
    reason = models.TextField(_("motif, jamais montré à l'emprunteur"), max_length=1000)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(_("levée le"), null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension")
        ordering = ["-until", "-pk"]
        indexes = [models.Index(fields=["network", "until"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(actor=None, user__isnull=False) | Q(actor__isnull=False, user=None),
                name="loan_suspension_of_one",
            ),
            models.CheckConstraint(
                condition=Q(lender=None) | Q(actor=None) | ~Q(lender=F("actor")), name="loan_suspension_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_id or self.user_id} – {self.until}"


class UnmetRequest(Dated):
    """A request that was not met, as the network counts them; `need` once it was told, with the consent of who asked."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    resource = models.ForeignKey(Resource, models.SET_NULL, null=True, blank=True, related_name="unmet")
    terms = models.ManyToManyField(Term, blank=True, related_name="+", verbose_name=_("thématiques"))
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("territoire")
    )
    actor = models.ForeignKey(Actor, models.SET_NULL, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    first = models.IntegerField(_("du"))
    last = models.IntegerField(_("au"))
    reason = models.CharField(_("pourquoi"), max_length=7, choices=Unmet.choices)
    need = models.OneToOneField(Need, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("demande non satisfaite")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["network", "-created_at"])]
        constraints = [
            models.UniqueConstraint(fields=["resource", "user", "first", "last"], name="loan_unmet_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="loan_unmet_half_days"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.first}–{self.last}"


class CalendarKey(Dated):
    """The secret address of the calendar of someone's loans; drawn anew, the former address dies."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "user"], name="loan_calendar_of_one")]

    def __str__(self) -> str:
        return f"{self.user_id}"

    @property
    def token(self) -> str:
        return salted_hmac("maillage.loans.calendar", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)
