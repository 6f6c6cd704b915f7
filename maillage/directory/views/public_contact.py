"""Writing to an actor, pointing out an error: two forms without an account."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.throttle import client_of, hit, too_many
from maillage.directory.actions.contact import relay_message, report_error
from maillage.directory.forms.contact import ContactForm, ReportForm
from maillage.directory.models import Actor
from maillage.directory.views.public import network_of

_HOUR = 3600
_PER_ADDRESS, _PER_ACTOR = 10, 30


@once
def write_actor(request: HttpRequest, slug: str) -> HttpResponse:
    """A form that passes a message on; the address it goes to is never shown."""
    actor = _actor(request, slug)
    form = ContactForm(request.POST if request.method == "POST" else None, initial=_known(request))
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


@once
def report_actor(request: HttpRequest, slug: str) -> HttpResponse:
    actor = _actor(request, slug)
    form = ReportForm(request.POST if request.method == "POST" else None, initial=_known(request))
    if request.method == "POST":
        if wait := _too_fast(request, actor, "report"):
            return too_many(request, wait)
        if form.is_valid():
            labels = {value: str(label) for value, label in ReportForm.TOPICS}
            report_error(
                by=request.viewer,  # type: ignore[attr-defined]
                actor=actor,
                topics=[labels[value] for value in form.cleaned_data["topics"]],
                message=form.cleaned_data["message"],
                email=form.cleaned_data["email"],
            )
            messages.success(request, _("Merci. L'équipe du réseau vérifie la fiche, sous un mois au plus."))
            return redirect(actor)
    status = 422 if form.errors else 200
    return render(request, "directory/public/report.html", {"actor": actor, "form": form}, status=status)


def _actor(request: HttpRequest, slug: str) -> Actor:
    network_of(request)
    visible = Actor.objects.visible_to(request.viewer)  # type: ignore[attr-defined]
    actor = visible.filter(slug=slug).select_related("commune", "family").first()
    if actor is None:
        raise Http404
    return actor


def _known(request: HttpRequest) -> dict[str, str]:
    """A signed-in visitor does not type twice what the account knows."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return {"name": viewer.user.name, "email": viewer.user.email} if viewer.is_authenticated else {}


def _too_fast(request: HttpRequest, actor: Actor, what: str) -> int:
    return hit(f"directory.{what}", client_of(request), limit=_PER_ADDRESS, seconds=_HOUR) or hit(
        f"directory.{what}.actor", str(actor.pk), limit=_PER_ACTOR, seconds=_HOUR
    )
