"""Reads of needs and offers: their list, those of an actor, the week, the history of a relation, their figures."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time
from statistics import median
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.text import folded, whole_number
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry.dealings import Dealing
from maillage.outreach.enums import NeedKind, NeedState, Side
from maillage.outreach.models import Need
from maillage.outreach.queries.asked import among
from maillage.outreach.registry.week import Due
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary

WHOLE_NETWORK = "reseau"
ELSEWHERE = "hors"
NO_THEME = "aucune"
SIDES = {"besoins": Side.NEED, "offres": Side.OFFER}


@dataclass(frozen=True)
class NeedFilters:
    """What the address of the list asks for. `place` is the code of a département,
    `WHOLE_NETWORK` or `ELSEWHERE`; within a département, `exactly` keeps what is for all of it ("departement") or for a commune
    outside any EPCI ("hors-epci")."""

    side: str = ""
    q: str = ""
    kind: str = ""
    theme: str = ""
    audience: str = ""
    place: str = ""
    epci: str = ""
    exactly: str = ""
    state: str = ""
    whose: str = ""
    actor: int | None = None

    @property
    def is_narrow(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self) if each.name != "side")


def filters_of(params: Any) -> NeedFilters:
    return NeedFilters(
        side=SIDES.get(params.get("cote", ""), ""),
        q=params.get("q", "").strip()[:100],
        kind=among(params.get("nature", ""), NeedKind.values),
        theme=params.get("theme", "")[:60],
        audience=params.get("public", "")[:60],
        place=params.get("departement", "")[:6],
        epci=params.get("epci", "")[:9],
        exactly=among(params.get("lieu", ""), ("departement", "hors-epci")),
        state=among(params.get("etat", ""), NeedState.values),
        whose="moi" if params.get("qui") == "moi" else "",
        actor=whole_number(params.get("acteur", "")),
    )


def needs(viewer: Viewer, asked: NeedFilters, departments: "list[str] | None" = None) -> "QuerySet[Need]":
    """The list as it is asked for, newest first; `departments` are the codes of the network's, to tell what is elsewhere."""
    found = Need.objects.visible_to(viewer).with_all()
    if asked.side:
        found = found.filter(side=asked.side)
    for word in folded(asked.q).split()[:6]:
        named = Actor.objects.filter(pk=OuterRef("actor"), name_key__contains=word)
        found = found.filter(Q(words__contains=word) | Exists(named))
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.theme == NO_THEME:
        found = found.filter(~Exists(_with_term(Q(term__vocabulary=Vocabulary.THEME))))
    elif asked.theme:
        found = found.filter(Exists(_with_term(Q(term__vocabulary=Vocabulary.THEME, term__slug=asked.theme))))
    if asked.audience:
        found = found.filter(Exists(_with_term(Q(term__vocabulary=Vocabulary.AUDIENCE, term__slug=asked.audience))))
    found = found.filter(_in_place(asked, departments or []))
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.whose:
        found = found.filter(author=viewer.user_id)
    if asked.actor is not None:
        found = found.filter(Q(actor=asked.actor) | Q(answered_by=asked.actor))
    return found.order_by("-opened_on", "-pk")


def _with_term(where: Q) -> Any:
    return Need.terms.through.objects.filter(where, need=OuterRef("pk"))


def _in_place(asked: NeedFilters, departments: list[str]) -> Q:
    whole, within = Q(territory__code=asked.place), Q(territory__department__code=asked.place)
    whole &= Q(territory__kind=TerritoryKind.DEPARTMENT)
    within &= Q(territory__kind=TerritoryKind.COMMUNE)
    if asked.place == WHOLE_NETWORK:
        place = Q(territory=None)
    elif asked.place == ELSEWHERE:
        here = Q(territory__kind=TerritoryKind.DEPARTMENT, territory__code__in=departments)
        here |= Q(territory__kind=TerritoryKind.COMMUNE, territory__department__code__in=departments)
        place = Q(territory__isnull=False) & ~here
    elif not asked.place:
        place = Q()
    elif asked.exactly == "departement":
        place = whole
    elif asked.exactly == "hors-epci":
        place = within & Q(territory__epci=None)
    else:
        place = whole | within
    if asked.epci:
        place &= Q(territory__kind=TerritoryKind.COMMUNE, territory__epci__code=asked.epci)
    return place


def place_words(asked: NeedFilters) -> str:
    """What a list is narrowed to within a département, in words."""
    if asked.epci:
        name = Territory.objects.epcis().filter(code=asked.epci).values_list("name", flat=True).first()
        return name or asked.epci
    return _("le département entier") if asked.exactly == "departement" else _("communes hors intercommunalité")


def side_counts(viewer: Viewer, asked: NeedFilters, departments: list[str]) -> dict[str, int]:
    """How many needs, and offers, the list would hold. One query."""
    both = NeedFilters(**{each.name: getattr(asked, each.name) for each in fields(asked) if each.name != "side"})
    rows = needs(viewer, both, departments).order_by().values("side").annotate(count=Count("pk"))
    return dict.fromkeys(Side.values, 0) | {row["side"]: row["count"] for row in rows}


