"""Tables of the catalogue."""

from maillage.catalogue.models.bookings import Booking, Hold, Occupancy
from maillage.catalogue.models.collections import Collection, CollectionEditor, CollectionItem
from maillage.catalogue.models.files import Downloads, FileVersion, ResourceFile, ResourceLink
from maillage.catalogue.models.lending import Closure, LendingTerms
from maillage.catalogue.models.resources import (
    FIRST,
    Photo,
    Resource,
    ResourceIdentifier,
    ResourceQuerySet,
    ResourceTombstone,
)
from maillage.catalogue.models.stock import PROMISED, Component, Consumable, Copy, Module
from maillage.catalogue.models.uses import Feedback, Use

__all__ = [
    "FIRST",
    "PROMISED",
    "Booking",
    "Closure",
    "Collection",
    "CollectionEditor",
    "CollectionItem",
    "Component",
    "Consumable",
    "Copy",
    "Downloads",
    "Feedback",
    "FileVersion",
    "Hold",
    "LendingTerms",
    "Module",
    "Occupancy",
    "Photo",
    "Resource",
    "ResourceFile",
    "ResourceIdentifier",
    "ResourceLink",
    "ResourceQuerySet",
    "ResourceTombstone",
    "Use",
]
