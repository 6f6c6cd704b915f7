"""What networks share, for the teams of both."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.doors import allowed
from maillage.core.errors import Refused
from maillage.core.mail import absolute_url
from maillage.core.once import once
from maillage.core.pagination import page_links, paginate
from maillage.core.requests import Request
from maillage.networks.queries import partners_of
from maillage.sharing import actions, queries, rules
from maillage.sharing.enums import ShareState
from maillage.sharing.forms import AnswerForm, RemovalForm, ShareForm
from maillage.sharing.models import Share
from maillage.sharing.registry import kind_named


@allowed(rules.may_work)
@require_safe
def list_shares(request: Request) -> HttpResponse:
    """What others propose first; `sens=donnes` for what goes from here."""
    viewer = request.viewer
    ours = request.GET.get("sens") == "donnes"
    state = request.GET.get("etat", "")
    state = state if state in ShareState.values else ""
    page = paginate(queries.shares_of(viewer, ours=ours, state=state), request.GET, per_page=50)
    context = {
        "page": page,
        "links": page_links(page, request.GET),
        "ours": ours,
        "theirs": not ours,
        "state": state,
        "states": ShareState.choices,
        "has_partners": partners_of(viewer.network).exists(),
    }
    return render(request, "sharing/list.html", context)


def _share(request: Request, pk: int) -> Share:
    related = ("home", "host", "proposed_by", "decided_by")
    return get_object_or_404(Share.objects.visible_to(request.viewer).select_related(*related), pk=pk)


@allowed(rules.may_work)
@require_safe
def show_share(request: Request, pk: int) -> HttpResponse:
    return _page(request, _share(request, pk))


def _page(request: Request, share: Share, status: int = 200, form: Any = None) -> HttpResponse:
    viewer = request.viewer
    content = queries.content_of(share)
    shown = content is not None and content.is_shown and share.home.is_public
    may_answer, may_withdraw = rules.may_answer(viewer, share), rules.may_withdraw(viewer, share)
    removes = bool(may_withdraw) and viewer.network_id == share.host_id
    context = {
        "share": share,
        "kind": kind_named(share.kind),
        "page_url": absolute_url(share.home, content.get_absolute_url()) if shown else "",
        "other": share.other(viewer.network),
        "may_answer": may_answer,
        "may_withdraw": may_withdraw,
        "removes": removes,
        "form": form if form is not None and form.errors else None,
        "answer_form": form or (AnswerForm() if may_answer else RemovalForm()),
    }
    return render(request, "sharing/show.html", context, status=status)


@allowed(rules.may_work)
@require_POST
@once
def answer_share(request: Request, pk: int) -> HttpResponse:
    share, form = _share(request, pk), AnswerForm(request.POST)
    rules.may_answer(request.viewer, share).require()
    takes = request.POST.get("reponse") == "accueillir"
    if not form.is_valid():
        return _page(request, share, 422, form)
    try:
        if takes:
            actions.accept(by=request.viewer, share=share)
        else:
            actions.refuse(by=request.viewer, share=share, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        form.add_error("reason" if refusal.status == 422 else None, refusal.sentence)
        return _page(request, _share(request, pk), refusal.status, form)
    messages.success(request, _("Il paraît parmi vos contenus.") if takes else _("L'autre réseau saura pourquoi."))
    return redirect("sharing:share_show", pk)


@allowed(rules.may_work)
@require_POST
@once
def withdraw_share(request: Request, pk: int) -> HttpResponse:
    share = _share(request, pk)
    rules.may_withdraw(request.viewer, share).require()
    removes = request.viewer.network_id == share.host_id
    form = RemovalForm(request.POST) if removes else None
    if form is not None and not form.is_valid():
        return _page(request, share, 422, form)
    reason = form.cleaned_data["reason"] if form is not None else ""
    actions.withdraw(by=request.viewer, share=share, reason=reason)
    messages.success(request, _("C'est fait : %(network)s est prévenu.") % {"network": share.other(request.network)})
    return redirect("sharing:share_show", pk)


@allowed(rules.may_work)
@once
def share_content(request: Request, kind: str, pk: int) -> HttpResponse:
    """To which networks a content goes, and where it is already."""
    viewer, declared = request.viewer, kind_named(kind)
    if declared is None:
        raise Http404
    model: Any = declared.model
    content = get_object_or_404(model.objects.visible_to(viewer).select_related("network"), pk=pk)
    rules.may_propose(viewer, declared, content).require()
    sides = queries.sides_of(declared, content)
    form = ShareForm(request.POST or None, sides=sides)
    if request.method == "POST" and form.is_valid():
        chosen = [side.network for side in sides if str(side.network.pk) in form.cleaned_data["to"]]
        try:
            made = actions.propose(by=viewer, kind=declared, content=content, to=chosen, note=form.cleaned_data["note"])
        except Refused as refusal:
            form.add_error("to", refusal.sentence)
        else:
            if made:
                messages.success(request, _("C'est proposé : leurs équipes répondront."))
            return redirect("sharing:share_content", kind, pk)
    context = {
        "content": content,
        "kind": declared,
        "sides": sides,
        "form": form,
        "is_free": any(side.is_free for side in sides),
    }
    return render(request, "sharing/content.html", context, status=422 if form.errors else 200)
