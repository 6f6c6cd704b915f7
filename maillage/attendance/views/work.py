"""Registrations as who organises holds them: open, how many, who comes, who came."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.attendance import actions, rules
from maillage.attendance.forms.organising import OpeningForm, RemovalForm, SizeForm
from maillage.attendance.models import Opening, Session
from maillage.attendance.queries import lists
from maillage.attendance.queries.fields import fields_of
from maillage.attendance.queries.standing import date_of, dates_of, opening_of
from maillage.attendance.registry import KEPT
from maillage.attendance.views.asked import own_event, own_session, registration_of
from maillage.core.doors import signed_in
from maillage.core.errors import Conflict, Refused
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.exchange.kit import export_response

_both = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@never_cache
@require_safe
def show_board(request: Request, pk: int) -> HttpResponse:
    event = own_event(request, pk)
    opening = opening_of(event)
    past = "passees" in request.GET
    dates = dates_of(opening, coming=not past) if opening is not None else []
    now = timezone.now()
    if past:
        dates = [date for date in dates if date.session.ends_at <= now or date.session.is_gone]
    context = {"event": event, "opening": opening, "dates": dates, "past": past, "coming": not past}
    return render(request, "attendance/work/board.html", context)


@signed_in
@never_cache
@_both
def edit_opening(request: Request, pk: int) -> HttpResponse:
    event = own_event(request, pk)
    opening = opening_of(event) or Opening(event=event)
    may_change_kind = opening.pk is None or not lists.anyone_counts_on(opening)
    data = request.POST if request.method == "POST" else None
    form = OpeningForm(data, opening=opening, may_change_kind=may_change_kind)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            fields = form.changed() if opening.pk else {key: form.cleaned_data[key] for key in form.fields}
            try:
                actions.set_opening(
                    by=request.viewer, event=event, fields=fields, seen=form.seen if opening.pk else None
                )
            except actions.TooFew as refusal:
                form.add_error("capacity", refusal.sentence)
            except Conflict as refusal:
                status = 409
                if (stored := opening_of(event)) is not None:
                    form.tell(fields_of(stored))
                form.add_error(None, refusal.sentence)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("C'est enregistré."))
                return redirect("attendance:board", pk)
    context = {"event": event, "opening": opening, "form": form, "is_new": opening.pk is None}
    return render(request, "attendance/work/opening.html", context, status=status)


@signed_in
@never_cache
@require_safe
def show_session(request: Request, pk: int) -> HttpResponse:
    return _session_page(request, own_session(request, pk))


def _session_page(
    request: Request, session: Session, status: int = 200, wrong: int | None = None, refusal: str = ""
) -> HttpResponse:
    now = timezone.now()
    date = date_of(session, now)
    may_count = lists.is_day(session, now)
    context: dict[str, Any] = {
        "event": session.event,
        "session": session,
        "date": date,
        **lists.told(request.viewer, session, now),
        "may_count": may_count,
        "wrong": wrong,
        "typed": request.POST.get("venus", ""),
        "refusal": refusal,
        "why": rules.why_not(date.standing),
        "kept_days": int(session.event.network.setting(KEPT.name)),
    }
    return render(request, "attendance/work/session.html", context, status=status)


@signed_in
@never_cache
@_both
def edit_size(request: Request, pk: int) -> HttpResponse:
    session = own_session(request, pk)
    data = request.POST if request.method == "POST" else None
    form = SizeForm(data, initial={"capacity": session.capacity})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.set_size(by=request.viewer, session=session, **form.cleaned_data)
            except Refused as refusal:
                form.add_error("capacity", refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Le nombre de places est changé."))
                return redirect("attendance:session_show", pk)
    context = {"event": session.event, "session": session, "date": date_of(session), "form": form}
    return render(request, "attendance/work/size.html", context, status=status)


@signed_in
@never_cache
@require_safe
def show_sheet(request: Request, pk: int) -> HttpResponse:
    """To print: names, places, a box to sign."""
    session = own_session(request, pk)
    context = {"event": session.event, "date": date_of(session), **lists.told(request.viewer, session, timezone.now())}
    return render(request, "attendance/work/sheet.html", context)


@signed_in
@require_POST
def export(request: Request, pk: int) -> HttpResponseBase:
    session = own_session(request, pk)
    rows = lists.rows_of(request.viewer, session)
    actions.note_export(by=request.viewer, session=session, count=len(rows))
    name = f"inscriptions {session.event.slug} {session.starts_at.astimezone(session.event.tz):%Y-%m-%d}"
    return export_response("csv", columns=lists.COLUMNS, rows=rows, filename=name, title="Inscriptions")


@signed_in
@never_cache
@_both
def remove(request: Request, pk: int, registration: int) -> HttpResponse:
    session = own_session(request, pk)
    found = registration_of(request, session, registration)
    form = RemovalForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.remove_registration(by=request.viewer, registration=found, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("L'inscription est annulée ; la personne reçoit votre message."))
                return redirect("attendance:session_show", pk)
    context = {
        "event": session.event,
        "session": session,
        "registration": found,
        "date": date_of(session),
        "form": form,
    }
    return render(request, "attendance/work/remove.html", context, status=status)


@signed_in
@require_POST
def count(request: Request, pk: int, registration: int) -> HttpResponse:
    """« Tous » says that those registered came; a number says how many; nothing forgets it."""
    session = own_session(request, pk)
    found = registration_of(request, session, registration)
    typed = request.POST.get("venus", "").strip()
    came = found.places if "tous" in request.POST else 0 if "personne" in request.POST else whole_number(typed)
    try:
        if came is None and typed:
            raise Refused(_("Écrivez un nombre de personnes."), status=422)
        actions.count_came(by=request.viewer, registration=found, came=came)
    except Refused as refusal:
        if not typed:  # Of a button: no field says it.
            messages.error(request, refusal.sentence)
        return _session_page(request, session, refusal.status, found.pk if typed else None, refusal.sentence)
    return redirect(f"{request.path.partition('venus/')[0]}#i{found.pk}")
