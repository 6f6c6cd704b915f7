"""The sound of an episode: sent by the team, given to whoever may hear it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.core import audio
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.throttle import hit, throttled, too_many
from maillage.core.viewer import Viewer
from maillage.radio.actions import attach_audio, remove_audio
from maillage.radio.actions.sounding import FOLDER
from maillage.radio.engine.reading import clock
from maillage.radio.forms.episodes import SoundForm
from maillage.radio.models import Episode
from maillage.radio.views.asked import episode_of, team_page

_AN_HOUR = 30  # Files that one person sends in an hour.


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def deposit(request: Request, pk: int) -> HttpResponse:
    episode = episode_of(request, pk)
    act = request.POST.get("acte", "")
    if act == "retirer":
        try:
            remove_audio(by=request.viewer, episode=episode)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _("Le fichier audio est retiré."))
        return redirect("radio:episode_work", pk)
    status = 200
    if request.method == "POST":
        wait = hit("radio.deposit", str(request.viewer.user_id), limit=_AN_HOUR, seconds=3600)
        if wait:
            return too_many(request, wait)
        status = 422
        form = SoundForm(request.POST, request.FILES, episode=episode)
        if form.is_valid():
            try:
                kept = attach_audio(by=request.viewer, episode=episode, sound=form.cleaned_data["audio"])
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Le fichier est déposé : il dure %s.") % clock(kept.duration))
                return redirect("radio:episode_work", pk)
    else:
        form = SoundForm(episode=episode)
    return render(request, "radio/work/sound.html", {"episode": episode, "form": form}, status=status)


@throttled("radio.sound", limit=6000, seconds=3600)
@require_safe
def listen(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file of that name, of an episode that the viewer may hear; players ask for it in parts."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = (
        Episode.objects.visible_to(viewer).select_related("show", "network").filter(audio=f"{FOLDER}/{name}").first()
    )
    if found is None:
        raise Http404
    try:
        return audio.served(
            request, f"{FOLDER}/{name}", found.audio_kind, is_public=found.is_shown and found.network.is_public
        )
    except FileNotFoundError:
        raise Http404 from None
