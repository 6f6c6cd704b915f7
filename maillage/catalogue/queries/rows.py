"""Rows of resources for the files that people and programs take away."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.catalogue.enums import FORM_OF, Kind
from maillage.catalogue.queries.published import Published, published
from maillage.catalogue.queries.selecting import Selection
from maillage.exchange.queries.parsing import rich_cell
from maillage.networks.models import Network
from maillage.topics.enums import Vocabulary


@dataclass(frozen=True)
class Column:
    """A column of the exports: its name in files and JSON, its title for people."""

    name: str
    title: Any


COLUMNS = [
    Column("id", _("Identifiant")), Column("forme", _("Comment en profiter")), Column("nature", _("Nature")),
    Column("titre", _("Titre")), Column("resume", _("En une phrase")), Column("acteur", _("Proposée par")),
    Column("commune", _("Commune")), Column("code_insee", _("Code INSEE")), Column("thematiques", _("Thématiques")),
    Column("publics", _("Publics")), Column("niveaux", _("Niveaux scolaires")), Column("age_min", _("Âge minimum")),
    Column("age_max", _("Âge maximum")), Column("duree", _("Durée (minutes)")), Column("groupe_min", _("Groupe : au moins")),
    Column("groupe_max", _("Groupe : au plus")), Column("surface", _("Surface (m²)")), Column("hauteur", _("Hauteur (m)")),
    Column("electricite", _("Électricité")), Column("internet", _("Internet")), Column("volume", _("Volume (m³)")),
    Column("transport", _("Transport")), Column("montage", _("Montage (minutes)")), Column("langues", _("Langues")),
    Column("acces", _("Accessibilité")), Column("prix", _("Prix")), Column("tarif", _("Tarif (euros)")),
    Column("caution", _("Caution (euros)")), Column("licence", _("Licence")), Column("exemplaires", _("Exemplaires")),
    Column("presentation", _("Présentation")), Column("precisions_acces", _("Précisions d'accès")),
    Column("securite", _("Consignes de sécurité")), Column("personnes", _("Personnes nécessaires au montage")),
    Column("conditions", _("Conditions")), Column("zone", _("Zone desservie")),
    Column("retrait", _("Lieu de retrait")), Column("site", _("En savoir plus")), Column("image", _("Image")), Column("image_credit", _("Crédit de l'image")),
    Column("image_licence", _("Licence de l'image")), Column("page", _("Page")), Column("modifie_le", _("Modifié le")),
]  # fmt: skip


def public_rows(network: Network, selection: Selection, base_url: str) -> Iterator[dict[str, Any]]:
    """Every resource found as a dict by column name, lists as lists, in the order asked for."""
    for each in published(network, selection.keys):
        yield _row(each, base_url)


def _number(value: Any) -> Any:
    return "" if value is None else float(value) if hasattr(value, "normalize") else value


def _row(each: Published, base_url: str) -> dict[str, Any]:
    resource, place = each.resource, each.place
    photo = next(iter(sorted(resource.photos.all(), key=lambda one: (one.position, one.pk))), None)
    return {
        "id": resource.uid,
        "forme": FORM_OF[Kind(resource.kind)].label,
        "nature": resource.get_kind_display(),
        "titre": resource.title,
        "resume": resource.summary,
        "acteur": resource.actor.name,
        "commune": place.name if place else "",
        "code_insee": place.code if place else "",
        "thematiques": [term.label for term in each.terms[Vocabulary.THEME]],
        "publics": [term.label for term in each.terms[Vocabulary.AUDIENCE]],
        "niveaux": list(resource.cycles),
        "age_min": _number(resource.age_min),
        "age_max": _number(resource.age_max),
        "duree": _number(resource.duration),
        "groupe_min": _number(resource.group_min),
        "groupe_max": _number(resource.group_max),
        "surface": _number(resource.surface),
        "hauteur": _number(resource.height),
        "electricite": resource.get_power_display(),
        "internet": resource.get_connection_display(),
        "volume": _number(resource.volume),
        "transport": resource.get_transport_display(),
        "montage": _number(resource.setup_minutes),
        "langues": list(resource.languages),
        "acces": list(resource.place_access),
        "prix": resource.get_price_display(),
        "tarif": _number(resource.fee),
        "caution": _number(resource.deposit),
        "licence": resource.get_licence_display(),
        "exemplaires": each.stock if resource.is_lent else "",
        "presentation": rich_cell(resource.description),
        "precisions_acces": resource.access_notes,
        "securite": resource.safety,
        "personnes": _number(resource.people),
        "conditions": resource.conditions,
        "zone": [place.name for place in resource.zone.all()],
        "retrait": resource.pickup,
        "site": resource.website,
        "image": base_url + photo.image.url if photo else "",
        "image_credit": photo.credit if photo else "",
        "image_licence": photo.get_licence_display() if photo else "",
        "page": base_url + resource.get_absolute_url(),
        "modifie_le": resource.updated_at.isoformat(timespec="seconds"),
    }
