"""What the directory gives to the search: its actors."""

from django.utils.translation import gettext_lazy as _

from maillage.directory.queries.documents import KIND, documents
from maillage.search.registry import SearchSource, register

register(SearchSource(kind=KIND, label=_("Acteurs"), one=_("Acteur"), documents=documents, icon="map-pin", order=10))
