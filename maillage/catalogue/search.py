"""What the catalogue gives to the search."""

from django.utils.translation import gettext_lazy as _

from maillage.catalogue.queries.documents import KIND, documents
from maillage.search.registry import SearchSource, register

register(
    SearchSource(kind=KIND, label=_("Ressources"), one=_("Ressource"), documents=documents, icon="briefcase", order=25)
)
