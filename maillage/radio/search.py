"""What the radio gives to the search."""

from django.utils.translation import gettext_lazy as _

from maillage.radio.queries.documents import KIND, documents
from maillage.search.registry import SearchSource, register

register(
    SearchSource(
        kind=KIND, label=_("Émissions de radio"), one=_("Émission"), documents=documents, icon="play", order=35
    )
)
