"""The working sheet of an actor: what it says and who wrote it, circles, notes, history, state."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.text import whole_number
from maillage.directory import actions, rules
from maillage.directory.enums import ListingState
from maillage.directory.forms.actors import LACK_AT, STEPS
from maillage.directory.forms.working import ArchiveForm, CircleForm, NoteForm, StateForm
from maillage.directory.models import Actor, Listing, Note, Qualification
from maillage.directory.models.completeness import lacks
from maillage.directory.queries.history import entries_about, history, provenance
from maillage.directory.queries.homes import as_told
from maillage.directory.queries.sheet import steps_shown
from maillage.directory.registry import actor_acts, actor_work
from maillage.directory.views.work import actor_of, team_page

_ENTRIES = 20


def sheet_context(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What the team's sheet and the representative's one have in common."""
    is_member = rules.represents(request.viewer, actor)
    shown = actor if is_member else as_told(actor, request.viewer)
    vocabularies = {term.vocabulary for term in actor.terms.all()}
    return {
        "actor": actor,
        "public_url": actor.get_absolute_url(),
        "steps": steps_shown(
            shown, [(step, form.title) for step, form in STEPS.items()], provenance(actor, request.viewer)
        ),
        "lacks": [(lack, *LACK_AT[lack.field]) for lack in lacks(actor, vocabularies)],
        "members": list(actor.members.select_related("user").order_by("role", "pk")),
        "may_edit": rules.may_edit(request.viewer, actor),
        "may_manage": rules.may_manage_members(request.viewer, actor),
        "is_member": is_member,
    }


@team_page
@require_safe
def show_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    return _sheet(request, actor_of(request, pk))


def _sheet(request: HttpRequest, actor: Actor, status: int = 200, **forms: Any) -> HttpResponse:
    viewer = request.viewer
    listing = Listing.objects.visible_to(viewer).get(actor=actor)
    qualifications = list(Qualification.objects.visible_to(viewer).filter(actor=actor).select_related("author"))
    entries = entries_about(actor, viewer)
    page = Paginator(entries, _ENTRIES).get_page(request.GET.get("page"))
    context = sheet_context(request, actor) | {
        "listing": listing,
        "in_force": [each for each in qualifications if each.until is None],
        "qualifications": qualifications,
        "notes": Note.objects.visible_to(viewer).filter(actor=actor).select_related("author")[:50],
        "history": history(page.object_list, viewer),
        "page": page,
        "circle_form": forms.get("circle") or CircleForm(auto_id="cercle-%s"),
        "note_form": forms.get("note") or NoteForm(auto_id="note-%s"),
        "state_form": forms.get("state") or StateForm(initial={"state": listing.state}, auto_id="etat-%s"),
        "archive_form": forms.get("archive") or ArchiveForm(auto_id="archive-%s"),
        "circle_seen": ",".join(str(each.pk) for each in qualifications if each.until is None),
        "may_qualify": rules.may_qualify(viewer, actor),
        "may_publish": rules.may_publish(viewer, actor),
        "may_archive": rules.may_archive(viewer, actor),
        "may_merge": rules.may_merge(viewer, actor),
        "merges": actor.merges.in_force().filter(until__gt=timezone.now())[:5],
        "panels": actor_work.panels(viewer, actor),
        "acts": actor_acts.panels(viewer, actor),
        "form": next(iter(forms.values()), None),
    }
    return render(request, "directory/work/sheet.html", context, status=status)


@team_page
@require_POST
def qualify(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request, pk)
    form = CircleForm(request.POST, auto_id="cercle-%s")
    if not form.is_valid():
        return _sheet(request, actor, 422, circle=form)
    given = form.cleaned_data
    try:
        actions.set_circle(
            by=request.viewer,
            actor=actor,
            circle=given["circle"] or None,
            nature=given["nature"],
            reason=given["reason"],
            source=given["source"],
            on=given["on"],
            seen=_seen(request),
        )
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _sheet(request, actor, refusal.status, circle=form)
    messages.success(request, _("Le cercle est enregistré."))
    return redirect("directory:actor_work", pk)


def _seen(request: HttpRequest) -> list[int] | None:
    """The qualifications in force when the sheet was shown; None when the form does not say."""
    if "vu" not in request.POST:
        return None
    return [pk for key in request.POST["vu"].split(",")[:10] if (pk := whole_number(key)) is not None]


@team_page
@require_POST
@once
def write_note(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request, pk)
    form = NoteForm(request.POST, auto_id="note-%s")
    if not form.is_valid():
        return _sheet(request, actor, 422, note=form)
    actions.add_note(by=request.viewer, actor=actor, body=form.cleaned_data["body"])
    messages.success(request, _("La note est ajoutée."))
    return redirect("directory:actor_work", pk)


@team_page
@require_POST
def change_state(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request, pk)
    form = StateForm(request.POST, auto_id="etat-%s")
    if not form.is_valid():
        return _sheet(request, actor, 422, state=form)
    listing = actions.set_state(by=request.viewer, actor=actor, state=form.cleaned_data["state"])
    messages.success(request, _("La fiche est maintenant %(state)s.") % {"state": ListingState(listing.state).label})
    return redirect("directory:actor_work", pk)


@team_page
@require_POST
@once
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Archive with its reason, or take out of the archives."""
    actor = actor_of(request, pk)
    if request.POST.get("retour"):
        actions.unarchive(by=request.viewer, actor=actor)
        messages.success(request, _("L'acteur est sorti des archives."))
        return redirect("directory:actor_work", pk)
    form = ArchiveForm(request.POST, auto_id="archive-%s")
    if not form.is_valid():
        return _sheet(request, actor, 422, archive=form)
    actions.archive(by=request.viewer, actor=actor, reason=form.cleaned_data["reason"])
    messages.success(request, _("L'acteur est archivé : il quitte les listes, la carte et les envois."))
    return redirect("directory:actor_work", pk)
