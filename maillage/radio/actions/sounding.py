"""The sound of an episode: kept, replaced, taken away with its file."""

from django.db import transaction
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core import audio
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.radio import rules
from maillage.radio.actions.marking import held, mark_changed
from maillage.radio.enums import EpisodeState
from maillage.radio.models import Episode

FOLDER = "radio"


def attach_audio(*, by: Viewer, episode: Episode, sound: audio.Sound) -> Episode:
    """In the place of the one it had, which goes once this one is written. Another file has another address: players fetch it."""
    rules.may_compose(by, episode).require()
    name = audio.keep(sound, FOLDER)
    try:
        with transaction.atomic():
            episode = held(by.network, episode)
            rules.may_compose(by, episode).require()
            old = episode.audio.name or ""
            episode.audio.name = name
            episode.audio_kind, episode.audio_bytes, episode.duration = sound.kind, sound.size, sound.seconds
            episode.save()
            details = {"kind": sound.kind, "bytes": sound.size, "seconds": sound.seconds}
            record("episode.audio", by=by, subject=episode, details=details, touch=False)
            mark_changed(episode)
            transaction.on_commit(lambda: audio.forget(old), robust=True)
    except BaseException:
        audio.forget(name)
        raise
    return episode


def remove_audio(*, by: Viewer, episode: Episode) -> Episode:
    with transaction.atomic():
        episode = held(by.network, episode)
        rules.may_compose(by, episode).require()
        if episode.state == EpisodeState.PUBLISHED:
            raise Refused(
                _("Un épisode publié garde son fichier : remplacez-le, ou retirez l'épisode du site."), status=409
            )
        old = episode.audio.name or ""
        episode.audio.name, episode.audio_kind, episode.audio_bytes, episode.duration = "", "", 0, 0
        episode.save()
        record("episode.audio_removed", by=by, subject=episode, touch=False)
        mark_changed(episode)
        transaction.on_commit(lambda: audio.forget(old), robust=True)
    return episode
