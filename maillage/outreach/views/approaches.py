"""The board of approaches, and the page of each."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.directory.enums import Circle
from maillage.networks.queries import departments_of, terms_of
from maillage.outreach import rules
from maillage.outreach.actions import approaches as actions
from maillage.outreach.enums import Stage
from maillage.outreach.forms.approaches import ApproachForm, BeginForm, MoveForm
from maillage.outreach.models import Approach, TargetList
from maillage.outreach.queries import approaches as queries
from maillage.outreach.views.team import asked_actor, asked_return, say_done, team_page
from maillage.topics.enums import Vocabulary

_PER_PAGE = 50


@team_page
@require_safe
def show_board(request: Request) -> HttpResponse:
    """Columns by stage, or one stage as a list (`etape`)."""
    viewer = request.viewer
    asked = queries.filters_of(request.GET)
    found = queries.approaches(viewer, asked)
    held = queries.counts(found)
    context = {
        "asked": asked,
        "tabs": [
            (stage, held[stage], with_params(request.GET, etape=stage.value, page=None), asked.stage == stage)
            for stage in Stage
        ],
        "all_stages": with_params(request.GET, etape=None, page=None),
        "total": sum(held.values()),
        "families": terms_of(request.network, Vocabulary.FAMILY),
        "departments": departments_of(request.network),
        "circles": Circle.choices,
        "lists": TargetList.objects.visible_to(viewer).order_by("name"),
        "is_filtered": asked != queries.ApproachFilters(stage=asked.stage),
        "is_board": not asked.stage,
        "back": request.get_full_path(),
    }
    if asked.stage:
        chosen = queries.in_order(queries.with_actor(found.filter(stage=asked.stage)))
        context |= {"page": paginate(chosen, request.GET, per_page=_PER_PAGE), "stage": Stage(asked.stage)}
    else:
        context |= {"columns": queries.board(found, held)}
    return render(request, "outreach/approaches/board.html", context)


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def begin_approach(request: Request) -> HttpResponse:
    viewer = request.viewer
    initial = {"actor": asked_actor(request)}
    form = BeginForm(request.POST if request.method == "POST" else None, viewer=viewer, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                approach = actions.begin_approach(by=viewer, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("L'approche est commencée."))
                return redirect(approach)
    return render(request, "outreach/approaches/begin.html", {"form": form}, status=status)


def _approach(request: Request, pk: int) -> Approach:
    visible = Approach.objects.visible_to(request.viewer)
    return get_object_or_404(
        visible.select_related("actor__family", "actor__commune__department", "follower", "network"), pk=pk
    )


@team_page
@require_safe
def show_approach(request: Request, pk: int) -> HttpResponse:
    return _shown(request, _approach(request, pk), MoveForm(initial={}))


def _shown(request: Request, approach: Approach, form: MoveForm, status: int = 200) -> HttpResponse:
    viewer = request.viewer
    form.initial = {"stage": _following(approach), "etait": approach.stage}
    context = {
        "approach": approach,
        "actor": approach.actor,
        "stage": Stage(approach.stage),
        "form": form,
        "stays": queries.history(viewer, approach.actor),
        "letters": queries.messages_to(viewer, approach.actor)[:20],
        "may_follow": rules.may_follow(viewer, approach.actor),
        "quick": [stage for stage in Stage if stage != approach.stage],
    }
    return render(request, "outreach/approaches/show.html", context, status=status)


def _following(approach: Approach) -> str:
    """The stage that most often comes next."""
    after = {
        Stage.TO_IDENTIFY: Stage.TO_CONTACT,
        Stage.TO_CONTACT: Stage.CONTACTED,
        Stage.CONTACTED: Stage.MET,
        Stage.MET: Stage.INTERESTED,
        Stage.LATER: Stage.INTERESTED,
        Stage.INTERESTED: Stage.MEMBER,
        Stage.DECLINED: Stage.TO_CONTACT,
        Stage.MEMBER: Stage.INTERESTED,
    }
    return after[Stage(approach.stage)].value


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_approach(request: Request, pk: int) -> HttpResponse:
    approach, viewer = _approach(request, pk), request.viewer
    rules.may_follow(viewer, approach.actor).require()
    form = ApproachForm(request.POST if request.method == "POST" else None, viewer=viewer, approach=approach)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.change_approach(by=viewer, approach=approach, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("L'approche est enregistrée."))
                return redirect(approach)
    return render(request, "outreach/approaches/change.html", {"form": form, "approach": approach}, status=status)


@team_page
@require_POST
def move_approach(request: Request, pk: int) -> HttpResponse:
    """From its page, or from its card on the board (`retour`)."""
    approach = _approach(request, pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _shown(request, approach, form, 422)
    try:
        moved = actions.move_approach(
            by=request.viewer,
            approach=approach,
            stage=Stage(form.cleaned_data["stage"]),
            next_on=form.cleaned_data["next_on"],
            seen=form.cleaned_data["etait"],
        )
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return _shown(request, _approach(request, pk), MoveForm(), refusal.status)
    sentence = _("%(actor)s : %(stage)s.") % {"actor": moved.actor.name, "stage": moved.get_stage_display()}
    back = asked_return(request)
    if back and moved.stage != approach.stage:
        again = {"stage": approach.stage, "etait": moved.stage, "retour": back}
        if approach.next_on is not None and approach.next_on >= timezone.localdate():
            again["next_on"] = approach.next_on.isoformat()
        say_done(request, sentence, undo=reverse("outreach:approach_move", args=[pk]), **again)
    else:
        messages.success(request, sentence)
    return redirect(back or approach)
