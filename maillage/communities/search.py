"""What the communities give to the search."""

from django.utils.translation import gettext_lazy as _

from maillage.communities.queries.documents import KIND, documents
from maillage.search.registry import SearchSource, register

register(
    SearchSource(kind=KIND, label=_("Communautés"), one=_("Communauté"), documents=documents, icon="users", order=40)
)
