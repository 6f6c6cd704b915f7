"""Tables of the agenda."""

from maillage.agenda.models.events import Event, EventIdentifier, EventQuerySet
from maillage.agenda.models.organisers import Organiser
from maillage.agenda.models.reviews import DistinctEvents, EventRevision
from maillage.agenda.models.timings import Pattern, Timing
from maillage.agenda.models.tombstones import EventTombstone

__all__ = [
    "DistinctEvents",
    "Event",
    "EventIdentifier",
    "EventQuerySet",
    "EventRevision",
    "EventTombstone",
    "Organiser",
    "Pattern",
    "Timing",
]
