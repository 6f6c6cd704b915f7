"""Bulk change: planned for each actor before anything is written, applied as a batch of the exchange, undone like an
import (`restoring`).

The plan and the application read the same `BulkChange`, so what was shown is what is done; an actor that the person may
not change is told in the plan and left alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.accounts.models import User
from maillage.accounts.queries import viewer_for
from maillage.core.jobs import progress, task
from maillage.core.models import Job
from maillage.core.permissions import Denied
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.listing import archive, set_circle, set_state
from maillage.directory.actions.marking import hold, marked_together
from maillage.directory.actions.restoring import qualification_kept
from maillage.directory.actions.writing import stamp_for, update_actor
from maillage.directory.enums import Nature
from maillage.directory.models import Actor, Qualification
from maillage.directory.queries.table import Row, rows_of
from maillage.exchange.actions import finish_batch, open_batch, record_change
from maillage.exchange.enums import BatchKind, BatchStatus
from maillage.exchange.models import Batch
from maillage.topics.models import Term

AT_ONCE = 200
AT_MOST = 10_000
_CHUNK = 50


@dataclass(frozen=True)
class BulkChange:
    """What to change; None or empty leaves as it is. `circle` 0 closes the one in force, `family` 0 empties it."""

    circle: int | None = None
    circle_reason: str = ""
    circle_source: str = ""
    family: int | None = None
    add_terms: tuple[int, ...] = ()
    remove_terms: tuple[int, ...] = ()
    state: str = ""
    source: str = ""
    update_rhythm: int | None = None
    archive_reason: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "BulkChange":
        known: dict[str, Any] = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        for name, value in known.items():
            if isinstance(value, list):
                known[name] = tuple(value)
        return cls(**known)

    @property
    def writes_record(self) -> bool:
        return (
            self.family is not None
            or bool(self.add_terms or self.remove_terms or self.source)
            or self.update_rhythm is not None
        )

    @property
    def is_empty(self) -> bool:
        return self == BulkChange(circle_reason=self.circle_reason, circle_source=self.circle_source)


@dataclass
class Planned:
    """What would happen to an actor: field → [before, after] as in the journal; `refused` says why nothing can."""

    row: Row
    changes: dict[str, list[Any]] = field(default_factory=dict)
    refused: str = ""


@dataclass
class Plan:
    planned: list[Planned]

    @property
    def changed(self) -> list[Planned]:
        return [each for each in self.planned if each.changes and not each.refused]

    @property
    def refused(self) -> list[Planned]:
        return [each for each in self.planned if each.refused]

    @property
    def unchanged(self) -> int:
        return sum(1 for each in self.planned if not each.changes and not each.refused)


def plan(*, by: Viewer, ids: Sequence[int], change: BulkChange) -> Plan:
    """The plan of `change` for each actor of `ids` that `by` sees: six queries whatever their number."""
    rules.may_work(by).require()
    rows = rows_of(by, list(ids))
    editable = (
        set(Actor.objects.editable_by(by).filter(pk__in=ids).values_list("pk", flat=True))
        if not by.system
        else set(ids)
    )
    return Plan([_planned(by, row, change, row.actor.pk in editable) for row in rows])


def _planned(by: Viewer, row: Row, change: BulkChange, editable: bool) -> Planned:
    changes = _differences(row, change)
    refused = ""
    if {"family", "terms", "source", "update_rhythm"} & changes.keys() and not editable:
        refused = _("Vous ne pouvez pas modifier cette fiche : elle appartient à un autre réseau ou département.")
    for name, rule in (("circle", rules.may_qualify), ("state", rules.may_publish), ("archived", rules.may_archive)):
        if name in changes and not refused and isinstance(answer := rule(by, row.actor), Denied):
            refused = answer.sentence
    return Planned(row, changes, refused)


def _differences(row: Row, change: BulkChange) -> dict[str, list[Any]]:
    actor = row.actor
    wanted: dict[str, tuple[Any, Any]] = {}
    if change.circle is not None:
        wanted["circle"] = (row.circle, change.circle or None)
    if change.family is not None:
        wanted["family"] = (actor.family_id, change.family or None)
    if change.add_terms or change.remove_terms:
        held = {term.pk for term in actor.terms.all()}
        wanted["terms"] = (sorted(held), sorted((held - set(change.remove_terms)) | set(change.add_terms)))
    if change.state:
        wanted["state"] = (row.state, change.state)
    if change.source:
        wanted["source"] = (actor.source, change.source)
    if change.update_rhythm is not None:
        wanted["update_rhythm"] = (actor.update_rhythm, change.update_rhythm)
    if change.archive_reason:
        wanted["archived"] = (actor.archived_at is not None, True)
    return {name: [before, after] for name, (before, after) in wanted.items() if before != after}


def start_bulk(*, by: Viewer, ids: Sequence[int], change: BulkChange) -> Batch:
    """Apply at once up to `AT_ONCE` actors, beyond in the background; the batch says how far it is."""
    rules.may_work(by).require()
    ids = list(dict.fromkeys(ids))[:AT_MOST]
    title = ngettext("Modification d'un acteur", "Modification de %(count)s acteurs", len(ids)) % {"count": len(ids)}
    with transaction.atomic():
        if len(ids) <= AT_ONCE:
            hold(ids, by=by)
        batch = open_batch(
            by=by, kind=BatchKind.BULK, target="actors", title=title, options={"change": asdict(change), "ids": ids}
        )
        if len(ids) <= AT_ONCE:
            return _apply(by, batch, change, ids, None)
        batch.job = apply_bulk.enqueue(
            _unique=f"directory:bulk:{batch.pk}",
            _scope=f"network:{batch.network_id}",
            batch_id=batch.pk,
            user_id=by.user_id,
        )
        batch.save(update_fields=["job"])
    return batch


@task(max_attempts=3)
def apply_bulk(job: Job, batch_id: int, user_id: int | None = None) -> None:
    """Each chunk in its transaction; what is already done is found unchanged when the job runs again."""
    batch = Batch.objects.select_related("network").get(pk=batch_id)
    if batch.status != BatchStatus.APPLYING:
        return
    user = User.objects.filter(pk__in=[user_id]).first()
    by = viewer_for(user, batch.network) if user else Viewer.as_system(batch.network, batch.author_label)
    _apply(by, batch, BulkChange.from_json(batch.options["change"]), batch.options["ids"], job)


def _apply(by: Viewer, batch: Batch, change: BulkChange, ids: list[int], job: Job | None) -> Batch:
    refused = 0
    for start in range(0, len(ids), _CHUNK):
        if job is not None:
            progress(job, start, len(ids), _("Modification en cours"))
        with marked_together():
            hold(ids[start : start + _CHUNK], by=by)
            chunk = plan(by=by, ids=ids[start : start + _CHUNK], change=change)
            refused += len(chunk.refused)
            for planned in chunk.changed:
                _apply_one(by, batch, change, planned)
    changed = batch.changes.count()
    return finish_batch(
        batch, counts={"updated": changed, "refused": refused, "unchanged": len(ids) - changed - refused}
    )


def _apply_one(by: Viewer, batch: Batch, change: BulkChange, planned: Planned) -> None:
    actor, changes = planned.row.actor, planned.changes
    before = {name: pair[0] for name, pair in changes.items()}
    after = {name: pair[1] for name, pair in changes.items()}
    names = {"family", "terms", "source", "update_rhythm"} & changes.keys()
    if names:
        before["provenance"] = {name: actor.provenance.get(name) for name in sorted(names)}
        update_actor(
            by=by, actor=actor, values=_values(names, after), stamp=stamp_for(by, source=_("modification en masse"))
        )
    if "circle" in changes:
        before["qualification"] = qualification_kept(_in_force(by.network_id, actor.pk))
        reason = change.circle_reason
        set_circle(by=by, actor=actor, circle=change.circle or None, reason=reason, source=change.circle_source)
    if "state" in changes:
        set_state(by=by, actor=actor, state=change.state)
    if "archived" in changes:
        archive(by=by, actor=actor, reason=change.archive_reason)
    record_change(batch, actor, before=before, after=after)


def _values(names: set[str], held: Mapping[str, Any]) -> dict[str, Any]:
    """Values for `update_actor` from JSON ones."""
    values: dict[str, Any] = {name: held[name] for name in names & {"source", "update_rhythm"}}
    if "family" in names:
        values["family"] = Term.objects.filter(pk=held["family"]).first() if held["family"] else None
    if "terms" in names:
        values["terms"] = list(Term.objects.filter(pk__in=held["terms"]))
    return values


def _in_force(network_id: int | None, actor_id: int) -> Qualification | None:
    return Qualification.objects.filter(network=network_id, actor=actor_id, nature=Nature.ASSESSED).in_force().first()
