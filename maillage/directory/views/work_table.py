"""The working table: one page of it, a row edited in place, saved views, the file of what it shows."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.pagination import with_params
from maillage.directory import rules
from maillage.directory.enums import ListingState
from maillage.directory.exchange.outgoing import LONGEST_CELL, whole_columns, whole_rows
from maillage.directory.forms.bulk import SavedViewForm
from maillage.directory.forms.rows import RowForm
from maillage.directory.models import SavedView
from maillage.directory.queries.table import (
    COLUMNS,
    PER_PAGE,
    Column,
    Row,
    Table,
    rows_of,
    table_rows,
    value_of,
)
from maillage.directory.registry import table_foot
from maillage.directory.views.work import actor_of, team_page
from maillage.exchange.kit import export_response

WHOLE_KINDS = ("csv", "xlsx", "json")
SIZES = (50, PER_PAGE, 200)
_FIRST = {"famille", "departement", "cercle", "etat"}  # The facets used every day; the others are behind one button.
_STATE_CSS = {
    ListingState.PUBLISHED: "state-success",
    ListingState.PENDING: "state-warning",
    ListingState.DRAFT: "state-info",
    ListingState.HIDDEN: "state-neutral",
}


@dataclass(frozen=True)
class Cell:
    html: Any
    css: str = ""
    title: str = ""
    label: Any = ""


@dataclass(frozen=True)
class Line:
    """A row ready to draw."""

    row: Row
    cells: list[Cell]
    ticked: bool = False


@dataclass(frozen=True)
class Head:
    column: Column
    current: str  # "ascending", "descending" or ""
    url: str


def lines_of(rows: list[Row], columns: list[Column], ticked: Collection[str] = ()) -> list[Line]:
    return [
        Line(
            row,
            [replace(_cell(row, column), label=column.label) for column in columns],
            ticked=str(row.actor.pk) in ticked,
        )
        for row in rows
    ]


def _cell(row: Row, column: Column) -> Cell:
    value = value_of(row, column.name)
    if column.name == "etat":
        html = format_html('<span class="badge {}">{}</span>', _STATE_CSS[ListingState(row.state)], value)
        if row.actor.archived_at:
            html = format_html('<span class="badge state-danger">{}</span>', _("archivée"))
        elif row.elsewhere:
            html = format_html('{} <span class="badge state-warning">{}</span>', html, _("à relire"))
        return Cell(html)
    if column.name == "completude":
        return Cell(
            format_html(
                '<meter min="0" max="100" low="40" high="70" optimum="100" value="{}" aria-hidden="true"></meter> {} %',
                value,
                value,
            ),
            "number",
        )
    if column.name in ("cercle", "declare"):
        return Cell(value, "number")
    if column.name == "verifiee" and row.actor.is_stale:
        return Cell(format_html('<span class="late">{}</span>', value or _("jamais")))
    if column.name == "departement" and value and row.actor.commune:
        code = row.actor.commune.department.code
        return Cell(format_html('{}<span class="visually-hidden"> {}</span>', code, value), "", str(value))
    if column.name == "site" and value:
        shown = str(value).split("//", 1)[-1].rstrip("/")
        return Cell(format_html('<a href="{}" rel="noopener">{}</a>', value, shown[:40]), "", str(value))
    if column.name == "email" and value:
        return Cell(format_html('<a href="mailto:{}">{}</a>', value, value))
    text = str(value)
    return Cell(text, "number" if column.numeric else "", text if len(text) > 28 else "")


def heads_of(table: Table, params: QueryDict) -> list[Head]:
    """Columns with the address that sorts by them: the same twice turns the order round."""
    return [_head(table.order, column, params) for column in (Column("nom", _("Nom"), "nom"), *table.columns)]


def _head(order: str, column: Column, params: QueryDict) -> Head:
    if not column.order:
        return Head(column, "", "")
    current = {column.order: "ascending", f"-{column.order}": "descending"}.get(order, "")
    wanted = f"-{column.order}" if current == "ascending" else column.order
    return Head(column, current, with_params(params, tri=wanted, page=None))


@team_page
@require_safe
def list_actors(request: HttpRequest) -> HttpResponse:
    table = Table.from_params(request.GET, request.viewer)
    size = _size(request.GET)
    page = Paginator(range(table.selection.count), size).get_page(request.GET.get("page"))
    ids = table.ids((page.number - 1) * size, size)
    params = request.GET.copy()
    params.pop("page", None)
    params.pop(
        "acteur", None
    )  # Ticked before one left for a page that comes back here: boxes say it, not hidden fields.
    saved = list(SavedView.objects.visible_to(request.viewer).select_related("owner"))
    query = params.urlencode()
    context = {
        "table": table,
        "page": page,
        "heads": heads_of(table, params),
        "lines": lines_of(rows_of(request.viewer, ids), table.columns, request.GET.getlist("acteur")),
        "facets": [facet for facet in table.selection.facets if facet.name in _FIRST],
        "more_facets": (more := [facet for facet in table.selection.facets if facet.name not in _FIRST]),
        "more_chosen": sum(len(facet.selected) for facet in more),
        "sizes": [(each, each == size, with_params(params, par=each)) for each in SIZES],
        "chips": [(value, _without(params, name, value.value)) for name, value in table.selection.chips()],
        "all_columns": COLUMNS.values(),
        "chosen_columns": {column.name for column in table.columns},
        "columns_query": _columns_query(table.columns),
        "hidden": [(name, value) for name in ("tri", "colonnes", "par") for value in params.getlist(name)],
        "kept": [(name, value) for name, values in params.lists() if name != "colonnes" for value in values],
        "query": query,
        "saved": saved,
        "current_view": next((view for view in saved if view.query == query), None),
        "is_filtered": not table.filters.is_empty,
        "may_create": rules.may_create(request.viewer),
        "panels": table_foot.panels(request.viewer, table.selection.count),
    }
    return render(request, "directory/work/table.html", context)


def _size(params: QueryDict) -> int:
    """Rows on a page, among those offered."""
    return next((size for size in SIZES if params.get("par") == str(size)), PER_PAGE)


def _without(params: QueryDict, name: str, value: str) -> str:
    left = [each for each in params.getlist(name) if each != value]
    return with_params(params, **{name: left or None})


def _columns_query(columns: list[Column]) -> str:
    chosen = QueryDict(mutable=True)
    chosen.setlist("colonnes", [column.name for column in columns])
    return chosen.urlencode()


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_in_row(request: HttpRequest, pk: int) -> HttpResponse:
    """The row of an actor as a form (`?modifier=1`), or as it is read; a POST saves it."""
    viewer = request.viewer
    actor_of(request, pk)
    row = rows_of(viewer, [pk])[0]
    columns = Table.columns_of(request.GET)
    if request.method != "POST":
        if "modifier" in request.GET:
            return _row_form(request, RowForm(row=row, columns=columns, viewer=viewer), columns)
        return _read_row(request, pk, columns)
    form = RowForm(request.POST, row=row, columns=columns, viewer=viewer)
    if not form.is_valid():
        return _row_form(request, form, columns, status=422)
    try:
        form.save(viewer)
    except Refused as refusal:
        if isinstance(refusal, Conflict):
            form.tell(RowForm(row=rows_of(viewer, [pk])[0], columns=columns, viewer=viewer).held)
        form.add_error(None, refusal.sentence)
        return _row_form(request, form, columns, status=refusal.status)
    return _read_row(request, pk, columns, saved=True)


def _read_row(request: HttpRequest, pk: int, columns: list[Column], *, saved: bool = False) -> HttpResponse:
    line = lines_of(rows_of(request.viewer, [pk]), columns)[0]
    context = {"line": line, "columns_query": _columns_query(columns), "saved_row": saved}
    return render(request, "directory/work/_row.html", context)


def _row_form(request: HttpRequest, form: RowForm, columns: list[Column], status: int = 200) -> HttpResponse:
    cells = [
        (cell, form[column.edited] if column.edited in form.fields else None, column)
        for cell, column in zip(lines_of([form.row], columns)[0].cells, columns, strict=True)
    ]
    context = {"form": form, "row": form.row, "cells": cells, "columns_query": _columns_query(columns)}
    return render(request, "directory/work/_row_form.html", context, status=status)


@team_page
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the present state of the table under a name; the same name again replaces it."""
    viewer = request.viewer
    query = request.POST.get("query", "")[:2000]
    name = request.POST.get("name", "").strip()
    mine = SavedView.objects.visible_to(viewer).filter(owner=viewer.user_id, name=name).first()
    form = SavedViewForm(request.POST, instance=mine or SavedView(network=viewer.network, owner=viewer.user))
    if form.is_valid():
        form.instance.query = query
        form.save()
        messages.success(request, _("La vue « %(name)s » est enregistrée.") % {"name": form.instance.name})
    else:
        messages.error(request, _("Donnez un nom à la vue, de 80 caractères au plus."))
    return redirect(f"{reverse('directory:actor_table')}?{query}")


