"""Lines and batches as their pages show them: fields by their names, objects with their links, what an undoing did."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from maillage.activity.models import Entry
from maillage.exchange import registry
from maillage.exchange.enums import BatchStatus, Decision, Outcome, Verdict
from maillage.exchange.models import Batch, Change, Line
from maillage.exchange.registry import Difference, Target

KEPT_SHOWN = 100


@dataclass(frozen=True)
class ShownAlike:
    """A resemblance: `url` leads to the object, or `line` is another line of the file; `differences` are those of its
    sheet and of the line, `kept` the fields that an update would leave as they are."""

    label: str
    reasons: list[str]
    branch: bool
    url: str
    line: int
    differences: list[Difference]
    kept: list[str]
    is_compared: bool


@dataclass(frozen=True)
class ShownLine:
    line: Line
    url: str
    changes: list[Difference]
    alike: list[ShownAlike]

    @property
    def can_be_decided(self) -> bool:
        return self.line.verdict in (Verdict.CREATE, Verdict.UPDATE, Verdict.LOOKALIKE, Verdict.GONE)


def shown_lines(lines: Sequence[Line], target: Target) -> list[ShownLine]:
    """With the queries of one `Target.differences`, whatever their number."""
    told = [_without(line.changes) for line in lines]
    compared = [_without(alike.get("changes", {})) for line in lines for alike in line.alike]
    texts = target.differences([*told, *compared])
    rest = iter(texts[len(told) :])
    return [
        ShownLine(
            line,
            target.url_of(line.subject_id) if line.subject_id else "",
            changes,
            [_shown_alike(alike, next(rest), target) for alike in line.alike],
        )
        for line, changes in zip(lines, texts, strict=False)
    ]


def _without(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: pair for name, pair in changes.items() if name != "provenance"}


def _shown_alike(alike: Mapping[str, Any], differences: list[Difference], target: Target) -> ShownAlike:
    ref = alike["ref"]
    return ShownAlike(
        label=alike["label"],
        reasons=alike["reasons"],
        branch=alike["branch"],
        url=target.url_of(ref) if isinstance(ref, int) else "",
        line=0 if isinstance(ref, int) else int(ref.removeprefix("line:")),
        differences=differences,
        kept=[target.label_of(name) for name in alike.get("kept", ())],
        is_compared=isinstance(ref, int) and "changes" in alike,
    )


def tabs(batch: Batch) -> list[tuple[str, str, int]]:
    """(filter, label, number of lines): by verdict, to be decided, with remarks; once applied, what became of what was to be written."""
    figures = batch.figures
    found = [("", _("Toutes"), sum(figures[verdict] for verdict in Verdict.values))]
    done = {Verdict.CREATE, Verdict.UPDATE, Verdict.IDENTICAL, Verdict.GONE} if batch.is_applied else set()
    found += [(key, str(label).capitalize(), figures[key]) for key, label in Verdict.choices if key not in done]
    found += [("open", _("À décider"), undecided(batch)), ("remarks", _("Avec une remarque"), remarked(batch))]
    if batch.is_applied:
        found += [(key, str(label).capitalize(), figures[key]) for key, label in Outcome.choices]
    return [(key, label, count) for key, label, count in found if count or not key]


def undecided(batch: Batch) -> int:
    return batch.lines.filter(verdict=Verdict.LOOKALIKE, decision="", outcome__in=["", Outcome.LEFT]).count()


def decided(batch: Batch) -> int:
    """Look-alikes that the next application writes."""
    waiting = batch.lines.filter(verdict=Verdict.LOOKALIKE, outcome="")
    return waiting.exclude(decision__in=["", Decision.SKIP]).count()


def remarked(batch: Batch) -> int:
    return batch.lines.exclude(verdict__in=[Verdict.ERROR, Verdict.BARRED]).exclude(fault_field="").count()


@dataclass(frozen=True)
class KeptChange:
    """What an undoing left: the object, and the fields for each reason."""

    label: str
    url: str
    reasons: list[tuple[str, str]]


@dataclass(frozen=True)
class Undoing:
    """When, by whom, how many objects were removed or given back what they were, and what was left."""

    at: datetime | None
    who: str
    removed: int
    restored: int
    kept: list[KeptChange]
    kept_count: int


def undoing(batch: Batch) -> Undoing | None:
    if batch.status != BatchStatus.UNDONE:
        return None
    target = registry.target(batch.target)
    entry = Entry.objects.about(batch).filter(verb="batch.undo").select_related("user").order_by("-at", "-pk").first()
    whole = batch.changes.filter(kept={})
    left = batch.changes.exclude(kept={})
    return Undoing(
        at=batch.undone_at,
        who=(str(entry.user) if entry.user else entry.system) if entry is not None else "",
        removed=whole.filter(created=True).count(),
        restored=whole.filter(created=False).count(),
        kept=[_kept(change, target) for change in left.order_by("label", "pk")[:KEPT_SHOWN]],
        kept_count=left.count(),
    )


def _kept(change: Change, target: Target) -> KeptChange:
    fields: dict[str, list[str]] = defaultdict(list)
    for name, why in change.kept.items():
        fields[why].append(target.label_of(name) if name else "")
    reasons = [(", ".join(filter(None, names)), why) for why, names in fields.items()]
    return KeptChange(change.label, target.url_of(change.object_id), reasons)
