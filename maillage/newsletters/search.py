"""What the letters give to the search."""

from django.utils.translation import gettext_lazy as _

from maillage.newsletters.queries.documents import KIND, documents
from maillage.search.registry import SearchSource, register

register(SearchSource(kind=KIND, label=_("Lettres"), one=_("Lettre"), documents=documents, icon="mail", order=45))
