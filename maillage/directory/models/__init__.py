"""Tables of the directory."""

from maillage.directory.models.actors import (
    Actor,
    ActorQuerySet,
    FormerSlug,
    Identifier,
)
from maillage.directory.models.charter import Calendar, CharterVersion, Signature, SigningLink
from maillage.directory.models.duplicates import DistinctPair, Lesson, Merge, Suspect
from maillage.directory.models.listings import Listing, Note, Qualification, Tombstone
from maillage.directory.models.people import ActorMember
from maillage.directory.models.views import SavedView

__all__ = [
    "Actor",
    "ActorMember",
    "ActorQuerySet",
    "Calendar",
    "CharterVersion",
    "DistinctPair",
    "FormerSlug",
    "Identifier",
    "Lesson",
    "Listing",
    "Merge",
    "Note",
    "Qualification",
    "SavedView",
    "Signature",
    "SigningLink",
    "Suspect",
    "Tombstone",
]
