"""The sheets that a person looks after. Nothing here speaks of circles, notes or the team's journal."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from maillage.core.doors import signed_in
from maillage.directory import rules
from maillage.directory.queries.charter import membership
from maillage.directory.queries.claims import claims_to_answer
from maillage.directory.queries.members import own_sheets
from maillage.directory.queries.revisions import own_revisions
from maillage.directory.queries.suggestions import said_of_own
from maillage.directory.registry import actor_own
from maillage.directory.views.work import actor_of
from maillage.directory.views.work_sheet import sheet_context


@signed_in
@require_safe
def list_sheets(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "directory/work/own_sheets.html",
        {
            "sheets": own_sheets(request.viewer),
            "claims": claims_to_answer(request.viewer),
            "suggestions": said_of_own(request.viewer),
            "revisions": own_revisions(request.viewer),
        },
    )


@signed_in
@require_safe
def show_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request, pk)
    if not rules.represents(request.viewer, actor):
        if request.viewer.runs_network:
            return redirect("directory:actor_work", pk)
        raise Http404
    context = sheet_context(request, actor) | {
        "claims": claims_to_answer(request.viewer, [actor]),
        "suggestions": said_of_own(request.viewer, actor),
        "revisions": own_revisions(request.viewer, actor),
        "membership": membership(request.viewer.network, actor),
        "own_panels": actor_own.panels(request.viewer, actor),
    }
    return render(request, "directory/work/own_sheet.html", context)
