"""Reads of elected officials: their list, those of a territory, what was promised and what is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.outreach.enums import Function, Promiser
from maillage.outreach.models import Contact, ContactOfficial, Mandate, Official, Promise
from maillage.outreach.queries.asked import among
from maillage.outreach.registry.week import Due
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory

_WORDS = 6
_COLUMN = {
    TerritoryKind.COMMUNE: "commune",
    TerritoryKind.EPCI: "commune__epci",
    TerritoryKind.DEPARTMENT: "commune__department",
    TerritoryKind.REGION: "commune__region",
}


@dataclass(frozen=True)
class OfficialFilters:
    """What the address of the list asks for. `territory` is "kind-code"."""

    q: str = ""
    department: str = ""
    territory: str = ""
    function: str = ""
    delegation: str = ""
    never: bool = False
    promise: bool = False
    past: bool = False


def filters_of(params: Any) -> OfficialFilters:
    return OfficialFilters(
        q=params.get("q", "").strip()[:100],
        department=params.get("departement", "").strip()[:3],
        territory=params.get("territoire", "").strip()[:24],
        function=among(params.get("fonction", ""), Function.values),
        delegation=params.get("delegation", "").strip()[:60],
        never=params.get("jamais") == "1",
        promise=params.get("promesse") == "1",
        past=params.get("anciens") == "1",
    )


def officials(viewer: Viewer, asked: OfficialFilters) -> "QuerySet[Official]":
    """By name; `last_on` is the day of the last meeting, `promised` how many promises wait. A mandate that answers the
    territory, the function and the delegation at once is in force, unless the past ones are asked for."""
    found = Official.objects.visible_to(viewer)
    for word in folded(asked.q).split()[:_WORDS]:
        there = Mandate.objects.filter(
            Q(territory__name_key__contains=word) | Q(body__icontains=word), official=OuterRef("pk")
        )
        found = found.filter(Q(name_key__contains=word) | Exists(there))
    held = Mandate.objects.filter(official=OuterRef("pk"))
    if not asked.past:
        held = held.current()
    if asked.department:
        held = held.within([asked.department])
    if asked.territory:
        kind, _dash, code = asked.territory.partition("-")
        held = held.filter(territory__kind=kind, territory__code=code)
    if asked.function:
        held = held.filter(function=asked.function)
    if asked.delegation:
        held = held.filter(delegation__icontains=asked.delegation)
    found = found.filter(Exists(held))
    if asked.never:
        found = found.filter(~Exists(ContactOfficial.objects.filter(official=OuterRef("pk"))))
    waiting = Promise.objects.waiting().filter(official=OuterRef("pk"))
    if asked.promise:
        found = found.filter(Exists(waiting))
    counted = waiting.order_by().values("official").annotate(count=Count("pk")).values("count")
    found = found.annotate(last_on=Subquery(_last_met()), promised=Subquery(counted)).with_mandates()
    return found.order_by("name_key", "pk")


def _last_met(column: str = "pk") -> Any:
    met = ContactOfficial.objects.filter(official=OuterRef(column)).order_by()
    return met.values("official").annotate(last=Max("contact__on")).values("last")


def delegations(viewer: Viewer) -> list[str]:
    """Those in use, for the filter."""
    held = Mandate.objects.filter(official__in=Official.objects.visible_to(viewer)).exclude(delegation="")
    return list(held.order_by("delegation").values_list("delegation", flat=True).distinct()[:100])


def named_so(text: str, viewer: Viewer, *, limit: int = 10) -> list[Official]:
    """As one types: each word in the name or the territory. Two queries."""
    words = folded(text.replace("(", " ").replace(")", " ").replace(",", " ")[:200]).split()[:_WORDS]
    if not words:
        return []
    found = Official.objects.visible_to(viewer).filter(objected_at=None)
    for word in words:
        there = Mandate.objects.filter(Q(territory__name_key__contains=word), official=OuterRef("pk"))
        found = found.filter(Q(name_key__contains=word) | Exists(there))
    return list(found.with_mandates().order_by("name_key", "pk")[:limit])


def shown_official(official: Official) -> str:
    """How an elected official is written in a field: with where, since names are shared."""
    place = next((mandate.place for mandate in official.present_mandates or official.mandates.all()), "")
    return f"{official} ({place})" if place else str(official)


def detail_of(official: Official) -> str:
    return " · ".join(str(mandate) for mandate in official.present_mandates)


# --- one of them -------------------------------------------------------------------------------------------------------


def meetings_with(viewer: Viewer, official: Official, limit: int) -> list[Contact]:
    found = Contact.objects.visible_to(viewer).filter(official_links__official=official).order_by("-on", "-pk")
    return list(found.select_related("author", "next_for").prefetch_related("actors", "officials", "promises")[:limit])


# --- a territory ---------------------------------------------------------------------------------------------------------


def territory_of(kind: str, code: str) -> Territory | None:
    return Territory.objects.filter(kind=kind, code=code).select_related("department", "region", "epci").first()


def mandates_in(viewer: Viewer, territory: Territory) -> list[Mandate]:
    """Held there now, the head of the territory first."""
    held = Mandate.objects.current().filter(official__in=Official.objects.visible_to(viewer), territory=territory)
    found = held.select_related("official").annotate(last_on=Subquery(_last_met("official")))
    rank = {name: number for number, name in enumerate(Function.values)}
    return sorted(found, key=lambda mandate: (rank[mandate.function], mandate.official.name_key))


def actors_in(viewer: Viewer, territories: Iterable[Territory]) -> dict[int, int]:
    """Published actors in activity of each territory. One query whatever their number."""
    wanted = {territory.pk: territory.kind for territory in territories}
    if not wanted:
        return {}
    shown = Actor.objects.visible_to(Viewer(network=viewer.network)).filter(archived_at=None, commune__isnull=False)
    columns = sorted({_COLUMN[TerritoryKind(kind)] for kind in wanted.values()})
    counts = dict.fromkeys(wanted, 0)
    for row in shown.order_by().values(*columns).annotate(count=Count("pk")):
        for column in columns:
            if row[column] in counts:
                counts[row[column]] += row["count"]
    return counts


def table_query(territory: Territory) -> str:
    """The filter of the table of actors that shows those of a territory; "" for a région, which is the whole of it."""
    names = {
        TerritoryKind.COMMUNE: "commune",
        TerritoryKind.EPCI: "epci",
        TerritoryKind.DEPARTMENT: "departement",
    }
    name = names.get(TerritoryKind(territory.kind))
    return f"{name}={territory.code}" if name else ""


# --- what is to be done --------------------------------------------------------------------------------------------------


def promises_due(viewer: Viewer, until: date, everyone: bool, limit: int) -> list[Due]:
    """Promises to ask about, theirs and ours; those without a day last."""
    found = Promise.objects.visible_to(viewer).waiting().filter(Q(follow_on__lte=until) | Q(follow_on=None))
    if not everyone:
        found = found.filter(follower=viewer.user_id)
    found = found.select_related("official", "follower").order_by(F("follow_on").asc(nulls_last=True), "pk")
    return [
        Due(
            promise.follow_on,
            promise.text,
            (_("Promis par %(name)s") if promise.promiser == Promiser.OFFICIAL else _("Promis à %(name)s"))
            % {"name": promise.official},
            reverse("outreach:official_show", args=[promise.official_id]),
            str(promise.follower or ""),
        )
        for promise in found[:limit]
    ]
