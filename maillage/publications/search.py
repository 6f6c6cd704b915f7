"""What the publications give to the search: a kind for each section."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from maillage.publications.enums import Section
from maillage.publications.queries.documents import FORMERLY, KIND_OF, documents_in
from maillage.search.registry import SearchSource, register

for order, (section, one, icon) in enumerate(
    (
        (Section.ARTICLES, _("Article"), "newspaper"),
        (Section.ANNOUNCEMENTS, _("Annonce"), "megaphone"),
        (Section.DOSSIERS, _("Dossier"), "layers"),
    )
):
    register(
        SearchSource(
            kind=KIND_OF[section],
            label=section.label,
            one=one,
            documents=partial(documents_in, section),
            icon=icon,
            order=30 + order,
            formerly=FORMERLY,
        )
    )
