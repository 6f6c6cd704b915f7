"""Reads of partnerships: the list and its filters, those of an actor, what is counted by place and mission."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry.dealings import Dealing
from maillage.networks.models import Network
from maillage.outreach.enums import PartnershipState
from maillage.outreach.models import Partnership
from maillage.outreach.queries.asked import among, day
from maillage.outreach.registry.partnerships import PARTNERSHIP_LINK_DAYS
from maillage.outreach.registry.week import Due

PATIENCE = timedelta(days=21)  # Before the team is told to call whoever did not confirm.


@dataclass(frozen=True)
class PartnershipFilters:
    """What the address of the list asks for."""

    q: str = ""
    state: str = ""
    theme: str = ""
    mission: str = ""
    department: str = ""
    since: date | None = None
    until: date | None = None


def filters_of(params: Any) -> PartnershipFilters:
    return PartnershipFilters(
        q=params.get("q", "").strip()[:100],
        state=among(params.get("etat", ""), PartnershipState.values),
        theme=params.get("theme", "")[:60],
        mission=params.get("mission", "")[:60],
        department=params.get("departement", "")[:3],
        since=day(params.get("du", "")),
        until=day(params.get("au", "")),
    )


def partnerships(viewer: Viewer, asked: PartnershipFilters | None = None) -> "QuerySet[Partnership]":
    """The network's partnerships as they are asked for, newest first."""
    asked = asked or PartnershipFilters()
    found = Partnership.objects.visible_to(viewer).whole()
    for word in folded(asked.q).split()[:6]:
        named = Q(first__name_key__contains=word) | Q(second__name_key__contains=word)
        found = found.filter(named | Q(object_key__contains=word))
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.theme:
        found = found.filter(theme__slug=asked.theme)
    if asked.mission:
        found = found.filter(mission__slug=asked.mission)
    if asked.department:
        one, other = (f"{side}__commune__department__code" for side in ("first", "second"))
        found = found.filter(Q(**{one: asked.department}) | Q(**{other: asked.department}))
    if asked.since:
        found = found.filter(began_on__gte=asked.since)
    if asked.until:
        found = found.filter(began_on__lte=asked.until)
    return found.order_by("-declared_at", "-pk")


def partnership_opened_by(network: Network | None, pk: int, token: str) -> Partnership | None:
    """The partnership of a link, on the host of its own network."""
    found = Partnership.objects.whole().select_related("network").filter(pk=pk, network=network).first()
    return found if found is not None and found.is_opened_by(token) else None


def wants_no_asking(network: Network, actor: Actor) -> bool:
    """Whether whoever reads for this actor wants no more messages that ask to confirm."""
    stopped = Partnership.objects.filter(network=network).exclude(stopped_at=None)
    return stopped.filter(Q(first=actor, by_first=False) | Q(second=actor, by_first=True)).exists()


def confirmation_ends_at(network: Network, now: datetime) -> datetime:
    return now + timedelta(days=int(network.setting(PARTNERSHIP_LINK_DAYS.name)))


def partnerships_of(viewer: Viewer, actor: Actor) -> "QuerySet[Partnership]":
    return Partnership.objects.visible_to(viewer).whole().filter(Q(first=actor) | Q(second=actor))


def partnership_dealings(viewer: Viewer, actor: Actor, before: datetime | None, limit: int) -> list[Dealing]:
    found = partnerships_of(viewer, actor)
    if before is not None:
        found = found.filter(declared_at__lt=before)
    return [
        Dealing(
            at=partnership.declared_at,
            title=_("Partenariat avec %(other)s") % {"other": partner_of(partnership, actor).name},
            detail=f"{partnership.title} · {partnership.get_state_display()}",
            url=partnership.get_absolute_url(),
            person=str(partnership.declared_by or ""),
        )
        for partnership in found.order_by("-declared_at", "-pk")[:limit]
    ]


def partner_of(partnership: Partnership, actor: Actor) -> Actor:
    return partnership.second if partnership.first_id == actor.pk else partnership.first


def confirmations_due(viewer: Viewer, until: date, everyone: bool, limit: int) -> list[Due]:
    """Partnerships that the other side did not confirm for three weeks: anybody of the team may call."""
    late = timezone.make_aware(datetime.combine(until - PATIENCE, datetime.max.time()))
    found = partnerships(viewer).filter(state=PartnershipState.DECLARED, declared_at__lte=late)
    if not everyone:
        found = found.filter(Q(declared_by=viewer.user_id) | Q(introduction__author=viewer.user_id))
    return [
        Due(
            timezone.localdate(partnership.declared_at) + PATIENCE,
            _("Faire confirmer un partenariat : %(other)s") % {"other": partnership.other.name},
            partnership.title,
            partnership.get_absolute_url(),
        )
        for partnership in found.order_by("declared_at", "pk")[:limit]
    ]


# --- figures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartnershipCount:
    """Partnerships of one département, one mission or all: those counted (confirmed), and all that were declared."""

    key: str
    label: str
    confirmed: int
    declared: int


def count_partnerships(viewer: Viewer, asked: PartnershipFilters | None = None) -> PartnershipCount:
    return _counted("", _("Tous"), list(partnerships(viewer, asked).order_by().values_list("state", flat=True)))


def count_partnerships_by_mission(viewer: Viewer, asked: PartnershipFilters | None = None) -> list[PartnershipCount]:
    rows = partnerships(viewer, asked).order_by().values_list("mission__slug", "mission__label", "state")
    return _grouped(((slug, label, state) for slug, label, state in rows), _("Sans mission"))


def count_partnerships_by_department(viewer: Viewer, asked: PartnershipFilters | None = None) -> list[PartnershipCount]:
    """By where the two are: one between two départements counts in each, once where they are the same. One query."""
    rows = partnerships(viewer, asked).order_by().values_list(
        "state",
        "first__commune__department__code",
        "first__commune__department__name",
        "second__commune__department__code",
        "second__commune__department__name",
    )  # fmt: skip
    told = ((*place, row[0]) for row in rows for place in {(row[1], row[2]), (row[3], row[4])})
    return _grouped(told, _("Sans département"))


def _grouped(rows: Iterable[tuple[str | None, str | None, str]], without: str) -> list[PartnershipCount]:
    groups: dict[tuple[str, str], list[str]] = {}
    for key, label, state in rows:
        groups.setdefault((key or "", label or without), []).append(state)
    lines = [_counted(key, label, states) for (key, label), states in groups.items()]
    return sorted(lines, key=lambda line: (not line.key, -line.confirmed, line.label))


def _counted(key: str, label: str, states: list[str]) -> PartnershipCount:
    return PartnershipCount(key, label, Counter(states)[PartnershipState.CONFIRMED], len(states))
