"""Which pairs people look at, what a sample of them says of all, and what may therefore be done without them.

Pairs are drawn at random within bands of their score: some in every band, so that all can be judged, more where the model
hesitates, so that it learns. A reviewed pair then stands for the others of its band (stratified sampling; Cochran 1977,
chapter 5).
"""

import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from maillage.linkage.enums import Verdict

EDGES = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97)  # Of the bands of scores.
ENOUGH = 100  # Reviewed pairs below which nothing is automatic.
OF_EACH = 30  # Reviewed pairs of each truth below which weights stay as shipped: as many as there are weights.
LIMIT = 0.99  # Precision below which nothing is automatic.
MISSED = 0.005  # Share of the expected pairs that may be left below the doubtful ones.
_GRID = tuple(edge / 100 for edge in (*range(80, 100), 99.5))


def bands(scores: Sequence[float]) -> list[list[int]]:
    """Positions of the scores in each band, the lowest first."""
    found: list[list[int]] = [[] for _ in range(len(EDGES) + 1)]
    for position, score in enumerate(scores):
        found[bisect_right(EDGES, score)].append(position)
    return found


def to_review(
    scores: Sequence[float], count: int, *, done: Mapping[int, bool] | None = None, seed: int = 0
) -> list[int]:
    """Positions of `count` pairs to review next (fewer when there are not as many), those `done` left out.

    Half of them are shared out evenly between the bands, half by how much the model hesitates there: the sum of
    p(1 - p), rooted. The same seed draws the same pairs.
    """
    chance = random.Random(seed)  # noqa: S311 (a sample, not a secret)
    left = [[position for position in band if position not in (done or {})] for band in bands(scores)]
    doubts = [sqrt(sum(scores[position] * (1 - scores[position]) for position in band)) for band in left]
    filled = sum(1 for band in left if band) or 1
    total = sum(doubts) or 1.0
    shares = [
        count * (0.5 * bool(band) / filled + 0.5 * doubt / total) for band, doubt in zip(left, doubts, strict=True)
    ]
    for band in left:
        chance.shuffle(band)
    chosen = [position for band, share in zip(left, shares, strict=True) for position in band[: int(share)]]
    # What rounding and small bands left over goes to the pairs that the model doubts most.
    rest = [position for band, share in zip(left, shares, strict=True) for position in band[int(share) :]]
    rest.sort(key=lambda position: abs(scores[position] - 0.5))
    return chosen + rest[: max(0, count - len(chosen))]


def wilson(share: float, count: float, z: float = 1.96) -> tuple[float, float]:
    """Interval of a proportion `share` seen on `count` cases (Wilson 1927); (0, 1) without cases."""
    if count <= 0:
        return 0.0, 1.0
    middle = share + z * z / (2 * count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def may_teach(truths: Sequence[bool]) -> bool:
    """Whether the reviewed pairs are enough, and enough of them of each truth, to move the weights of a whole network.

    One verdict moves every other pair. `ENOUGH`, as for thresholds: those that are shipped go with the shipped weights.
    """
    right = sum(truths)
    return len(truths) >= ENOUGH and min(right, len(truths) - right) >= OF_EACH


@dataclass(frozen=True, slots=True)
class Estimate:
    """Precision of the pairs at or above a threshold with its 95 % interval, from `reviewed` of the `pairs` there."""

    precision: float
    low: float
    high: float
    pairs: int
    reviewed: int
    covered: bool  # Some pair was reviewed in every band.


def estimate(scores: Sequence[float], reviewed: Mapping[int, bool], threshold: float) -> Estimate:
    """What the reviewed pairs say of all those at or above `threshold`.

    Bands weigh by their pairs; the interval is Wilson's for the effective number of reviews (Kish 1965):
    (sum N)^2 / sum(N^2 / n) over bands of N pairs of which n were reviewed.
    """
    pairs = seen = 0
    found = spread = weight = 0.0
    covered = True
    for band in bands(scores):
        above = [position for position in band if scores[position] >= threshold]
        truths = [reviewed[position] for position in above if position in reviewed]
        pairs, seen = pairs + len(above), seen + len(truths)
        if truths:
            found += len(above) * sum(truths) / len(truths)
            weight += len(above)
            spread += len(above) ** 2 / len(truths)
        elif above:
            covered = False
    if not weight:
        return Estimate(0.0, 0.0, 1.0, pairs, 0, covered=False)
    precision = found / weight
    return Estimate(precision, *wilson(precision, weight**2 / spread), pairs, seen, covered)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores from which a pair is certain, and from which it is doubtful; above 1 nothing is certain."""

    certain: float
    doubtful: float

    def verdict(self, score: float, *, branch: bool = False) -> Verdict:
        """`branch` as `comparing.is_branch` says it."""
        if branch:
            return Verdict.BRANCH
        if score >= self.certain:
            return Verdict.CERTAIN
        return Verdict.DOUBTFUL if score >= self.doubtful else Verdict.APART


DEFAULT = Thresholds(certain=0.95, doubtful=0.1)


def choose_thresholds(scores: Sequence[float], reviewed: Mapping[int, bool], *, limit: float = LIMIT) -> Thresholds:
    """Thresholds of one list: they do not carry over from another.

    Certain begins where both the reviewed pairs and the model's own probabilities reach `limit` on average, there and
    above; doubtful where the pairs left below are expected to hold `MISSED` of the true ones.
    """
    certain = 1.01
    for edge in reversed(_GRID):
        above = [score for score in scores if score >= edge]
        if not above:
            continue
        if sum(above) / len(above) < limit or (
            any(scores[position] >= edge for position in reviewed)
            and estimate(scores, reviewed, edge).precision < limit
        ):
            break
        certain = edge
    expected, below, doubtful = sum(scores), 0.0, certain
    for score in sorted(scores):
        below += score
        if below > MISSED * expected:
            doubtful = min(score, certain)
            break
    return Thresholds(certain, doubtful)


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether pairs at or above a threshold may be merged without being looked at, and what that rests on."""

    allowed: bool
    reviewed: int
    estimate: Estimate


def automation_allowed(
    scores: Sequence[float], reviewed: Mapping[int, bool], threshold: float, *, limit: float = LIMIT
) -> Permission:
    """Refused with fewer than `ENOUGH` reviewed pairs, a band above the threshold that nobody looked into, or an estimated
    precision below `limit`."""
    found = estimate(scores, reviewed, threshold)
    allowed = len(reviewed) >= ENOUGH and found.covered and found.precision >= limit
    return Permission(allowed, len(reviewed), found)
