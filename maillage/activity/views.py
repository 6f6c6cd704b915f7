"""The journal, one's notices, background jobs."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from maillage.accounts.rules import may_manage_people
from maillage.activity import actions, queries, rules
from maillage.activity.enums import Channel, Rhythm
from maillage.activity.forms import HabitForm, JobFilterForm, JournalFilterForm, WishesForm
from maillage.activity.models import Notice
from maillage.activity.registry import task_label
from maillage.core.doors import allowed, answers_when_closed, signed_in
from maillage.core.pagination import page_links, paginate
from maillage.core.text import whole_number


@allowed(rules.may_read_journal)
def show_journal(request: HttpRequest) -> HttpResponse:
    form = JournalFilterForm(request.GET, viewer=request.viewer)
    form.is_valid()
    chosen = form.cleaned_data
    entries = queries.journal(
        request.viewer,
        verb=chosen.get("verb", ""),
        person=int(chosen["person"]) if chosen.get("person") else None,
        since=chosen.get("since"),
        until=chosen.get("until"),
    )
    page = paginate(entries, request.GET, per_page=50)
    context = {
        "form": form,
        "page": page,
        "lines": queries.lines_of(page.object_list, request.viewer),
        "links": page_links(page, request.GET),
    }
    return render(request, "activity/journal.html", context)


@signed_in
@never_cache
def list_notices(request: HttpRequest) -> HttpResponse:
    notices = Notice.objects.visible_to(request.viewer)
    if request.method == "POST":
        chosen = whole_number(request.POST.get("notice", ""))
        actions.mark_read(by=request.viewer, notices=notices if chosen is None else notices.filter(pk=chosen))
        return redirect("activity:notice_list")
    page = paginate(notices, request.GET, per_page=30)
    unread = queries.unread_count(request.viewer)
    context = {"page": page, "links": page_links(page, request.GET), "unread": unread}
    return render(request, "activity/notices.html", context)


@signed_in
@require_POST
def mark_seen(request: HttpRequest) -> HttpResponse:
    """The page that a notice leads to was opened: sent by the page itself."""
    actions.mark_seen(by=request.viewer, path=request.POST.get("path", "")[:300])
    return HttpResponse(status=204)


@signed_in
@never_cache
def edit_preferences(request: HttpRequest) -> HttpResponse:
    viewer, user = request.viewer, request.user
    habit = queries.habit_of(user, viewer.network)
    form = WishesForm(request.POST or None, choices=queries.choices_of(user.pk))
    when = HabitForm(request.POST or None, initial=dict(zip(("weekday", "hour"), habit, strict=True)) if habit else {})
    if request.method == "POST" and form.is_valid() and (habit is None or when.is_valid()):
        for choice, on_site, rhythm in form.wished():
            if on_site != choice.on_site:
                actions.set_preference(user_id=user.pk, kind=choice.kind, channel=Channel.SITE, wanted=on_site)
            if rhythm != choice.rhythm:
                actions.set_preference(
                    user_id=user.pk, kind=choice.kind, channel=Channel.MAIL, wanted=bool(rhythm), rhythm=rhythm
                )
        if habit is not None and (asked := (when.cleaned_data["weekday"], when.cleaned_data["hour"])) != habit:
            actions.set_letter_habit(user=user, weekday=asked[0], hour=asked[1])
        messages.success(request, _("Vos choix sont enregistrés."))
        return redirect("activity:preferences")
    context = {
        "form": form,
        "when": when if habit is not None else None,
        "letters": queries.next_letters(viewer),
        "refused": user.refused_addresses.filter(address=user.email).first(),
    }
    return render(request, "activity/preferences.html", context, status=422 if form.errors or when.errors else 200)


@signed_in
@require_POST
def try_address_again(request: HttpRequest) -> HttpResponse:
    if actions.try_again(by=request.viewer):
        messages.success(request, _("Nous écrirons de nouveau à %(address)s.") % {"address": request.user.email})
    return redirect("activity:preferences")


@answers_when_closed
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_notices(request: HttpRequest, token: str) -> HttpResponse:
    """The link at the foot of a message: without signing in, without cookie (RFC 8058); a GET only asks. That of a personal letter
    stops all that it brings, or one kind of it."""
    meant = actions.read_stop_token(token)
    if meant is None:
        raise Http404
    user_id, kind = meant
    choices = [choice for choice in queries.choices_of(user_id) if _is_meant(choice, kind)]
    if not choices and kind != actions.LETTER:
        raise Http404
    asked = request.POST.get("kind", "")
    stopped = [choice for choice in choices if asked in ("", choice.kind)] if request.method == "POST" else []
    for choice in stopped:
        actions.set_preference(user_id=user_id, kind=choice.kind, channel=Channel.MAIL, wanted=False)
    context = {"choices": choices, "stopped": stopped, "is_letter": kind == actions.LETTER}
    return render(request, "activity/stop.html", context)


def _is_meant(choice: queries.Choice, kind: str) -> bool:
    return choice.rhythm in (Rhythm.DAILY, Rhythm.WEEKLY) if kind == actions.LETTER else choice.kind == kind


@allowed(may_manage_people)
@never_cache
def list_refused(request: HttpRequest) -> HttpResponse:
    page = paginate(queries.refused_addresses(request.viewer), request.GET, per_page=50)
    return render(request, "activity/refused.html", {"page": page, "links": page_links(page, request.GET)})


@allowed(rules.may_see_jobs)
@never_cache
def list_jobs(request: HttpRequest) -> HttpResponse:
    form = JobFilterForm(request.GET)
    status = form.cleaned_data["status"] if form.is_valid() else ""
    page = paginate(queries.jobs_of(request.viewer, status=status), request.GET, per_page=50)
    context = {
        "form": form,
        "page": page,
        "links": page_links(page, request.GET),
        "rows": [(job, task_label(job.task)) for job in page.object_list],
    }
    return render(request, "activity/jobs.html", context)


@allowed(rules.may_see_jobs)
@never_cache
def show_job(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(queries.jobs_of(request.viewer), pk=pk)
    context = {"job": job, "label": task_label(job.task), "may_see_trace": bool(rules.may_see_trace(request.viewer))}
    return render(request, "activity/job.html", context)


@allowed(rules.may_see_jobs)
@require_POST
def retry_job(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(queries.jobs_of(request.viewer), pk=pk)
    actions.retry_job(by=request.viewer, job=job)
    messages.success(request, _("La tâche est remise dans la file."))
    return redirect("activity:job_detail", pk=pk)


@allowed(rules.may_see_jobs)
@require_POST
def stop_job(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(queries.jobs_of(request.viewer), pk=pk)
    actions.stop_job(by=request.viewer, job=job)
    messages.success(request, _("L'arrêt est demandé."))
    return redirect("activity:job_detail", pk=pk)
