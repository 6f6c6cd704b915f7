"""Events under the columns of the open data of the Fête de la science, with its words where it has some: those that the recipe
which reads these files knows, turned round. Our own words are told as its keywords."""

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from maillage.agenda.enums import Attendance, EventStatus
from maillage.agenda.models import Event
from maillage.agenda.queries.programme import Programme
from maillage.agenda.queries.published import Published, published
from maillage.agenda.queries.rows import local_iso
from maillage.agenda.queries.wording import timing_in_words
from maillage.core.richtext import as_text
from maillage.topics.enums import Vocabulary

RECIPE = Path(__file__).parents[1] / "data" / "recipes" / "fete-de-la-science.json"
COLUMNS = (
    "identifiant", "titre_fr", "description_fr", "description_longue_fr", "description_longue_html_fr", "mots_cles_fr", "statut",
    "horaires_iso", "horaires_detailles_fr", "dates", "nom_du_lieu", "adresse", "code_postal", "ville", "departement", "region",
    "geolocalisation", "organisateur", "partenaire", "type_d_animation", "publics_concernes", "thematiques",
    "inscription_necessaire", "lien_d_inscription", "detail_des_conditions_fr", "lien", "lien_canonique", "image",
    "credits_image", "derniere_mise_a_jour", "agenda_d_origine_titre",
)  # fmt: skip
_WORDED = {
    "type_d_animation": (Vocabulary.ACTION_KIND, "action_kinds", ", "),
    "publics_concernes": (Vocabulary.AUDIENCE, "audiences", "|"),
    "thematiques": (Vocabulary.THEME, "themes", "|"),
}


def science_rows(found: Programme, base: str) -> Iterator[dict[str, Any]]:
    """Every event of `found` with all its dates."""
    for each in published(found.filters.network, found.ids):
        yield science_row(each, base) | {"agenda_d_origine_titre": found.filters.network.name}


def science_row(each: Published, base: str) -> dict[str, Any]:
    event = each.event
    onsite = event.attendance != Attendance.ONLINE
    held = [timing for timing in each.timings if not timing.is_cancelled]
    status = EventStatus(event.status) if held or not each.timings else EventStatus.CANCELLED
    timings = held or each.timings  # Where all are cancelled, so is the event.
    spans = [(local_iso(event, timing, "starts_at"), local_iso(event, timing, "ends_at")) for timing in timings]
    commune = event.commune
    department = commune.department if commune else None
    page = base + event.get_absolute_url()
    lead, *partners = each.organiser_names or [""]
    point = f"{event.latitude}, {event.longitude}" if onsite and event.latitude is not None else ""
    return {
        "identifiant": event.pk,
        "titre_fr": event.title,
        "description_fr": event.summary,
        "description_longue_fr": as_text(event.description),
        "description_longue_html_fr": event.description,
        "mots_cles_fr": ",".join(_keyword(term) for term in chain.from_iterable(each.terms.values())),
        "statut": "publié" if status == EventStatus.SCHEDULED else str(status.label),
        "horaires_iso": ";".join(map("-".join, spans)),
        "horaires_detailles_fr": "\n".join(timing_in_words(timing, event.tz) for timing in timings),
        "dates": ",".join(dict.fromkeys(starts[:10] for starts, _ends in spans)),
        "nom_du_lieu": _place_name(each) if onsite else "",
        "adresse": event.address if onsite else "",
        "code_postal": event.postal_code if onsite else "",
        "ville": commune.name if commune else "",
        "departement": department.name if department else "",
        "region": department.region.name if department and department.region else "",
        "geolocalisation": point,
        "organisateur": lead.replace(" - ", " – "),  # What comes before « - » is a person, there.
        "partenaire": "; ".join(partners),
        **{
            column: mark.join(filter(None, (_words()[field].get(term.slug, "") for term in each.terms[vocabulary])))
            for column, (vocabulary, field, mark) in _WORDED.items()
        },
        "inscription_necessaire": "Oui" if event.bookings else "Non",
        "lien_d_inscription": ", ".join(booking["value"].replace(",", "%2C") for booking in event.bookings),
        "detail_des_conditions_fr": event.conditions or event.get_price_display(),
        "lien": event.website or page,
        "lien_canonique": page,
        "image": base + event.image.url if event.image else "",
        "credits_image": event.image_credit,
        "derniere_mise_a_jour": event.updated_at.isoformat(timespec="seconds"),
    }


def _place_name(each: Published) -> str:
    event: Event = each.event
    return event.place_name or (each.venue.name if each.venue else event.commune.name if event.commune else "")


def _keyword(term: Any) -> str:
    """Its name, or its code where a comma would cut that in two."""
    return str(term.slug if "," in term.label else term.label)


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    """By field of the recipe, the word of the Fête de la science for each of our codes: the first that the recipe gives."""
    fields = json.loads(RECIPE.read_text("utf-8"))["spec"]["fields"]
    found: dict[str, dict[str, str]] = {}
    for _vocabulary, field, _mark in _WORDED.values():
        table = next(step["values"] for step in fields[field]["steps"] if step["do"] == "map")
        found[field] = {slug: word for word, slug in reversed(table.items())}
    return found
