"""What the publications give to the search."""

from django.utils.translation import gettext_lazy as _

from maillage.publications.queries.documents import KIND, documents
from maillage.search.registry import SearchSource, register

register(
    SearchSource(
        kind=KIND,
        label=_("Articles et annonces"),
        one=_("Publication"),
        documents=documents,
        icon="newspaper",
        order=30,
    )
)
