"""The page of a loan, for both sides, and what may be done from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from maillage.catalogue.queries.lending import terms_of
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.loans import actions, rules
from maillage.loans.enums import ExtensionState
from maillage.loans.forms import acts
from maillage.loans.models import Loan
from maillage.loans.queries.page import shown_of
from maillage.loans.registry import loan_main
from maillage.loans.views.asked import loan_of


@dataclass(frozen=True)
class Act:
    """A form of the page of a loan, and what it does."""

    form: Callable[[Any, Loan], forms.Form]
    do: Callable[[Request, Loan, Any], Any]
    done: Any


def _plain(kind: type[forms.Form]) -> Callable[[Any, Loan], forms.Form]:
    return lambda data, loan: kind(data, prefix=None)


def _extension(request: Request, loan: Loan, form: Any, *, accepted: bool) -> None:
    asked = loan.extensions.filter(state=ExtensionState.ASKED).first()
    if asked is None:
        raise Refused(_("Cette prolongation n'attend plus de réponse."), status=409)
    actions.answer_extension(by=request.viewer, extension=asked, accepted=accepted, answer=form.cleaned_data["answer"])


def _exchange(request: Request, loan: Loan, form: Any) -> None:
    hold, copy = (whole_number(request.POST.get(name, "")) for name in ("hold", "copy"))
    actions.exchange_copy(by=request.viewer, loan=loan, hold=hold or 0, copy=copy or 0)


ACTS: dict[str, Act] = {
    "accepter": Act(
        _plain(acts.AcceptForm),
        lambda request, loan, form: actions.accept_loan(by=request.viewer, loan=loan, **form.cleaned_data),
        _("Le prêt est accepté."),
    ),
    "convenir": Act(
        _plain(forms.Form),
        lambda request, loan, form: actions.accept_loan(by=request.viewer, loan=loan),
        _("Ces dates sont les vôtres."),
    ),
    "refuser": Act(
        _plain(acts.ReasonForm),
        lambda request, loan, form: actions.refuse_loan(by=request.viewer, loan=loan, **form.cleaned_data),
        _("C'est refusé : l'autre partie est prévenue."),
    ),
    "proposer": Act(
        _plain(acts.CounterForm),
        lambda request, loan, form: actions.counter_loan(
            by=request.viewer, loan=loan, first=form.first, last=form.last, answer=form.cleaned_data["answer"]
        ),
        _("Vos dates sont proposées, et retenues en attendant."),
    ),
    "annuler": Act(
        _plain(acts.CancelForm),
        lambda request, loan, form: actions.cancel_loan(by=request.viewer, loan=loan, **form.cleaned_data),
        _("Le prêt est annulé : les exemplaires sont libres."),
    ),
    "echanger": Act(_plain(forms.Form), _exchange, _("L'exemplaire est échangé.")),
    "preparer": Act(
        _plain(forms.Form),
        lambda request, loan, form: actions.prepare_loan(by=request.viewer, loan=loan),
        _("Le prêt est préparé."),
    ),
    "reprendre": Act(
        _plain(forms.Form),
        lambda request, loan, form: actions.unprepare_loan(by=request.viewer, loan=loan),
        _("La préparation est à refaire."),
    ),
    "remettre": Act(
        _plain(forms.Form),
        lambda request, loan, form: actions.hand_over(by=request.viewer, loan=loan),
        _("Le prêt est parti avec son emprunteur."),
    ),
    "rendre": Act(
        lambda data, loan: acts.ReturnForm(data, loan=loan),
        lambda request, loan, form: actions.return_units(by=request.viewer, loan=loan, units=form.backs()),
        _("Le retour est noté."),
    ),
    "clore": Act(
        _plain(acts.CloseForm),
        lambda request, loan, form: actions.close_loan(by=request.viewer, loan=loan, **form.cleaned_data),
        _("Le prêt est clos, merci."),
    ),
    "prolonger": Act(
        lambda data, loan: acts.ExtensionForm(data, loan=loan),
        lambda request, loan, form: actions.ask_extension(
            by=request.viewer, loan=loan, last=form.last, reason=form.cleaned_data["reason"]
        ),
        _("Votre demande de prolongation est partie."),
    ),
    "prolonger-oui": Act(
        _plain(acts.ExtensionAnswerForm),
        lambda request, loan, form: _extension(request, loan, form, accepted=True),
        _("Le prêt est prolongé."),
    ),
    "prolonger-non": Act(
        _plain(acts.ExtensionAnswerForm),
        lambda request, loan, form: _extension(request, loan, form, accepted=False),
        _("La prolongation est refusée : l'emprunteur est prévenu."),
    ),
}


@signed_in
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    return _page(request, loan_of(request, pk))


@signed_in
@require_POST
def do(request: Request, pk: int, act: str) -> HttpResponse:
    """A refusal, or what was typed wrong, comes back on the page of the loan, read anew, with what was typed."""
    loan = loan_of(request, pk)
    if act not in ACTS:
        raise Http404
    chosen = ACTS[act]
    form = chosen.form(request.POST, loan)
    status = 422
    if form.is_valid():
        try:
            chosen.do(request, loan, form)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
        else:
            messages.success(request, chosen.done)
            return redirect("loans:loan_show", pk)
    return _page(request, loan_of(request, pk), {act: form}, status=status)


def _page(request: Request, loan: Loan, typed: dict[str, forms.Form] | None = None, status: int = 200) -> HttpResponse:
    drawn = {name.replace("-", "_"): (typed or {}).get(name) or act.form(None, loan) for name, act in ACTS.items()}
    failed = next(iter((typed or {}).values()), None)
    viewer, terms = request.viewer, terms_of(loan.resource)
    context = {
        **shown_of(loan, is_lender=bool(rules.may_lend(viewer, loan)), is_borrower=rules.borrows(viewer, loan)),
        "terms": terms,
        "may_extend": rules.may_ask_extension(viewer, loan, terms.renewals),
        "may_cancel": rules.may_cancel(viewer, loan),
        "forms": drawn,
        "failed": failed,
        "main_panels": loan_main.panels(viewer, loan),
    }
    return render(request, "loans/loan.html", context, status=status)
