"""Public rows of actors, for every output that is data: no circle, no note, no personal address in bulk.

The e-mail and telephone of a person never leave in bulk, even when their page shows them; nor does the name of a contact.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.core.viewer import Viewer
from maillage.directory.enums import ActorKind
from maillage.directory.models import Actor
from maillage.directory.queries.filters import Selection
from maillage.directory.queries.homes import keeps_home_private, point_told_of
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary

CHUNK, FACTS = 100, 1000  # Actors read at once: whole, or for their names alone.
# A thousand sheets at once weigh 25 MB more in a web process, and go hardly faster.


@dataclass(frozen=True)
class Column:
    """A column of the exports: its name in files and JSON, its title for people."""

    name: str
    title: Any


COLUMNS = [
    Column("id", _("Identifiant")),
    Column("nom", _("Nom")),
    Column("sigle", _("Sigle")),
    Column("nature", _("Nature")),
    Column("famille", _("Famille")),
    Column("thematiques", _("Thématiques")),
    Column("publics", _("Publics")),
    Column("actions", _("Types d'action")),
    Column("resume", _("En une phrase")),
    Column("adresse", _("Adresse")),
    Column("code_postal", _("Code postal")),
    Column("commune", _("Commune")),
    Column("code_insee", _("Code INSEE")),
    Column("departement", _("Département")),
    Column("latitude", _("Latitude")),
    Column("longitude", _("Longitude")),
    Column("site", _("Site web")),
    Column("telephone", _("Téléphone")),
    Column("siren", _("SIREN")),
    Column("siret", _("SIRET")),
    Column("rna", _("RNA")),
    Column("uai", _("UAI")),
    Column("accessibilite", _("Accessibilité du lieu")),
    Column("page", _("Page")),
    Column("modifie_le", _("Modifié le")),
]
_TERMS = {"thematiques": Vocabulary.THEME, "publics": Vocabulary.AUDIENCE, "actions": Vocabulary.ACTION_KIND}


def public_rows(selection: Selection, viewer: Viewer, base_url: str) -> Iterator[dict[str, Any]]:
    """Every actor of `selection` as a dict by column name, lists as lists; two queries for each hundred."""
    words = vocabularies(viewer.network)
    labels = {term.pk: term.label for terms in words.values() for term in terms}
    by_name = {name: {term.pk for term in words[vocabulary]} for name, vocabulary in _TERMS.items()}
    ids = iter(selection.page_ids(0, selection.count))
    while chunk := list(islice(ids, CHUNK)):
        for actor in _in_order(chunk, viewer):
            held = [term.pk for term in actor.terms.all()]
            row = _row(actor, base_url)
            row["famille"] = labels.get(actor.family_id or 0, "")
            for name, known in by_name.items():
                row[name] = [labels[pk] for pk in held if pk in known]
            yield row


def _in_order(ids: list[int], viewer: Viewer) -> Iterable[Actor]:
    found = {actor.pk: actor for actor in Actor.objects.visible_to(viewer).filter(pk__in=ids).for_rows()}
    return (found[pk] for pk in ids if pk in found)


def _row(actor: Actor, base_url: str) -> dict[str, Any]:
    reachable = actor.kind == ActorKind.ORGANISATION and actor.contact_is_public
    private = keeps_home_private(actor.kind, actor.contact_is_public)
    point = point_told_of(actor)
    commune = actor.commune
    return {
        "id": actor.pk,
        "nom": actor.name,
        "sigle": actor.acronym,
        "nature": actor.kind,
        "famille": "",
        "thematiques": [],
        "publics": [],
        "actions": [],
        "resume": actor.summary,
        "adresse": "" if private else actor.address,
        "code_postal": actor.postal_code,
        "commune": commune.name if commune else "",
        "code_insee": commune.code if commune else "",
        "departement": commune.department.name if commune and commune.department else "",
        "latitude": point[0] if point else None,
        "longitude": point[1] if point else None,
        "site": actor.website,
        "telephone": actor.phone if reachable else "",
        "siren": actor.siren,
        "siret": actor.siret,
        "rna": actor.rna,
        "uai": actor.uai,
        "accessibilite": list(actor.place_access),
        "page": base_url + actor.get_absolute_url(),
        "modifie_le": actor.updated_at.date().isoformat(),
    }


@dataclass(frozen=True, slots=True)
class PointFact:
    """What the map says of an actor."""

    name: str
    slug: str
    commune: str
    hue: int | None
    shape: str


def point_facts(ids: Iterable[int], viewer: Viewer) -> dict[int, PointFact]:
    """Facts by id of the actors the viewer may see; one query a thousand."""
    facts: dict[int, PointFact] = {}
    rest = iter(ids)
    columns = ("pk", "name", "slug", "commune__name", "family__hue", "family__shape")
    while chunk := list(islice(rest, FACTS)):
        visible = Actor.objects.visible_to(viewer).filter(pk__in=chunk)
        for pk, name, slug, commune, hue, shape in visible.values_list(*columns):
            facts[pk] = PointFact(name, slug, commune or "", hue, shape or "")
    return facts
