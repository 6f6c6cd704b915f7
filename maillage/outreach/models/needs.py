"""Needs and offers: what an actor looks for or proposes, until when, and what came of it.

One table holds both sides: they have the same axes, the same term, the same messages, the same lists, and meet in the same
questions (what answers a need, what is missing where); two tables would be one written twice.
"""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.core.dates import date_format
from maillage.core.models import Dated
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.enums import ListingState
from maillage.directory.models import Actor, Listing
from maillage.networks.models import Network
from maillage.outreach.enums import NeedAnswer, NeedKind, NeedState, Sharing, Side, Through
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory
from maillage.topics.models import Term


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, viewer: Viewer) -> "NeedQuerySet":
        """All for the team; for an actor's own people what it wrote or what is shared; for others what is open, shared with
        them, and of an actor shown here."""
        here = self.filter(network=viewer.network_id)
        if viewer.runs_network:
            return here
        listed = Listing.objects.filter(
            actor=OuterRef("actor"), network=viewer.network_id, state=ListingState.PUBLISHED
        )
        told = [Sharing.PUBLIC, Sharing.MEMBERS] if viewer.is_authenticated else [Sharing.PUBLIC]
        shown = Q(Exists(listed), sharing__in=told, state=NeedState.OPEN, actor__archived_at=None)
        if viewer.is_authenticated:
            own = Q(actor__in=viewer.user.actor_memberships.values("actor"))
            shown |= own & (Q(is_own=True) | ~Q(sharing=Sharing.TEAM))
        return here.filter(shown)

    def open(self) -> "NeedQuerySet":
        return self.filter(state=NeedState.OPEN)

    def with_all(self) -> "NeedQuerySet":
        """What a line of a list shows, in two queries."""
        return self.select_related(
            "actor__commune__department", "actor__family", "territory__department", "author", "answered_by", "mission"
        ).prefetch_related("terms")


