"""One's data: what is held, a copy of it, and its erasure."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from maillage.accounts import actions, kit, queries, rules
from maillage.accounts.forms import ErasureForm
from maillage.accounts.models import Export, hashed
from maillage.core.doors import signed_in
from maillage.core.errors import Refused


@signed_in
@never_cache
def show_data(request: HttpRequest) -> HttpResponse:
    exports = Export.objects.visible_to(request.viewer)
    opened_here = hashed(request.session.session_key or "")
    context = {
        "exports": [(export, constant_time_compare(export.session_hash, opened_here)) for export in exports[:5]],
        "held": queries.erasure_preview(request.user),
    }
    return render(request, "accounts/data.html", context)


@kit.recently_confirmed
def request_export(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":  # back from the proof of identity
        return redirect("accounts:data")
    try:
        actions.request_export(by=request.viewer, session_key=request.session.session_key)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Votre copie se prépare. Revenez sur cette page dans une minute."))
    return redirect("accounts:data")


@kit.recently_confirmed
@never_cache
def download_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Only for its owner, in the session that asked, before its term; anything else does not exist. A session left open is
    not enough: who one is was proved in the last minutes."""
    ready = Export.objects.visible_to(request.viewer).exclude(ready_at=None)
    export = get_object_or_404(ready, pk=pk)
    if not constant_time_compare(export.session_hash, hashed(request.session.session_key or "")):
        raise Http404
    response = FileResponse(export.file.open("rb"), as_attachment=True, filename=_("mes-donnees.zip"))
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@kit.recently_confirmed
@never_cache
def erase_account(request: HttpRequest) -> HttpResponse:
    """The list of what is deleted, emptied or kept and why; then, on the button, at once."""
    answer = rules.may_erase(request.viewer, request.user)
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and answer and form.is_valid():
        actions.erase_account(by=request.viewer, user=request.user)
        logout(request)
        messages.success(request, _("Votre compte est supprimé."))
        return redirect("account_login")
    context = {
        "form": form,
        "refusal": "" if answer else answer.sentence,
        "fates": queries.erasure_preview(request.user),
    }
    return render(request, "accounts/erasure.html", context, status=422 if form.errors else 200)
