"""An import, step by step: a file received, read, mapped, previewed, decided, applied in the background.

Nothing is written to the target's objects before `start_apply`; each chunk is then one transaction that also marks its
lines, so a job that is killed or stopped goes on with the lines that are left.
"""

import hashlib
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.activity.actions import record
from maillage.core.errors import Refused
from maillage.core.jobs import request_stop
from maillage.core.viewer import Viewer
from maillage.exchange import registry, rules
from maillage.exchange.actions.batches import open_batch
from maillage.exchange.actions.running import apply_lines, preview_lines
from maillage.exchange.enums import BatchKind, BatchStatus, Decision, Verdict
from maillage.exchange.models import Batch, Line, Recipe
from maillage.exchange.queries.automating import automation_of
from maillage.exchange.queries.detecting import detect
from maillage.exchange.queries.files import Reading, Unreadable, table
from maillage.exchange.queries.proposing import columns_of, propose, recognised
from maillage.exchange.queries.transforming import Unfit, transformer

SAMPLE_ROWS = 500
_BEFORE_PREVIEW = {
    BatchStatus.UPLOADED,
    BatchStatus.MAPPED,
    BatchStatus.PREVIEWED,
    BatchStatus.UNDONE,
    BatchStatus.FAILED,
}


def receive_file(*, by: Viewer, file: File, target: str, source: str = "") -> Batch:
    """Keep the file, find how to read it, and propose how to map it; `Refused` with the reason when it is no table."""
    rules.may_import(by).require()
    name = (file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    with transaction.atomic():
        batch = open_batch(
            by=by, kind=BatchKind.IMPORT, target=registry.target(target).key, title=name or _("Import"), source=source
        )
        batch.file_name, batch.file_size = name, file.size or 0
        batch.file.save(name, file, save=False)
        try:
            path = Path(batch.file.path)
            batch.file_digest = _digest(path)
            batch.options = {"file": detect(path).as_json()}
            _propose(batch)
        except Unreadable as error:
            batch.file.delete(save=False)
            raise Refused(error.sentence, status=422) from error
        except BaseException:
            batch.file.delete(save=False)
            raise
        batch.save()
    return batch


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def reading_of(batch: Batch) -> Reading:
    return Reading.from_json(batch.options.get("file", {}))


def sample_of(batch: Batch, rows: int = SAMPLE_ROWS) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Names of the columns and first rows of the file, as it is to be read now; may raise `Unreadable`."""
    found = table(Path(batch.file.path), reading_of(batch))
    first = list(islice(found.rows, rows))
    close = getattr(found.rows, "close", None)
    if close is not None:
        close()
    return found.columns, first


def _propose(batch: Batch) -> None:
    """The recipe that knows this file, else a mapping guessed from names and contents."""
    names, rows = sample_of(batch)
    batch.findings = {"columns": names}
    known = recognised(batch.network, names, batch.target)
    if known is not None:
        batch.recipe_key, spec = known.key, dict(known.spec)
        batch.source = batch.source or str(spec.get("source", ""))[:120]
    else:
        batch.recipe_key = ""
        target = registry.target(batch.target)
        spec = propose(target, batch.network, columns_of(names, [cells for _number, cells in rows]))
        spec["options"] = {option.name: option.default for option in target.options(batch.network)}
    batch.options = {**batch.options, "recipe": spec}


def set_reading(*, by: Viewer, batch: Batch, reading: Reading) -> Batch:
    """Correct how the file is read; the mapping is proposed again."""
    batch = _open_for(by, batch)
    before = batch.options
    batch.options = {**before, "file": reading.as_json()}
    try:
        _propose(batch)
    except Unreadable as error:
        raise Refused(error.sentence, status=422) from error
    batch.status = BatchStatus.UPLOADED
    batch.save()
    return batch


def use_recipe(*, by: Viewer, batch: Batch, key: str, spec: Mapping[str, Any]) -> Batch:
    """Choose how columns fill fields. `Refused` when the file lacks a column, or a compulsory field is not filled."""
    batch = _open_for(by, batch)
    try:
        transformer(spec, batch.findings.get("columns", []))
    except Unfit as error:
        raise Refused(error.sentence, status=422) from error
    lacking = [
        str(wanted.label)
        for wanted in registry.target(batch.target).fields(batch.network)
        if wanted.required and wanted.name not in spec.get("fields", {})
    ]
    if lacking:
        raise Refused(_("Indiquez la colonne qui donne : %s.") % ", ".join(lacking), status=422)
    batch.recipe_key = key
    batch.options = {**batch.options, "recipe": dict(spec)}
    batch.source = str(spec.get("source", ""))[:120]
    batch.status = BatchStatus.MAPPED
    batch.save()
    return batch


def require_source(batch: Batch) -> None:
    """Sheets tell everyone where they come from: a name that someone chose, never that of a file."""
    if not batch.source:
        raise Refused(_("Dites d'où vient cette liste : ce nom est cité sur les fiches, à la vue de tous."), status=422)


def save_recipe(*, by: Viewer, batch: Batch, name: str, replace: bool = False) -> Recipe:
    """Keep the mapping of a batch under a name, for the next file of the same source. All the team uses it: one that
    bears the name already is replaced only when asked."""
    rules.may_import(by).require()
    reading = reading_of(batch)
    spec = {**batch.options.get("recipe", {}), "file": {"header": reading.header, "sheet": reading.sheet}}
    with transaction.atomic():
        known = Recipe.objects.select_for_update().filter(network=by.network, target=batch.target)
        recipe = known.filter(name__iexact=name[:120]).first()
        if recipe is not None and not replace:
            raise Refused(
                _("Une recette « %s » existe déjà : donnez un autre nom, ou dites que vous la remplacez.")
                % recipe.name,
                status=409,
            )
        recipe = recipe or Recipe(network=by.network, target=batch.target, name=name[:120])
        recipe.spec, recipe.author = spec, by.user
        recipe.save()
        record("recipe.save", by=by, subject=recipe, touch=False)
    return recipe


def delete_recipe(*, by: Viewer, recipe: Recipe) -> None:
    rules.may_import(by).require()
    with transaction.atomic():
        record("recipe.delete", by=by, details={"name": recipe.name}, touch=False)
        recipe.delete()


def _open_for(by: Viewer, batch: Batch) -> Batch:
    """The batch, locked, while nothing of it is applied or running."""
    rules.may_handle(by, batch).require()
    batch = Batch.objects.select_related("network").get(pk=batch.pk)
    if batch.kind != BatchKind.IMPORT or batch.status not in _BEFORE_PREVIEW or not batch.file:
        raise Refused(
            _("Cet import est déjà lancé : déposez le fichier de nouveau pour changer sa lecture."), status=409
        )
    return batch


def start_preview(*, by: Viewer, batch: Batch) -> Batch:
    """Give every line its verdict, in the background; nothing is written elsewhere."""
    with transaction.atomic():
        batch = _open_for(by, batch)
        require_source(batch)
        batch.status, batch.error, batch.counts = BatchStatus.PREVIEWING, "", {}
        batch.job = preview_lines.enqueue(
            _unique=f"exchange:preview:{batch.pk}", _scope=f"network:{batch.network_id}", batch_id=batch.pk
        )
        batch.save(update_fields=["status", "error", "counts", "job", "updated_at"])
    return batch


def decide(*, by: Viewer, batch: Batch, decision: str, lines: Iterable[int] | None = None) -> int:
    """Answer the look-alikes of `lines` (ids; all those still open when None), or set any line aside; returns how many."""
    rules.may_handle(by, batch).require()
    chosen = Decision(decision)
    if batch.status not in (BatchStatus.PREVIEWED, BatchStatus.STOPPED, BatchStatus.APPLIED):
        raise Refused(_("Attendez la fin de l'aperçu pour décider."), status=409)
    if lines is None and chosen == Decision.SAME:
        sentence = _("Une ressemblance ne fait pas d'une ligne le même acteur : jugez-les une à une.")
        raise Refused(sentence, status=422)
    found = Line.objects.filter(batch=batch, outcome__in=["", "left"])
    if chosen != Decision.SKIP:
        found = found.filter(verdict=Verdict.LOOKALIKE)
    elif lines is not None:
        found = found.exclude(verdict__in=[Verdict.ERROR, Verdict.BARRED, Verdict.IDENTICAL])
    if lines is None:
        found = found.filter(verdict=Verdict.LOOKALIKE, decision="")
    else:
        found = found.filter(pk__in=list(lines))
    return found.update(decision=chosen, outcome="", unseen=lines is None)


def clear_decisions(*, by: Viewer, batch: Batch, lines: Iterable[int]) -> int:
    """Take back what was decided about `lines`, as long as they are not applied."""
    rules.may_handle(by, batch).require()
    return Line.objects.filter(batch=batch, pk__in=list(lines), outcome__in=["", "left"]).update(
        decision="", outcome="", unseen=False
    )


def decide_certain(*, by: Viewer, batch: Batch) -> int:
    """« C'est le même » for every line that the judged ones vouch for; returns how many.

    Lines that resemble one object are left: two of them would be made one through it, and no one looked at them together.
    """
    rules.may_handle(by, batch).require()
    if batch.status not in (BatchStatus.PREVIEWED, BatchStatus.STOPPED, BatchStatus.APPLIED):
        raise Refused(_("Attendez la fin de l'aperçu pour décider."), status=409)
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).select_related("network").get(pk=batch.pk)
        found = automation_of(batch)
        if found is None or not found.allowed:
            raise Refused(_("Trop peu de ressemblances sont jugées, ou trop d'entre elles sont fausses."), status=409)
        lines = [found.lines[position] for position in found.automation.certain]
        count = Line.objects.filter(pk__in=lines, decision="", outcome__in=["", "left"]).update(
            decision=Decision.SAME, outcome="", unseen=True
        )
        told = found.automation
        details = {
            "count": count,
            "threshold": told.threshold,
            "precision": round(told.precision, 4),
            "judged": told.judged,
        }
        record("import.automate", by=by, subject=batch, details=details)
    return count


def withdraw_certain(*, by: Viewer, batch: Batch) -> int:
    """Take back what was decided without looking, as long as it is not applied."""
    rules.may_handle(by, batch).require()
    unseen = Line.objects.filter(batch=batch, unseen=True, outcome__in=["", "left"])
    return unseen.update(decision="", outcome="", unseen=False)


def start_apply(*, by: Viewer, batch: Batch, without_faulty: bool = False) -> Batch:
    """Write what was previewed. A file with faulty lines is refused whole, unless the person leaves them out."""
    rules.may_handle(by, batch).require()
    with transaction.atomic():
        batch = Batch.objects.select_for_update().select_related("network").get(pk=batch.pk)
        if batch.status not in (BatchStatus.PREVIEWED, BatchStatus.STOPPED, BatchStatus.APPLIED):
            raise Refused(_("L'aperçu de cet import n'est pas prêt."), status=409)
        faulty = batch.lines.filter(verdict=Verdict.ERROR).count()
        if faulty and not without_faulty and batch.status == BatchStatus.PREVIEWED:
            raise Refused(
                ngettext(
                    "%(count)s ligne est en erreur : corrigez le fichier, ou choisissez d'importer sans elle.",
                    "%(count)s lignes sont en erreur : corrigez le fichier, ou choisissez d'importer sans elles.",
                    faulty,
                )
                % {"count": faulty},
                status=422,
            )
        batch.status, batch.error = BatchStatus.APPLYING, ""
        batch.job = apply_lines.enqueue(
            _unique=f"exchange:apply:{batch.pk}", _scope=f"network:{batch.network_id}", batch_id=batch.pk
        )
        batch.save(update_fields=["status", "error", "job", "updated_at"])
    return batch


def stop(*, by: Viewer, batch: Batch) -> None:
    """Ask a running import to stop after its current chunk; what is written stays, and can be gone on with or undone."""
    rules.may_handle(by, batch).require()
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.is_busy and batch.job is not None:
            request_stop(batch.job)
            batch.job.refresh_from_db()
            if batch.job.status == "cancelled":
                batch.status = BatchStatus.MAPPED if batch.status == BatchStatus.PREVIEWING else BatchStatus.STOPPED
                batch.save(update_fields=["status", "updated_at"])


def discard(*, by: Viewer, batch: Batch) -> None:
    """Remove an import that changed nothing, its file and its lines."""
    rules.may_handle(by, batch).require()
    if batch.is_busy or batch.changes.exists():
        raise Refused(_("Cet import a modifié des fiches : annulez-le plutôt que de le supprimer."), status=409)
    with transaction.atomic():
        record("batch.discard", by=by, details={"title": batch.title}, touch=False)
        file, storage = batch.file.name, batch.file.storage
        batch.delete()
        if file:
            transaction.on_commit(lambda: storage.delete(file))
