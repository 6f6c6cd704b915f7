"""What the judged lines of an import allow: weights learnt from them, a threshold of its own, nothing below the limit."""

from collections.abc import Sequence

from django.utils import timezone

from maillage.directory.models import Lesson
from maillage.directory.queries.lookalikes import model_of
from maillage.exchange.registry import Automation, Resemblance
from maillage.linkage.queries.comparing import NAMES
from maillage.linkage.queries.model import fit
from maillage.linkage.queries.reviewing import ENOUGH, automation_allowed, choose_thresholds, to_review
from maillage.networks.models import Network


def automation(network: Network, pairs: Sequence[Resemblance]) -> Automation:
    """Learn from the judged pairs, score all of them anew, and choose the threshold of this list (see `linkage`)."""
    limit = float(network.setting("automation_percent")) / 100
    rows = [_row(pair) for pair in pairs]
    reviewed = {position: pair.same for position, pair in enumerate(pairs) if pair.same is not None}
    model = model_of(network)
    if reviewed:
        model = fit([rows[position] for position in reviewed], list(reviewed.values()), prior=model)
    scores = [float(score) for score in model.scores(rows)] if rows else []
    thresholds = choose_thresholds(scores, reviewed, limit=limit)
    permission = automation_allowed(scores, reviewed, thresholds.certain, limit=limit)
    told = permission.estimate
    certain = [
        position for position, score in enumerate(scores) if score >= thresholds.certain and position not in reviewed
    ]
    missing = max(0, ENOUGH - len(reviewed))
    return Automation(
        allowed=permission.allowed and bool(certain),
        asked=ENOUGH,
        judged=len(reviewed),
        limit=limit,
        threshold=thresholds.certain,
        precision=told.precision,
        low=told.low,
        high=told.high,
        certain=certain,
        to_judge=to_review(scores, missing or 1, done=reviewed),
    )


def learn(network: Network, judged: Sequence[tuple[int, Resemblance]]) -> None:
    """A line has no sheet of its own when it is the same: its key stands for one, below zero."""
    for line, pair in judged:
        if pair.values and pair.same is not None:
            Lesson.objects.update_or_create(
                network=network,
                first_id=-line,
                second_id=0,
                defaults={"values": dict(pair.values), "same": pair.same, "at": timezone.now()},
            )


def _row(pair: Resemblance) -> list[float]:
    return [float(pair.values.get(name, 0.0)) for name in NAMES]
