"""Reads for the pages of an import and for its report."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from maillage.exchange.enums import Decision, Outcome, Verdict
from maillage.exchange.models import Batch, Line


def report_columns(batch: Batch) -> list[str]:
    return [
        _("Ligne"), _("Verdict"), _("Résultat"), _("Colonne"), _("Motif"), _("Ressemble à"), _("Décision"), _("Précisions"),
        *batch.findings.get("columns", []),
    ]  # fmt: skip


def report_rows(batch: Batch) -> Iterator[list[Any]]:
    """A row for each line kept, with its cells as they are in the file."""
    verdicts, outcomes, decisions = dict(Verdict.choices), dict(Outcome.choices), dict(Decision.choices)
    for line in batch.lines.order_by("number").iterator(chunk_size=1000):
        yield [
            line.number if line.verdict != Verdict.GONE else "",
            str(verdicts.get(line.verdict, "")),
            str(outcomes.get(line.outcome, "")),
            " · ".join(fault["column"] for fault in line.faults if fault["column"]),
            " · ".join(fault["reason"] for fault in line.faults),
            " · ".join(alike["label"] for alike in line.alike),
            str(decisions.get(line.decision, "")),
            line.outcome_note,
            *line.raw,
        ]


def filtered_lines(batch: Batch, *, verdict: str = "", field: str = "", text: str = "") -> QuerySet[Line]:
    """`verdict` one of `Verdict`, "open" for look-alikes not decided, "remarks" for lines kept with a remark."""
    lines = batch.lines.all()
    if verdict == "open":
        lines = lines.filter(verdict=Verdict.LOOKALIKE, decision="")
    elif verdict == "remarks":
        lines = lines.exclude(verdict__in=[Verdict.ERROR, Verdict.BARRED]).exclude(fault_field="")
    elif verdict in Verdict.values:
        lines = lines.filter(verdict=verdict)
    elif verdict in Outcome.values:
        lines = lines.filter(outcome=verdict)
    if field:
        lines = lines.filter(fault_field=field)
    if text:
        lines = lines.filter(label__icontains=text)
    return lines


def reasons(batch: Batch) -> list[tuple[str, str, int]]:
    """(column, reason, how many) of the lines in error or barred, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    held_back = batch.lines.filter(verdict__in=[Verdict.ERROR, Verdict.BARRED])
    for faults in held_back.values_list("faults", flat=True).iterator(chunk_size=2000):
        for fault in faults:
            if fault.get("blocking", True):
                counts[fault["column"] or fault["field"], fault["reason"]] += 1
    return [(column, reason, count) for (column, reason), count in counts.most_common(50)]
