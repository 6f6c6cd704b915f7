"""Reads of approaches: the board and its filters, one approach, what is due, and figures that the apps above may call.

actors_by_stage(network)             # {Stage: how many actors}, today
actors_by_stage(network, on=day)     # the same on a day of the past, from the steps
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.text import folded, whole_number
from maillage.core.viewer import Viewer
from maillage.directory.enums import Nature
from maillage.directory.models import Actor, Qualification
from maillage.directory.registry.dealings import Dealing
from maillage.networks.models import Network
from maillage.outreach.enums import OPEN_STAGES, Stage
from maillage.outreach.models import Approach, ApproachStep, CampaignMessage, ListMember
from maillage.outreach.queries.asked import among
from maillage.outreach.registry.week import Due

PER_COLUMN = 12


@dataclass(frozen=True)
class ApproachFilters:
    """What the address of the board asks for. `whose` is "moi", "personne" or "" (everyone)."""

    q: str = ""
    family: str = ""
    department: str = ""
    circle: int | None = None
    whose: str = ""
    target_list: int | None = None
    stage: str = ""
    late: bool = False


def filters_of(params: Any) -> ApproachFilters:
    return ApproachFilters(
        q=params.get("q", "").strip()[:100],
        family=params.get("famille", "")[:60],
        department=params.get("departement", "")[:5],
        circle=int(params["cercle"]) if params.get("cercle") in {"1", "2", "3"} else None,
        whose=among(params.get("qui", ""), {"moi", "personne"}),
        target_list=whole_number(params.get("liste", "")),
        stage=among(params.get("etape", ""), Stage.values),
        late=params.get("retard") == "1",
    )


def approaches(viewer: Viewer, asked: ApproachFilters) -> QuerySet[Approach]:
    """All that the filters but the stage let through; an approach that was begun again is counted by its last."""
    later = Approach.objects.filter(network=OuterRef("network"), actor=OuterRef("actor"), pk__gt=OuterRef("pk"))
    found = Approach.objects.visible_to(viewer).exclude(Exists(later))
    for word in folded(asked.q).split()[:6]:
        found = found.filter(actor__name_key__contains=word)
    if asked.family:
        found = found.filter(actor__family__slug=asked.family)
    if asked.department:
        found = found.filter(actor__commune__department__code=asked.department)
    if asked.circle:
        held = Qualification.objects.in_force().filter(
            network=viewer.network_id, actor=OuterRef("actor"), circle=asked.circle, nature=Nature.ASSESSED
        )
        found = found.filter(Exists(held))
    if asked.whose == "moi":
        found = found.filter(follower=viewer.user_id)
    elif asked.whose == "personne":
        found = found.filter(follower=None)
    if asked.target_list is not None:
        held_by = ListMember.objects.filter(
            target_list=asked.target_list, target_list__network=viewer.network_id, actor=OuterRef("actor")
        )
        found = found.filter(Exists(held_by))
    if asked.late:
        found = found.open().filter(next_on__lt=timezone.localdate())
    return found


@dataclass(frozen=True)
class Column:
    """A stage on the board: its first cards, how many there are."""

    stage: Stage
    count: int
    cards: list[Approach]


def with_actor(found: QuerySet[Approach]) -> QuerySet[Approach]:
    return found.select_related("actor__family", "actor__commune__department", "follower")


def in_order(found: QuerySet[Approach]) -> QuerySet[Approach]:
    """What has a day first, the nearest before; then those that moved longest ago: they wait."""
    return found.order_by(F("next_on").asc(nulls_last=True), "moved_at", "pk")


def counts(found: QuerySet[Approach]) -> dict[Stage, int]:
    rows = dict(found.order_by().values_list("stage").annotate(count=Count("pk")))
    return {stage: rows.get(stage.value, 0) for stage in Stage}


def board(found: QuerySet[Approach], held: dict[Stage, int]) -> list[Column]:
    """One query a column that has cards."""
    return [
        Column(
            stage,
            held[stage],
            list(in_order(with_actor(found.filter(stage=stage)))[:PER_COLUMN]) if held[stage] else [],
        )
        for stage in OPEN_STAGES
    ]


# --- an actor -----------------------------------------------------------------------------------------------------------


def approach_of(viewer: Viewer, actor: Actor) -> Approach | None:
    """The one under way, else the last."""
    mine = Approach.objects.visible_to(viewer).filter(actor=actor).select_related("follower")
    return mine.order_by(F("closed_at").desc(nulls_first=True), "-pk").first()


@dataclass(frozen=True)
class Stay:
    """A stage in the history of an actor, and how many days it lasted (None: it lasts)."""

    step: ApproachStep
    days: int | None


def history(viewer: Viewer, actor: Actor) -> list[Stay]:
    """Newest first."""
    steps = ApproachStep.objects.filter(network=viewer.network_id, actor=actor).select_related("by")
    found: list[Stay] = []
    after: datetime | None = None
    for step in steps:
        found.append(Stay(step, (after - step.at).days if after is not None else None))
        after = step.at
    return found


def messages_to(viewer: Viewer, actor: Actor) -> QuerySet[CampaignMessage]:
    sent = CampaignMessage.objects.visible_to(viewer).sent().filter(actor=actor)
    return sent.select_related("campaign").order_by("-sent_at", "-pk")


def steps_with(viewer: Viewer, actor: Actor, before: datetime | None, limit: int) -> list[Dealing]:
    if not viewer.runs_network:
        return []
    steps = ApproachStep.objects.filter(network=viewer.network_id, actor=actor).select_related("by")
    if before is not None:
        steps = steps.filter(at__lt=before)
    approach = approach_of(viewer, actor)
    url = approach.get_absolute_url() if approach is not None else ""
    return [
        Dealing(step.at, _("Approche : %(stage)s") % {"stage": step.get_stage_display()}, "", url, step.who)
        for step in steps[:limit]
    ]


def letters_with(viewer: Viewer, actor: Actor, before: datetime | None, limit: int) -> list[Dealing]:
    sent = messages_to(viewer, actor)
    if before is not None:
        sent = sent.filter(sent_at__lt=before)
    return [
        Dealing(
            message.sent_at or timezone.now(),
            _("Message : %(subject)s") % {"subject": message.campaign},
            " · ".join(filter(None, [message.get_answer_display(), message.word])),
            reverse("outreach:campaign_show", args=[message.campaign_id]),
        )
        for message in sent[:limit]
    ]


def approaches_due(viewer: Viewer, until: date, everyone: bool, limit: int) -> list[Due]:
    """Those to come back to on or before `until`."""
    found = Approach.objects.visible_to(viewer).open().filter(next_on__lte=until, actor__archived_at=None)
    if not everyone:
        found = found.filter(follower=viewer.user_id)
    return [
        Due(
            approach.next_on,
            _("Revenir vers %(actor)s") % {"actor": approach.actor.name},
            str(Stage(approach.stage).label),
            approach.get_absolute_url(),
            str(approach.follower or ""),
        )
        for approach in found.select_related("actor", "follower").order_by("next_on", "pk")[:limit]
    ]


# --- figures ------------------------------------------------------------------------------------------------------------


def actors_by_stage(network: Network, *, on: date | None = None) -> dict[Stage, int]:
    """How many actors of a network are at each stage, today or at the end of a day of the past. One query."""
    steps = ApproachStep.objects.filter(network=network)
    if on is not None:
        steps = steps.filter(at__lt=timezone.make_aware(datetime.combine(on + timedelta(days=1), time())))
    own = steps.filter(actor=OuterRef("actor")).order_by("-at", "-pk")
    last = steps.filter(pk=Subquery(own.values("pk")[:1])).order_by()
    rows = dict(last.values_list("stage").annotate(count=Count("pk")))
    return {stage: rows.get(stage.value, 0) for stage in Stage}
