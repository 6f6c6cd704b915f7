"""The public page of a resource, its documents, who used it and what they say of it."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from maillage.catalogue import actions, rules
from maillage.catalogue.actions.filing import count_download
from maillage.catalogue.enums import Form, State
from maillage.catalogue.forms.acts import AnswerForm, FeedbackForm, UseForm
from maillage.catalogue.kit import Calendar, calendar_of
from maillage.catalogue.models import Feedback, Resource
from maillage.catalogue.queries import reaching
from maillage.catalogue.queries.filters import day_in
from maillage.catalogue.queries.linked import linked_data
from maillage.catalogue.queries.reading import alike, opinion_due, page_of_resource, stub_at
from maillage.catalogue.registry import resource_main, resource_side
from maillage.catalogue.views.asked import filled
from maillage.core.documents import given
from maillage.core.doors import network_of, signed_in
from maillage.core.mail import absolute_url
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.richtext import shown
from maillage.core.text import whole_number
from maillage.core.throttle import client_of, hit, throttled, too_many
from maillage.core.viewer import Viewer

_GET_POST = ["GET", "HEAD", "POST"]


def _resource_at(request: HttpRequest, slug: str) -> Resource | None:
    visible = Resource.objects.visible_to(request.viewer).with_shown()  # type: ignore[attr-defined]
    related = visible.select_related("network", "actor__commune__department", "commune__department", "author")
    return related.filter(slug=slug).first()


def _shown(request: HttpRequest, slug: str) -> Resource:
    found = _resource_at(request, slug)
    if found is None or not found.is_shown:
        raise Http404
    return found


@require_safe
def show_resource(request: HttpRequest, slug: str) -> HttpResponse:
    """410 with a stub for what is offered no more; 404 for what one may not see."""
    network, viewer = network_of(request), request.viewer  # type: ignore[attr-defined]
    found = _resource_at(request, slug)
    if found is None or (found.state == State.RETIRED and not _holds(viewer, found)):
        stub = stub_at(network, slug)
        if stub is None:
            raise Http404
        heir = stub.replaced_by if stub.replaced_by is not None and stub.replaced_by.is_shown else None
        return render(
            request,
            "catalogue/public/gone.html",
            {"resource": stub, "stub_title": stub.stub_title or stub.title, "heir": heir},
            status=410,
        )
    return page_of(request, found)


def _holds(viewer: Viewer, resource: Resource) -> bool:
    return viewer.is_authenticated and bool(rules.may_edit(viewer, resource))


def _calendar(params: QueryDict, resource: Resource) -> Calendar:
    month = day_in(f"{params.get('mois', '')[:7]}-01")
    return calendar_of(resource, month, module=whole_number(params.get("module", "")))


def page_of(request: HttpRequest, resource: Resource, status: int = 200, **forms: Any) -> HttpResponse:
    network, viewer = network_of(request), request.viewer  # type: ignore[attr-defined]
    told = page_of_resource(resource, viewer)
    photos = list(resource.photos.all())
    url = absolute_url(network, resource.get_absolute_url())
    images = [absolute_url(network, photo.image.url) for photo in photos]
    may_edit = viewer.is_authenticated and not viewer.system and bool(rules.may_edit(viewer, resource))
    due = opinion_due(resource, viewer)
    calendar = _calendar(request.GET, resource) if resource.is_lent else None
    context: dict[str, Any] = {
        "resource": resource,
        "told": told,
        "photos": photos,
        "description": shown(resource.description),
        "canonical": url,
        "image_url": images[0] if images else "",
        "linked": linked_data(told, url, images, network),
        "calendar": calendar,
        "zone": list(resource.zone.all()),
        "modules": calendar.modules if calendar else [],
        "alike": alike(resource),
        "may_edit": may_edit,
        "may_answer": may_edit and rules.looks_after(viewer, resource.actor_id),
        "may_use": bool(rules.may_declare_use(viewer, resource)) and not rules.looks_after(viewer, resource.actor_id),
        "due": due if due is not None and rules.may_feed_back(viewer, due) else None,
        "is_hidden": not resource.is_shown,
        # What comes has no request of its own: one writes to its actor, as from the actor's sheet.
        "may_write": resource.form == Form.VISIT
        and bool(told.actor_url)
        and bool(resource.actor.email or network.contact_email),
        "main_panels": resource_main.panels(viewer, resource),
        "side_panels": resource_side.panels(viewer, resource),
        **forms,
    }
    return render(request, "catalogue/public/show.html", context, status=status)


# --- documents ----------------------------------------------------------------------------------------------------------


@throttled("catalogue.download", limit=600, seconds=3600)
@csrf_exempt
@require_http_methods(_GET_POST)
def download(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """A version that was let through, the latest or a former one. The button of the page posts: that is what is counted, once an
    hour for an address on the network, which is kept nowhere; then it leads here."""
    resource = _shown(request, slug)
    given_out = reaching.versions(request.viewer).filter(document__resource=resource, checked_at__isnull=False)  # type: ignore[attr-defined]
    version = get_object_or_404(given_out, pk=pk)
    if request.method == "POST":
        if not hit("catalogue.downloaded", f"{version.pk}:{client_of(request)}", limit=1, seconds=3600):
            count_download(version=version)
        return redirect("catalogue:resource_download", slug, pk)
    response = given(version.file, version.kind, "document")
    name = version.name.replace('"', "")
    response.headers["Content-Disposition"] = _disposition(name)
    response["X-Robots-Tag"] = "noindex"
    return response


def _disposition(name: str) -> str:
    plain = name.encode("ascii", "ignore").decode() or "document"
    return f"attachment; filename=\"{plain}\"; filename*=utf-8''{quote(name)}"


# --- uses and what is said of them --------------------------------------------------------------------------------------


@signed_in
@require_http_methods(_GET_POST)
@once
def declare_use(request: Request, slug: str) -> HttpResponse:
    """« Je l'ai utilisée »."""
    resource = _shown(request, slug)
    rules.may_declare_use(request.viewer, resource).require()
    if request.method == "POST" and (wait := hit("catalogue.use", str(request.viewer.user_id), limit=20, seconds=3600)):
        return too_many(request, wait)
    form = UseForm(request.POST if request.method == "POST" else None, viewer=request.viewer)
    status, _made = filled(
        request, form, lambda sent: actions.declare_use(by=request.viewer, resource=resource, **sent)
    )
    if status != 302:
        return render(request, "catalogue/public/use.html", {"resource": resource, "form": form}, status=status)
    messages.success(request, _("Merci. Vous pouvez maintenant donner votre avis."))
    return redirect(f"{resource.get_absolute_url()}#avis")


