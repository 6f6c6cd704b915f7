"""Reads of introductions: the list and its filters, whom one may introduce, what waits, what came of them by place and
mission."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.queries import is_suppressed
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.queries.freshness import why_not
from maillage.directory.registry.dealings import Dealing
from maillage.networks.models import Network
from maillage.outreach.enums import Ending, IntroductionState, SideAnswer, SideRole
from maillage.outreach.models import FollowUp, Introduction, IntroductionRefusal, IntroductionSide
from maillage.outreach.queries.asked import among, day
from maillage.outreach.registry.introductions import (
    FIRST_FOLLOW_UP,
    INTRODUCTION_LINK_DAYS,
    SECOND_FOLLOW_UP,
    SILENT_FOLLOW_UP,
)
from maillage.outreach.registry.week import Due

PATIENCE = timedelta(days=7)  # Before the team is told to call whoever did not answer.


@dataclass(frozen=True)
class IntroductionFilters:
    """What the address of the list asks for."""

    q: str = ""
    state: str = ""
    ending: str = ""
    mission: str = ""
    department: str = ""
    whose: str = ""
    since: date | None = None
    until: date | None = None


def filters_of(params: Any) -> IntroductionFilters:
    return IntroductionFilters(
        q=params.get("q", "").strip()[:100],
        state=among(params.get("etat", ""), IntroductionState.values),
        ending=among(params.get("issue", ""), Ending.values),
        mission=params.get("mission", "")[:60],
        department=params.get("departement", "")[:3],
        whose="moi" if params.get("qui") == "moi" else "",
        since=day(params.get("du", "")),
        until=day(params.get("au", "")),
    )


def introductions(viewer: Viewer, asked: IntroductionFilters | None = None) -> "QuerySet[Introduction]":
    """The network's introductions as they are asked for, newest first."""
    asked = asked or IntroductionFilters()
    found = Introduction.objects.visible_to(viewer).whole()
    for word in folded(asked.q).split()[:6]:
        side = IntroductionSide.objects.filter(introduction=OuterRef("pk"))
        named = side.filter(Q(actor__name_key__contains=word) | Q(name__icontains=word) | Q(structure__icontains=word))
        found = found.filter(Q(what__icontains=word) | Exists(named))
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.ending:
        found = found.filter(ending=asked.ending)
    if asked.mission:
        found = found.filter(mission__slug=asked.mission)
    if asked.department:
        there = IntroductionSide.objects.filter(
            introduction=OuterRef("pk"), actor__commune__department__code=asked.department
        )
        found = found.filter(Exists(there))
    if asked.whose:
        found = found.filter(author=viewer.user_id)
    if asked.since:
        found = found.filter(asked_at__date__gte=asked.since)
    if asked.until:
        found = found.filter(asked_at__date__lte=asked.until)
    return found.order_by("-asked_at", "-pk")


# --- whom one may introduce -------------------------------------------------------------------------------------------


def refused_by(network: Network, asker: Actor | None = None) -> set[int]:
    """Ids of the actors that are not to be proposed: those that want no introduction at all; and, to `asker`, those between
    which one of the two refused the other. One query."""
    rows = IntroductionRefusal.objects.filter(network=network)
    of_all = Q(other=None)
    if asker is not None:
        of_all |= Q(other=asker.pk) | Q(actor=asker.pk, other__isnull=False)
    return {
        row[1] if asker is not None and row[0] == asker.pk and row[1] else row[0]
        for row in rows.filter(of_all).values_list("actor", "other")
    }


def why_not_introduced(network: Network, asker: Actor | None, found: Actor) -> str:
    """Why these two are not introduced to one another; "" when they may be."""
    if asker is not None and asker.pk == found.pk:
        return _("Un acteur ne se présente pas à lui-même : choisissez-en un autre.")
    for actor in filter(None, (asker, found)):
        if actor.archived_at is not None:
            return _("« %(actor)s » est archivé.") % {"actor": actor.name}
    refused = refused_by(network, asker)
    if found.pk in refused:
        return _("« %(actor)s » a refusé cette mise en relation, ou n'en veut plus.") % {"actor": found.name}
    if asker is not None and asker.pk in refused:
        return _("« %(actor)s » ne veut pas de mise en relation.") % {"actor": asker.name}
    return ""


