"""Signatures: asked by those who write, answered by those named, by a link or from their account."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.doors import answers_when_closed, signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.core.throttle import hit, too_many
from maillage.publications import rules
from maillage.publications.actions import answer_credit, ask_credit, order_credits, remove_credit
from maillage.publications.actions.telling import read_credit_token
from maillage.publications.forms.acts import CreditForm
from maillage.publications.queries.own import answerable, asked_of, given_by
from maillage.publications.queries.rendering import reading_of
from maillage.publications.views.asked import own_publication

_PER_PAGE = 20
_AN_HOUR = 20  # Each question is a message to somebody.


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_credits(request: Request, pk: int) -> HttpResponse:
    """Add, order, remove."""
    viewer, publication = request.viewer, own_publication(request, pk)
    act = request.POST.get("acte", "")
    form = CreditForm(request.POST if act == "ajouter" else None, viewer=viewer)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if act == "ajouter" and form.is_valid():
                if not viewer.runs_network and (
                    wait := hit("publications.credit", str(viewer.user_id), limit=_AN_HOUR, seconds=3600)
                ):
                    return too_many(request, wait)
                credit = ask_credit(by=viewer, publication=publication, **form.cleaned_data)
                said = _("%s signe.") if credit.is_accepted else _("L'accord de %s est demandé.")
                messages.success(request, said % credit.signature)
                return redirect("publications:publication_credits", pk)
            if act == "retirer":
                key = whole_number(request.POST.get("signature", ""))
                remove_credit(by=viewer, credit=get_object_or_404(publication.credits.standing(), pk=key))
                messages.success(request, _("La signature est retirée."))
                return redirect("publications:publication_credits", pk)
            if act in ("monter", "descendre"):
                keys = list(publication.credits.standing().values_list("pk", flat=True))
                _move(keys, whole_number(request.POST.get("signature", "")), up=act == "monter")
                order_credits(by=viewer, publication=publication, keys=keys)
                return redirect("publications:publication_credits", pk)
        except Refused as refusal:
            form.add_error(None, refusal.sentence) if form.is_bound else messages.error(request, refusal.sentence)
            status = refusal.status
    context = {
        "publication": publication,
        "form": form,
        "credits": list(publication.credits.standing().select_related("actor", "user")),
    }
    return render(request, "publications/work/credits.html", context, status=status)


def _move(keys: list[int], key: int | None, *, up: bool) -> None:
    if key not in keys:
        raise Http404
    at = keys.index(key)
    other = at - 1 if up else at + 1
    if 0 <= other < len(keys):
        keys[at], keys[other] = keys[other], keys[at]


@signed_in
@require_safe
def list_own(request: Request) -> HttpResponse:
    """What is asked of the viewer and of their actors, and what they gave."""
    viewer = request.viewer
    rules.may_contribute(viewer).require()
    asked = list(asked_of(viewer)[:20])
    context = {
        "asked": [(each, reading_of(each.publication.body, each.publication.media)) for each in asked],
        "page": paginate(given_by(viewer), request.GET, per_page=_PER_PAGE),
    }
    return render(request, "publications/work/own_credits.html", context)


@signed_in
@require_POST
def reply(request: Request, pk: int) -> HttpResponse:
    viewer = request.viewer
    if (credit := answerable(viewer, pk)) is None:
        raise Http404
    by_address = bool(credit.email) and credit.email.lower() == viewer.user.email.lower()
    accept = request.POST.get("acte") == "accepter"
    answer_credit(by=viewer, credit=credit, accept=accept, by_link=by_address)
    messages.success(request, _("Votre signature paraît.") if accept else _("Votre nom ne paraît pas."))
    return redirect("publications:own_credits")


@answers_when_closed
@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: Request, token: str) -> HttpResponse:
    """The link of the message: the text as it would be signed, and two buttons; reading it changes nothing."""
    credit = read_credit_token(token)
    if credit is None or request.network is None or credit.publication.network_id != request.network.pk:
        return render(request, "publications/public/credit_gone.html", status=404)
    publication = credit.publication
    if request.method == "POST":
        accept = request.POST.get("acte") == "accepter"
        answer_credit(by=request.viewer, credit=credit, accept=accept, by_link=True)
        context = {"publication": publication, "accepted": accept, "credit": credit}
        return render(request, "publications/public/credit_answered.html", context)
    context = {"credit": credit, "publication": publication, "reading": reading_of(publication.body, publication.media)}
    response = render(request, "publications/public/credit.html", context)
    response["X-Robots-Tag"], response["Referrer-Policy"] = "noindex", "no-referrer"
    return response
