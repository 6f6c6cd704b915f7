"""How complete a sheet is, and what it lacks: weights that sum to 100."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from maillage.directory.enums import PositionQuality
from maillage.topics.enums import Vocabulary

if TYPE_CHECKING:
    from maillage.directory.models.actors import Actor


@dataclass(frozen=True)
class Lack:
    """Something missing: the form field to fill and what to do."""

    field: str
    weight: int
    sentence: Any


LACKS = [
    Lack("family", 10, _("Choisir la famille")),
    Lack("summary", 10, _("Dire en une phrase ce que fait l'acteur")),
    Lack("description", 10, _("Écrire une présentation")),
    Lack("themes", 10, _("Choisir les thématiques")),
    Lack("audiences", 10, _("Choisir les publics")),
    Lack("action_kinds", 5, _("Choisir les types d'action")),
    Lack("commune", 10, _("Indiquer la commune")),
    Lack("position", 5, _("Placer l'acteur sur la carte")),
    Lack("website", 10, _("Donner le site web")),
    Lack("contact", 10, _("Donner un e-mail ou un téléphone")),
    Lack("image", 5, _("Ajouter une image")),
    Lack("identifier", 5, _("Donner un identifiant (SIREN, SIRET, RNA ou UAI)")),
]


def lacks(actor: "Actor", vocabularies: set[str]) -> list[Lack]:
    """What `actor` lacks, `vocabularies` being those of its terms. A person needs no identifier."""
    present = {
        "family": actor.family_id is not None,
        "summary": bool(actor.summary),
        "description": bool(actor.description),
        "themes": Vocabulary.THEME in vocabularies,
        "audiences": Vocabulary.AUDIENCE in vocabularies,
        "action_kinds": Vocabulary.ACTION_KIND in vocabularies,
        "commune": actor.commune_id is not None,
        "position": actor.position_quality in (PositionQuality.EXACT, PositionQuality.ADDRESS),
        "website": bool(actor.website),
        "contact": bool(actor.email or actor.phone),
        "image": bool(actor.image),
        "identifier": actor.kind == "person" or bool(actor.siren or actor.siret or actor.rna or actor.uai),
    }
    return [lack for lack in LACKS if not present[lack.field]]


def completeness(actor: "Actor", vocabularies: set[str]) -> int:
    """Percentage of the weights that are there, 0 to 100."""
    return 100 - sum(lack.weight for lack in lacks(actor, vocabularies))
