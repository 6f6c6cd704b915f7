"""Reads about territories: look-up, resolution, distances, outlines."""

from maillage.territories.queries.contours import (
    contours_of,
    contours_url,
    contours_version,
    feature_collection,
    towns_of,
)
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
    "contours_of",
    "contours_url",
    "contours_version",
    "distance_to",
    "feature_collection",
    "find_communes",
    "in_box",
    "nearest",
    "towns_of",
    "within",
]
