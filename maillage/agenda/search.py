"""What the agenda gives to the search: its events."""

from django.utils.translation import gettext_lazy as _

from maillage.agenda.queries.documents import KIND, documents
from maillage.search.registry import SearchSource, register

register(
    SearchSource(kind=KIND, label=_("Événements"), one=_("Événement"), documents=documents, icon="calendar", order=20)
)
