"""Rows of publications for the files that people and programs take away."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.networks.models import Network
from maillage.publications.queries.published import Published, published
from maillage.publications.queries.selecting import Selection
from maillage.topics.enums import Vocabulary


@dataclass(frozen=True)
class Column:
    """A column of the exports: its name in files and JSON, its title for people."""

    name: str
    title: Any


COLUMNS = [
    Column("id", _("Identifiant")),
    Column("nature", _("Nature")),
    Column("type", _("Type d'annonce")),
    Column("titre", _("Titre")),
    Column("chapeau", _("Chapeau")),
    Column("thematiques", _("Thématiques")),
    Column("publics", _("Publics")),
    Column("territoires", _("Territoires")),
    Column("signatures", _("Signatures")),
    Column("paru_le", _("Paru le")),
    Column("valable_jusquau", _("Valable jusqu'au")),
    Column("site", _("En savoir plus")),
    Column("image", _("Image")),
    Column("image_credit", _("Crédit de l'image")),
    Column("image_licence", _("Licence de l'image")),
    Column("page", _("Page")),
    Column("modifie_le", _("Modifié le")),
]


def public_rows(network: Network, selection: Selection, base_url: str) -> Iterator[dict[str, Any]]:
    """Every publication found as a dict by column name, lists as lists, in the order asked for."""
    for each in published(network, selection.found.values_list("pk", flat=True)):
        yield _row(each, base_url)


def _row(each: Published, base_url: str) -> dict[str, Any]:
    publication, at = each.publication, each.appeared_at
    return {
        "id": publication.pk,
        "nature": publication.get_kind_display(),
        "type": publication.get_announcement_display(),
        "titre": publication.title,
        "chapeau": publication.summary,
        "thematiques": [term.label for term in each.terms[Vocabulary.THEME]],
        "publics": [term.label for term in each.terms[Vocabulary.AUDIENCE]],
        "territoires": [place.name for place in publication.places.all()],
        "signatures": [signature.name for signature in each.signatures],
        "paru_le": timezone.localtime(at).date().isoformat() if at else "",
        "valable_jusquau": publication.closes_on.isoformat() if publication.closes_on else "",
        "site": publication.website,
        "image": base_url + publication.image.url if publication.image else "",
        "image_credit": publication.image_credit,
        "image_licence": publication.get_image_licence_display() if publication.image else "",
        "page": base_url + publication.get_absolute_url(),
        "modifie_le": timezone.localtime(publication.updated_at).date().isoformat(),
    }
