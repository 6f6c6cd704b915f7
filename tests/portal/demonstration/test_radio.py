"""What the demonstration broadcasts: two programmes, a year of episodes in every state, some to listen to."""

from collections import Counter

import pytest
from django.core.files.storage import default_storage

from maillage.core import audio
from maillage.radio.enums import EpisodeState
from maillage.radio.models import Episode, Item, Show
from maillage.radio.queries.airtime import never_heard
from maillage.search.models import Document

pytestmark = pytest.mark.once


def test_a_year_of_episodes_is_in_every_state(demo):
    held = Counter(Episode.objects.filter(network=demo.south).values_list("state", flat=True))
    assert set(held) == set(EpisodeState.values)
    assert (sum(held.values()), held[EpisodeState.PUBLISHED]) == (41, 8)
    assert Show.objects.filter(network=demo.south, is_open=True).count() == 2


def test_what_is_published_is_a_sound_with_its_transcript(demo):
    for episode in Episode.objects.filter(state=EpisodeState.PUBLISHED):
        with default_storage.open(episode.audio.name) as stored:
            kind, seconds = audio.read(stored, episode.audio_bytes)
        assert (kind, round(seconds)) == (episode.audio_kind, episode.duration)
        assert episode.transcript
    assert Document.objects.filter(kind="emission", is_public=True).count() == 8


def test_items_are_about_the_agenda_and_the_actors_and_many_are_never_heard(demo):
    assert Item.objects.exclude(event=None).count() > 20
    assert Item.objects.exclude(actor=None).count() > 40
    for item in Item.objects.prefetch_related("departments"):
        item.full_clean()
    assert never_heard(demo.south).count() > 1000
