"""How good an order is, as trec_eval counts it: linear gain, ties in the descending order of identifiers."""

import math
from collections.abc import Mapping, Sequence


def in_order(scores: Mapping[str, float]) -> list[str]:
    """Identifiers, the best first."""
    return sorted(sorted(scores, reverse=True), key=lambda each: -scores[each])


def recall(ranked: Sequence[str], relevance: Mapping[str, int], cut: int) -> float:
    """The share of what is relevant that is among the first `cut`."""
    relevant = {each for each, gain in relevance.items() if gain > 0}
    return len(relevant.intersection(ranked[:cut])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], relevance: Mapping[str, int]) -> float:
    """One over the rank of the first that is relevant; 0 when none is there."""
    return next((1 / rank for rank, each in enumerate(ranked, 1) if relevance.get(each, 0) > 0), 0.0)


def ndcg(ranked: Sequence[str], relevance: Mapping[str, int], cut: int) -> float:
    """The gains of the first `cut`, each over the logarithm of its rank, beside those of the best order."""
    best = _discounted(sorted(relevance.values(), reverse=True)[:cut])
    return _discounted([relevance.get(each, 0) for each in ranked[:cut]]) / best if best else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
