"""From features to a probability that two records are of the same actor, learnt from reviewed pairs.

A logistic model: log-odds = intercept + sum of weight x feature. `fit` finds the most probable weights given the pairs and
a Gaussian prior around the weights there are (maximum a posteriori; Bishop 2006, section 4.5), each weight keeping the sign of
its feature. So a network starts from the shipped weights and moves as far as its own reviews tell.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

from maillage.linkage.queries.comparing import FEATURES, NAMES, features, said
from maillage.linkage.queries.records import Profile, Rarity

_SHIPPED = Path(__file__).parent.parent / "data" / "weights.json"
SPREAD = 1.5  # Standard deviation of the prior of a weight, in log-odds; three times that for the intercept.


@dataclass(frozen=True, slots=True)
class Part:
    """What one feature adds to the log-odds, and what it was computed from (see `comparing.said`)."""

    feature: str
    contribution: float
    values: Any


@dataclass(frozen=True, slots=True)
class Explanation:
    """`intercept` and the contributions add up to `log_odds`; parts that add nothing are left out, the strongest first."""

    log_odds: float
    intercept: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` in the order of `comparing.NAMES`."""

    intercept: float
    weights: tuple[float, ...]

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Model":
        """From `as_json`; a feature that is not named weighs nothing."""
        return cls(float(stored["intercept"]), tuple(float(stored["weights"].get(name, 0.0)) for name in NAMES))

    def as_json(self) -> dict[str, Any]:
        return {"intercept": self.intercept, "weights": dict(zip(NAMES, self.weights, strict=True))}

    def log_odds(self, values: Mapping[str, float]) -> float:
        return self.intercept + sum(
            weight * values[name] for name, weight in zip(NAMES, self.weights, strict=True) if weight
        )

    def score(self, one: Profile, other: Profile, rarity: Rarity) -> float:
        """Probability that both are of the same actor."""
        return probability(self.log_odds(features(one, other, rarity)))

    def scores(self, rows: Sequence[Sequence[float]]) -> Any:
        """Probabilities, shape (pairs,), of an array of features, shape (pairs, features)."""
        import numpy as np
        from scipy.special import expit

        return expit(self.intercept + np.asarray(rows, dtype=float).reshape(-1, len(NAMES)) @ np.asarray(self.weights))

    def explain(self, one: Profile, other: Profile, rarity: Rarity) -> Explanation:
        values = features(one, other, rarity)
        parts = [
            Part(name, weight * values[name], said(one, other, rarity, name))
            for name, weight in zip(NAMES, self.weights, strict=True)
            if weight * values[name]
        ]
        parts.sort(key=lambda part: -abs(part.contribution))
        return Explanation(self.log_odds(values), self.intercept, tuple(parts))


def probability(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds)) if log_odds > -700 else 0.0


@cache
def shipped() -> Model:
    """The weights that a network starts with, trained by `benchmarks/linkage.py --train` on museums of all France."""
    return Model.from_json(json.loads(_SHIPPED.read_text()))


def rows_of(pairs: Iterable[tuple[int, int]], profiles: Sequence[Profile], rarity: Rarity) -> Any:
    """Features of pairs of positions: a float32 array of shape (pairs, features)."""
    import numpy as np

    flat: Any = np.fromiter(
        (value for one, other in pairs for value in features(profiles[one], profiles[other], rarity).values()),
        dtype=np.float32,
    )
    return flat.reshape(-1, len(NAMES))


def fit(rows: Any, same: Sequence[bool], *, prior: Model, spread: float = SPREAD) -> Model:
    """The model that `same` (one truth for each row of features) suggests, starting from `prior`.

    `spread` is the standard deviation of the prior, see `SPREAD`. Raises ValueError when lengths differ.
    """
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import expit

    truth = np.asarray(same, dtype=float)
    table = np.asarray(rows, dtype=float).reshape(-1, len(NAMES))
    if len(table) != len(truth):
        raise ValueError("as many truths as rows are needed")
    table = np.column_stack([np.ones(len(truth)), table])
    start = np.array([prior.intercept, *prior.weights])
    precision = np.full(len(start), spread**-2.0)
    precision[0] /= 9

    def loss(theta: Any) -> tuple[float, Any]:
        odds = table @ theta
        away = theta - start
        value = np.sum(np.logaddexp(0, odds) - truth * odds) + precision @ away**2 / 2
        return float(value), table.T @ (expit(odds) - truth) + precision * away

    bounds = [(None, None), *((0, None) if sign > 0 else (None, 0) for sign in FEATURES.values())]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return Model(float(found.x[0]), tuple(float(weight) for weight in found.x[1:]))
