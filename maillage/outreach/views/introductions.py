"""Introductions: the list, the form with its messages, answers and news in the place of a side, refusals."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
from maillage.outreach.actions import introductions as actions
from maillage.outreach.actions import outcomes, proposing
from maillage.outreach.enums import Ending, IntroductionState, Outcome, Sharing, Side, SideAnswer, SideRole
from maillage.outreach.forms.introductions import AnswerForm, IntroductionForm, OutcomeForm
from maillage.outreach.models import Introduction, IntroductionSide, Need
from maillage.outreach.queries import introductions as queries
from maillage.outreach.queries.introduction_contacts import contact_of, may_be_joined
from maillage.outreach.views.team import actor_of, asked_actor, team_page
from maillage.topics.enums import Vocabulary

_PER_PAGE = 30
_EXPORTED = 10_000


@team_page
@require_safe
def list_introductions(request: Request) -> HttpResponse:
    viewer = request.viewer
    asked = queries.filters_of(request.GET)
    context = {
        "page": paginate(queries.introductions(viewer, asked), request.GET, per_page=_PER_PAGE),
        "asked": asked,
        "whole": queries.count_introductions(viewer, asked),
        "by_department": queries.count_by_department(viewer, asked),
        "by_mission": queries.count_by_mission(viewer, asked),
        "states": IntroductionState.choices,
        "endings": Ending.choices,
        "missions": terms_of(request.network, Vocabulary.MISSION),
        "departments": departments_of(request.network),
        "is_filtered": asked != queries.IntroductionFilters(),
        "query": with_params(request.GET, page=None),
    }
    return render(request, "outreach/introductions/list.html", context)


@team_page
@require_safe
def export_introductions(request: Request, kind: str) -> HttpResponse:
    """The list as it is filtered, at most ten thousand lines; who asked and was proposed, not how to join them."""
    found = queries.introductions(request.viewer, queries.filters_of(request.GET))
    columns = [
        _("demandée le"), _("qui demande"), _("qui est proposé"), _("département"), _("ce qui est cherché"), _("mission"),
        _("état"), _("en contact le"), _("issue"), _("par"),
    ]  # fmt: skip
    rows = (
        (
            one.asked_at,
            one.asker.label,
            one.found.label,
            _department_of(one.found),
            one.what,
            one.mission.label if one.mission else "",
            one.get_state_display(),
            one.met_at,
            one.get_ending_display() if one.ending else "",
            str(one.author or ""),
        )
        for one in found[:_EXPORTED]
    )
    return export_response(kind, columns=columns, rows=rows, filename="mises-en-relation")


def _department_of(side: IntroductionSide) -> str:
    commune = side.actor.commune if side.actor is not None else None
    return commune.department.name if commune is not None and commune.department is not None else ""


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def introduce_actors(request: Request) -> HttpResponse:
    """The words come with the address from the question; `apercu` shows the messages, nothing leaves."""
    viewer = request.viewer
    asker, found = asked_actor(request, "demandeur"), asked_actor(request)
    initial = {
        "asker": asker,
        "found": found,
        "what": request.GET.get("quoi", "")[:300],
        "why": _why(request.GET.get("pourquoi", "")) or _why_offer(request),
    }
    form = IntroductionForm(request.POST if request.method == "POST" else None, viewer=viewer, initial=initial)
    status, preview = 200, {}
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST" and "apercu" in request.POST:
        preview = _preview(form, request)
    elif request.method == "POST":
        try:
            made = proposing.introduce_each(by=viewer, asking=form.asking(), found=form.found(), **form.values())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
        else:
            messages.success(request, _told_of(made))
            return redirect(made[0] if len(made) == 1 else "outreach:introduction_list")
    context = {"form": form, "preview": preview, "chosen": found}
    return render(request, "outreach/introductions/form.html", context, status=status)


def _why(told: str) -> str:
    told = told[:1500]
    return _("Nous avons pensé à vous parce que votre fiche dit :\n%(reasons)s") % {"reasons": told} if told else ""


def _why_offer(request: Request) -> str:
    """From an offer (`offre`) that answers: its own words, unless the team keeps it for itself."""
    key = whole_number(request.GET.get("offre", ""))
    found = Need.objects.visible_to(request.viewer).open().filter(side=Side.OFFER, pk=key, actor__isnull=False)
    offer = found.filter(Q(is_own=True) | ~Q(sharing=Sharing.TEAM)).first()
    if offer is None:
        return ""
    return _("Nous avons pensé à vous parce que vous proposez : « %(offer)s ».") % {"offer": offer.title}


def _told_of(made: list[Introduction]) -> str:
    if all(one.is_met for one in made):
        untold = [side.label for one in made for side in one.sides.all() if side.contact_at is None]
        if untold:
            return _(
                "Ils sont en contact. Aucun message n'a pu donner les coordonnées à %(names)s : transmettez-les."
            ) % {"names": ", ".join(untold)}
        return _("Ils sont en contact : chacun a reçu les coordonnées de l'autre.")
    mute = [side.label for one in made for side in one.sides.all() if side.sent_at is None and not side.answer]
    if mute:
        return _("La demande est notée. Aucun message ne peut partir à %(names)s : appelez.") % {
            "names": ", ".join(mute)
        }
    return _("La demande est partie : « Ma semaine » vous préviendra si la réponse tarde.")


def _preview(form: IntroductionForm, request: Request) -> dict[str, Any]:
    """What each would read, without anything written."""
    asking, (found, *others) = form.asking(), form.found()
    values = form.values()
    introduction = Introduction(network=request.network, author=request.viewer.user, **values)
    asker_side = IntroductionSide(
        role=SideRole.ASKER, actor=asking.actor, name=asking.name, structure=asking.structure, email=asking.email
    )
    return {
        "introduction": introduction,
        "asker": asker_side,
        "found": IntroductionSide(role=SideRole.FOUND, actor=found),
        "others": [IntroductionSide(role=SideRole.FOUND, actor=one) for one in others],
        "manner": values["manner"],
    }


def _introduction(request: Request, pk: int) -> Introduction:
    visible = Introduction.objects.visible_to(request.viewer).whole()
    return get_object_or_404(visible.prefetch_related("sides__follow_ups", "partnerships"), pk=pk)


@team_page
@require_safe
def show_introduction(request: Request, pk: int) -> HttpResponse:
    introduction = _introduction(request, pk)
    asker, found = introduction.asker, introduction.found
    context = {
        "introduction": introduction,
        "pair": queries.pair_of(introduction),
        "sides": [
            (side, queries.why_not_written(introduction.network, side), side.follow_ups.all())
            for side in (asker, found)
        ],
        "to_pass_on": [
            (side, other, contact_of(other), contact_of(side))
            for side, other in ((asker, found), (found, asker))
            if introduction.is_met and side.contact_at is None
        ],
        "may_answer": rules.may_answer_introduction(request.viewer, introduction),
        "answers": SideAnswer.choices,
        "outcomes": Outcome.choices,
        "both_listed": all(side.actor_id for side in introduction.sides.all()),
    }
    return render(request, "outreach/introductions/show.html", context)


def _side(introduction: Introduction, role: str) -> IntroductionSide:
    return next(side for side in introduction.sides.all() if side.role == role)


@team_page
@require_POST
def answer_introduction(request: Request, pk: int, role: str) -> HttpResponse:
    """In the place of a side, after a call; the answer that gives each the other's contact is asked twice (`confirme`)."""
    introduction = _introduction(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choisissez une réponse."), status=422)
    side, answer = _side(introduction, role), form.cleaned_data["answer"]
    if "confirme" not in request.POST and queries.would_meet(introduction, side, answer):
        rules.may_answer_introduction(request.viewer, introduction).require()
        return _confirmed_first(request, introduction, side)
    actions.answer_for_side(by=request.viewer, side=side, answer=answer)
    messages.success(request, _("La réponse est notée."))
    return redirect(introduction)


def _confirmed_first(request: Request, introduction: Introduction, side: IntroductionSide) -> HttpResponse:
    """Who would receive what, and nothing done yet."""
    asker, found = introduction.asker, introduction.found
    context = {
        "introduction": introduction,
        "pair": queries.pair_of(introduction),
        "side": side,
        "gifts": [
            (one, queries.why_not_written(introduction.network, one), contact_of(other), may_be_joined(other))
            for one, other in ((asker, found), (found, asker))
        ],
    }
    return render(request, "outreach/introductions/confirm.html", context)


@team_page
@require_POST
def note_outcome(request: Request, pk: int, role: str) -> HttpResponse:
    introduction = _introduction(request, pk)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choisissez une réponse."), status=422)
    outcomes.tell_outcome(by=request.viewer, side=_side(introduction, role), answer=form.cleaned_data["answer"])
    messages.success(request, _("Les nouvelles sont notées."))
    return redirect(introduction)


@team_page
@require_POST
def pass_contact_on(request: Request, pk: int, role: str) -> HttpResponse:
    introduction = _introduction(request, pk)
    actions.note_contact_passed_on(by=request.viewer, side=_side(introduction, role))
    messages.success(request, _("C'est noté : les coordonnées sont transmises."))
    return redirect(introduction)


@team_page
@require_POST
def cancel_introduction(request: Request, pk: int) -> HttpResponse:
    introduction = _introduction(request, pk)
    actions.cancel_introduction(by=request.viewer, introduction=introduction)
    messages.success(request, _("La mise en relation est annulée : les liens envoyés ne servent plus."))
    return redirect(introduction)


@team_page
@require_POST
def refuse_for_actor(request: Request, pk: int) -> HttpResponse:
    """« Ne veut pas de mise en relation », at all; `lever` takes it back."""
    actor = actor_of(request, pk)
    if request.POST.get("lever"):
        actions.lift_refusal(by=request.viewer, actor=actor)
        messages.success(request, _("Cet acteur peut de nouveau être proposé."))
    else:
        actions.refuse_introductions(by=request.viewer, actor=actor)
        messages.success(request, _("Cet acteur ne sera plus proposé."))
    return redirect("directory:actor_work", pk)
