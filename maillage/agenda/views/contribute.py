"""Telling the agenda of an event in two minutes; one's own events; what the fields of actors propose."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.agenda import rules
from maillage.agenda.actions.editing import contribute
from maillage.agenda.enums import EventState
from maillage.agenda.forms.contribution import ContributionForm
from maillage.agenda.models import Event
from maillage.agenda.queries.lookalikes import lookalikes
from maillage.agenda.queries.own import STATES, own_actors, own_events, state_counts
from maillage.agenda.queries.parents import named_parents, shown_parent
from maillage.agenda.queries.revisions import own_revisions
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.core.throttle import throttled
from maillage.directory.models import Actor
from maillage.directory.queries.naming import detail_of, named_so, shown_actor

_PER_PAGE = 20


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def propose(request: Request) -> HttpResponse:
    """Nothing is written before look-alikes and unlikely dates were shown: `vus` are those that were, `sur` says that the dates
    are meant. The first actor of `?acteur=` organises and receives, when the viewer looks after it."""
    viewer = request.viewer
    rules.may_contribute(viewer).require()
    own = own_actors(viewer, first=whole_number(request.GET.get("acteur", "")))
    draft = request.POST.get("acte") == "brouillon"
    asked = request.GET.get("acteur") and own
    form = ContributionForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        viewer=viewer,
        own=own,
        is_draft=draft,
        initial={"venue": own[0]} if asked else None,
    )
    found: list[Event] = []
    unlikely: list[str] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.values()
            seen = {whole_number(key) for key in request.POST.getlist("vus")}
            if not draft:
                found = lookalikes(values, viewer)
                unlikely = [] if "sur" in request.POST else form.doubts()
            if not unlikely and {event.pk for event in found} <= seen:
                try:
                    event = contribute(by=viewer, values=values, apart_from=found, submit=not draft)
                except Refused as refusal:
                    form.add_error(None, refusal.sentence)
                    status = refusal.status
                else:
                    return _arrived(request, event)
            else:
                status = 200
    context = {
        "form": form,
        "alike": found,
        "doubts": unlikely,
        "sure": "sur" in request.POST,
        "at_once": _publishes(request, own),
    }
    return render(request, "agenda/work/propose.html", context, status=status)


def _publishes(request: Request, own: list[Actor]) -> bool:
    """Whether what is sent is read by all at once, as far as it is known before it is written."""
    viewer = request.viewer
    if rules.writes_at_once(viewer, Event(network=viewer.network, author=viewer.user)):
        return True
    return bool(own) and rules.leads_at_once(viewer, own[0])


def _arrived(request: Request, event: Event) -> HttpResponse:
    """What happens next, said on the page of the event."""
    if event.state == EventState.DRAFT:
        messages.success(
            request, _("Brouillon gardé. Vous seul le voyez, avec l'équipe : complétez-le quand vous voulez.")
        )
        return redirect("agenda:event_work", event.pk)
    if event.state == EventState.PUBLISHED:
        told, asked = (
            _("C'est publié."),
            _("Ajoutez une présentation, un tarif, une inscription : on le trouvera mieux."),
        )
    else:
        told = _("C'est envoyé. L'équipe d'animation le relit ; vous recevrez sa réponse par e-mail et ici.")
        asked = _("D'ici là, vous pouvez le compléter.")
    address = reverse("agenda:event_edit", args=[event.pk])
    messages.success(request, format_html('{} <a href="{}">{}</a>', told, address, asked))
    return redirect(event)


@signed_in
@require_safe
def list_own(request: Request) -> HttpResponse:
    viewer = request.viewer
    rules.may_contribute(viewer).require()
    state = request.GET.get("etat", "")
    state = state if state in STATES else ""
    page = paginate(own_events(viewer, state), request.GET, per_page=_PER_PAGE)
    counts = state_counts(viewer)
    tabs = [(_("Tous"), with_params(request.GET, etat=None, page=None), not state, sum(counts.values()))]
    tabs += [
        (label, with_params(request.GET, etat=value, page=None), state == value, counts[value])
        for value, label in STATES.items()
        if counts.get(value) or state == value
    ]
    context = {"page": page, "tabs": tabs, "state": state, "revisions": own_revisions(viewer), "now": timezone.now()}
    return render(request, "agenda/work/own.html", context)


@signed_in
@require_safe
@throttled("agenda.options", limit=600, seconds=600)
def list_actors(request: Request) -> JsonResponse:
    """The actors that the viewer may see, as the combobox of the site reads them."""
    found = named_so(request.GET.get("q", ""), request.viewer)
    rows = [{"value": str(actor.pk), "label": shown_actor(actor), "detail": detail_of(actor)} for actor in found]
    return JsonResponse({"results": rows})


@signed_in
@require_safe
@throttled("agenda.options", limit=600, seconds=600)
def list_parents(request: Request) -> JsonResponse:
    found = named_parents(request.GET.get("q", ""), request.viewer)
    rows = [{"value": str(event.pk), "label": event.title, "detail": shown_parent(event)} for event in found]
    return JsonResponse({"results": rows})
