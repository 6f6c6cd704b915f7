"""Tables of the tours."""

from maillage.tours.models.requests import HostRequest, HostRequestQuerySet, Stop, Window
from maillage.tours.models.seasons import Season, SeasonQuerySet

__all__ = ["HostRequest", "HostRequestQuerySet", "Season", "SeasonQuerySet", "Stop", "Window"]
