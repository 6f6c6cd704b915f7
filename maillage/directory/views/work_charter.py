"""The charter for the team: its texts, the draft, its publication, where the actors stand, links sent to many."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.errors import Conflict, Refused
from maillage.core.once import once
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.richtext import shown
from maillage.core.text import whole_number
from maillage.directory import rules
from maillage.directory.actions import charter as actions
from maillage.directory.actions.charter.drafting import held_of
from maillage.directory.enums import MembershipState
from maillage.directory.forms.charter import DraftForm, PublishForm, StateForm
from maillage.directory.models import CharterVersion
from maillage.directory.models.charter import print_of
from maillage.directory.queries.charter import (
    TO_ASK,
    addressees,
    calendar_of,
    counts_by_state,
    followed,
    memberships,
    with_state,
)
from maillage.directory.registry import GRACE
from maillage.directory.views.work import team_page

PER_PAGE = 50
_COUNTED = {
    MembershipState.SIGNED: gettext_lazy("signataires"),
    MembershipState.TO_RESIGN: gettext_lazy("à signer de nouveau"),
    MembershipState.LAPSED: gettext_lazy("signatures échues"),
    MembershipState.WITHDRAWN: gettext_lazy("signatures retirées"),
    MembershipState.NEVER: gettext_lazy("jamais signataires"),
}


def _draft(request: Request) -> CharterVersion | None:
    return CharterVersion.objects.visible_to(request.viewer).filter(published_at=None).first()


def _last(request: Request) -> CharterVersion | None:
    return CharterVersion.objects.visible_to(request.viewer).published().first()


@team_page
@require_safe
def show_charter(request: Request) -> HttpResponse:
    network, today = request.viewer.network, timezone.localdate()
    calendar = calendar_of(network)
    current = calendar.current(today)
    counts = counts_by_state(network, calendar) if calendar.versions else {}
    context = {
        "versions": list(reversed(calendar.versions)),
        "draft": _draft(request),
        "current": current,
        "counts": [(state, _COUNTED[state], counts[state]) for state in MembershipState if state in counts],
        "to_ask": sum(counts.get(state, 0) for state in TO_ASK),
        "ends": [calendar.lapses_on(major) for major in calendar.majors[:-1]][-1:],
        "today": today,
    }
    return render(request, "directory/charter/work.html", context)


@team_page
def edit_draft(request: Request) -> HttpResponse:
    """Write the draft; saving it leads to its reading."""
    draft, last = _draft(request), _last(request)
    held = held_of(draft, last)
    form = DraftForm(request.POST or None, held=held, is_first=last is None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.save_draft(by=request.viewer, values=form.changed(), seen=form.seen)
            except Conflict as conflict:
                form.tell(held_of(_draft(request), _last(request)))
                form.add_error(None, conflict.sentence)
                status = 409
            else:
                messages.success(request, _("Le projet est enregistré : relisez-le."))
                return redirect("directory:charter_publish")
    context = {"form": form, "draft": draft, "last": last, "days": _grace(request)}
    return render(request, "directory/charter/draft.html", context, status=status)


def _grace(request: Request) -> int:
    return int(request.viewer.network.setting(GRACE.name))


@team_page
@require_POST
def discard_draft(request: Request) -> HttpResponse:
    draft = _draft(request)
    if draft is None:
        raise Http404
    actions.discard_draft(by=request.viewer, draft=draft)
    messages.success(request, _("Le projet est jeté."))
    return redirect("directory:charter_work")


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def publish_draft(request: Request) -> HttpResponse:
    """Read the draft as everyone will, learn what publishing it does, and confirm."""
    viewer, draft = request.viewer, _draft(request)
    if draft is None:
        messages.info(request, _("Il n'y a pas de projet à publier : écrivez-en un."))
        return redirect("directory:charter_work")
    may_publish = rules.may_publish_charter(viewer)
    form, status = PublishForm(request.POST or None, text=print_of(draft.body)), 200
    if request.method == "POST":
        may_publish.require()
        status = 422
        if form.is_valid():
            try:
                actions.publish(by=viewer, draft=draft, effective_on=form.cleaned_data["effective_on"], read=form.read)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La charte %(number)s est publiée.") % {"number": draft.number})
                return redirect("directory:charter_work")
    network = viewer.network
    calendar = calendar_of(network)
    context = {
        "draft": draft,
        "body": shown(draft.body, trusted=True),
        "form": form,
        "may_publish": may_publish,
        "days": _grace(request),
        "asked": counts_by_state(network, calendar)[MembershipState.SIGNED] if calendar.versions else 0,
        "is_first": not calendar.versions,
        "starts_again": bool(calendar.versions) and draft.minor == 0,
    }
    return render(request, "directory/charter/publish.html", context, status=status)


@team_page
@require_safe
def list_actors(request: Request) -> HttpResponse:
    """Where each actor stands; those to write to are ticked, or all taken."""
    network = request.viewer.network
    calendar = calendar_of(network)
    form = StateForm(request.GET)
    state = form.chosen()
    page = paginate(_in_state(request, state), request.GET, per_page=PER_PAGE)
    actors = list(page.object_list)
    held = memberships(network, [actor.pk for actor in actors], calendar=calendar)
    context = {
        "form": form,
        "state": state,
        "state_label": MembershipState(state).label if state else "",
        "page": page,
        "rows": [(actor, held[actor.pk]) for actor in actors],
        "has_charter": bool(calendar.versions),
    }
    return render(request, "directory/charter/actors.html", context)


def _in_state(request: Request, state: str) -> Any:
    network = request.viewer.network
    actors = with_state(followed(network), network)
    if state:
        actors = actors.filter(charter_state=state)
    return actors.select_related("commune__department").order_by("name_key", "pk")


def _chosen(request: Request, params: Any) -> Any:
    """The actors ticked, or with `tous` all those in the state looked at."""
    if params.get("tous"):
        form = StateForm(params)
        return _in_state(request, form.chosen())
    ticked = [pk for key in params.getlist("acteur")[:1000] if (pk := whole_number(key)) is not None]
    return _in_state(request, "").filter(pk__in=ticked)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def send_links(request: Request) -> HttpResponse:
    """How many will be written to, who will not and why; then the campaign begins in the background."""
    viewer = request.viewer
    chosen = _chosen(request, request.GET)
    if request.method == "POST":
        try:
            count = actions.start_campaign(by=viewer, actors=chosen)
        except Refused as refusal:
            messages.warning(request, refusal.sentence)
        else:
            sentence = ngettext("%(count)s lien part.", "%(count)s liens partent, peu à peu.", count)
            messages.success(request, sentence % {"count": count})
        return redirect("directory:charter_work")
    found = addressees(viewer, chosen)
    if not (found.ids or found.without or found.refused or found.recent):
        messages.info(request, _("Cochez d'abord des acteurs qui ont à signer."))
        return redirect("directory:charter_actors")
    context = {
        "found": found,
        "count": len(found.ids),
        "named": found.names[:12],
        "per_hour": viewer.network.setting("mails_per_hour"),
        "query": request.GET.urlencode(),
        "has_charter": _last(request) is not None,
    }
    return render(request, "directory/charter/send.html", context)
