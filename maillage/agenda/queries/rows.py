"""Rows of events for the files that people and programs take away."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.agenda.enums import Attendance
from maillage.agenda.models import Event, Timing
from maillage.agenda.queries.programme import Programme
from maillage.agenda.queries.published import Published, published
from maillage.topics.enums import Vocabulary


@dataclass(frozen=True)
class Column:
    """A column of the exports: its name in files and JSON, its title for people."""

    name: str
    title: Any


COLUMNS = [
    Column("id", _("Identifiant")),
    Column("titre", _("Titre")),
    Column("resume", _("En une phrase")),
    Column("types", _("Types")),
    Column("thematiques", _("Thématiques")),
    Column("publics", _("Publics")),
    Column("debut", _("Début")),
    Column("fin", _("Fin")),
    Column("dates", _("Dates")),
    Column("sur_rendez_vous", _("Sur rendez-vous")),
    Column("tenue", _("Tenue")),
    Column("precision", _("Précision")),
    Column("ou", _("Sur place ou en ligne")),
    Column("lien_en_ligne", _("Lien en ligne")),
    Column("lieu", _("Nom du lieu")),
    Column("adresse", _("Adresse")),
    Column("code_postal", _("Code postal")),
    Column("commune", _("Commune")),
    Column("code_insee", _("Code INSEE")),
    Column("departement", _("Département")),
    Column("latitude", _("Latitude")),
    Column("longitude", _("Longitude")),
    Column("accessibilite", _("Accessibilité")),
    Column("organisateurs", _("Organisateurs")),
    Column("age_min", _("Âge minimum")),
    Column("age_max", _("Âge maximum")),
    Column("niveaux", _("Niveaux scolaires")),
    Column("langues", _("Langues")),
    Column("prix", _("Prix")),
    Column("conditions", _("Tarif et conditions")),
    Column("inscription", _("Inscription")),
    Column("site", _("En savoir plus")),
    Column("image", _("Image")),
    Column("image_credit", _("Crédit de l'image")),
    Column("image_licence", _("Licence de l'image")),
    Column("fait_partie_de", _("Fait partie de")),
    Column("source", _("Source")),
    Column("page", _("Page")),
    Column("modifie_le", _("Modifié le")),
]


def public_rows(found: Programme, base_url: str) -> Iterator[dict[str, Any]]:
    """Every event of `found` as a dict by column name, lists as lists, with its dates of the period by the clock of the place
    (with what it is ahead of UTC)."""
    for each in published(found.filters.network, found.ids, window=found.window):
        yield _row(each, base_url)


def _row(each: Published, base_url: str) -> dict[str, Any]:
    event = each.event
    onsite = event.attendance != Attendance.ONLINE
    commune = event.commune
    first = each.timings[0] if each.timings else None
    labels = {name: [term.label for term in terms] for name, terms in each.terms.items()}
    return {
        "id": event.pk,
        "titre": event.title,
        "resume": event.summary,
        "types": labels[Vocabulary.ACTION_KIND],
        "thematiques": labels[Vocabulary.THEME],
        "publics": labels[Vocabulary.AUDIENCE],
        "debut": local_iso(event, first, "starts_at") if first else "",
        "fin": local_iso(event, first, "ends_at") if first else "",
        "dates": [interval(event, timing) for timing in each.timings if not timing.is_cancelled],
        "sur_rendez_vous": event.by_appointment,
        "tenue": event.get_status_display(),
        "precision": event.status_note,
        "ou": event.get_attendance_display(),
        "lien_en_ligne": event.online_url,
        "lieu": event.place_name,
        "adresse": event.address,
        "code_postal": event.postal_code,
        "commune": commune.name if commune else "",
        "code_insee": commune.code if commune else "",
        "departement": commune.department.name if commune and commune.department else "",
        "latitude": event.latitude if onsite else None,
        "longitude": event.longitude if onsite else None,
        "accessibilite": list(event.place_access),
        "organisateurs": each.organiser_names,
        "age_min": event.age_min,
        "age_max": event.age_max,
        "niveaux": list(event.cycles),
        "langues": list(event.languages),
        "prix": event.get_price_display(),
        "conditions": event.conditions,
        "inscription": [booking["value"] for booking in event.bookings],
        "site": event.website,
        "image": base_url + event.image.url if event.image else "",
        "image_credit": event.image_credit,
        "image_licence": event.get_image_licence_display() if event.image else "",
        "fait_partie_de": each.parent.title if each.parent else "",
        "source": event.source,
        "page": base_url + event.get_absolute_url(),
        "modifie_le": event.updated_at.date().isoformat(),
    }


def local_iso(event: Event, timing: Timing, name: str) -> str:
    """A moment of a date by the clock of the place: « 2026-03-03T18:30:00+01:00 »."""
    at = getattr(timing, name).astimezone(event.tz)
    return str(at.isoformat(timespec="seconds"))


def interval(event: Event, timing: Timing) -> str:
    """An interval of ISO 8601: « 2026-03-03T18:30:00+01:00/2026-03-03T20:00:00+01:00 »."""
    return f"{local_iso(event, timing, 'starts_at')}/{local_iso(event, timing, 'ends_at')}"
