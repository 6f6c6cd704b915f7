"""The papers of a loan: its agreement, read and signed, its documents, what lacks before it leaves."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core import documents
from maillage.core.doors import answers_when_closed, signed_in
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.core.richtext import shown
from maillage.core.throttle import throttled
from maillage.directory.models import Actor
from maillage.loans import actions, rules
from maillage.loans.enums import AWAY, PROMISED, AgreementState, DocumentState, Side
from maillage.loans.forms.papers import DepositForm, DocumentForm, LinkForm, SigningForm, TextForm
from maillage.loans.models import Agreement, Loan, LoanDocument
from maillage.loans.queries.agreements import euros, in_force, opened_by, pdf_of, signature_said, text_for
from maillage.loans.queries.papers import documents_seen_by, papers_lacking
from maillage.loans.registry.agreement import PLACEHOLDERS

_slow = throttled("loans.agreement", limit=30, seconds=3600, methods=("POST",))


def _loan(request: Request, pk: int) -> Loan:
    return get_object_or_404(Loan.objects.visible_to(request.viewer).for_lists(), pk=pk)


def _agreement(request: Request, pk: int) -> Agreement:
    """The one in force of a loan that the viewer sees."""
    agreement = in_force(loan := _loan(request, pk))
    if agreement is None:
        raise Http404
    agreement.loan = loan
    return agreement


@signed_in
@never_cache
@require_safe
def show_papers(request: Request, pk: int) -> HttpResponse:
    return _papers(request, _loan(request, pk), {})


def _papers(request: Request, loan: Loan, forms: dict[str, Any], status: int = 200) -> HttpResponse:
    viewer = request.viewer
    agreement = in_force(loan)
    context = {
        "loan": loan,
        "agreement": agreement,
        "value": euros(loan.value),
        "deposit": euros(loan.deposit),
        "needs_agreement": loan.agreement_state != AgreementState.NOT_NEEDED,
        "signed": [(side.label, signature_said(agreement, side)) for side in Side] if agreement else [],
        "lacking": papers_lacking(loan),
        "is_awaited": loan.state in (*PROMISED, *AWAY),
        "may_draw": bool(rules.may_lend(viewer, loan)) and loan.state in PROMISED,
        "documents": list(loan.documents.select_related("given_by").order_by("kind", "pk")),
        "is_lender": bool(rules.may_lend(viewer, loan)),
        "may_give": rules.may_give_document(viewer, loan),
        "document_form": DocumentForm(prefix="piece"),
        "deposit_form": DepositForm(initial={"amount": loan.deposit}, prefix="caution"),
        "link_form": LinkForm(prefix="lien", initial={"side": Side.BORROWER}),
        **forms,
    }
    context["form"] = next(iter(forms.values()), None) or context["document_form"]
    return render(request, "loans/papers/show.html", context, status=status)


def _sides(request: Request, loan: Loan) -> list[Side]:
    return [side for side in Side if rules.may_sign(request.viewer, loan, side)]


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_agreement(request: Request, pk: int) -> HttpResponse:
    """Read by both sides and the team; signed by who may for a side that has not."""
    agreement = _agreement(request, pk)
    loan, viewer = agreement.loan, request.viewer
    side = next((each for each in _sides(request, loan) if not getattr(agreement, f"{each}_signed_at")), None)
    known = {"name": viewer.user.name, "email": viewer.user.email}
    form = SigningForm(request.POST if request.method == "POST" else None, agreement=agreement, known=known)
    status = 200
    if request.method == "POST":
        status = 422
        if side is None:
            raise Refused(_("Cette convention n’attend pas votre signature."), status=409)
        if form.is_valid():
            try:
                actions.sign_agreement(by=viewer, agreement=agreement, side=side, read=form.read, signer=form.signer)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La convention est signée. Merci !"))
                return redirect("loans:papers", pk)
    return _text_page(request, agreement, side, form, status)


def _text_page(
    request: Request, agreement: Agreement, side: Side | None, form: SigningForm, status: int, **more: Any
) -> HttpResponse:
    context = {
        "agreement": agreement,
        "loan": agreement.loan,
        "body": shown(agreement.text, trusted=True),
        "side": side,
        "signed": [(each.label, signature_said(agreement, each)) for each in Side],
        "form": form,
        "token": "",
        **more,
    }
    return render(request, "loans/papers/agreement.html", context, status=status)


@answers_when_closed
@never_cache
@_slow
@require_http_methods(["GET", "HEAD", "POST"])
def sign_by_link(request: Request, pk: int, side: str, token: str) -> HttpResponse:
    """The page of a personal link: the text, then who signs. Opening it changes nothing."""
    agreement = _by_link(request, pk, side, token)
    waits = agreement.cancelled_at is None and getattr(agreement, f"{side}_signed_at") is None
    form, status = SigningForm(request.POST if request.method == "POST" else None, agreement=agreement), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.sign_with_link(
                    by=request.viewer, agreement=agreement, side=Side(side), read=form.read, signer=form.signer
                )
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La convention est signée. Merci !"))
                return redirect("loans:agreement_link", pk, side, token)
    return _text_page(request, agreement, Side(side) if waits else None, form, status, token=token, link_side=side)


def _by_link(request: Request, pk: int, side: str, token: str) -> Agreement:
    agreement = opened_by(request.network, pk, side, token) if side in Side.values else None
    if agreement is None:
        raise Http404
    return agreement


@answers_when_closed
@never_cache
@require_safe
def download_by_link(request: Request, pk: int, side: str, token: str) -> HttpResponse:
    return _pdf(_by_link(request, pk, side, token))


@signed_in
@never_cache
@require_safe
def download_agreement(request: Request, pk: int) -> HttpResponse:
    """The last one; `?piece=convention`: the agreement itself, when an addendum followed it."""
    agreement = _agreement(request, pk)
    if request.GET.get("piece") == "convention" and agreement.amends is not None:
        agreement = agreement.amends
    return _pdf(agreement)


def _pdf(agreement: Agreement) -> HttpResponse:
    return HttpResponse(
        pdf_of(agreement),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="convention-pret-{agreement.loan_id}.pdf"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@signed_in
@require_POST
def draw_agreement(request: Request, pk: int) -> HttpResponse:
    actions.draw_agreement(by=request.viewer, loan=_loan(request, pk))
    messages.success(request, _("La convention dit ce qui est convenu aujourd’hui : il reste à la signer."))
    return redirect("loans:papers", pk)


@signed_in
@require_POST
@throttled("loans.link", limit=20, seconds=3600)
def send_link(request: Request, pk: int) -> HttpResponse:
    agreement = _agreement(request, pk)
    form = LinkForm(request.POST, prefix="lien")
    if form.is_valid():
        try:
            actions.send_link(
                by=request.viewer,
                agreement=agreement,
                side=Side(form.cleaned_data["side"]),
                email=form.cleaned_data["email"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            return _papers(request, agreement.loan, {"link_form": form}, refusal.status)
        messages.success(request, _("Le lien pour lire et signer la convention est parti."))
        return redirect("loans:papers", pk)
    return _papers(request, agreement.loan, {"link_form": form}, 422)


@signed_in
@require_POST
def give_document(request: Request, pk: int) -> HttpResponse:
    loan = _loan(request, pk)
    form = DocumentForm(request.POST, request.FILES, prefix="piece")
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.give_document(
                by=request.viewer, loan=loan, kind=given["kind"], document=given["document"], name=form.given_name,
                valid_until=given["valid_until"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            return _papers(request, loan, {"document_form": form}, refusal.status)
        messages.success(request, _("La pièce est remise."))
        return redirect("loans:papers", pk)
    return _papers(request, loan, {"document_form": form}, 422)


@signed_in
@require_POST
def receive_deposit(request: Request, pk: int) -> HttpResponse:
    loan = _loan(request, pk)
    form = DepositForm(request.POST, prefix="caution")
    if not form.is_valid():
        return _papers(request, loan, {"deposit_form": form}, 422)
    actions.receive_deposit(by=request.viewer, loan=loan, amount=form.cleaned_data["amount"])
    messages.success(request, _("La caution est notée comme reçue."))
    return redirect("loans:papers", pk)


def _document(request: Request, pk: int) -> LoanDocument:
    return get_object_or_404(documents_seen_by(request.viewer), pk=pk)


@signed_in
@require_POST
def answer_document(request: Request, pk: int) -> HttpResponse:
    document = _document(request, pk)
    state = request.POST.get("etat", "")
    if state not in DocumentState.values:
        raise Http404
    try:
        actions.answer_document(
            by=request.viewer, document=document, state=DocumentState(state), reason=request.POST.get("motif", "")
        )
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return _papers(request, document.loan, {}, refusal.status)
    messages.success(request, _("C’est noté."))
    return redirect("loans:papers", document.loan_id)


@signed_in
@never_cache
@require_safe
def download_document(request: Request, pk: int) -> HttpResponse:
    """Private: whoever sees the loan, and nobody else."""
    document = _document(request, pk)
    if not document.file:
        raise Http404
    name = f"{document.get_kind_display()} - prêt {document.loan_id}"
    return documents.given(document.file, document.kind_of_file, name)  # type: ignore[return-value]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def write_own_text(request: Request, pk: int) -> HttpResponse:
    """The text of a lender's agreements."""
    return _text(request, get_object_or_404(Actor.objects.visible_to(request.viewer).distinct(), pk=pk))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def write_network_text(request: Request) -> HttpResponse:
    return _text(request, None)


def _text(request: Request, actor: Actor | None) -> HttpResponse:
    rule = rules.may_write_agreements(request.viewer, actor)
    if actor is not None and not rule:
        raise Http404
    rule.require()
    held = {"body": text_for(request.viewer.network, actor)}
    form, status = TextForm(request.POST if request.method == "POST" else None, initial=held), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.write_text(by=request.viewer, actor=actor, body=form.cleaned_data["body"])
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Le texte servira aux prochaines conventions."))
                return redirect(request.path)
    context = {"form": form, "actor": actor, "placeholders": PLACEHOLDERS}
    return render(request, "loans/papers/text.html", context, status=status)
