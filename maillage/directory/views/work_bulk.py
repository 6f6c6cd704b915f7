"""Bulk change: choose, read what would change actor by actor, confirm, follow, undo."""

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.once import once
from maillage.core.text import whole_number
from maillage.core.viewer import Viewer
from maillage.directory.actions.bulk_edit import AT_MOST, AT_ONCE, Plan, plan, start_bulk
from maillage.directory.forms.bulk import BulkForm
from maillage.directory.models import Actor
from maillage.directory.queries.history import differences_of, label_of
from maillage.directory.queries.table import Table
from maillage.directory.views.work import team_page
from maillage.exchange import actions as exchange
from maillage.exchange import rules as exchange_rules
from maillage.exchange.enums import BatchKind
from maillage.exchange.models import Batch

_SHOWN = 100
_NAMED = 6


def _chosen(request: HttpRequest, params: Any) -> list[int]:
    """The actors ticked, or with `tous` all those of the table; in the order of the table."""
    if params.get("tous"):
        return Table.from_params(request.GET, request.viewer).ids(0, AT_MOST)
    ticked = [pk for key in params.getlist("acteur") if (pk := whole_number(key)) is not None]
    return list(dict.fromkeys(ticked))[:AT_MOST]


def _digest(ids: list[int], query: str) -> str:
    """Ties a confirmation to what was read: the same actors, the same change."""
    return hashlib.sha256(f"{ids}{query}".encode()).hexdigest()[:32]


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def change_actors(request: HttpRequest) -> HttpResponse:
    """All is in the address but the confirmation, so that going back and reading again cost nothing."""
    viewer = request.viewer
    ids = _chosen(request, request.GET)
    if not ids:
        messages.info(request, _("Cochez d'abord des acteurs dans le tableau."))
        return redirect("directory:actor_table")
    asked = any(name.startswith("n-") for name in request.GET)
    form = BulkForm(request.GET if asked else None, viewer=viewer)
    context: dict[str, Any] = {
        "form": form,
        "count": len(ids),
        "named": (named := _names(viewer, ids))[:_NAMED],
        "others": named[_NAMED:],
        "more": len(ids) - _NAMED,
        "table_query": urlencode([pair for pair in _kept(request) if pair[0] not in ("acteur", "tous")]),
        "kept": _kept(request),
        "at_once": AT_ONCE,
    }
    if not (asked and form.is_valid()):
        return render(request, "directory/work/bulk.html", context, status=422 if asked else 200)
    digest = _digest(ids, repr(form.change))
    if request.method == "POST":
        if request.POST.get("lu") == digest:
            return _confirmed(request, ids, form)
        messages.warning(request, _("La sélection a changé depuis l'aperçu : relisez-le avant de confirmer."))
    planned = plan(by=viewer, ids=ids, change=form.change)
    return render(request, "directory/work/bulk_preview.html", context | _preview(request, planned, digest))


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """The address without what is to be changed: the table and its ticks."""
    return [(name, value) for name, values in request.GET.lists() if not name.startswith("n-") for value in values]


def _names(viewer: Viewer, ids: list[int]) -> list[str]:
    """The names of the first actors concerned, in the order of the table."""
    names = dict(Actor.objects.visible_to(viewer).filter(pk__in=ids[:_SHOWN]).values_list("pk", "name"))
    return [names[pk] for pk in ids[:_SHOWN] if pk in names]


def _preview(request: HttpRequest, planned: Plan, digest: str) -> dict[str, Any]:
    page = Paginator(planned.changed, _SHOWN).get_page(request.GET.get("apercu"))
    shown = list(page.object_list)
    texts = differences_of([each.changes for each in shown])
    return {
        "planned": list(zip(shown, texts, strict=True)),
        "page": page,
        "changed": len(planned.changed),
        "unchanged": planned.unchanged,
        "refused": planned.refused[:_SHOWN],
        "refused_count": len(planned.refused),
        "digest": digest,
        "back": request.GET.urlencode(),
    }


def _confirmed(request: HttpRequest, ids: list[int], form: BulkForm) -> HttpResponse:
    batch = start_bulk(by=request.viewer, ids=ids, change=form.change)
    if batch.applied_at is not None:
        count = batch.counts.get("updated", 0)
        messages.success(
            request,
            ngettext("%(count)s acteur est modifié.", "%(count)s acteurs sont modifiés.", count) % {"count": count},
        )
    return redirect("directory:bulk_show", batch.pk)


def _batch(request: HttpRequest, pk: int) -> Batch:
    return get_object_or_404(
        Batch.objects.visible_to(request.viewer).select_related("author", "job"), pk=pk, kind=BatchKind.BULK
    )


@team_page
@require_safe
def show_bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """What a bulk change did, actor by actor; while it runs, how far it is."""
    batch = _batch(request, pk)
    page = Paginator(batch.changes.all(), _SHOWN).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    texts = differences_of([_pairs(change) for change in shown])
    context = {
        "batch": batch,
        "page": page,
        "changes": [(change, text, _not_restored(change)) for change, text in zip(shown, texts, strict=True)],
        "may_undo": exchange_rules.may_handle(request.viewer, batch),
    }
    response = render(request, "directory/work/bulk_show.html", context)
    if batch.is_busy:
        response["Refresh"] = "3"
    return response


def _not_restored(change: Any) -> list[tuple[Any, str]]:
    return [(label_of(name), why) for name, why in change.kept.items()]


def _pairs(change: Any) -> dict[str, list[Any]]:
    return {name: [change.before.get(name), value] for name, value in change.after.items()}


@team_page
@require_POST
def undo_bulk(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    if batch.changes.count() > AT_ONCE:
        exchange.request_undo(by=request.viewer, batch=batch)
        messages.info(request, _("L'annulation est en cours ; vous pouvez quitter la page."))
    else:
        batch = exchange.undo_batch(by=request.viewer, batch=batch)
        kept = batch.counts.get("kept", 0)
        if kept:
            messages.warning(
                request,
                ngettext(
                    "Annulé, sauf pour un acteur modifié depuis.",
                    "Annulé, sauf pour %(count)s acteurs modifiés depuis.",
                    kept,
                )
                % {"count": kept},
            )
        else:
            messages.success(request, _("Tout est revenu comme avant."))
    return redirect(reverse("directory:bulk_show", args=[pk]))
