"""The resource of an address, and what the working pages share."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from maillage.catalogue import rules
from maillage.catalogue.models import Resource
from maillage.catalogue.queries import reaching
from maillage.core.doors import allowed
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.directory.models import Actor

team_page = allowed(rules.may_work)


def resource_of(request: Request, pk: int) -> Resource:
    """The one of the address, if the viewer may see it."""
    visible = (
        Resource.objects.visible_to(request.viewer)
        .with_shown()
        .select_related(
            "network", "author", "decided_by", "replaced_by", "actor__commune__department", "commune__department"
        )
    )
    return get_object_or_404(visible, pk=pk)


def own_resource(request: Request, pk: int) -> Resource:
    """The one of the address, if the viewer may change it; the rule's sentence otherwise."""
    found = resource_of(request, pk)
    rules.may_edit(request.viewer, found).require()
    return found


def lender_of(request: Request, pk: int) -> Actor:
    """An actor in whose name the viewer lends."""
    visible = Actor.objects.visible_to(request.viewer).select_related("commune__department")
    found = get_object_or_404(visible.distinct(), pk=pk)
    rules.may_lend(request.viewer, found).require()
    return found


def piece_of(request: Request, model: Any, pk: int) -> Any:
    """A part of a resource (its `resource`) that the viewer may change."""
    found = get_object_or_404(reaching.pieces(request.viewer, model), pk=pk)
    found.resource = own_resource(request, found.resource_id)
    return found


def filled(request: Request, form: Any, act: Callable[[dict[str, Any]], Any]) -> tuple[int, Any]:
    """(status, what the act answered): 200 when nothing was sent, 302 when it is done, else why not, said in the form."""
    if request.method != "POST":
        return 200, None
    if not form.is_valid():
        return 422, None
    try:
        return 302, act(form.cleaned_data)
    except Refused as refusal:
        say(form, refusal)
        return refusal.status, None
    except ValidationError as error:  # Someone else took the same name a moment before.
        form.add_error(None, error.messages)
        return 422, None


def say(form: Any, refusal: Refused) -> None:
    """Beside the field that it is about, when the form has it."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def done(request: Request, act: Callable[[], Any], sentence: str, to: Any, *args: Any) -> HttpResponse:
    """One act of a button: its sentence, or why not, then back to the page."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, sentence)
    return redirect(to, *args)


def page(request: Request, name: str, resource: Resource, status: int = 200, **context: Any) -> HttpResponse:
    return render(
        request, f"catalogue/work/{name}.html", {"resource": resource, "form": None, **context}, status=status
    )
