"""What the working pages of the network's relations share."""

from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from maillage.core.doors import allowed
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.directory.models import Actor
from maillage.outreach import rules
from maillage.outreach.models import Official

team_page = allowed(rules.may_follow)


def actor_of(request: Request, pk: int) -> Actor:
    """The actor of the address, if the viewer may see it."""
    visible = Actor.objects.visible_to(request.viewer)
    return get_object_or_404(visible.select_related("family", "commune__department"), pk=pk)


def asked_actor(request: Request, name: str = "acteur", among: Any = None) -> Actor | None:
    """The actor that the address (or `among`) proposes for a form, if the viewer may see it."""
    key = whole_number((request.GET if among is None else among).get(name, ""))
    visible = Actor.objects.visible_to(request.viewer).select_related("family", "commune__department")
    return visible.filter(pk=key).first() if key is not None else None


def official_of(request: Request, pk: int) -> Official:
    """The elected official of the address, with mandates."""
    return get_object_or_404(Official.objects.visible_to(request.viewer).with_mandates(), pk=pk)


def asked_official(request: Request, name: str = "elu") -> Official | None:
    """The elected official that the address proposes for a form."""
    key = whole_number(request.GET.get(name, ""))
    visible = Official.objects.visible_to(request.viewer).with_mandates()
    return visible.filter(pk=key).first() if key is not None else None


def asked_return(request: Request) -> str:
    """The working page, with the place in it, that a button of one click says it was pressed on (`retour`); else ""."""
    back = request.POST.get("retour", "")
    return back if back.startswith("/travail/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else ""


def say_done(request: Request, sentence: str, *, undo: str, **sent: str) -> None:
    """A message beside which « Annuler » posts `sent` to `undo`."""
    context = {"sentence": sentence, "undo": undo, "sent": sent}
    messages.success(request, render_to_string("outreach/_undo.html", context, request))
