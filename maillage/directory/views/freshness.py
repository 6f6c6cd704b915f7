"""The page of a personal link, without an account: « tout est à jour », or a correction, or no more of these messages."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from maillage.core.doors import answers_when_closed, network_of
from maillage.core.errors import Conflict, Refused
from maillage.core.requests import Request
from maillage.core.throttle import throttled
from maillage.core.viewer import Viewer
from maillage.directory.actions import reminding
from maillage.directory.enums import ReminderAnswer
from maillage.directory.forms.freshness import ReminderForm
from maillage.directory.models import Reminder
from maillage.directory.queries.fields import held_fields
from maillage.directory.queries.freshness import origin_of, reminder_opened_by
from maillage.directory.queries.sheet import steps_shown

_slow = throttled("directory.reminder", limit=60, seconds=3600, methods=("POST",))
_SHOWN: list[tuple[str, Any]] = [
    ("activite", gettext_lazy("Ce que vous faites")),
    ("lieu", gettext_lazy("Où")),
    ("contact", gettext_lazy("Vous joindre")),
]


def _opened(request: Request, pk: int, token: str) -> Reminder:
    reminder = reminder_opened_by(network_of(request), pk, token)
    if reminder is None:
        raise Http404
    return reminder


def _closed(request: Request, reminder: Reminder, status: int = 410, sentence: str = "") -> HttpResponse:
    context = {"actor": reminder.actor, "reminder": reminder, "sentence": sentence}
    return render(request, "directory/freshness/closed.html", context, status=status)


@answers_when_closed
@never_cache
@_slow
@require_http_methods(["GET", "HEAD", "POST"])
def show_reminder(request: Request, pk: int, token: str) -> HttpResponse:
    """What the sheet says; the button alone confirms it: a mail scanner that follows the link changes nothing."""
    reminder = _opened(request, pk, token)
    if not reminder.is_open:
        return _closed(request, reminder)
    if request.method == "POST":
        try:
            reminding.answer_fresh(reminder=reminder)
        except Refused as refusal:
            return _closed(request, reminder, refusal.status, refusal.sentence)
        return redirect("directory:reminder_done", pk, token)
    context = {
        "reminder": reminder,
        "actor": reminder.actor,
        "steps": steps_shown(reminder.actor, _SHOWN, {}),
        "origin": origin_of(reminder.actor),
    }
    return render(request, "directory/freshness/ask.html", context)


@answers_when_closed
@never_cache
@_slow
@require_http_methods(["GET", "HEAD", "POST"])
def edit_by_link(request: Request, pk: int, token: str) -> HttpResponse:
    reminder = _opened(request, pk, token)
    actor = reminder.actor
    if not reminder.is_open:
        return _closed(request, reminder)
    viewer = Viewer.as_system(reminder.network, "")
    form = ReminderForm(request.POST if request.method == "POST" else None, actor=actor, viewer=viewer)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                reminding.answer_edited(reminder=reminder, fields=form.changed(), seen=form.seen)
            except Conflict as refusal:
                form.add_error(None, refusal.sentence)
                actor.refresh_from_db()
                form.tell(held_fields(actor, viewer, form.held))
                status = 409
            except Refused as refusal:
                return _closed(request, reminder, refusal.status, refusal.sentence)
            else:
                messages.success(request, _("Vos corrections sont sur la fiche."))
                return redirect("directory:reminder_done", pk, token)
    context = {"reminder": reminder, "actor": actor, "form": form}
    return render(request, "directory/freshness/edit.html", context, status=status)


@answers_when_closed
@never_cache
@_slow
@require_http_methods(["GET", "HEAD", "POST"])
def object_to_listing(request: Request, pk: int, token: str) -> HttpResponse:
    """« Retirez mes coordonnées »: what it does, then one button, as long as the address is kept anywhere."""
    reminder = _opened(request, pk, token)
    if reminder.answer == ReminderAnswer.OBJECTED:  # The page that thanks comes by the same link.
        return render(request, "directory/freshness/objected.html", {"actor": reminder.actor})
    if not reminder.email:
        return _closed(request, reminder)
    if request.method == "POST":
        try:
            reminding.answer_object(reminder=reminder)
        except Refused as refusal:
            return _closed(request, reminder, refusal.status, refusal.sentence)
        return redirect("directory:reminder_object", pk, token)
    is_theirs = reminder.email.lower() == reminder.actor.email.lower()
    context = {
        "reminder": reminder,
        "actor": reminder.actor,
        "is_theirs": is_theirs,
        "origin": origin_of(reminder.actor) if is_theirs else "",
    }
    return render(request, "directory/freshness/object.html", context)


@answers_when_closed
@never_cache
@require_http_methods(["GET", "HEAD"])
def thank(request: Request, pk: int, token: str) -> HttpResponse:
    reminder = _opened(request, pk, token)
    return render(request, "directory/freshness/done.html", {"reminder": reminder, "actor": reminder.actor})


@answers_when_closed
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_reminders(request: Request, pk: int, token: str) -> HttpResponse:
    """The link at the foot of the message: without signing in, without cookie (RFC 8058); a GET only asks."""
    reminder = _opened(request, pk, token)
    if request.method == "POST":
        reminding.answer_stop(reminder=reminder)
    context = {"actor": reminder.actor, "done": request.method == "POST"}
    return render(request, "directory/freshness/stop.html", context)