# --- an actor -----------------------------------------------------------------------------------------------------------


def open_needs_of(viewer: Viewer, actor: Actor) -> list[Need]:
    """What it looks for, then what it proposes, that the viewer may read. Two queries."""
    found = Need.objects.visible_to(viewer).open().filter(actor=actor).with_all()
    return sorted(found.order_by("expires_on", "pk")[:30], key=lambda need: need.side != Side.NEED)


def own_needs(viewer: Viewer, actor: Actor) -> "QuerySet[Need]":
    """All that the people of an actor may read of it, the open ones first."""
    found = Need.objects.visible_to(viewer).filter(actor=actor).with_all()
    return found.order_by(F("closed_on").desc(nulls_first=True), "-opened_on", "-pk")


def needs_with(viewer: Viewer, actor: Actor, before: datetime | None, limit: int) -> list[Dealing]:
    """In the history of a relation: what it said, and what it answered."""
    mine = Need.objects.visible_to(viewer).filter(actor=actor).select_related("author")
    answered = Need.objects.visible_to(viewer).filter(answered_by=actor, closed_on__isnull=False)
    if before is not None:
        day = timezone.localtime(before).date()
        mine, answered = mine.filter(opened_on__lt=day), answered.filter(closed_on__lt=day)
    said = [
        Dealing(
            at=_at(need.opened_on),
            title=_("Besoin : %(title)s") % {"title": need.title}
            if need.is_need
            else _("Offre : %(title)s") % {"title": need.title},
            detail=f"{need.get_kind_display()} · {need.state_said}",
            url=need.get_absolute_url(),
            person="" if need.is_own else str(need.author or ""),
        )
        for need in _whole_days(mine.order_by("-opened_on", "-pk"), "opened_on", limit)
    ]
    helped = [
        Dealing(
            at=_at(need.closed_on or need.opened_on),
            title=_("A répondu au besoin : %(title)s") % {"title": need.title},
            detail=" · ".join(filter(None, [need.get_through_display(), need.outcome])),
            url=need.get_absolute_url(),
        )
        for need in _whole_days(answered.order_by("-closed_on", "-pk"), "closed_on", limit)
    ]
    return sorted([*said, *helped], key=lambda line: line.at, reverse=True)


def _whole_days(found: "QuerySet[Need]", field: str, limit: int) -> "QuerySet[Need]":
    """About `limit` lines, none of the last day left out: the next lines asked for begin before it."""
    days = list(found.values_list(field, flat=True)[:limit])
    return found.filter(**{f"{field}__gte": days[-1]}) if days else found


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def needs_due(viewer: Viewer, until: date, everyone: bool, limit: int) -> list[Due]:
    """Open ones whose end, or the day for which they are wanted, comes: those that the viewer wrote, or the team's."""
    found = Need.objects.visible_to(viewer).open().filter(Q(expires_on__lte=until) | Q(wanted_on__lte=until))
    if everyone:
        found = found.filter(is_own=False)
    else:
        found = found.filter(author=viewer.user_id)
    lines = []
    for need in found.select_related("actor", "author").order_by("expires_on", "pk")[:limit]:
        wanted = need.wanted_on if need.wanted_on is not None and need.wanted_on <= need.expires_on else None
        on = wanted if wanted is not None and wanted <= until else need.expires_on
        label = _("Attendu ce jour") if on == wanted else _("Arrive à son terme")
        detail = f"{need.whose} · {label}" if need.whose else str(label)
        lines.append(Due(on, need.title, detail, need.get_absolute_url(), str(need.author or "")))
    return sorted(lines, key=lambda due: due.on or until)


# --- figures ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NeedFigures:
    """Of one side over a period: how many were said, closed with each outcome, and how long an answer took. `open` is how many
    are open today."""

    said: int
    answered: int
    abandoned: int
    expired: int
    open: int
    days_to_answer: int | None

    @property
    def answered_percent(self) -> int | None:
        closed = self.answered + self.abandoned + self.expired
        return round(100 * self.answered / closed) if closed else None


def figures(viewer: Viewer, since: date, until: date, side: str = Side.NEED) -> NeedFigures:
    """For reports and the key figures of the apps above. Three queries."""
    found = Need.objects.visible_to(viewer).filter(side=side).order_by()
    closed = found.filter(closed_on__gte=since, closed_on__lte=until)
    by_state = {row["state"]: row["count"] for row in closed.values("state").annotate(count=Count("pk"))}
    sums = found.aggregate(
        said=Count("pk", filter=Q(opened_on__gte=since, opened_on__lte=until)),
        open=Count("pk", filter=Q(state=NeedState.OPEN)),
    )
    days = [(end - start).days for start, end in _spans(closed.filter(state=NeedState.ANSWERED))]
    return NeedFigures(
        sums["said"],
        by_state.get(NeedState.ANSWERED, 0),
        by_state.get(NeedState.ABANDONED, 0),
        by_state.get(NeedState.EXPIRED, 0),
        sums["open"],
        round(median(days)) if days else None,
    )


def _spans(found: "QuerySet[Need]") -> list[tuple[date, date]]:
    return [(start, end) for start, end in found.values_list("opened_on", "closed_on") if end is not None]
