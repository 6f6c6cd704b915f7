"""Partnerships: the team's list, declaring for an actor, deciding in the place of the other; and each actor's own page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.core.throttle import throttled
from maillage.directory.queries.members import own_sheets
from maillage.directory.queries.naming import detail_of, named_so, shown_actor
from maillage.exchange.kit import export_response
from maillage.networks.queries import departments_of, terms_of
from maillage.outreach import rules
from maillage.outreach.actions import outcomes
from maillage.outreach.actions import partnerships as actions
from maillage.outreach.enums import Outcome, PartnershipState
from maillage.outreach.forms.introductions import OutcomeForm, PartnershipForm
from maillage.outreach.models import Introduction, Partnership
from maillage.outreach.queries import own
from maillage.outreach.queries import partnerships as queries
from maillage.outreach.views.team import asked_actor, team_page
from maillage.topics.enums import Vocabulary

_PER_PAGE = 30
_EXPORTED = 10_000


@team_page
@require_safe
def list_partnerships(request: Request) -> HttpResponse:
    viewer = request.viewer
    asked = queries.filters_of(request.GET)
    context = {
        "page": paginate(queries.partnerships(viewer, asked), request.GET, per_page=_PER_PAGE),
        "asked": asked,
        "whole": queries.count_partnerships(viewer, asked),
        "by_department": queries.count_partnerships_by_department(viewer, asked),
        "by_mission": queries.count_partnerships_by_mission(viewer, asked),
        "states": PartnershipState.choices,
        "themes": terms_of(request.network, Vocabulary.THEME),
        "missions": terms_of(request.network, Vocabulary.MISSION),
        "departments": departments_of(request.network),
        "is_filtered": asked != queries.PartnershipFilters(),
        "query": with_params(request.GET, page=None),
    }
    return render(request, "outreach/partnerships/list.html", context)


@team_page
@require_safe
def export_partnerships(request: Request, kind: str) -> HttpResponse:
    """The list as it is filtered, at most ten thousand lines."""
    found = queries.partnerships(request.viewer, queries.filters_of(request.GET))
    columns = [
        _("objet"), _("déclaré par"), _("avec"), _("depuis le"), _("thématique"), _("mission"), _("état"), _("déclaré le"),
        _("réponse le"),
    ]  # fmt: skip
    rows = (
        (
            one.title,
            one.declarer.name,
            one.other.name,
            one.began_on,
            one.theme.label if one.theme else "",
            one.mission.label if one.mission else "",
            one.get_state_display(),
            one.declared_at,
            one.decided_at,
        )
        for one in found[:_EXPORTED]
    )
    return export_response(kind, columns=columns, rows=rows, filename="partenariats")


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def declare_partnership(request: Request) -> HttpResponse:
    """By the team, for one of the two; from an introduction (`relation`), its actors and words come with the address."""
    viewer = request.viewer
    introduction = _asked_introduction(request)
    initial: dict[str, Any] = {"actor": asked_actor(request)}
    if introduction is not None:
        initial = {
            "actor": introduction.asker.actor,
            "other": introduction.found.actor,
            "title": introduction.what[:200],
            "mission": introduction.mission_id,
        }
    form = PartnershipForm(request.POST if request.method == "POST" else None, viewer=viewer, initial=initial)
    status = 200
    if request.method == "POST":
        made, status = _declared(request, form, introduction)
        if made is not None:
            return redirect(made)
    context = {"form": form, "introduction": introduction}
    return render(request, "outreach/partnerships/form.html", context, status=status)


def _asked_introduction(request: Request) -> Introduction | None:
    key = whole_number(request.GET.get("relation", ""))
    visible = Introduction.objects.visible_to(request.viewer).whole()
    return visible.filter(pk=key).first() if key is not None else None


def _declared(
    request: Request, form: PartnershipForm, introduction: Introduction | None
) -> tuple[Partnership | None, int]:
    if not form.is_valid():
        return None, 422
    try:
        made = actions.declare_partnership(by=request.viewer, introduction=introduction, **form.values())
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return None, refusal.status
    if made.waits:
        messages.success(request, _("Le partenariat est déclaré : il comptera quand l'autre partie l'aura confirmé."))
    else:
        messages.success(request, _("L'autre partie l'avait déjà déclaré : le partenariat est confirmé."))
    return made, 302


def _partnership(request: Request, pk: int) -> Partnership:
    return get_object_or_404(Partnership.objects.visible_to(request.viewer).whole(), pk=pk)


@team_page
@require_safe
def show_partnership(request: Request, pk: int) -> HttpResponse:
    partnership = _partnership(request, pk)
    context = {"partnership": partnership, "may_decide": rules.may_decide_partnership(request.viewer, partnership)}
    return render(request, "outreach/partnerships/show.html", context)


@signed_in
@require_POST
def decide_partnership(request: Request, pk: int) -> HttpResponse:
    """`reponse=oui` confirms, `non` does not; the team comes back to the page, others to their own."""
    partnership = _partnership(request, pk)
    if request.POST.get("reponse") not in ("oui", "non"):
        raise Refused(_("Choisissez une réponse."), status=422)
    confirmed = request.POST["reponse"] == "oui"
    actions.decide_partnership(by=request.viewer, partnership=partnership, confirmed=confirmed)
    messages.success(request, _("Le partenariat est confirmé.") if confirmed else _("Le partenariat ne compte pas."))
    return redirect(partnership if request.viewer.runs_network else "outreach:own_relations")


@team_page
@require_POST
def ask_again(request: Request, pk: int) -> HttpResponse:
    partnership = _partnership(request, pk)
    if actions.ask_again(by=request.viewer, partnership=partnership):
        messages.success(request, _("Un nouveau message est parti."))
    else:
        messages.warning(request, _("Aucun message ne peut partir à cette adresse : appelez, puis notez la réponse."))
    return redirect(partnership)


@signed_in
@throttled("outreach.partners", limit=300, seconds=3600)
@require_safe
def list_partner_options(request: Request) -> JsonResponse:
    """Actors that whoever signed in may see, as one types."""
    found = named_so(request.GET.get("q", ""), request.viewer)
    rows = [{"value": str(actor.pk), "label": shown_actor(actor), "detail": detail_of(actor)} for actor in found]
    return JsonResponse({"results": rows})


# --- each actor's own -------------------------------------------------------------------------------------------------


@signed_in
@throttled("outreach.declare", limit=10, seconds=3600, methods=("POST",))
@once
@require_http_methods(["GET", "HEAD", "POST"])
def show_own(request: Request) -> HttpResponse:
    """The introductions and partnerships of the sheets that one looks after, and declaring one."""
    viewer = request.viewer
    sheets = [sheet.actor for sheet in own_sheets(viewer) if sheet.actor.archived_at is None]
    form = PartnershipForm(request.POST if request.method == "POST" else None, viewer=viewer, own=sheets)
    status = 200
    if request.method == "POST":
        made, status = _declared(request, form, None)
        if made is not None:
            return redirect("outreach:own_relations")
    keys = {sheet.pk for sheet in sheets}
    context = {
        "sheets": sheets,
        "form": form,
        "introductions": own.own_introductions(viewer, keys),
        "partnerships": own.own_partnerships(viewer, keys),
        "outcomes": Outcome.choices,
    }
    return render(request, "outreach/own/relations.html", context, status=status)


@signed_in
@require_POST
def tell_own_outcome(request: Request, pk: int) -> HttpResponse:
    """What came of an introduction, by whoever looks after one of its sheets."""
    visible = Introduction.objects.visible_to(request.viewer).whole()
    introduction = get_object_or_404(visible, pk=pk)
    form = OutcomeForm(request.POST)
    mine = set(request.viewer.user.actor_memberships.values_list("actor", flat=True))
    side = next((side for side in introduction.sides.all() if side.actor_id in mine), None)
    if side is None or not form.is_valid():
        raise Refused(_("Choisissez une réponse pour l'une de vos fiches."), status=422)
    outcomes.tell_outcome(by=request.viewer, side=side, answer=form.cleaned_data["answer"])
    messages.success(request, _("Merci : l'équipe du réseau le saura."))
    return redirect("outreach:own_relations")