class Need(Dated):
    """What is looked for (or proposed: `side`). It is that of `actor`, or was heard from someone (`heard_from`) who has no sheet
    here. `is_own`: the actor wrote it itself. Without `territory` (a commune or a département) it is for the whole network.
    `words` is what is written there, as searches compare it."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    side = models.CharField(_("besoin ou offre"), max_length=5, choices=Side.choices, default=Side.NEED)
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="needs")
    heard_from = models.CharField(_("entendu auprès de"), max_length=160, blank=True)
    is_own = models.BooleanField(default=False)
    kind = models.CharField(_("nature"), max_length=15, choices=NeedKind.choices)
    title = models.CharField(_("en quelques mots"), max_length=150)
    description = models.TextField(_("précisions"), max_length=3000, blank=True)
    terms = models.ManyToManyField(Term, blank=True, related_name="+", verbose_name=_("thématiques, publics, actions"))
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("territoire")
    )
    wanted_on = models.DateField(_("pour le"), null=True, blank=True)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    mission = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"vocabulary": "mission"}
    )
    sharing = models.CharField(_("visible par"), max_length=8, choices=Sharing.choices, default=Sharing.TEAM)
    state = models.CharField(_("état"), max_length=10, choices=NeedState.choices, default=NeedState.OPEN)
    opened_on = models.DateField(_("exprimé le"), default=timezone.localdate)
    expires_on = models.DateField(_("valable jusqu'au"))
    closed_on = models.DateField(_("clos le"), null=True, blank=True)
    answered_by = models.ForeignKey(Actor, models.SET_NULL, null=True, blank=True, related_name="+")
    through = models.CharField(_("grâce à"), max_length=12, choices=Through.choices, blank=True)
    outcome = models.CharField(_("ce qui s'est fait"), max_length=500, blank=True)
    words = models.TextField(editable=False, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("besoin ou offre")
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=NeedState.OPEN, closed_on=None)
                | (~Q(state=NeedState.OPEN) & Q(closed_on__isnull=False)),
                name="need_closed_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state=NeedState.ANSWERED) | Q(answered_by=None, through=""), name="need_answer_of_answered"
            ),
        ]
        indexes = [
            models.Index(fields=["network", "side", "state", "kind"]),
            models.Index(fields=["network", "-opened_on"]),
            models.Index(fields=["state", "expires_on"]),
        ]

    def __str__(self) -> str:
        """Without its words, which the journal must not keep beyond their term."""
        day = date_format(self.opened_on, "j F Y")
        named = {"side": self.get_side_display(), "kind": self.get_kind_display(), "day": day}
        return gettext("%(side)s du %(day)s : %(kind)s") % named

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.words = folded(f"{self.title} {self.description} {self.heard_from} {self.outcome}")
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.state == NeedState.OPEN and not self.actor_id and not self.heard_from:
            raise ValidationError(
                {"heard_from": _("Dites quel acteur, ou auprès de qui cela a été entendu.")}, code="from_nobody"
            )
        if self.territory is not None and self.territory.kind not in (TerritoryKind.COMMUNE, TerritoryKind.DEPARTMENT):
            raise ValidationError({"territory": _("Une commune ou un département.")}, code="territory")

    def get_absolute_url(self) -> str:
        return reverse("outreach:need_show", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == NeedState.OPEN

    @property
    def is_need(self) -> bool:
        return self.side == Side.NEED

    @property
    def state_said(self) -> str:
        """« pourvu » of a need, « pourvue » of an offer."""
        return NeedState(self.state).said_of(self.side)

    @property
    def verbs(self) -> dict[str, str]:
        """What each button does to it."""
        return {str(answer): answer.verb(self.side) for answer in NeedAnswer}

    @property
    def whose(self) -> str:
        return self.actor.name if self.actor is not None else self.heard_from

    @property
    def department_code(self) -> str:
        """Where it is: that of its territory, "" for the whole network."""
        place = self.territory
        if place is None:
            return ""
        if place.kind == TerritoryKind.DEPARTMENT:
            return place.code
        return place.department.code if place.department is not None else ""

    def ends_soon(self, today: date) -> bool:
        return self.is_open and self.expires_on <= today + timedelta(days=14)


class Mismatch(models.Model):
    """« Pas pertinent » : someone of the team judged that an actor, or an offer without actor, does not answer a need."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="mismatches")
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="+")
    offer = models.ForeignKey(Need, models.CASCADE, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need", "actor"], name="mismatch_actor_once"),
            models.UniqueConstraint(fields=["need", "offer"], name="mismatch_offer_once"),
            models.CheckConstraint(
                condition=Q(actor=None, offer__isnull=False) | Q(actor__isnull=False, offer=None),
                name="mismatch_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} – {self.actor_id or self.offer_id}"


class NeedAsking(models.Model):
    """« Est-ce toujours d'actualité ? », sent to the address of the actor, or to whoever heard the need.

    As `directory.Reminder`: the token is computed from `nonce` and the signing key, and opens this need alone until
    `expires_at`. `stopped_at` says that whoever reads the address wants no more of these messages. `is_last`: sent at the end,
    not before it.
    """

    need = models.ForeignKey(Need, models.CASCADE, related_name="askings")
    email = models.EmailField(_("adresse e-mail"), blank=True)
    nonce = models.CharField(max_length=32, default=new_nonce)
    is_last = models.BooleanField(default=False)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=NeedAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["email"])]

    def __str__(self) -> str:
        return str(self.need)

    @property
    def token(self) -> str:
        return salted_hmac("maillage.need", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)

    @property
    def is_open(self) -> bool:
        """As long as the address is that of the actor, or of whoever wrote the need."""
        need = self.need
        known = [
            need.actor.email if need.actor is not None else "",
            need.author.email if need.author is not None else "",
        ]
        is_theirs = bool(self.email) and self.email.lower() in {address.lower() for address in known}
        return is_theirs and self.expires_at > timezone.now()
