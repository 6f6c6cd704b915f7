"""Asking for a loan: one page, what stands against it said next to the fields, other dates and other resources when it is taken."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maillage.catalogue.actions import Taken
from maillage.catalogue.queries.halves import day_of, half_of
from maillage.catalogue.queries.lending import Terms, terms_of
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.directory.models import Actor
from maillage.loans import rules
from maillage.loans.actions import Objections, join_waiting, note_unmet, request_loan
from maillage.loans.enums import Unmet
from maillage.loans.forms.halves import boxes_of
from maillage.loans.forms.request import RequestForm
from maillage.loans.queries.conditions import conditions_of
from maillage.loans.queries.free import free_weeks
from maillage.loans.queries.halves import span_said
from maillage.loans.queries.terms import Asked, look_alikes, other_dates
from maillage.loans.views.asked import resource_of

# Half-days of the years that the form takes.
_EARLIEST, _LATEST = half_of(date(2000, 1, 1)), half_of(date(2200, 12, 31), afternoon=True)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def ask(request: Request, slug: str) -> HttpResponse:
    """One button chooses what is sent: the request, other dates (`dates`), a place in the waiting list, a need."""
    resource = resource_of(request, slug)
    rules.may_ask(request.viewer, resource).require()
    terms, actors = terms_of(resource), _own_actors(request)
    data = _with_chosen_dates(request) if request.method == "POST" else None
    initial = {"actor": str(actors[0].pk)} if actors else {}
    initial |= {name: request.GET[name] for name in ("first_on", "last_on") if _is_day(request.GET.get(name, ""))}
    form = RequestForm(data, viewer=request.viewer, resource=resource, terms=terms, actors=actors, initial=initial)
    status: int = 200
    offers: dict[str, Any] = {}
    today = timezone.localdate()
    around = date.fromisoformat(initial["first_on"]) if "first_on" in initial else terms.earliest(today)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            asked = form.asked()
            around = day_of(asked.first)
            try:
                return _sent(request, asked, form.values())
            except Objections as refusal:
                form.tell(refusal.fields)
                if refusal.is_need:
                    note_unmet(by=request.viewer, asked=asked, reason=Unmet.TERMS)
                offers = _dates_only(asked, terms)
            except Taken as taken:
                form.add_error("first_on", taken.sentence)
                status, offers = 409, _offers(request, asked, terms)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
    context = {
        "resource": resource,
        "form": form,
        "conditions": conditions_of(resource, terms),
        "weeks": free_weeks(resource, terms, around, today),
        "offers": offers,
    }
    return render(request, "loans/request.html", context, status=status)


def _sent(request: Request, asked: Asked, values: dict[str, Any]) -> HttpResponse:
    facts: dict[str, Any] = {
        "resource": asked.resource, "wanted": asked.wanted, "first": asked.first, "last": asked.last,
        "actor": asked.actor,
    }  # fmt: skip
    what = request.POST.get("acte", "")
    if what == "attendre":
        entry = join_waiting(by=request.viewer, **facts, **values, tells_need="besoin" in request.POST)
        note_unmet(
            by=request.viewer, asked=asked, reason=Unmet.TAKEN, consents="besoin" in request.POST,
        )  # fmt: skip
        messages.success(request, _("Vous êtes en liste d'attente : un message part dès qu'une place se libère."))
        return redirect("loans:waiting_show", entry.pk)
    if what == "besoin":
        note_unmet(by=request.viewer, asked=asked, reason=Unmet.TAKEN, consents=True)
        messages.success(request, _("C'est noté : l'équipe du réseau sait ce qui vous a manqué."))
        return redirect("loans:own_list")
    loan = request_loan(by=request.viewer, **facts, **values)
    messages.success(request, _("Votre demande est partie. Les exemplaires vous sont retenus jusqu'à la réponse."))
    return redirect("loans:loan_show", loan.pk)


def _offers(request: Request, asked: Asked, terms: Terms) -> dict[str, Any]:
    """What could serve instead, each one click away with all that was typed."""
    return {
        **_dates_only(asked, terms),
        "others": look_alikes(request.viewer, asked, timezone.localdate()),
        "is_taken": True,
        "may_tell": asked.actor is not None,
    }


def _dates_only(asked: Asked, terms: Terms) -> dict[str, Any]:
    spans = other_dates(asked, terms, timezone.localdate())
    return {"dates": [(f"{span.first}:{span.last}", span_said(span.first, span.last, form="D j N")) for span in spans]}


def _with_chosen_dates(request: Request) -> Any:
    """What was typed, with the dates of the button that was pressed."""
    first, last = (whole_number(part) or 0 for part in request.POST.get("dates", "").partition(":")[::2])
    if not _EARLIEST <= first <= last <= _LATEST:
        return request.POST
    typed = request.POST.copy()
    for name, value in boxes_of(first, last).items():
        typed[name] = value
    return typed


def _is_day(text: str) -> bool:
    try:
        return 2000 <= date.fromisoformat(text).year <= 2200
    except ValueError:
        return False


def _own_actors(request: Request) -> list[Actor]:
    if request.viewer.user is None:
        return []
    mine = request.viewer.user.actor_memberships.filter(actor__listings__network=request.viewer.network_id)
    mine = mine.filter(actor__archived_at=None).select_related("actor__commune").order_by("actor__name_key", "pk")
    return [membership.actor for membership in mine]
