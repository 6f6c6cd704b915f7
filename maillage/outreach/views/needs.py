"""Needs and offers for the team: the list, one with what answers it, saying and closing it, the gap table."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.exchange.kit import export_response
from maillage.networks.queries import departments_of, terms_of
from maillage.outreach import rules
from maillage.outreach.actions import needs as actions
from maillage.outreach.enums import NeedKind, NeedState, Side
from maillage.outreach.forms.needs import ClosingForm, NeedForm
from maillage.outreach.models import Need
from maillage.outreach.queries import gaps as gap_queries
from maillage.outreach.queries import needs as queries
from maillage.outreach.queries.matches import matches
from maillage.outreach.views.team import asked_actor, team_page
from maillage.topics.enums import Vocabulary

_PER_PAGE = 30
_EXPORTED = 10_000


def _codes(request: Request) -> list[str]:
    return [place.code for place in departments_of(request.network)]


@team_page
@require_safe
def list_needs(request: Request) -> HttpResponse:
    asked, codes = queries.filters_of(request.GET), _codes(request)
    counts = queries.side_counts(request.viewer, asked, codes)
    tabs = [
        (_("Tout"), with_params(request.GET, cote=None, page=None), not asked.side, sum(counts.values())),
        (_("Besoins"), with_params(request.GET, cote="besoins", page=None), asked.side == Side.NEED, counts[Side.NEED]),
        (_("Offres"), with_params(request.GET, cote="offres", page=None), asked.side == Side.OFFER, counts[Side.OFFER]),
    ]
    context = {
        "page": paginate(queries.needs(request.viewer, asked, codes), request.GET, per_page=_PER_PAGE),
        "asked": asked,
        "tabs": tabs,
        "kinds": NeedKind.choices,
        "states": NeedState.choices,
        "themes": terms_of(request.network, Vocabulary.THEME),
        "audiences": terms_of(request.network, Vocabulary.AUDIENCE),
        "departments": departments_of(request.network),
        "today": timezone.localdate(),
        "query": with_params(request.GET, page=None),
        "applied": _applied(request, asked),
        "side_param": request.GET.get("cote", "") if asked.side else "",
    }
    return render(request, "outreach/needs/list.html", context)


def _applied(request: Request, asked: queries.NeedFilters) -> list[dict[str, str]]:
    """What the address narrows to that the form has no box for: each with the address that takes it away."""
    narrowed = []
    if asked.epci or asked.exactly:
        label = queries.place_words(asked)
        narrowed.append({"label": label, "url": with_params(request.GET, epci=None, lieu=None, page=None)})
    if asked.actor is not None and (actor := asked_actor(request)) is not None:
        narrowed.append({"label": actor.name, "url": with_params(request.GET, acteur=None, page=None)})
    return narrowed


@team_page
@require_safe
def export_needs(request: Request, kind: str) -> HttpResponse:
    """The list as it is filtered, at most ten thousand lines."""
    found = queries.needs(request.viewer, queries.filters_of(request.GET), _codes(request))
    columns = [
        _("besoin ou offre"), _("nature"), _("intitulé"), _("précisions"), _("acteur"), _("entendu auprès de"), _("territoire"),
        _("thématiques, publics, actions"), _("pour le"), _("état"), _("exprimé le"), _("valable jusqu'au"), _("clos le"),
        _("répondu par"), _("grâce à"), _("ce qui s'est fait"), _("noté par"), _("visible par"),
    ]  # fmt: skip
    rows = (
        (
            need.get_side_display(), need.get_kind_display(), need.title, need.description,
            need.actor.name if need.actor else "", need.heard_from, str(need.territory or _("Tout le réseau")),
            [term.label for term in need.terms.all()], need.wanted_on, need.state_said, need.opened_on, need.expires_on,
            need.closed_on, need.answered_by.name if need.answered_by else "", need.get_through_display(), need.outcome,
            str(need.author or ""), need.get_sharing_display(),
        )
        for need in found[:_EXPORTED]
    )  # fmt: skip
    return export_response(kind, columns=columns, rows=rows, filename="besoins-et-offres")


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def record_need(request: Request) -> HttpResponse:
    """The actor comes with the address from its sheet or from a contact."""
    viewer, actor = request.viewer, asked_actor(request)
    side = Side.OFFER if request.GET.get("cote") == "offres" else Side.NEED
    initial: dict[str, Any] = {"actor": actor, "side": side}
    if actor is not None and actor.commune is not None and actor.commune.department is not None:
        initial |= {"commune": actor.commune, "department": actor.commune.department.code}
    form = NeedForm(request.POST if request.method == "POST" else None, viewer=viewer, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                need = actions.record_need(
                    by=viewer, actor=form.chosen_actor(), terms=form.chosen_terms(), **form.values()
                )
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("C'est noté. Voici ce qui pourrait y répondre."))
                return redirect(need)
    return render(request, "outreach/needs/form.html", {"form": form, "need": None}, status=status)


def _need(request: Request, pk: int) -> Need:
    return get_object_or_404(Need.objects.visible_to(request.viewer).with_all(), pk=pk)


@team_page
@require_safe
def show_need(request: Request, pk: int) -> HttpResponse:
    need, viewer = _need(request, pk), request.viewer
    may_match = rules.may_match(viewer, need)
    context = {
        "need": need,
        "terms": need.terms.all(),
        "may_change": rules.may_change_need(viewer, need),
        "may_match": may_match,
        "matches": matches(viewer, need) if need.is_open else None,
        "ends_soon": need.ends_soon(timezone.localdate()),
    }
    return render(request, "outreach/needs/show.html", context)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_need(request: Request, pk: int) -> HttpResponse:
    need, viewer = _need(request, pk), request.viewer
    rules.may_change_need(viewer, need).require()
    form = NeedForm(request.POST if request.method == "POST" else None, viewer=viewer, need=need)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.change_need(by=viewer, need=need, terms=form.chosen_terms(), **form.values())
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("C'est corrigé."))
                return redirect(need)
    return render(request, "outreach/needs/form.html", {"form": form, "need": need}, status=status)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def close_need(request: Request, pk: int) -> HttpResponse:
    """« Répondu par… » : the actor (`par`) and the way (`voie`) come with the address from the list of proposals."""
    need, viewer = _need(request, pk), request.viewer
    rules.may_change_need(viewer, need).require()
    initial: dict[str, Any] = {}
    if (actor := asked_actor(request, "par")) is not None:
        initial = {"answered_by": actor, "through": request.GET.get("voie", "")}
    if request.GET.get("issue") == "abandoned":
        initial["outcome_kind"] = "abandoned"
    form = ClosingForm(request.POST if request.method == "POST" else None, viewer=viewer, need=need, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            close(request, need, form)
            return redirect(need)
    return render(request, "outreach/needs/close.html", {"form": form, "need": need}, status=status)


def close(request: Request, need: Need, form: ClosingForm) -> None:
    """What the form says, for the team or for the actor's own people."""
    if form.is_answer:
        closed = actions.answer_need(by=request.viewer, need=need, **form.answer())
    else:
        closed = actions.abandon_need(by=request.viewer, need=need, outcome=form.cleaned_data["outcome"])
    messages.success(request, _("C'est noté : %(state)s.") % {"state": closed.state_said})


