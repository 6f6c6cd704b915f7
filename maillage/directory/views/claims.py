"""Claiming a sheet, following one's requests, answering those of others."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.activity.models import Entry
from maillage.activity.queries import WHO, lines_of
from maillage.core import documents
from maillage.core.doors import network_of, signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.directory import rules
from maillage.directory.actions import claiming
from maillage.directory.enums import ClaimState, MemberRole
from maillage.directory.forms.claims import AnswerForm, ClaimForm, CodeForm, ContestForm
from maillage.directory.models import Actor, Claim
from maillage.directory.queries.claims import awaits_code, claims_of, proved_addresses, proving_address, rests_until
from maillage.directory.views.public import actor_at
from maillage.directory.views.work import go_on, in_queue


def _actor(request: HttpRequest, slug: str) -> Actor:
    network_of(request)
    visible = Actor.objects.visible_to(request.viewer).select_related("commune__department", "home_network")
    return actor_at(request, slug, visible)


def _page(request: HttpRequest, actor: Actor, status: int = 200, **forms: Any) -> HttpResponse:
    """The ladder of proofs. It says nothing of who looks after the sheet, nor whether anyone does."""
    viewer = request.viewer
    answer = rules.may_claim(viewer, actor)
    context = {
        "actor": actor,
        "refusal": "" if answer else answer.sentence,
        "own": Claim.objects.visible_to(viewer).filter(actor=actor, user=viewer.user_id).first(),
        "address": proving_address(viewer.user, actor) if answer else "",
        "code_awaited": awaits_code(viewer, actor),
        "code_rests_until": rests_until(actor, "email"),
        "form": forms.get("claim") or forms.get("code"),
        "claim_form": forms.get("claim") or ClaimForm(),
        "code_form": forms.get("code") or CodeForm(),
        "days": viewer.network.setting("claim_days"),
    }
    return render(request, "directory/claims/claim.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def claim_actor(request: HttpRequest, slug: str) -> HttpResponse:
    """The ladder; its form sends an explanation, with a document where there is one."""
    actor = _actor(request, slug)
    if request.method != "POST":
        return _page(request, actor)
    form = ClaimForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, actor, 422, claim=form)
    proof = form.cleaned_data["document"]

    def act() -> Claim:
        return claiming.ask(
            by=request.viewer,
            actor=actor,
            message=form.cleaned_data["message"],
            document=proof.content if proof else None,
            document_type=proof.kind if proof else "",
        )

    return _done(request, actor, act, claim=form)


@signed_in
@require_POST
def claim_by_domain(request: HttpRequest, slug: str) -> HttpResponse:
    actor = _actor(request, slug)
    return _done(request, actor, lambda: claiming.claim_by_domain(by=request.viewer, actor=actor))


@signed_in
@require_POST
def send_code(request: HttpRequest, slug: str) -> HttpResponse:
    actor = _actor(request, slug)
    try:
        claiming.send_code(by=request.viewer, actor=actor)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Le code est parti. Il vaut quinze minutes."))
    return redirect("directory:actor_claim", slug)


@signed_in
@require_POST
def claim_by_code(request: HttpRequest, slug: str) -> HttpResponse:
    actor = _actor(request, slug)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, 422, code=form)

    def act() -> Claim | None:
        return claiming.claim_by_code(by=request.viewer, actor=actor, digits=form.cleaned_data["code"])

    return _done(request, actor, act, code=form)


def _done(request: HttpRequest, actor: Actor, act: Callable[[], Claim | None], **forms: Any) -> HttpResponse:
    try:
        claim = act()
    except Refused as refusal:
        if not forms:
            messages.error(request, refusal.sentence)
            return redirect("directory:actor_claim", actor.slug)
        next(iter(forms.values())).add_error(None, refusal.sentence)
        return _page(request, actor, refusal.status, **forms)
    if claim is None:
        forms["code"].add_error("code", _("Ce code n'est pas le bon, ou il n'est plus valable."))
        return _page(request, actor, 422, **forms)
    if claim.state == ClaimState.ACCEPTED:
        messages.success(request, _("La fiche est à vous : relisez-la et complétez-la."))
        return redirect("directory:own_sheet", actor.pk)
    messages.success(request, _("Votre demande est enregistrée. Suivez-la ici."))
    return redirect("directory:claim_show", claim.pk)


# --- a request, for who made it and for who answers ---------------------------------------------------------------------


def _claim(request: HttpRequest, pk: int) -> Claim:
    visible = Claim.objects.visible_to(request.viewer)
    related = ("actor__commune__department", "actor__home_network", "network", "user", "decided_by")
    return get_object_or_404(visible.select_related(*related), pk=pk)


@signed_in
@require_safe
def list_claims(request: HttpRequest) -> HttpResponse:
    network_of(request)
    return render(request, "directory/claims/own.html", {"claims": claims_of(request.viewer)})


@signed_in
@require_safe
def show_claim(request: HttpRequest, pk: int) -> HttpResponse:
    return _claim_page(request, _claim(request, pk))


def _claim_page(request: HttpRequest, claim: Claim, status: int = 200, **forms: Any) -> HttpResponse:
    viewer = request.viewer
    own = claim.user_id == viewer.user_id
    entries = Entry.objects.visible_to(viewer).about(claim).select_related(*WHO).order_by("at", "pk")
    context = {
        "claim": claim,
        "actor": claim.actor,
        "own": own,
        "may_contest": rules.may_contest(viewer, claim),
        "may_decide": rules.may_decide(viewer, claim),
        "in_queue": in_queue(request),
        "may_open": rules.may_open_document(viewer, claim),
        "addresses": [] if own else proved_addresses(claim.user),
        "steps": lines_of(entries) if viewer.runs_network and not own else [],
        "form": forms.get("answer") or forms.get("contest"),
        "answer_form": forms.get("answer") or AnswerForm(initial={"role": _usual_role(claim)}),
        "contest_form": forms.get("contest") or ContestForm(auto_id="contest-%s"),
    }
    return render(request, "directory/claims/show.html", context, status=status)


def _usual_role(claim: Claim) -> str:
    """Where nobody is responsible, whoever comes first is."""
    return MemberRole.EDITOR if rules.has_responsible(claim.actor) else MemberRole.ADMIN


@signed_in
@require_safe
def open_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """For those who decide; it exists for nobody else."""
    claim = _claim(request, pk)
    if not claim.document or not rules.may_open_document(request.viewer, claim):
        raise Http404
    return documents.given(claim.document, claim.document_type, f"demande-{claim.pk}")


@signed_in
@require_POST
@once
def decide_claim(request: HttpRequest, pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    accepting = request.POST.get("reponse") == "accepter"
    form = AnswerForm(request.POST, accepting=accepting)
    rules.may_decide(request.viewer, claim).require()
    if not form.is_valid():
        return _claim_page(request, claim, 422, answer=form)
    try:
        answer = form.cleaned_data if not accepting else {**form.cleaned_data, "code": ""}
        claiming.decide(by=request.viewer, claim=claim, accepted=accepting, **answer)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _claim_page(request, _claim(request, pk), refusal.status, answer=form)
    messages.success(request, _("La demande est acceptée.") if accepting else _("La demande est refusée."))
    if rules.may_work(request.viewer):
        return go_on(request, claim.contested_at or claim.created_at)
    return redirect("directory:claim_show", pk)


@signed_in
@require_POST
@once
def cancel_claim(request: HttpRequest, pk: int) -> HttpResponse:
    claiming.cancel(by=request.viewer, claim=_claim(request, pk))
    messages.success(request, _("Votre demande est annulée."))
    return redirect("directory:own_claims")


@signed_in
@require_POST
@once
def contest_claim(request: HttpRequest, pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    rules.may_contest(request.viewer, claim).require()
    form = ContestForm(request.POST, auto_id="contest-%s")
    if not form.is_valid():
        return _claim_page(request, claim, 422, contest=form)
    claiming.contest(by=request.viewer, claim=claim, message=form.cleaned_data["message"])
    messages.success(request, _("L'équipe d'animation relira votre demande."))
    return redirect("directory:claim_show", pk)