@signed_in
@require_http_methods(_GET_POST)
@once
def write_feedback(request: Request, pk: int) -> HttpResponse:
    use = get_object_or_404(reaching.uses_of(request.viewer), pk=pk)
    rules.may_feed_back(request.viewer, use).require()
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    status, _made = filled(request, form, lambda sent: actions.write_feedback(by=request.viewer, use=use, **sent))
    context = {"resource": use.resource, "form": form, "use": use}
    if status != 302:
        return render(request, "catalogue/public/feedback.html", context, status=status)
    messages.success(request, _("Votre avis est en ligne."))
    return redirect(f"{use.resource.get_absolute_url()}#avis")


@signed_in
@require_http_methods(_GET_POST)
def answer_feedback(request: Request, pk: int) -> HttpResponse:
    found = Feedback.objects.visible_to(request.viewer).select_related("use__resource__actor", "use__user")
    feedback = get_object_or_404(found, pk=pk)
    rules.may_answer_feedback(request.viewer, feedback).require()
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"answer": feedback.answer})
    status, _made = filled(
        request, form, lambda sent: actions.answer_feedback(by=request.viewer, feedback=feedback, **sent)
    )
    context = {"resource": feedback.use.resource, "form": form, "feedback": feedback}
    if status != 302:
        return render(request, "catalogue/public/answer.html", context, status=status)
    messages.success(request, _("Votre réponse est en ligne."))
    return redirect(feedback)
