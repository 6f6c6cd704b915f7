"""Reads of lists and campaigns: how far a sending is, what was answered, by family and by département."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from maillage.core.viewer import Viewer
from maillage.outreach.enums import CampaignAnswer, Skip
from maillage.outreach.models import Approach, Campaign, CampaignMessage, TargetList

_SENT = Q(sent_at__isnull=False)
ANSWERS = {
    "interested": Count("pk", filter=Q(answer=CampaignAnswer.INTERESTED)),
    "later": Count("pk", filter=Q(answer=CampaignAnswer.LATER)),
    "no": Count("pk", filter=Q(answer=CampaignAnswer.NO)),
}


def lists_of(viewer: Viewer, *, archived: bool = False) -> QuerySet[TargetList]:
    """With `size`, how many actors each holds."""
    found = TargetList.objects.visible_to(viewer).filter(archived_at__isnull=not archived)
    return found.select_related("author").annotate(size=Count("members")).order_by("-created_at", "-pk")


def campaigns_of(viewer: Viewer) -> QuerySet[Any]:
    """With `sent`, `answered`, `interested`."""
    return (
        Campaign.objects.visible_to(viewer)
        .select_related("target_list", "author")
        .annotate(
            sent=Count("messages", filter=Q(messages__sent_at__isnull=False)),
            answered=Count("messages", filter=~Q(messages__answer="")),
            interested=Count("messages", filter=Q(messages__answer=CampaignAnswer.INTERESTED)),
        )
        .order_by("-created_at", "-pk")
    )


@dataclass(frozen=True)
class Results:
    """Of a campaign, or of a part of it."""

    label: str
    sent: int
    interested: int
    later: int
    no: int

    @property
    def answered(self) -> int:
        return self.interested + self.later + self.no

    @property
    def rate(self) -> int | None:
        """Answers of a hundred sent; None when nothing was."""
        return round(100 * self.answered / self.sent) if self.sent else None


@dataclass(frozen=True)
class Progress:
    total: int
    sent: int
    failed: int
    stopped: int

    @property
    def left(self) -> int:
        return self.total - self.sent


def progress_of(campaign: Campaign) -> Progress:
    row = campaign.messages.aggregate(
        total=Count("pk", filter=Q(skipped="")),
        sent=Count("pk", filter=_SENT),
        failed=Count("pk", filter=Q(failed_at__isnull=False)),
        stopped=Count("pk", filter=Q(stopped_at__isnull=False)),
    )
    return Progress(**row)


def results(campaign: Campaign) -> Results:
    row = campaign.messages.sent().aggregate(sent=Count("pk"), **ANSWERS)
    return Results(_("Tous"), row["sent"], row["interested"], row["later"], row["no"])


def results_by_family(campaign: Campaign) -> list[Results]:
    return _grouped(campaign.messages.sent(), "actor__family__label", _("Sans famille"))


def results_by_department(campaign: Campaign) -> list[Results]:
    return _grouped(campaign.messages.sent(), "actor__commune__department__name", _("Sans commune"))


def _grouped(sent: QuerySet[CampaignMessage], path: str, nothing: str) -> list[Results]:
    rows: Any = sent.order_by().values(name=F(path)).annotate(sent=Count("pk"), **ANSWERS)
    found = [Results(row["name"] or nothing, row["sent"], row["interested"], row["later"], row["no"]) for row in rows]
    return sorted(found, key=lambda each: (-each.sent, each.label))


def left_out(campaign: Campaign) -> list[tuple[str, int]]:
    """Why the others had no message, and how many."""
    rows = campaign.messages.exclude(skipped="").order_by().values_list("skipped").annotate(count=Count("pk"))
    counted = dict(rows)
    return [(str(skip.label), counted[skip.value]) for skip in Skip if skip.value in counted]


def answers_of(campaign: Campaign, answer: str = "") -> QuerySet[CampaignMessage]:
    """Messages sent, those answered first and the newest answer before; of one kind when `answer` says so."""
    found = campaign.messages.sent().select_related("actor__family", "actor__commune__department")
    if answer in CampaignAnswer.values:
        found = found.filter(answer=answer)
    elif answer == "refusee":
        found = found.exclude(failed_at=None)
    elif answer == "aucune":
        found = found.filter(answer="")
    return found.order_by(F("answered_at").desc(nulls_last=True), "actor__name_key", "pk")


def approaches_under_way(viewer: Viewer, target_list: TargetList) -> int:
    held = target_list.members.values("actor")
    return Approach.objects.visible_to(viewer).open().filter(actor__in=held).count()
