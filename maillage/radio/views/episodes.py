"""An episode: opened, written, carried from one state to the next, taken up again as a frame."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from maillage.core.dates import date_format
from maillage.core.errors import Conflict, Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.radio import rules
from maillage.radio.actions import change_state, copy_frame, create_episode, delete_episode, edit_episode
from maillage.radio.enums import EpisodeState
from maillage.radio.forms.episodes import CancelForm, CopyForm, EpisodeForm, NewEpisodeForm
from maillage.radio.models import Show
from maillage.radio.queries.fields import episode_fields
from maillage.radio.views.asked import episode_of, team_page


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_episode(request: Request) -> HttpResponse:
    viewer = request.viewer
    initial = None
    if request.method != "POST" and (slug := request.GET.get("emission", "")[:80]):
        initial = {"show": Show.objects.visible_to(viewer).filter(slug=slug).first()}
    form = NewEpisodeForm(request.POST if request.method == "POST" else None, viewer=viewer, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            fields = {name: form.cleaned_data[name] for name in ("title", "planned_at")}
            try:
                episode = create_episode(by=viewer, show=form.cleaned_data["show"], fields=fields)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                return redirect("radio:candidates", episode.pk)
    has_show = Show.objects.visible_to(viewer).exists()
    return render(request, "radio/work/new.html", {"form": form, "has_show": has_show}, status=status)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def copy(request: Request, pk: int) -> HttpResponse:
    """The frame of this episode, for the next one."""
    episode = episode_of(request, pk)
    form = CopyForm(request.POST if request.method == "POST" else None, viewer=request.viewer)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = copy_frame(by=request.viewer, episode=episode, fields=form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La trame est reprise : remplissez-la avec l'agenda."))
                return redirect("radio:candidates", made.pk)
    return render(request, "radio/work/copy.html", {"episode": episode, "form": form}, status=status)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Its sheet. With the header `X-Autosave` the answer is JSON: what was saved and the marks that the next save sends."""
    episode = episode_of(request, pk)
    form = EpisodeForm(request.POST if request.method == "POST" else None, episode=episode)
    quiet = request.method == "POST" and request.headers.get("X-Autosave") == "1"
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                edit_episode(by=request.viewer, episode=episode, fields=form.changed(), seen=form.seen)
                if quiet:
                    return kept(EpisodeForm(episode=episode_of(request, pk)).vu)
                messages.success(request, _("La fiche de l'épisode est enregistrée."))
                return redirect("radio:episode_work", pk)
            except Conflict as conflict:
                status = 409
                if quiet:
                    return JsonResponse({"sentence": conflict.sentence}, status=409)
                now = episode_fields(episode_of(request, pk))
                form.tell(now)
                if all(not getattr(bound, "meanwhile", "") for bound in form):
                    form.add_error(None, conflict.sentence)
            except (Refused, ValidationError) as refusal:
                form.add_error(None, getattr(refusal, "sentence", refusal))
                status = getattr(refusal, "status", 422)
        if quiet:
            return JsonResponse({"sentence": _("Pas enregistré : un champ est à corriger.")}, status=status)
    context = {"episode": episode, "form": form, "conflict": status == 409}
    return render(request, "radio/work/edit.html", context, status=status)


def kept(vu: str, **told: Any) -> JsonResponse:
    said = _("Enregistré à %s") % date_format(timezone.localtime(), "G:i")
    return JsonResponse({"vu": vu, "sentence": said, **told})


@team_page
@require_POST
def state(request: Request, pk: int) -> HttpResponse:
    episode = episode_of(request, pk)
    wanted = request.POST.get("etat", "")
    if wanted not in EpisodeState.values:
        messages.error(request, _("Choisissez un état."))
        return redirect("radio:episode_work", pk)
    form = CancelForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        done = change_state(by=request.viewer, episode=episode, state=wanted, reason=reason)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("radio:episode_work", pk)
    messages.success(request, _said(done.state))
    return redirect("radio:episode_work", pk)


def _said(reached: str) -> str:
    return {
        EpisodeState.DRAFT: _("L'épisode est de nouveau en préparation."),
        EpisodeState.READY: _("L'épisode est prêt : imprimez son script."),
        EpisodeState.RECORDED: _("L'épisode est enregistré."),
        EpisodeState.BROADCAST: _("L'épisode est diffusé : il compte dans le partage de l'antenne."),
        EpisodeState.PUBLISHED: _("L'épisode est publié : il est sur le site et dans le podcast."),
        EpisodeState.CANCELLED: _("L'épisode est annulé."),
    }[EpisodeState(reached)]


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, pk: int) -> HttpResponse:
    episode = episode_of(request, pk)
    rules.may_delete(request.viewer, episode).require()
    if request.method == "POST":
        delete_episode(by=request.viewer, episode=episode)
        messages.success(request, _("« %s » est supprimé.") % episode.title)
        return redirect("radio:episode_table")
    return render(request, "radio/work/delete.html", {"episode": episode})