@team_page
@require_POST
def keep_need(request: Request, pk: int) -> HttpResponse:
    need = _need(request, pk)
    kept = actions.keep_need(by=request.viewer, need=need)
    day = kept.expires_on.strftime("%d/%m/%Y")
    messages.success(request, _("Toujours d'actualité, jusqu'au %(day)s.") % {"day": day})
    return redirect(need)


@team_page
@require_POST
def dismiss_match(request: Request, pk: int) -> HttpResponse:
    """« Pas pertinent » : of an actor (`acteur`) or an offer (`offre`)."""
    need, viewer = _need(request, pk), request.viewer
    actor, key = asked_actor(request, among=request.POST), whole_number(request.POST.get("offre", ""))
    offer = None
    if actor is None:
        offer = get_object_or_404(Need.objects.visible_to(viewer).filter(side=Side.OFFER, actor=None), pk=key)
    actions.dismiss_match(by=viewer, need=need, actor=actor, offer=offer)
    messages.success(request, _("Écarté : cette proposition ne reviendra pas pour ce besoin."))
    return redirect(need)


@team_page
@require_POST
def recall_match(request: Request, pk: int, mismatch: int) -> HttpResponse:
    need = _need(request, pk)
    actions.recall_match(by=request.viewer, mismatch=get_object_or_404(need.mismatches, pk=mismatch))
    messages.success(request, _("Cette proposition revient dans la liste."))
    return redirect(need)


@team_page
@require_safe
def show_gaps(request: Request) -> HttpResponse:
    """Where needs exceed offers: by kind, or by theme (`par=theme`); the EPCI of a département (`departement`)."""
    by = "theme" if request.GET.get("par") == "theme" else "kind"
    context = {
        "gaps": gap_queries.gaps(request.viewer, by=by, department=request.GET.get("departement", "")[:6]),
        "by": by,
        "is_by_kind": by == "kind",
        "is_by_theme": by == "theme",
        "by_kind": with_params(request.GET, par=None),
        "by_theme": with_params(request.GET, par="theme"),
        "query": with_params(request.GET),
        "today": timezone.localdate(),
    }
    return render(request, "outreach/needs/gaps.html", context)


@team_page
@require_safe
def export_gaps(request: Request) -> HttpResponse:
    """One line a cell: what a spreadsheet turns as it likes."""
    by = "theme" if request.GET.get("par") == "theme" else "kind"
    table = gap_queries.gaps(request.viewer, by=by, department=request.GET.get("departement", "")[:6])
    columns = [
        _("territoire"), _("thématique") if by == "theme" else _("nature"), _("besoins ouverts"), _("offres ouvertes"), _("écart"),
        _("lecture"),
    ]  # fmt: skip
    rows = (
        (row.label, label, cell.needs, cell.offers, cell.gap, str(cell.words))
        for row in table.rows
        for (_key, label), cell in zip(table.columns, row.cells, strict=True)
    )
    return export_response("csv", columns=columns, rows=rows, filename="besoins-par-territoire")
