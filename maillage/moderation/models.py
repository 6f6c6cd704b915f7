"""A case gathers what people say of one content; its reports; those who wrote the content."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.moderation.enums import OPEN_STATES, CaseState, ReportReason
from maillage.moderation.registry import APPEAL_DAYS
from maillage.networks.models import Network

_PATIENCE = timedelta(days=3)  # That something hidden waits for a decision.


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, viewer: Viewer) -> "CaseQuerySet":
        """Those who run the network see its cases; who wrote the content sees theirs once something was done about it."""
        here = self.filter(network=viewer.network_id)
        return here if viewer.runs_network else here.told_to(viewer)

    def told_to(self, viewer: Viewer) -> "CaseQuerySet":
        """Of what the viewer wrote, when it was hidden or judged."""
        if not viewer.is_authenticated:
            return self.none()
        written = CaseAuthor.objects.filter(user=viewer.user_id).values("case")
        return self.filter(network=viewer.network_id, pk__in=written).exclude(state=CaseState.OPEN)

    def waiting(self) -> "CaseQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def about(self, kind: str, object_id: int) -> "CaseQuerySet":
        return self.filter(kind=kind, object_id=object_id)


class Case(Dated):
    """What is reported of a content, named by its kind (`registry`) and key; `title` is the content's when it was reported.

    `decided_*` and `words` are the decision, `appeal*` what an author says against it, `answer*` the last word.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    kind = models.CharField(_("nature"), max_length=40)
    object_id = models.BigIntegerField()
    title = models.CharField(_("contenu"), max_length=200)
    state = models.CharField(_("état"), max_length=10, choices=CaseState.choices, default=CaseState.OPEN)
    hidden_at = models.DateTimeField(_("masqué le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("décidé par")
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)
    words = models.TextField(_("raisons de la décision"), max_length=1000, blank=True)
    appealed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contesté par")
    )
    appealed_at = models.DateTimeField(_("contesté le"), null=True, blank=True)
    appeal = models.TextField(_("contestation"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("réponse de")
    )
    answered_at = models.DateTimeField(_("réponse le"), null=True, blank=True)
    answer = models.TextField(_("réponse à la contestation"), max_length=1000, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("signalement")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["network", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "kind", "object_id"],
                condition=Q(state__in=["open", "hidden", "appealed"]),
                name="case_open_once",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def contest_until(self) -> datetime | None:
        """Until when an author may contest what was decided."""
        return self.decided_at + timedelta(days=APPEAL_DAYS) if self.decided_at is not None else None

    @property
    def is_late(self) -> bool:
        """Whether something stays hidden for long without a decision."""
        return (
            self.state == CaseState.HIDDEN
            and self.hidden_at is not None
            and self.hidden_at < timezone.now() - _PATIENCE
        )


class Report(models.Model):
    """What one person says of a content; `reporter` is None for a visitor without an account. It stands as its case does, and
    an account has one in a case: thus one open report of a content."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reports", verbose_name=_("contenu"))
    reporter = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("signalé par")
    )
    reason = models.CharField(_("motif"), max_length=10, choices=ReportReason.choices)
    words = models.TextField(_("explication"), max_length=2000, blank=True)
    at = models.DateTimeField(_("signalé le"), default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "reporter"], name="report_once")]

    def __str__(self) -> str:
        return str(self.get_reason_display())

    @property
    def state(self) -> str:
        return self.case.state


class CaseAuthor(models.Model):
    """Someone who had written the content when it was first reported."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="authors", verbose_name=_("contenu"))
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("auteur ou autrice"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="case_author_once")]

    def __str__(self) -> str:
        return str(self.user)
