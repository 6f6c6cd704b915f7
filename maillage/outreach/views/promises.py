"""What was promised: noting, correcting, saying what became of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.outreach import rules
from maillage.outreach.actions import promises as actions
from maillage.outreach.enums import PromiseState
from maillage.outreach.forms.officials import PromiseForm
from maillage.outreach.models import Official, Promise
from maillage.outreach.views.team import official_of, team_page


def _promise(request: Request, pk: int) -> tuple[Promise, Official]:
    promise = get_object_or_404(Promise.objects.visible_to(request.viewer), pk=pk)
    return promise, official_of(request, promise.official_id)


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def note_promise(request: Request, pk: int) -> HttpResponse:
    return _fill(request, official_of(request, pk), None)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_promise(request: Request, pk: int) -> HttpResponse:
    promise, official = _promise(request, pk)
    return _fill(request, official, promise)


def _fill(request: Request, official: Official, promise: Promise | None) -> HttpResponse:
    rules.may_note(request.viewer, official).require()
    form = PromiseForm(request.POST if request.method == "POST" else None, viewer=request.viewer, promise=promise)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if promise is None:
                    actions.note_promise(by=request.viewer, official=official, **form.cleaned_data)
                else:
                    actions.change_promise(by=request.viewer, promise=promise, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La promesse est notée."))
                return redirect(official)
    context = {"form": form, "official": official, "promise": promise}
    return render(request, "outreach/officials/promise.html", context, status=status)


@team_page
@require_POST
def settle_promise(request: Request, pk: int) -> HttpResponse:
    """Kept, not kept, or waiting again."""
    promise, official = _promise(request, pk)
    state = request.POST.get("etat", "")
    if state in PromiseState.values:
        actions.settle_promise(by=request.viewer, promise=promise, state=state)
        messages.success(request, _("C'est noté : %(state)s.") % {"state": PromiseState(state).label})
    return redirect(official)
