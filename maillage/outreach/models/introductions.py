"""Introductions: two sides, each asked to agree before either has the contact of the other, then asked what came of it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.outreach.enums import Ending, IntroductionState, Manner, Outcome, SideAnswer, SideRole
from maillage.topics.models import Term


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def visible_to(self, viewer: Viewer) -> "IntroductionQuerySet":
        """The team's; and each those of the sheets that they look after."""
        here = self.filter(network=viewer.network_id)
        if viewer.runs_network:
            return here
        if not viewer.is_authenticated:
            return self.none()
        own = IntroductionSide.objects.filter(actor__members__user=viewer.user_id)
        return here.filter(pk__in=own.values("introduction"))

    def open(self) -> "IntroductionQuerySet":
        """Those that wait for an answer."""
        return self.filter(state__in=[IntroductionState.WAITING, IntroductionState.LATER])

    def whole(self) -> "IntroductionQuerySet":
        """With both sides, in a bounded number of queries."""
        return self.select_related("author", "mission").prefetch_related("sides__actor__commune__department")


class Introduction(Dated):
    """`what` is what is looked for, `why` the words for whoever is proposed. `met_at` is when each had the other's contact;
    `ending` what it came to so far, told by the sides or by the team for them; nothing more is asked after `closed_at`."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    what = models.CharField(_("ce qui est cherché"), max_length=300, blank=True)
    why = models.TextField(_("pourquoi vous"), max_length=2000, blank=True)
    mission = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"vocabulary": "mission"}
    )
    manner = models.CharField(_("manière"), max_length=10, choices=Manner.choices, default=Manner.ASK_BOTH)
    state = models.CharField(
        _("état"), max_length=12, choices=IntroductionState.choices, default=IntroductionState.WAITING
    )
    asked_at = models.DateTimeField(_("demandée le"), default=timezone.now)
    met_at = models.DateTimeField(_("en contact depuis"), null=True, blank=True)
    ending = models.CharField(_("ce qu'elle est devenue"), max_length=10, choices=Ending.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mise en relation")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["network", "-asked_at"]),
            models.Index(fields=["network", "state"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=IntroductionState.MET) | Q(met_at__isnull=False), name="introduction_met_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        """By its day: the journal keeps it for ever, the words of an introduction have a term."""
        return f"{timezone.localtime(self.asked_at):%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("outreach:introduction_show", args=[self.pk])

    @property
    def asker(self) -> "IntroductionSide":
        return self._side(SideRole.ASKER)

    @property
    def found(self) -> "IntroductionSide":
        return self._side(SideRole.FOUND)

    def _side(self, role: str) -> "IntroductionSide":
        return next(side for side in self.sides.all() if side.role == role)

    @property
    def is_open(self) -> bool:
        return self.state in (IntroductionState.WAITING, IntroductionState.LATER)

    @property
    def is_met(self) -> bool:
        return self.state == IntroductionState.MET


class IntroductionSide(models.Model):
    """One of the two: an actor of the directory, or a person outside of it (`name`, `email`, `structure`).

    The token is computed from `nonce` and the signing key, as `directory.Reminder`: it opens this side alone, until
    `expires_at`. `email` is where it was sent. `told_by` is who of the team answered in its place. `contact_at` is when it had
    the contact of the other, by e-mail or from the team; None while the team has to pass it on.
    """

    introduction = models.ForeignKey(Introduction, models.CASCADE, related_name="sides")
    role = models.CharField(max_length=6, choices=SideRole.choices)
    actor = models.ForeignKey(Actor, models.SET_NULL, null=True, blank=True, related_name="introduction_sides")
    name = models.CharField(_("nom"), max_length=120, blank=True)
    structure = models.CharField(_("structure"), max_length=200, blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    nonce = models.CharField(max_length=32, default=new_nonce)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("réponse"), max_length=5, choices=SideAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    contact_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["introduction", "role"], name="introduction_side_once"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Who it is, in a few words."""
        if self.actor is not None:
            return self.actor.name
        named = " – ".join(filter(None, [self.structure, self.name]))
        return named or str(_("une personne hors de l'annuaire"))

    @property
    def token(self) -> str:
        return salted_hmac("maillage.introduction", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)

    @property
    def is_open(self) -> bool:
        """Whether its link still answers: sent, not too old, and read by whoever reads the address of a sheet in activity."""
        if self.expires_at is None or self.expires_at <= timezone.now():
            return False
        if self.actor is None:
            return True
        is_theirs = bool(self.email) and self.email.lower() == self.actor.email.lower()
        return is_theirs and self.actor.archived_at is None


class FollowUp(models.Model):
    """« Qu'est devenue cette mise en relation ? », asked of one side on `due_on`, once for each `rank` (1, then 2)."""

    side = models.ForeignKey(IntroductionSide, models.CASCADE, related_name="follow_ups")
    rank = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["side", "rank"], name="follow_up_once"),
            models.CheckConstraint(condition=Q(rank__in=[1, 2]), name="follow_up_rank"),
        ]
        indexes = [models.Index(fields=["due_on"])]

    def __str__(self) -> str:
        return f"{self.side_id} – {self.rank}"


class IntroductionRefusalQuerySet(models.QuerySet["IntroductionRefusal"]):
    def visible_to(self, viewer: Viewer) -> "IntroductionRefusalQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()


class IntroductionRefusal(models.Model):
    """An actor that wants no introduction in a network (`other` None), or none with another actor: it is not proposed
    (MAT-4)."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="introduction_refusals")
    other = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="+")
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = IntroductionRefusalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "actor"], condition=Q(other=None), name="introduction_refusal_once"
            ),
            models.UniqueConstraint(
                fields=["network", "actor", "other"],
                condition=Q(other__isnull=False),
                name="introduction_refusal_of_once",
            ),
            models.CheckConstraint(
                condition=Q(other=None) | ~Q(actor=F("other")), name="introduction_refusal_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_id} – {self.other_id or '*'}"

    def clean(self, *args: Any) -> None:
        if self.other_id is not None and self.other_id == self.actor_id:
            raise ValidationError(_("Un acteur ne se refuse pas à lui-même."))