@team_page
@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.visible_to(request.viewer).filter(owner=request.viewer.user_id), pk=pk)
    messages.success(request, _("La vue « %(name)s » est supprimée.") % {"name": view.name})
    view.delete()
    return redirect("directory:actor_table")


@team_page
@require_POST
def export_table(request: HttpRequest) -> HttpResponseBase:
    """The whole table as a file, or whole sheets that an import reads again; circles included: a reading of personal
    data that the journal keeps."""
    viewer = request.viewer
    table = Table.from_params(request.GET, viewer)
    whole = request.POST.get("fiches", "")
    kind = whole if whole in WHOLE_KINDS else "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    details = {"format": kind, "count": table.selection.count, "query": request.GET.urlencode()[:1000]}
    record("actor.export", by=viewer, details=details | ({"whole": True} if whole else {}), touch=False)
    if whole:
        columns = whole_columns()
        rows = whole_rows(viewer, table.ids(), longest=LONGEST_CELL if kind == "xlsx" else None)
    else:
        columns = [_("Nom"), *(column.label for column in table.columns)]
        rows = table_rows(viewer, table)
    name = _("fiches") if whole else _("acteurs")
    response = export_response(kind, columns=columns, rows=rows, filename=name, title=_("Acteurs"))
    response["Cache-Control"] = "no-store"
    return response
