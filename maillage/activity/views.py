"""The journal, one's notices, background jobs."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from maillage.activity import actions, queries, rules
from maillage.activity.forms import JobFilterForm, JournalFilterForm
from maillage.activity.models import Notice
from maillage.activity.registry import kind_named, task_label
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
@never_cache
def edit_preferences(request: HttpRequest) -> HttpResponse:
    choices = queries.preferences_of(request.user)
    if request.method == "POST":
        for choice in choices:
            wanted = f"{choice.kind}:{choice.channel}" in request.POST.getlist("wanted")
            if wanted != choice.wanted:
                actions.set_preference(user_id=request.user.pk, kind=choice.kind, channel=choice.channel, wanted=wanted)
        messages.success(request, _("Vos choix sont enregistrés."))
        return redirect("activity:preferences")
    return render(request, "activity/preferences.html", {"choices": choices})


@answers_when_closed
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_notices(request: HttpRequest, token: str) -> HttpResponse:
    """The link at the foot of a message: without signing in, without cookie (RFC 8058); a GET only asks."""
    meant = actions.read_stop_token(token)
    if meant is None:
        raise Http404
    user_id, kind = meant
    try:
        declared = kind_named(kind)
    except KeyError as error:
        raise Http404 from error
    if request.method == "POST":
        actions.set_preference(user_id=user_id, kind=kind, channel="mail", wanted=False)
    return render(request, "activity/stop.html", {"kind": declared, "done": request.method == "POST"})


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