def address_of(side: IntroductionSide) -> str:
    """Where to write to a side: the address that its sheet has now, which its request may not have gone to."""
    return side.actor.email if side.actor is not None else side.email


def why_not_written(network: Network, side: IntroductionSide) -> str:
    """Why nobody writes to a side; "" when someone may."""
    if side.stopped_at is not None:
        return _("Cette personne ne veut plus recevoir de message à ce sujet.")
    if side.actor is not None:
        return why_not(network, side.actor)
    if not side.email:
        return _("Aucune adresse n'est connue.")
    theirs = IntroductionSide.objects.filter(introduction__network=network, actor=None, email__iexact=side.email)
    if theirs.exclude(stopped_at=None).exists():
        return _("Cette personne ne veut plus recevoir de message de mise en relation.")
    if is_suppressed(side.email):
        return _("La personne qui lit cette adresse a demandé à ne plus recevoir de message.")
    return ""


def open_between(network: Network, asker: Actor | None, email: str, found: Actor) -> Introduction | None:
    """An introduction of the same two that still waits for its answers."""
    there = IntroductionSide.objects.filter(introduction=OuterRef("pk"))
    first = there.filter(actor=asker) if asker is not None else there.filter(actor=None, email__iexact=email)
    waiting = Introduction.objects.filter(network=network).open()
    return waiting.filter(Exists(first), Exists(there.filter(actor=found, role=SideRole.FOUND))).first()


# --- links ------------------------------------------------------------------------------------------------------------


def side_opened_by(network: Network | None, pk: int, token: str) -> IntroductionSide | None:
    """The side of a link, on the host of its own network."""
    rows = IntroductionSide.objects.select_related("introduction__network", "actor__commune__department")
    side = rows.filter(pk=pk, introduction__network=network).first()
    return side if side is not None and side.is_opened_by(token) else None


def other_side(side: IntroductionSide) -> IntroductionSide:
    rows = IntroductionSide.objects.select_related("actor__commune__department")
    return rows.exclude(pk=side.pk).get(introduction=side.introduction_id)


def link_ends_at(network: Network, now: datetime) -> datetime:
    return now + timedelta(days=int(network.setting(INTRODUCTION_LINK_DAYS.name)))


def follow_up_days(network: Network) -> tuple[int, int]:
    """Days after which each is asked what came of it: the first, then the second time."""
    return int(network.setting(FIRST_FOLLOW_UP.name)), int(network.setting(SECOND_FOLLOW_UP.name))


def follow_ups_to_send(network: Network, today: date, limit: int) -> list[FollowUp]:
    """Those due and never sent, of introductions that go on; the oldest first. A day long past (a worker that was stopped)
    is asked all the same, but never twice on one day: the first question falls when the second is due."""
    rows = FollowUp.objects.filter(
        side__introduction__network=network,
        side__introduction__state=IntroductionState.MET,
        side__introduction__closed_at=None,
        side__stopped_at=None,
        due_on__lte=today,
        sent_at=None,
        answer="",
    )
    later = FollowUp.objects.filter(side=OuterRef("side"), rank=2, due_on__lte=today)
    rows = rows.exclude(Q(rank=1) & Exists(later))
    rows = rows.select_related("side__introduction__network", "side__actor__commune__department")
    return list(rows.order_by("due_on", "pk")[:limit])


def silent_since(network: Network, today: date) -> "QuerySet[Introduction]":
    """Introductions of which nobody told anything for so long after the second question."""
    wait = timedelta(days=int(network.setting(SILENT_FOLLOW_UP.name)))
    over = FollowUp.objects.filter(side__introduction=OuterRef("pk"), rank=2, due_on__lte=today - wait)
    found = Introduction.objects.filter(network=network, state=IntroductionState.MET, closed_at=None)
    return found.filter(Exists(over)).order_by("pk")


