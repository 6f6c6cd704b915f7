"""An actor and the charter, for the team: send the link, record a paper, withdraw, erase a name."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.directory.actions import charter as actions
from maillage.directory.forms.charter import PaperForm, WithdrawForm
from maillage.directory.models import Actor, Signature, SigningLink
from maillage.directory.panels import charter_context
from maillage.directory.views.work import actor_of, team_page


@team_page
@require_safe
def show_actor(request: Request, pk: int) -> HttpResponse:
    return _page(request, actor_of(request, pk))


def _page(request: Request, actor: Actor, status: int = 200, **forms: Any) -> HttpResponse:
    panel = charter_context(request.viewer, actor, **forms)
    context = {"actor": actor, "panel": panel, "form": next(iter(forms.values()), None)}
    return render(request, "directory/charter/actor.html", context, status=status)


@team_page
@require_POST
@once
def send_link(request: Request, pk: int) -> HttpResponse:
    actor = actor_of(request, pk)
    link = actions.send_link(by=request.viewer, actor=actor)
    messages.success(request, _("Le lien de signature est parti à %(email)s.") % {"email": link.email})
    return redirect("directory:charter_actor", pk)


@team_page
@require_POST
def revoke_link(request: Request, pk: int, link: int) -> HttpResponse:
    actor = actor_of(request, pk)
    links = SigningLink.objects.visible_to(request.viewer).filter(actor=actor)
    actions.revoke_link(by=request.viewer, link=get_object_or_404(links, pk=link))
    messages.success(request, _("Le lien est annulé : il ne permet plus de signer."))
    return redirect("directory:charter_actor", pk)


@team_page
@require_POST
@once
def record_paper(request: Request, pk: int) -> HttpResponse:
    actor, viewer = actor_of(request, pk), request.viewer
    form = PaperForm(request.POST, viewer=viewer, auto_id="papier-%s")
    if not form.is_valid():
        return _page(request, actor, 422, paper=form)
    given = form.cleaned_data
    try:
        actions.record_paper(by=viewer, actor=actor, version=given["version"], signer=form.signer, on=given["on"])
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, actor, refusal.status, paper=form)
    messages.success(request, _("La signature sur papier est enregistrée."))
    return redirect("directory:charter_actor", pk)


def _signature(request: Request, actor: Actor, signature: int) -> Signature:
    signatures = Signature.objects.visible_to(request.viewer).filter(actor=actor)
    return get_object_or_404(signatures.select_related("actor__commune__department", "version"), pk=signature)


@team_page
@require_POST
def withdraw(request: Request, pk: int, signature: int) -> HttpResponse:
    actor = actor_of(request, pk)
    found = _signature(request, actor, signature)
    form = WithdrawForm(request.POST, auto_id="retrait-%s")
    if not form.is_valid():
        return _page(request, actor, 422, withdrawal=form)
    try:
        actions.withdraw(
            by=request.viewer,
            signature=found,
            reason=form.cleaned_data["reason"],
            on=form.cleaned_data["on"],
        )
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, actor, refusal.status, withdrawal=form)
    messages.success(request, _("La signature est retirée ; elle reste dans l'historique."))
    return redirect("directory:charter_actor", pk)


@team_page
@require_POST
def forget_signer(request: Request, pk: int, signature: int) -> HttpResponse:
    found = _signature(request, actor_of(request, pk), signature)
    actions.forget_signer(by=request.viewer, signature=found)
    messages.success(request, _("Le nom est effacé ; la signature de la structure reste."))
    return redirect("directory:charter_actor", pk)
