"""Tables of the radio."""

from maillage.radio.models.episodes import Episode, EpisodeQuerySet
from maillage.radio.models.items import Heard, Item
from maillage.radio.models.shows import Show, ShowQuerySet

__all__ = ["Episode", "EpisodeQuerySet", "Heard", "Item", "Show", "ShowQuerySet"]
