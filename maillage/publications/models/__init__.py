"""Tables of the publications."""

from maillage.publications.models.comments import Comment
from maillage.publications.models.credits import Credit
from maillage.publications.models.pieces import Piece
from maillage.publications.models.publications import Publication, PublicationQuerySet
from maillage.publications.models.readings import Reading
from maillage.publications.models.versions import Version

__all__ = ["Comment", "Credit", "Piece", "Publication", "PublicationQuerySet", "Reading", "Version"]
