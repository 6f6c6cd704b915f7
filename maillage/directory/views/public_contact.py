"""Writing to an actor, saying what is wrong on a sheet or missing from the list: forms without an account."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maillage.core.doors import network_of
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.text import legible
from maillage.core.throttle import client_of, hit, too_many
from maillage.directory.actions.contact import relay_message
from maillage.directory.actions.suggesting import suggest
from maillage.directory.enums import SuggestionKind
from maillage.directory.forms.contact import ContactForm
from maillage.directory.forms.suggestions import MissingForm, SuggestionForm
from maillage.directory.models import Actor, Suggestion
from maillage.directory.queries.suggestions import given, resumed_by
from maillage.directory.views.public import actor_at

_HOUR = 3600
_PER_ADDRESS, _PER_ACTOR = 10, 30


@once
def write_actor(request: HttpRequest, slug: str) -> HttpResponse:
    """A form that passes a message on; the address it goes to is never shown. `objet` in the address names what it is about."""
    actor = _actor(request, slug)
    initial = _known(request)
    if about := " ".join(legible(request.GET.get("objet", "")).split())[:140]:
        initial["message"] = _("À propos de « %s » :") % about + "\n\n"
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        if wait := _too_fast(request, actor, "contact"):
            return too_many(request, wait)
        if form.is_valid():
            try:
                relay_message(
                    by=request.viewer,  # type: ignore[attr-defined]
                    actor=actor,
                    name=form.cleaned_data["name"],
                    email=form.cleaned_data["email"],
                    message=form.cleaned_data["message"],
                )
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, _("Votre message est parti. La réponse arrivera à votre adresse e-mail."))
                return redirect(actor)
    status = 422 if form.errors else 200
    context = {"actor": actor, "form": form, "shows_address": actor.shows_contact and bool(actor.email)}
    return render(request, "directory/public/contact.html", context, status=status)


@never_cache
@once
def report_actor(request: HttpRequest, slug: str) -> HttpResponse:
    """« C'est inexact, fermé, en double » : kept for the team to review, and told to it."""
    actor = _actor(request, slug)
    again = _taken_up(request, actor)
    initial = _sender(request) | _proposed(again)
    form = SuggestionForm(request.POST if request.method == "POST" else None, actor=actor, initial=initial)
    if request.method == "POST":
        if wait := _too_fast(request, actor, "report"):
            return too_many(request, wait)
        if form.is_valid():
            suggest(
                by=request.viewer,  # type: ignore[attr-defined]
                actor=actor,
                kind=form.cleaned_data["kind"],
                values=form.values(form.cleaned_data),
                message=form.cleaned_data["message"],
                email=form.cleaned_data["sender"],
            )
            messages.success(request, _("Merci. L'équipe du réseau vérifie la fiche, sous un mois au plus."))
            return redirect(actor)
    status = 422 if form.errors else 200
    return render(
        request, "directory/public/report.html", {"actor": actor, "form": form, "again": again}, status=status
    )


@never_cache
@once
def propose_actor(request: HttpRequest) -> HttpResponse:
    """« Il manque un acteur »."""
    network_of(request)
    again = _taken_up(request, None)
    initial = _sender(request) | _proposed(again)
    form = MissingForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        if wait := hit("directory.propose", client_of(request), limit=_PER_ADDRESS, seconds=_HOUR):
            return too_many(request, wait)
        if form.is_valid():
            suggest(
                by=request.viewer,  # type: ignore[attr-defined]
                kind=SuggestionKind.MISSING,
                values={name: form.cleaned_data[name] for name in MissingForm.VALUES},
                message=form.cleaned_data["message"],
                email=form.cleaned_data["sender"],
            )
            messages.success(request, _("Merci. L'équipe du réseau étudie votre proposition, sous un mois au plus."))
            return redirect("directory:actor_list")
    status = 422 if form.errors else 200
    return render(request, "directory/public/propose.html", {"form": form, "again": again}, status=status)


@never_cache
@require_safe
def resume_suggestion(request: HttpRequest, token: str) -> HttpResponse:
    """Where the answer to a refused suggestion leads: to its form as the sheet is called now, filled with what was
    proposed; nothing is sent before its button is pressed."""
    again = resumed_by(network_of(request), token)
    if again is None:
        return render(request, "directory/public/resume_closed.html", status=410)
    if again.actor is None:
        address = reverse("directory:actor_propose")
    else:
        address = reverse("directory:actor_report", args=[_actor(request, again.actor.slug).slug])
    return redirect(f"{address}?{urlencode({'reprise': token})}")


def _taken_up(request: HttpRequest, actor: Actor | None) -> Suggestion | None:
    """The refused suggestion of the personal link in the address, when it is of this form."""
    again = resumed_by(network_of(request), request.GET.get("reprise", ""))
    return again if again is not None and again.actor == actor else None


def _proposed(again: Suggestion | None) -> dict[str, Any]:
    return {**given(again), "kind": again.kind, "message": again.message} if again is not None else {}


def _actor(request: HttpRequest, slug: str) -> Actor:
    network_of(request)
    visible = Actor.objects.visible_to(request.viewer)  # type: ignore[attr-defined]
    return actor_at(request, slug, visible.select_related("commune", "family"))


def _known(request: HttpRequest) -> dict[str, str]:
    """A signed-in visitor does not type twice what the account knows."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return {"name": viewer.user.name, "email": viewer.user.email} if viewer.is_authenticated else {}


def _sender(request: HttpRequest) -> dict[str, str]:
    return {"sender": _known(request)["email"]} if _known(request) else {}


def _too_fast(request: HttpRequest, actor: Actor, what: str) -> int:
    return hit(f"directory.{what}", client_of(request), limit=_PER_ADDRESS, seconds=_HOUR) or hit(
        f"directory.{what}.actor", str(actor.pk), limit=_PER_ACTOR, seconds=_HOUR
    )
