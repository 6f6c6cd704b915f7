"""The life of an episode: prepared, ready, recorded, broadcast, published, cancelled."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from maillage.activity.actions import record
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.radio import rules
from maillage.radio.actions.marking import held, mark_changed
from maillage.radio.enums import ON_AIR, EpisodeState
from maillage.radio.models import Episode


def change_state(*, by: Viewer, episode: Episode, state: str, reason: str = "", at: datetime | None = None) -> Episode:
    """Refused with what it lacks. It went on air when it was planned, if that is past, else now; published, it keeps its first day,
    so that players do not take it for a new one."""
    now = at or timezone.now()
    with transaction.atomic():
        episode = held(by.network, episode)
        rules.may_become(by, episode, state).require()
        was = episode.state
        episode.state = EpisodeState(state)
        episode.reason = legible(reason).strip()[:300] if state == EpisodeState.CANCELLED else ""
        if state in ON_AIR and episode.on_air_at is None:
            planned = episode.planned_at
            episode.on_air_at = planned if planned is not None and planned <= now else now
        if state not in ON_AIR:
            episode.on_air_at = None  # Said too soon: it counts in no share of airtime.
        if state == EpisodeState.PUBLISHED and episode.published_at is None:
            episode.published_at = now
        episode.save()
        back = was == EpisodeState.PUBLISHED
        record("episode.unpublished" if back else f"episode.{state}", by=by, subject=episode, touch=False)
        mark_changed(episode)
    return episode
