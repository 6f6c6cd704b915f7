"""Introductions of the demonstration in each state over eighteen months, and the partnerships that came of some."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.outreach.actions import introductions, outcomes, partnerships
from maillage.outreach.actions.proposing import Asking, introduce
from maillage.outreach.enums import Ending, IntroductionState, Manner, Outcome, SideAnswer
from maillage.outreach.models import FollowUp, Introduction, IntroductionSide, Partnership
from maillage.portal.management.demo.world import World
from maillage.topics.models import Term

_WHAT = (
    "un atelier d'astronomie pour des lycéens",
    "une exposition sur l'eau à prêter pendant un mois",
    "une conférence sur le climat pour tout public",
    "une sortie nature avec un centre de loisirs",
    "un chercheur pour un café des sciences",
    "une animation robotique pour la fête de la science",
    "un spectacle scientifique pour des familles",
    "une formation à la médiation pour des bibliothécaires",
)
_THEMES = (
    "astronomie-et-espace", "eau-mer-et-milieux-aquatiques", "climat-et-energie", "biodiversite-et-nature",
    "sciences-et-societe", "intelligence-artificielle-et-robotique", "arts-et-sciences", "sciences-et-societe",
)  # fmt: skip
_PAIRS = (
    ("library", "lab"), ("leisure", "association"), ("museum", "independent"), ("library", "fablab"),
    ("association", "heritage"), ("leisure", "museum"), ("heritage", "amateur"), ("library", "association"),
)  # fmt: skip
_OUTSIDERS = (
    ("Mairie de Vallorgue", "Maud Cazenave"),
    ("Collège des Trois Sources", "Lilian Bastide"),
    ("Fête du livre de Peyrelade", "Clara Segonzac"),
)
_MISSIONS = ("structurer-et-animer-le-reseau", "accompagner-les-projets", "partenariats", "centre-de-ressources")
# What each became, the oldest first: how many days ago, and its end.
_STORY = (
    (540, "project"), (527, "nothing"), (510, "refused"), (498, "project"), (485, "silent"), (470, "project"), (455, "nothing"),
    (441, "unanswered"), (430, "project"), (417, "ongoing"), (402, "project"), (390, "refused"), (377, "silent"), (365, "project"),
    (352, "nothing"), (338, "project"), (325, "unanswered"), (312, "project"), (300, "ongoing"), (287, "silent"), (274, "project"),
    (262, "cancelled"), (250, "project"), (236, "nothing"), (224, "project"), (210, "refused"), (196, "ongoing"), (181, "project"),
    (168, "nothing"), (153, "project"), (139, "silent"), (101, "asked_twice"), (74, "ongoing"), (52, "project"), (40, "later"),
    (27, "asked_once"), (19, "asked_once"), (11, "met"), (9, "waiting"), (6, "half"), (3, "waiting"), (1, "waiting"),
)  # fmt: skip
_PARTNERSHIPS = 12
_UNCONFIRMED = {9: "refused", 10: "declared", 11: "declared"}


def tell_introductions(world: World) -> None:
    """The team introduces; some agree, some do not; a third of the projects are declared as partnerships."""
    story = _Story(world)
    for rank, (days, end) in enumerate(_STORY):
        world.chronicle.add(world.chronicle.ago(days, 9 + rank % 8, rank * 7 % 60), partial(story.introduce, rank, end))
    world.chronicle.add(world.chronicle.ago(33, 15), story.refuse)


class _Story:
    def __init__(self, world: World) -> None:
        self.world = world
        self.partnerships = 0

    def _pair(self, rank: int) -> tuple[Asking, Actor] | None:
        asking, found = _PAIRS[rank % len(_PAIRS)]
        place = 2 + rank // len(_PAIRS)
        proposed = self.world.actors(found, place + 1)[place:]
        asker = self.world.actors(asking, place + 4)[place + 3 :]
        if not proposed or not asker:
            return None
        if rank % 9 == 4:
            structure, name = _OUTSIDERS[rank // 9 % len(_OUTSIDERS)]
            return Asking(None, name, f"demande-{rank}@maillage.example", structure), proposed[0]
        return Asking(asker[0]), proposed[0]

    def introduce(self, rank: int, end: str, at: datetime) -> None:
        by = self.world.viewer("animation" if rank % 3 else "admin")
        pair = self._pair(rank)
        if pair is None:
            return
        asking, found = pair
        introduction = introduce(
            by=by,
            asking=asking,
            found=found,
            what=_WHAT[rank % len(_WHAT)],
            why="Vous proposez ce type d'action, non loin, et votre fiche est à jour.",
            manner=Manner.AT_ONCE if rank % 11 == 7 and end == "project" else Manner.ASK_BOTH,
            mission=Term.objects.filter(vocabulary="mission", slug=_MISSIONS[rank % len(_MISSIONS)]).first(),
        )
        _date(introduction, at)
        self._continue(by, introduction, end, at)
        if end == "project" and self.partnerships < _PARTNERSHIPS and asking.actor is not None:
            self._declare(by, introduction, asking.actor, found, at + timedelta(days=45))

    def _continue(self, by: Viewer, introduction: Introduction, end: str, at: datetime) -> None:
        asker, found = introduction.asker, introduction.found
        answer = partial(introductions.answer_for_side, by=by)
        if end in ("refused", "later"):
            answer(side=asker, answer=SideAnswer.YES)
            answer(side=found, answer=SideAnswer.NO if end == "refused" else SideAnswer.LATER)
            IntroductionSide.objects.filter(introduction=introduction).update(answered_at=at + timedelta(days=2))
        elif end == "half":
            answer(side=asker, answer=SideAnswer.YES)
            IntroductionSide.objects.filter(pk=asker.pk).update(answered_at=at + timedelta(days=1))
        elif end == "cancelled":
            introductions.cancel_introduction(by=by, introduction=introduction)
        elif end == "unanswered":
            Introduction.objects.filter(pk=introduction.pk).update(
                state=IntroductionState.UNANSWERED, closed_at=at + timedelta(days=46)
            )
        elif end != "waiting":
            self._meet(by, introduction, end, at + timedelta(days=3))

    def _meet(self, by: Viewer, introduction: Introduction, end: str, at: datetime) -> None:
        for side in (introduction.asker, introduction.found):
            introductions.answer_for_side(by=by, side=side, answer=SideAnswer.YES)
        for rank, days in ((1, 15), (2, 90)):
            rows = FollowUp.objects.filter(side__introduction=introduction, rank=rank)
            due = at + timedelta(days=days)
            rows.update(due_on=due.date(), sent_at=due if due < self.world.chronicle.now else None)
        told = {"project": Outcome.PROJECT, "nothing": Outcome.NOTHING, "ongoing": Outcome.ONGOING}.get(end)
        if told is not None:
            outcomes.tell_outcome(by=by, side=introduction.found, answer=told)
            news = FollowUp.objects.filter(side__introduction=introduction).exclude(answer="")
            news.update(answered_at=min(self.world.chronicle.now, at + timedelta(days=17)))
        changes: dict[str, Any] = {"met_at": at}
        if end == "silent":
            changes |= {"ending": Ending.SILENT, "closed_at": at + timedelta(days=121)}
        Introduction.objects.filter(pk=introduction.pk).update(**changes)
        IntroductionSide.objects.filter(introduction=introduction).update(answered_at=at)

    def _declare(self, by: Viewer, introduction: Introduction, actor: Actor, other: Actor, at: datetime) -> None:
        rank, self.partnerships = self.partnerships, self.partnerships + 1
        theme = _THEMES[_WHAT.index(introduction.what)]
        made = partnerships.declare_partnership(
            by=by,
            actor=actor,
            other=other,
            title=introduction.what[:1].upper() + introduction.what[1:],
            theme=Term.objects.filter(vocabulary="theme", slug=theme).first(),
            mission=introduction.mission,
            began_on=min(at, self.world.chronicle.now).date(),
            introduction=introduction,
        )
        end = _UNCONFIRMED.get(rank, "confirmed")
        then = {"declared_at": at, "created_at": at}
        if end != "declared":
            partnerships.decide_partnership(by=by, partnership=made, confirmed=end == "confirmed")
            Partnership.objects.filter(pk=made.pk).update(**then, decided_at=at + timedelta(days=6))
        else:
            Partnership.objects.filter(pk=made.pk).update(**then, expires_at=at + timedelta(days=60))

    def refuse(self, at: datetime) -> None:
        """One wants no introduction any more; another, not with the one that was proposed."""
        noe = self.world.viewer("animation")
        first, second = self.world.actors("company", 1), self.world.actors("independent", 2)[1:]
        for actor in first:
            introductions.refuse_introductions(by=noe, actor=actor)
        for actor, other in zip(second, self.world.actors("museum", 1), strict=False):
            introductions.refuse_introductions(by=noe, actor=actor, other=other)


def _date(introduction: Introduction, at: datetime) -> None:
    Introduction.objects.filter(pk=introduction.pk).update(asked_at=at, created_at=at)
    sides = IntroductionSide.objects.filter(introduction=introduction)
    sides.exclude(sent_at=None).update(sent_at=at, expires_at=at + timedelta(days=45))
    sides.filter(answer=SideAnswer.YES).update(answered_at=at)
