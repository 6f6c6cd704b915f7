"""Reads about territories: look-up, resolution, distances, outlines."""

from maillage.territories.queries.distance import distance_to, in_box, nearest, within
from maillage.territories.queries.index import CommuneIndex, Known, build_index, commune_index
from maillage.territories.queries.lookup import FoundCommune, find_communes
from maillage.territories.queries.resolver import CommuneResolver, Resolution

__all__ = [
    "CommuneIndex",
    "CommuneResolver",
    "FoundCommune",
    "Known",
    "Resolution",
    "build_index",
    "commune_index",
    "distance_to",
    "find_communes",
    "in_box",
    "nearest",
    "within",
]
