"""Letters to elected officials: writing one for those of the list, reading what each will get, sending, stopping."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.doors import answers_when_closed
from maillage.core.errors import Conflict, Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.core.richtext import shown
from maillage.core.throttle import throttled
from maillage.outreach import rules
from maillage.outreach.actions import letters as actions
from maillage.outreach.forms.letters import LetterForm
from maillage.outreach.models import Letter
from maillage.outreach.queries import letters as queries
from maillage.outreach.queries.officials import OfficialFilters, filters_of
from maillage.outreach.registry.letters import PLACEHOLDERS
from maillage.outreach.views.team import team_page

_PER_PAGE = 30


@team_page
@require_safe
def list_letters(request: Request) -> HttpResponse:
    page = paginate(queries.letters(request.viewer), request.GET, per_page=_PER_PAGE)
    return render(request, "outreach/letters/list.html", {"page": page})


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def write_letter(request: Request) -> HttpResponse:
    """For those of the list as the address filters it, ticked one by one."""
    viewer, asked = request.viewer, filters_of(request.GET)
    found = queries.writable(viewer, asked)
    form = LetterForm(request.POST if request.method == "POST" else None, officials=found)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            to = [(each, queries.addressed_by(each, asked)) for each in form.chosen()]
            try:
                letter = actions.write_letter(
                    by=viewer, subject=form.cleaned_data["subject"], body=form.cleaned_data["body"], to=to
                )
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La lettre est prête : relisez-la avant de l'envoyer."))
                return redirect(letter)
    context = {
        "form": form,
        "letter": None,
        "count": len(found),
        "refusing": queries.refusing(viewer, asked),
        "is_filtered": asked != OfficialFilters(),
        "placeholders": PLACEHOLDERS.items(),
        "list_query": with_params(request.GET),
    }
    return render(request, "outreach/letters/form.html", context, status=status)


def _letter(request: Request, pk: int) -> Letter:
    return get_object_or_404(Letter.objects.visible_to(request.viewer).select_related("author"), pk=pk)


@team_page
@require_safe
def show_letter(request: Request, pk: int) -> HttpResponse:
    """What one of them will read (`pour`), who gets it and how, who does not and why."""
    letter, viewer = _letter(request, pk), request.viewer
    lines = queries.addressed(queries.recipients_of(letter))
    asked = request.GET.get("pour", "")
    read = next((line for line in lines if str(line.recipient.pk) == asked), lines[0] if lines else None)
    said = None
    if read is not None:
        said = queries.written(letter, queries.values_of(viewer, [read.recipient])[read.recipient.pk])
    waiting = [line.recipient for line in lines if line.awaits_mail or line.awaits_post]
    context = {
        "letter": letter,
        "lines": lines,
        "read": read,
        "address": queries.address_lines(read.recipient) if read else [],
        "subject": said.subject if said else letter.subject,
        "body": shown(said.body if said else letter.body, trusted=True),
        "by_mail": sum(1 for line in lines if line.awaits_mail),
        "by_post": sum(1 for line in lines if not line.no_post),
        "to_post": sum(1 for line in lines if line.awaits_post),
        "last_posted": queries.last_posted(line.recipient for line in lines),
        "without_actors": queries.without_actors(viewer, letter, waiting),
        "may_change": rules.may_change_letter(viewer, letter),
    }
    return render(request, "outreach/letters/show.html", context)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_letter(request: Request, pk: int) -> HttpResponse:
    letter = _letter(request, pk)
    rules.may_change_letter(request.viewer, letter).require()
    form = LetterForm(request.POST if request.method == "POST" else None, letter=letter)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.change_letter(by=request.viewer, letter=letter, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La lettre est corrigée."))
                return redirect(letter)
    context = {"form": form, "letter": letter, "placeholders": PLACEHOLDERS.items(), "refusing": [], "count": 1}
    return render(request, "outreach/letters/form.html", context, status=status)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def remove_letter(request: Request, pk: int) -> HttpResponse:
    letter = _letter(request, pk)
    rules.may_change_letter(request.viewer, letter).require()
    if request.method != "POST":
        return render(request, "outreach/letters/remove.html", {"letter": letter})
    actions.remove_letter(by=request.viewer, letter=letter)
    messages.success(request, _("La lettre est supprimée."))
    return redirect("outreach:letter_list")


@team_page
@throttled("outreach.letters", limit=60, seconds=3600, methods=("GET",))
@require_safe
def download_letters(request: Request, pk: int) -> HttpResponse:
    """All those that can be posted, or that of one person (`pour`)."""
    letter = _letter(request, pk)
    asked = request.GET.get("pour", "")
    lines = queries.addressed(queries.recipients_of(letter))
    chosen = [line.recipient for line in lines if not line.no_post and asked in ("", str(line.recipient.pk))]
    if not chosen:
        raise Http404
    content = queries.document_of(request.viewer, letter, chosen)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{queries.document_name(letter)}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def mail_letter(request: Request, pk: int) -> HttpResponse:
    """Who gets it by e-mail and who does not, then one button: a message that left does not come back."""
    letter = _letter(request, pk)
    if request.method != "POST":
        return _show_departure(request, letter, by_mail=True)
    sentence = ngettext_lazy("%(count)s lettre part par e-mail.", "%(count)s lettres partent par e-mail.", "count")
    return _depart(request, letter, actions.mail_letter, sentence)


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def post_letter(request: Request, pk: int) -> HttpResponse:
    letter = _letter(request, pk)
    if request.method != "POST":
        return _show_departure(request, letter, by_mail=False)
    sentence = ngettext_lazy("%(count)s lettre est notée postée.", "%(count)s lettres sont notées postées.", "count")
    return _depart(request, letter, actions.post_letter, sentence)


@team_page
@once
@require_POST
def unpost_letter(request: Request, pk: int) -> HttpResponse:
    """« Annuler » after « postées »: those of the last time wait to be posted again."""
    sentence = ngettext_lazy(
        "%(count)s lettre n'est plus notée postée.", "%(count)s lettres ne sont plus notées postées.", "count"
    )
    return _depart(request, _letter(request, pk), actions.unpost_letter, sentence)


def _show_departure(request: Request, letter: Letter, *, by_mail: bool) -> HttpResponse:
    lines = queries.addressed(queries.recipients_of(letter))
    leaving = [line for line in lines if (line.awaits_mail if by_mail else line.awaits_post)]
    context = {
        "letter": letter,
        "by_mail": by_mail,
        "leaving": leaving,
        "staying": [line for line in lines if line not in leaving],
        "without_actors": queries.without_actors(request.viewer, letter, [line.recipient for line in leaving]),
    }
    return render(request, "outreach/letters/send.html", context)


def _depart(request: Request, letter: Letter, act: Callable[..., int], sentence: Any) -> HttpResponse:
    """What is already done is said on the page of the letter."""
    try:
        count = act(by=request.viewer, letter=letter)
    except Refused as refusal:
        if refusal.status != HTTPStatus.CONFLICT or isinstance(refusal, Conflict):
            raise
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, sentence % {"count": count})
    return redirect(letter)


@answers_when_closed
@csrf_exempt
@never_cache
@throttled("outreach.letter_stop", limit=60, seconds=3600, methods=("POST",))
@require_http_methods(["GET", "HEAD", "POST"])
def stop_letters(request: Request, pk: int, token: str) -> HttpResponse:
    """The link at the foot of a letter: without signing in, without cookie (RFC 8058); a GET only asks."""
    recipient = queries.opened_by(request.network, pk, token)
    if recipient is None:
        raise Http404
    if request.method == "POST":
        actions.stop_by_link(recipient=recipient)
    return render(request, "outreach/letters/stop.html", {"done": request.method == "POST"})
