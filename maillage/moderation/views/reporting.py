"""The form that reports a content, for anyone who reads it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.throttle import client_of, hit, too_many
from maillage.moderation import rules
from maillage.moderation.actions import report
from maillage.moderation.forms import ReportForm
from maillage.moderation.queries import reached

_HOUR = 3600
_PER_ADDRESS, _PER_CONTENT = 10, 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def report_content(request: Request, kind: str, pk: int) -> HttpResponse:
    viewer = request.viewer
    found = reached(viewer, kind, pk)
    if found is None or found.kind is None:
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None)
    may_report = rules.may_report(viewer, found.kind, found.content)
    status = 200
    if request.method == "POST":
        if wait := hit("moderation.report", client_of(request), limit=_PER_ADDRESS, seconds=_HOUR):
            return too_many(request, wait)
        status = 422
        if form.is_valid():
            # A crowd without accounts is slowed down on one content; it does not keep those who have one from reporting it.
            if not viewer.is_authenticated and (
                wait := hit("moderation.report.content", f"{kind}:{pk}", limit=_PER_CONTENT, seconds=_HOUR)
            ):
                return too_many(request, wait)
            given = form.cleaned_data
            try:
                report(by=viewer, kind=found.kind, content=found.content, reason=given["reason"], words=given["words"])
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                return redirect("moderation:report_done", kind, pk)
    context: dict[str, Any] = {"found": found, "form": form, "may_report": may_report}
    return render(request, "moderation/report.html", context, status=status)


@never_cache
@require_safe
def thank(request: Request, kind: str, pk: int) -> HttpResponse:
    """Whatever is behind the address: it may just have been hidden."""
    return render(request, "moderation/thanks.html", {"found": reached(request.viewer, kind, pk)})
