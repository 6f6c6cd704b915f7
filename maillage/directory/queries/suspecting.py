"""The pairs of a network that may be one actor: all against all, as the nightly comparison finds them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from maillage.directory.enums import Band
from maillage.directory.models import Actor, DistinctPair
from maillage.directory.queries.lookalikes import (
    are_told_apart,
    is_same_by_identifier,
    lessons_of,
    model_of,
    records_of,
    told_values,
)
from maillage.linkage.enums import Verdict
from maillage.linkage.queries.comparing import is_branch
from maillage.linkage.queries.index import Index
from maillage.linkage.queries.model import Model
from maillage.linkage.queries.records import Profile
from maillage.linkage.queries.reviewing import DEFAULT, Thresholds, choose_thresholds, may_teach
from maillage.networks.models import Network

_BANDS = {Verdict.CERTAIN: Band.CERTAIN, Verdict.DOUBTFUL: Band.DOUBTFUL}
_OF_ONE_NAME = 0.5  # Share of the words in common.


@dataclass(frozen=True, slots=True)
class Pair:
    """Two actors by id, the smaller first; `values` are the features that are not nothing."""

    first: int
    second: int
    score: float
    band: Band
    values: dict[str, float]


def settled() -> set[tuple[int, int]]:
    """The pairs that ask no question any more, the smaller id first: told apart, or one a branch of the other."""
    apart = set(DistinctPair.objects.values_list("first", "second"))
    families = Actor.objects.exclude(parent=None).values_list("pk", "parent_id")
    return apart | {(min(pk, parent), max(pk, parent)) for pk, parent in families if parent is not None}


def suspects_of(network: Network) -> Iterator[Pair]:
    """The pairs to look at, those settled left out."""
    index = Index(records_of(network), model_of(network))
    scores = index.pairs()
    thresholds = thresholds_of(network, list(scores.values()), index.model)
    known = settled()
    for (here, there), score in scores.items():
        one, other = index.profiles[here], index.profiles[there]
        first, second = sorted([int(str(one.record.key)), int(str(other.record.key))])
        if (first, second) in known:
            continue
        band = _band(one, other, score, thresholds)
        if band is None:
            continue
        values = told_values(one, other, index.rarity)
        if band == Band.BRANCH and values.get("name_words", 0.0) < _OF_ONE_NAME:
            continue  # A town hall has as many establishments as it has services: they are not worth a question.
        yield Pair(first, second, score, band, values)


def _band(one: Profile, other: Profile, score: float, thresholds: Thresholds) -> Band | None:
    if is_same_by_identifier(one, other):
        return Band.CERTAIN
    if is_branch(one, other):
        return Band.BRANCH
    if are_told_apart(one, other):
        return None
    return _BANDS.get(thresholds.verdict(score))


def thresholds_of(network: Network, scores: Sequence[float], model: Model) -> Thresholds:
    """The shipped thresholds, until enough pairs were judged to move the weights and choose those of the network.

    Judged pairs have left the list, merged or told apart: they are counted with it.
    """
    rows, truths = lessons_of(network)
    if not may_teach(truths):
        return DEFAULT
    reviewed = {len(scores) + rank: same for rank, same in enumerate(truths)}
    judged = map(float, model.scores(rows))
    limit = float(network.setting("automation_percent")) / 100
    return choose_thresholds([*scores, *judged], reviewed, limit=limit)
