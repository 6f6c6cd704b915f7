"""What someone reads of the relations of the sheets that they look after: nothing of the team's notes."""

from collections.abc import Collection
from dataclasses import dataclass

from maillage.core.viewer import Viewer
from maillage.outreach.enums import SideAnswer
from maillage.outreach.models import Introduction, IntroductionSide, Partnership

_SHOWN = 50


@dataclass(frozen=True)
class OwnIntroduction:
    """`mine` is the side of the viewer's sheet; the other is named, its contact given by message once both agreed."""

    introduction: Introduction
    mine: IntroductionSide
    other: IntroductionSide

    @property
    def may_answer(self) -> bool:
        return self.introduction.is_open and self.mine.answer != SideAnswer.YES and self.mine.is_open


@dataclass(frozen=True)
class OwnPartnership:
    partnership: Partnership
    may_decide: bool


def own_introductions(viewer: Viewer, actors: Collection[int]) -> list[OwnIntroduction]:
    if not actors:
        return []
    found = Introduction.objects.filter(network=viewer.network_id, sides__actor__in=actors).whole().distinct()
    lines = []
    for introduction in found.order_by("-asked_at", "-pk")[:_SHOWN]:
        sides = list(introduction.sides.all())
        mine = next(side for side in sides if side.actor_id in actors)
        lines.append(OwnIntroduction(introduction, mine, next(side for side in sides if side.pk != mine.pk)))
    return lines


def own_partnerships(viewer: Viewer, actors: Collection[int]) -> list[OwnPartnership]:
    if not actors:
        return []
    rows = Partnership.objects.filter(network=viewer.network_id).whole()
    found = rows.filter(first__in=actors) | rows.filter(second__in=actors)
    return [
        OwnPartnership(one, one.waits and one.other.pk in actors)
        for one in found.order_by("-declared_at", "-pk")[:_SHOWN]
    ]
