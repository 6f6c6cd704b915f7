"""Signing the charter: with a personal link and no account, or with the account of who represents the actor; the proof."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.doors import answers_when_closed, network_of, signed_in
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.core.richtext import shown
from maillage.core.throttle import throttled
from maillage.directory import rules
from maillage.directory.actions import charter as actions
from maillage.directory.forms.charter import SigningForm
from maillage.directory.models import Actor, CharterVersion, Signature
from maillage.directory.queries.charter import link_opened_by, membership, proof_opened_by, standing_signature
from maillage.directory.queries.proofs import proof_name, proof_of
from maillage.directory.views.work import actor_of

_slow = throttled("directory.charter", limit=30, seconds=3600, methods=("POST",))


def _text_to_sign(request: Request) -> CharterVersion | None:
    network_of(request)
    return CharterVersion.objects.visible_to(request.viewer).published().first()


def _form(request: Request, version: CharterVersion, **known: str) -> SigningForm:
    return SigningForm(request.POST if request.method == "POST" else None, version=version, known=known)


def _known(request: Request) -> dict[str, str]:
    """A signed-in visitor does not type twice what the account knows."""
    viewer = request.viewer
    return {"name": viewer.user.name, "email": viewer.user.email} if viewer.is_authenticated else {}


def _page(
    request: Request, actor: Actor, version: CharterVersion, form: SigningForm, status: int, **context: Any
) -> HttpResponse:
    return render(
        request,
        "directory/charter/sign.html",
        {
            "actor": actor,
            "version": version,
            "body": shown(version.body, trusted=True),
            "form": form,
            "membership": membership(network_of(request), actor),
            "back": "",
            **context,
        },
        status=status,
    )


@answers_when_closed
@never_cache
@_slow
def sign_by_link(request: Request, pk: int, token: str) -> HttpResponse:
    """The page of the link, whole: the text, then who signs. Opening it changes nothing."""
    link = link_opened_by(network_of(request), pk, token)
    version = _text_to_sign(request)
    if link is None or version is None:
        raise Http404
    actor = link.actor
    before = standing_signature(link.network, actor, version.major)
    if before is not None:
        return _already(request, before, own=link.signature_id == before.pk)
    if not link.is_open or actor.archived_at is not None:
        return render(request, "directory/charter/closed.html", {"actor": actor, "link": link}, status=410)
    form, status = _form(request, version, **_known(request)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                signed = actions.sign_with_link(
                    by=request.viewer,
                    link=link,
                    read=form.read,
                    signer=form.signer,
                )
            except actions.AlreadySigned as clash:
                return _already(request, clash.signature, own=False)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                return redirect("directory:charter_proof", signed.pk, signed.token)
    return _page(request, actor, version, form, status)


def _already(request: Request, before: Signature, *, own: bool) -> HttpResponse:
    """Someone signed: told kindly, with the proof when it is this link that was used."""
    context = {"signature": before, "sentence": actions.AlreadySigned(before).sentence, "own": own}
    return render(request, "directory/charter/already.html", context)


@answers_when_closed
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_messages(request: Request, pk: int, token: str) -> HttpResponse:
    """The link at the foot of the message: without signing in, without cookie (RFC 8058); a GET only asks."""
    link = link_opened_by(network_of(request), pk, token)
    if link is None:
        raise Http404
    if request.method == "POST":
        actions.stop_link(link=link)
    return render(request, "directory/charter/stop.html", {"actor": link.actor, "done": request.method == "POST"})


@answers_when_closed
@never_cache
@require_safe
def show_proof(request: Request, pk: int, token: str) -> HttpResponse:
    """What the signer keeps: the signature in words, and its PDF."""
    signature = _proved(request, pk, token)
    return render(request, "directory/charter/proof.html", {"signature": signature, "actor": signature.actor})


@answers_when_closed
@never_cache
@require_POST
def choose_name(request: Request, pk: int, token: str) -> HttpResponse:
    """Shown on the public list or not, by a button of the proof."""
    signature = _proved(request, pk, token)
    actions.show_name(signature=signature, shown=request.POST.get("montrer") == "oui")
    return redirect("directory:charter_proof", pk, token)


@answers_when_closed
@never_cache
@require_safe
def download_proof(request: Request, pk: int, token: str) -> HttpResponse:
    return pdf_response(_proved(request, pk, token))


def _proved(request: Request, pk: int, token: str) -> Signature:
    signature = proof_opened_by(network_of(request), pk, token)
    if signature is None:
        raise Http404
    return signature


@never_cache
@require_safe
def download_known_proof(request: Request, pk: int) -> HttpResponse:
    """For the team, and for who represents the actor or signed with their account; for others it does not exist."""
    network_of(request)
    signatures = Signature.objects.visible_to(request.viewer)
    return pdf_response(get_object_or_404(signatures.select_related("network", "actor", "version"), pk=pk))


def pdf_response(signature: Signature) -> HttpResponse:
    name = proof_name(signature)
    return HttpResponse(
        proof_of(signature),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


@signed_in
@never_cache
def sign_own(request: Request, pk: int) -> HttpResponse:
    """Whoever represents an actor signs with their account, and finds the signatures given."""
    actor = actor_of(request, pk)
    viewer = request.viewer
    if not rules.represents(viewer, actor):
        raise Http404
    version = _text_to_sign(request)
    before = standing_signature(viewer.network, actor, version.major) if version else None
    signatures = Signature.objects.visible_to(viewer).filter(actor=actor).select_related("version")
    may_sign = rules.may_sign(viewer, actor)
    if version is None or before is not None or not may_sign:
        context = {"actor": actor, "before": before, "signatures": signatures, "may_sign": may_sign, "version": version}
        return render(request, "directory/charter/own.html", context, status=409 if request.method == "POST" else 200)
    form, status = _form(request, version, **_known(request)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.sign_as_member(by=viewer, actor=actor, read=form.read, signer=form.signer)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La charte est signée. Merci !"))
                return redirect("directory:charter_own", pk)
    return _page(request, actor, version, form, status, back=actor)