# --- what is to be done -----------------------------------------------------------------------------------------------


def answers_due(viewer: Viewer, until: date, everyone: bool, limit: int) -> list[Due]:
    """Sides that did not answer within a week, or whom no message reaches: to be called."""
    found = _own(introductions(viewer).filter(state=IntroductionState.WAITING), viewer, everyone)
    found = found.filter(Q(asked_at__date__lte=until - PATIENCE) | Q(sides__sent_at=None, sides__answer=""))
    lines = []
    for introduction in found.distinct().order_by("asked_at", "pk")[:limit]:
        silent = [side for side in introduction.sides.all() if not side.answer]
        asked = timezone.localdate(introduction.asked_at)
        mute = [side for side in silent if side.sent_at is None]
        lines.append(
            Due(
                asked if mute else asked + PATIENCE,
                _("Avoir la réponse : %(side)s") % {"side": ", ".join(side.label for side in mute or silent)},
                _("Mise en relation : %(pair)s") % {"pair": pair_of(introduction)},
                introduction.get_absolute_url(),
                str(introduction.author or ""),
            )
        )
    return lines


def news_due(viewer: Viewer, until: date, everyone: bool, limit: int) -> list[Due]:
    """Introductions whose sides were asked what came of them, and said nothing for a week."""
    waiting = FollowUp.objects.filter(side__introduction=OuterRef("pk"), answer="", due_on__lte=until - PATIENCE)
    answered = FollowUp.objects.filter(
        side__introduction=OuterRef("side__introduction"), rank=OuterRef("rank")
    ).exclude(answer="")
    found = introductions(viewer).filter(Exists(waiting.exclude(Exists(answered))))
    found = _own(found.filter(state=IntroductionState.MET, closed_at=None), viewer, everyone)
    first, _second = follow_up_days(viewer.network)
    return [
        Due(
            timezone.localdate(introduction.met_at) + timedelta(days=first) + PATIENCE,
            _("Prendre des nouvelles : %(pair)s") % {"pair": pair_of(introduction)},
            introduction.what,
            introduction.get_absolute_url(),
            str(introduction.author or ""),
        )
        for introduction in found.order_by("met_at", "pk")[:limit]
    ]


def _own(found: "QuerySet[Introduction]", viewer: Viewer, everyone: bool) -> "QuerySet[Introduction]":
    return found if everyone else found.filter(author=viewer.user_id)


def pair_of(introduction: Introduction) -> str:
    """Names hold dashes of their own: « et » stands between the two."""
    return _("%(asker)s et %(found)s") % {"asker": introduction.asker.label, "found": introduction.found.label}


# --- an actor ---------------------------------------------------------------------------------------------------------


def introductions_of(viewer: Viewer, actor: Actor) -> "QuerySet[Introduction]":
    there = IntroductionSide.objects.filter(introduction=OuterRef("pk"), actor=actor)
    return Introduction.objects.visible_to(viewer).whole().filter(Exists(there))


def introduction_dealings(viewer: Viewer, actor: Actor, before: datetime | None, limit: int) -> list[Dealing]:
    found = introductions_of(viewer, actor)
    if before is not None:
        found = found.filter(asked_at__lt=before)
    return [
        Dealing(
            at=introduction.asked_at,
            title=_("Mise en relation avec %(other)s") % {"other": _other_of(introduction, actor)},
            detail=" · ".join(filter(None, [introduction.what, state_told(introduction)])),
            url=introduction.get_absolute_url(),
            person=str(introduction.author or ""),
        )
        for introduction in found.order_by("-asked_at", "-pk")[:limit]
    ]


def _other_of(introduction: Introduction, actor: Actor) -> str:
    sides = [side for side in introduction.sides.all() if side.actor_id != actor.pk]
    return ", ".join(side.label for side in sides)


def state_told(introduction: Introduction) -> str:
    """The state in words, and what it came to."""
    ending = introduction.get_ending_display() if introduction.ending else ""
    return " · ".join(filter(None, [introduction.get_state_display(), ending]))


