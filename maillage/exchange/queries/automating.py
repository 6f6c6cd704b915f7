"""The resemblances of a batch: those that people judged, and what they allow to decide of the rest."""

from collections import Counter
from dataclasses import dataclass
from math import floor

from django.utils.formats import number_format

from maillage.exchange import registry
from maillage.exchange.enums import Decision, Outcome, Verdict
from maillage.exchange.models import Batch
from maillage.exchange.registry import Automation, Resemblance

_SAID = {str(Decision.SAME): True, str(Decision.DIFFERENT): False, str(Decision.BRANCH): False}


@dataclass(frozen=True)
class Automated:
    """`lines` are the keys of the lines, in the order of the positions of `automation`."""

    automation: Automation
    lines: list[int]

    @property
    def allowed(self) -> bool:
        return self.automation.allowed

    @property
    def percents(self) -> dict[str, str]:
        """What is told of it, in percent, never rounded up to a certainty."""
        told = self.automation
        values = {"precision": told.precision, "low": told.low, "high": told.high, "limit": told.limit}
        return {name: number_format(floor(1000 * value) / 10, 1) for name, value in values.items()}

    @property
    def next_line(self) -> int | None:
        return self.lines[self.automation.to_judge[0]] if self.automation.to_judge else None


def automation_of(batch: Batch) -> Automated | None:
    """None when nothing is to be decided so: too few lines resemble an object, none is open, or the target never does."""
    rows = _resemblances(batch)
    shared = Counter(ref for _pk, ref, _resemblance, _is_open in rows)
    updated = batch.lines.filter(verdict__in=[Verdict.UPDATE, Verdict.IDENTICAL], subject_id__in=shared)
    shared.update(pk for pk in updated.values_list("subject_id", flat=True) if pk is not None)
    found = registry.target(batch.target).automation(
        batch.network, [resemblance for _pk, _ref, resemblance, _open in rows]
    )
    if found is None or len(rows) <= found.asked or not any(is_open for _pk, _ref, _resemblance, is_open in rows):
        return None
    alone = [position for position in found.certain if rows[position][3] and shared[rows[position][1]] == 1]
    told = Automation(**{**found.__dict__, "certain": alone})
    return Automated(told, [pk for pk, _ref, _resemblance, _open in rows])


def judged_in(batch: Batch) -> list[tuple[int, Resemblance]]:
    """What people judged of the lines that were applied, with the key of each."""
    rows = _resemblances(batch, outcome__in=[Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED])
    return [(pk, resemblance) for pk, _ref, resemblance, _open in rows if resemblance.same is not None]


def _resemblances(batch: Batch, **narrowing: object) -> list[tuple[int, int, Resemblance, bool]]:
    """(key of the line, object, resemblance, whether it is still to decide) of the lines that resemble an object most."""
    lines = batch.lines.filter(verdict=Verdict.LOOKALIKE, **narrowing).order_by("pk")
    found = []
    for pk, alike, decision, unseen, outcome in lines.values_list("pk", "alike", "decision", "unseen", "outcome"):
        best = alike[0] if alike else None
        if best is None or not isinstance(best["ref"], int) or best["branch"]:
            continue
        same = None if unseen else _SAID.get(decision)
        is_open = not decision and outcome in ("", Outcome.LEFT)
        found.append((pk, best["ref"], Resemblance(best["score"], best.get("values", {}), same), is_open))
    return found
