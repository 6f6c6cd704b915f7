"""Tables of the directory."""

from maillage.directory.models.actors import (
    Actor,
    ActorQuerySet,
    FormerSlug,
    Identifier,
)
from maillage.directory.models.charter import Calendar, CharterVersion, Signature, SigningLink
from maillage.directory.models.claims import Claim, ClaimCode
from maillage.directory.models.duplicates import DistinctPair, Lesson, Merge, Suspect
from maillage.directory.models.freshness import Reminder
from maillage.directory.models.invitations import ActorInvitation
from maillage.directory.models.listings import Listing, Note, Qualification, Tombstone
from maillage.directory.models.people import ActorMember
from maillage.directory.models.revisions import Revision, Trust
from maillage.directory.models.suggestions import Suggestion
from maillage.directory.models.views import SavedView

__all__ = [
    "Actor",
    "ActorInvitation",
    "ActorMember",
    "ActorQuerySet",
    "Calendar",
    "CharterVersion",
    "Claim",
    "ClaimCode",
    "DistinctPair",
    "FormerSlug",
    "Identifier",
    "Lesson",
    "Listing",
    "Merge",
    "Note",
    "Qualification",
    "Reminder",
    "Revision",
    "SavedView",
    "Signature",
    "SigningLink",
    "Suggestion",
    "Suspect",
    "Tombstone",
    "Trust",
]