def accepted_by(network: Network, actor_ids: Iterable[int]) -> dict[int, list[str]]:
    """What each of these answered when it was proposed, the newest first. One query."""
    rows = IntroductionSide.objects.filter(
        introduction__network=network, role=SideRole.FOUND, actor__in=list(actor_ids)
    ).exclude(answer="")
    found: dict[int, list[str]] = {}
    for pk, answer in rows.order_by("-answered_at", "-pk").values_list("actor", "answer"):
        found.setdefault(pk, []).append(answer)
    return found


# --- figures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IntroductionCount:
    """Introductions of one département, one mission or all: proposed, put in contact, and those a project came of."""

    key: str
    label: str
    made: int
    met: int
    projects: int


def count_introductions(viewer: Viewer, asked: IntroductionFilters | None = None) -> IntroductionCount:
    rows = _rows(viewer, asked)
    return _counted("", _("Toutes"), [row[1:] for row in rows])


def count_by_mission(viewer: Viewer, asked: IntroductionFilters | None = None) -> list[IntroductionCount]:
    """One line a mission, the most frequent first; those without a mission last. One query."""
    groups: dict[tuple[str, str], list[Any]] = {}
    rows = introductions(viewer, asked).order_by().values_list("mission__slug", "mission__label", "state", "ending")
    for slug, label, state, ending in rows:
        groups.setdefault((slug or "", label or _("Sans mission")), []).append((state, ending))
    lines = [_counted(slug, label, held) for (slug, label), held in groups.items()]
    return sorted(lines, key=lambda line: (not line.key, -line.made, line.label))


def count_by_department(viewer: Viewer, asked: IntroductionFilters | None = None) -> list[IntroductionCount]:
    """One line a département, by where the actor that was proposed is. One query."""
    groups: dict[tuple[str, str], list[Any]] = {}
    wanted = introductions(viewer, asked).order_by().values("pk")
    rows = IntroductionSide.objects.filter(role=SideRole.FOUND, introduction__in=wanted).values_list(
        "actor__commune__department__code",
        "actor__commune__department__name",
        "introduction__state",
        "introduction__ending",
    )
    for code, name, state, ending in rows:
        groups.setdefault((code or "", name or _("Sans département")), []).append((state, ending))
    lines = [_counted(code, name, held) for (code, name), held in groups.items()]
    return sorted(lines, key=lambda line: (not line.key, line.key))


def _rows(viewer: Viewer, asked: IntroductionFilters | None) -> list[Any]:
    return list(introductions(viewer, asked).order_by().values_list("pk", "state", "ending"))


def _counted(key: str, label: str, held: list[Any]) -> IntroductionCount:
    states = Counter(state for state, _ending in held)
    projects = sum(ending == Ending.PROJECT for _state, ending in held)
    return IntroductionCount(key, label, len(held), states[IntroductionState.MET], projects)


def ending_of(follow_ups: Iterable[FollowUp]) -> str:
    """What the answers come to: a project told by one side is born; else the last word of either."""
    told = [each for each in follow_ups if each.answer]
    if any(each.answer == Ending.PROJECT for each in told):
        return str(Ending.PROJECT)
    last = max(told, key=lambda each: (each.rank, each.answered_at or timezone.now(), each.pk), default=None)
    return last.answer if last is not None else ""


def state_after(sides: Iterable[IntroductionSide]) -> str:
    """What the answers of the two sides make of an introduction that waits."""
    answers = [side.answer for side in sides]
    if SideAnswer.NO in answers:
        return str(IntroductionState.REFUSED)
    if all(answer == SideAnswer.YES for answer in answers):
        return str(IntroductionState.MET)
    return str(IntroductionState.LATER if SideAnswer.LATER in answers else IntroductionState.WAITING)


def would_meet(introduction: Introduction, side: IntroductionSide, answer: str) -> bool:
    """Whether this answer of `side` would give each the contact of the other."""
    others = [each.answer for each in introduction.sides.all() if each.pk != side.pk]
    return introduction.is_open and all(given == SideAnswer.YES for given in [answer, *others])
