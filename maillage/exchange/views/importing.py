"""Pages of imports: the list, then the steps of one (file, columns, preview, result)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.doors import allowed
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.exchange import actions, kit, registry, rules
from maillage.exchange.enums import BatchKind, BatchStatus, Decision
from maillage.exchange.forms import (
    CONDITIONS,
    TRANSFORMS,
    MappingRow,
    ReadingForm,
    UploadForm,
    mapping_rows,
    spec_from_post,
)
from maillage.exchange.models import Batch, Recipe
from maillage.exchange.queries import showing
from maillage.exchange.queries.automating import automation_of
from maillage.exchange.queries.files import Unreadable
from maillage.exchange.queries.proposing import Column, columns_of, columns_used, known_recipes
from maillage.exchange.queries.reporting import filtered_lines, reasons, report_columns, report_rows
from maillage.exchange.queries.transforming import TESTS

PER_PAGE = 50
_EDITABLE = {BatchStatus.UPLOADED, BatchStatus.MAPPED, BatchStatus.PREVIEWED, BatchStatus.UNDONE, BatchStatus.FAILED}
_TITLES = {
    BatchStatus.PREVIEWING: gettext_lazy("Aperçu en préparation"),
    BatchStatus.APPLYING: gettext_lazy("Import en cours"),
    BatchStatus.UNDOING: gettext_lazy("Annulation en cours"),
}
_DECIDABLE = {BatchStatus.PREVIEWED, BatchStatus.STOPPED, BatchStatus.APPLIED}
_DECISIONS = [
    (Decision.SAME, gettext_lazy("C'est le même : mettre à jour")),
    (Decision.DIFFERENT, gettext_lazy("Ce sont deux différents : créer")),
    (Decision.BRANCH, gettext_lazy("C'est une antenne : créer et rattacher")),
    (Decision.SKIP, gettext_lazy("Laisser de côté")),
]


team_page = allowed(rules.may_import)


def batch_of(request: Request, pk: int) -> Batch:
    visible = Batch.objects.visible_to(request.viewer)
    return get_object_or_404(visible.select_related("network", "author", "job"), pk=pk, kind=BatchKind.IMPORT)


def _steps() -> list[str]:
    return [_("Fichier"), _("Colonnes"), _("Aperçu"), _("Résultat")]


@team_page
@require_safe
def list_batches(request: Request) -> HttpResponse:
    viewer = request.viewer
    batches = Batch.objects.visible_to(viewer).filter(kind=BatchKind.IMPORT).select_related("author")
    context = {
        "page": paginate(batches, request.GET, per_page=25),
        "recipes": Recipe.objects.visible_to(viewer),
        "shipped": registry.shipped_recipes(),
    }
    return render(request, "exchange/batch_list.html", context)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def create_batch(request: Request) -> HttpResponse:
    viewer = request.viewer
    asked = request.GET.get("contenu", "")  # The list that led here says what the file holds.
    form = UploadForm(request.POST or None, request.FILES or None, network=viewer.network, target_key=asked)
    if request.method == "POST" and form.is_valid():
        try:
            batch = actions.receive_file(by=viewer, file=form.cleaned_data["file"], target=form.cleaned_data["target"])
        except Refused as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return redirect("exchange:batch_mapping", pk=batch.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "exchange/batch_create.html", {"form": form, "steps": _steps()}, status=status)


@team_page
@require_safe
def show_batch(request: Request, pk: int) -> HttpResponse:
    """Where an import is: under way, previewed, or done; earlier steps have their own pages."""
    batch = batch_of(request, pk)
    if batch.is_busy:
        return render(request, "exchange/batch_progress.html", {"batch": batch, **_progress(batch), "steps": _steps()})
    if batch.status in (BatchStatus.UPLOADED, BatchStatus.MAPPED):
        return redirect("exchange:batch_mapping", pk=batch.pk)
    return _show_lines(request, batch)


def _progress(batch: Batch) -> dict[str, Any]:
    job = batch.job
    known = job is not None and job.total_steps > 0
    return {
        "busy_title": _TITLES.get(BatchStatus(batch.status), ""),
        "done": job.done_steps if known and job else None,
        "total": job.total_steps if known and job else 100,
        "message": job.message if job is not None else "",
    }


@team_page
@require_safe
def show_progress(request: Request, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    response = render(request, "exchange/_progress.html", {"batch": batch, **_progress(batch)})
    if not batch.is_busy:
        response["HX-Refresh"] = "true"
    return response


def _show_lines(request: Request, batch: Batch) -> HttpResponse:
    """The lines with what they will do, or what they did, and filters on both; of an import undone, what came of that."""
    chosen = request.GET.get("verdict", "")
    field, text = request.GET.get("champ", ""), request.GET.get("q", "")[:100]
    page = paginate(filtered_lines(batch, verdict=chosen, field=field, text=text), request.GET, per_page=PER_PAGE)
    figures, decided, target = batch.figures, showing.decided(batch), registry.target(batch.target)
    context = {
        "batch": batch,
        "page": page,
        "lines": showing.shown_lines(list(page), target),
        "steps": _steps(),
        "step": 3 if batch.status == BatchStatus.PREVIEWED else 4,
        "can_apply": batch.status in (BatchStatus.PREVIEWED, BatchStatus.STOPPED)
        or (batch.status == BatchStatus.APPLIED and decided > 0),
        "tabs": [
            {
                "url": with_params(request.GET, verdict=key or None, page=None, champ=None),
                "label": label,
                "count": count,
                "current": key == chosen,
            }
            for key, label, count in showing.tabs(batch)
        ],
        "chosen": chosen,
        "text": text,
        "replaced": batch.findings.get("replaced", 0),
        "open_alike": showing.undecided(batch),
        "to_write": figures["create"] + figures["update"] + figures["gone"] + decided,
        "reasons": reasons(batch) if figures["error"] or figures["barred"] else [],
        "decisions": [each for each in _DECISIONS if target.has_branches or each[0] != Decision.BRANCH],
        "may_handle": rules.may_handle(request.viewer, batch),
        "undoing": showing.undoing(batch),
        "unseen": batch.lines.filter(unseen=True, outcome__in=["", "left"]).count(),
        "automated": automation_of(batch) if batch.status in _DECIDABLE else None,
        "editable": batch.status in _EDITABLE and bool(batch.file),
    }
    return render(request, "exchange/batch_lines.html", context)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_reading(request: Request, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    if batch.status not in _EDITABLE or not batch.file:
        return redirect("exchange:batch_show", pk=batch.pk)
    form = ReadingForm(request.POST or None, reading=actions.reading_of(batch))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_reading(by=request.viewer, batch=batch, reading=form.as_reading())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("exchange:batch_reading", pk=batch.pk)
    names, sample = _sample(batch, form)
    context = {"batch": batch, "form": form, "names": names, "sample": sample[:8], "steps": _steps()}
    return render(request, "exchange/batch_reading.html", context, status=422 if form.errors else 200)


def _sample(batch: Batch, form: ReadingForm | None = None) -> tuple[list[str], list[tuple[int, list[str]]]]:
    try:
        return actions.sample_of(batch)
    except Unreadable as error:
        if form is not None and form.is_bound:
            form.add_error(None, error.sentence)
        return [], []
    except FileNotFoundError:
        return [], []


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_mapping(request: Request, pk: int) -> HttpResponse:
    """Which column fills which field; a recipe fills the whole page."""
    viewer, batch = request.viewer, batch_of(request, pk)
    if batch.status not in _EDITABLE or not batch.file:
        return redirect("exchange:batch_show", pk=batch.pk)
    names, rows = _sample(batch)
    if not names:
        messages.error(request, _("Ce fichier ne se lit pas ainsi : corrigez la façon de le lire."))
        return redirect("exchange:batch_reading", pk=batch.pk)
    columns = columns_of(names, [cells for _number, cells in rows])
    target = registry.target(batch.target)
    known = [recipe for recipe in known_recipes(viewer.network) if recipe.target == batch.target]
    spec, key, refused, taken = batch.options.get("recipe", {}), batch.recipe_key, "", False
    recipe_name = request.POST.get("recipe_name", "").strip()[:120]
    if request.method == "POST":
        chosen = next((recipe for recipe in known if recipe.key == request.POST.get("recipe")), None)
        if "use_recipe" in request.POST and chosen is not None:
            spec, key = dict(chosen.spec), chosen.key
        else:
            spec = spec_from_post(request.POST, target, viewer.network, spec, columns)
        try:
            batch = actions.use_recipe(by=viewer, batch=batch, key=key, spec=spec)
            if recipe_name:
                actions.save_recipe(by=viewer, batch=batch, name=recipe_name, replace="replace" in request.POST)
                messages.success(request, _("La recette « %s » est gardée.") % recipe_name)
            if "preview" in request.POST:
                actions.start_preview(by=viewer, batch=batch)
                return redirect("exchange:batch_show", pk=batch.pk)
            return redirect("exchange:batch_mapping", pk=batch.pk)
        except Refused as refusal:
            refused, taken = refusal.sentence, refusal.status == 409
    where = list(spec.get("where", ()))
    context = {
        "batch": batch,
        "steps": _steps(),
        "columns": columns,
        **_sorted_rows(mapping_rows(target, viewer.network, spec, columns), columns),
        "transforms": [(value, label) for value, (label, _steps_made) in TRANSFORMS.items()],
        "tests": list(TESTS.items()),
        "has_conditions": bool(where),
        "conditions": [
            {
                "rank": rank,
                "column": names.index(where[rank]["column"])
                if rank < len(where) and where[rank].get("column") in names
                else None,
                "test": where[rank].get("test", "is") if rank < len(where) else "is",
                "values": "; ".join(where[rank].get("values", ())) if rank < len(where) else "",
            }
            for rank in range(max(CONDITIONS, len(where)))
        ],
        "options": [
            {"option": option, "value": spec.get("options", {}).get(option.name, option.default)}
            for option in target.options(viewer.network)
        ],
        "source": spec.get("source", ""),
        "recipe_name": recipe_name,
        "taken": taken,
        "known": known,
        "recipe_key": key,
        "recipe_label": next((recipe.label for recipe in known if recipe.key == key), ""),
        "refused": refused,
        "sample": rows[:5],
    }
    return render(request, "exchange/batch_mapping.html", context, status=422 if refused else 200)


def _sorted_rows(rows: list[MappingRow], columns: list[Column]) -> dict[str, Any]:
    """The fields that the file fills, and those it must; then the others, the rare ones apart; and columns left out."""
    used = {whole_number(row.column) for row in rows}
    kept = {name for row in rows for name in row.named}
    left = [row for row in rows if not (row.is_used or row.field.required)]
    return {
        "filled": [row for row in rows if row.is_used or row.field.required],
        "others": [row for row in left if not row.field.rare],
        "rare": [row for row in left if row.field.rare],
        "unused": [each for rank, each in enumerate(columns) if rank not in used and each.name not in kept],
    }


@team_page
@require_POST
def decide_lines(request: Request, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    decision = request.POST.get("decision", "")
    ticked = [line for value in request.POST.getlist("ligne") if (line := whole_number(value)) is not None][:1000]
    every = "all" in request.POST
    back = f"{reverse('exchange:batch_show', args=[batch.pk])}?{request.POST.get('retour', '')}"
    if decision not in Decision.values or not (ticked or every):
        messages.info(request, _("Cochez des lignes et choisissez ce qu'il faut en faire."))
        return redirect(back)
    try:
        count = actions.decide(by=request.viewer, batch=batch, decision=decision, lines=None if every else ticked)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        messages.error(request, refusal.sentence)
        return redirect(back)
    messages.success(request, ngettext("%s ligne décidée.", "%s lignes décidées.", count) % count)
    return redirect(back)


@team_page
@require_POST
def apply_batch(request: Request, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    try:
        actions.start_apply(by=request.viewer, batch=batch, without_faulty=bool(request.POST.get("without_faulty")))
    except Refused as refusal:
        if refusal.status != 422:
            raise
        messages.error(request, refusal.sentence)
    return redirect("exchange:batch_show", pk=batch.pk)


@team_page
@require_POST
def stop_batch(request: Request, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    actions.stop(by=request.viewer, batch=batch)
    messages.info(request, _("L'arrêt est demandé : il a lieu après le paquet de lignes en cours."))
    return redirect("exchange:batch_show", pk=batch.pk)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def undo_batch(request: Request, pk: int) -> HttpResponse:
    """What the undoing will do, then its confirmation."""
    batch = batch_of(request, pk)
    if request.method == "POST":
        actions.request_undo(by=request.viewer, batch=batch)
        return redirect("exchange:batch_show", pk=batch.pk)
    left = batch.changes.filter(undone_at=None)
    context = {
        "batch": batch,
        "created": left.filter(created=True).count(),
        "updated": left.filter(created=False).count(),
        "may_handle": rules.may_handle(request.viewer, batch),
    }
    return render(request, "exchange/batch_undo.html", context)


@team_page
@require_POST
def discard_batch(request: Request, pk: int) -> HttpResponse:
    actions.discard(by=request.viewer, batch=batch_of(request, pk))
    messages.success(request, _("L'import et son fichier sont supprimés."))
    return redirect("exchange:batch_list")


@team_page
@require_safe
def download_report(request: Request, pk: int, fmt: str) -> HttpResponse:
    batch = batch_of(request, pk)
    if fmt not in ("csv", "xlsx"):
        raise Http404
    return kit.export_response(  # type: ignore[return-value]
        fmt,
        columns=report_columns(batch),
        rows=report_rows(batch),
        filename=f"rapport {batch.title}",
        title=_("Rapport"),
    )


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def delete_recipe(request: Request, pk: int) -> HttpResponse:
    """What will be lost, then its confirmation: the whole team uses it."""
    viewer = request.viewer
    recipe = get_object_or_404(Recipe.objects.visible_to(viewer).select_related("author"), pk=pk)
    if request.method != "POST":
        return render(request, "exchange/recipe_delete.html", {"recipe": recipe, "columns": columns_used(recipe.spec)})
    actions.delete_recipe(by=viewer, recipe=recipe)
    messages.success(request, _("La recette est supprimée."))
    return redirect("exchange:batch_list")
