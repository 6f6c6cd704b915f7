"""Holding a letter while it is changed, and telling the search what everyone may read of it."""

from django.utils.translation import gettext as _

from maillage.core.errors import Refused
from maillage.newsletters.models import Letter
from maillage.newsletters.queries.documents import documents
from maillage.search.actions import index


def held(letter: Letter) -> Letter:
    """First in the transaction of an action."""
    found = Letter.objects.select_for_update(of=("self",)).select_related("network", "author").filter(pk=letter.pk)
    if (locked := found.first()) is None:
        raise Refused(_("Cette lettre a été supprimée."), status=409)
    return locked


def mark_published(letter: Letter) -> None:
    index(documents(Letter.objects.filter(pk=letter.pk)))
