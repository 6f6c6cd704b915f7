"""The agenda of a network read by another from its own files: the same events are there, and reading again changes nothing."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from maillage.accounts.queries import viewer_for
from maillage.agenda.actions import change_timing
from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import Schedule, Slot
from maillage.core.viewer import RoleKind
from maillage.networks.models import Network
from tests.agenda.test_outputs import got
from tests.factories.accounts import make_person
from tests.factories.agenda import make_event, slot, weekly
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.events import imported_events

pytestmark = pytest.mark.django_db
FILES = {
    "openagenda": ("agenda/donnees.openagenda.json", "o.json"),
    "science": ("agenda/donnees.fete-de-la-science.csv", "f.csv"),
}
RECIPES = {"openagenda": "openagenda-v2", "science": "fete-de-la-science"}
_numbers = count(1)
WAYS = [
    {"for": whom, "by": by, "value": value}
    for whom in ("public", "school")
    for by, value in [
        ("link", "https://exemple.org/inscription?a=1"),
        ("email", "ecoles@exemple.org"),
        ("phone", "04 67 00 00 00"),
    ]
]


@pytest.fixture
def worlds(network: Network) -> SimpleNamespace:
    """The network of the client's pages, and how to make another that reads its files: same communes, terms and actors."""
    communes = [
        make_commune(postal_codes=["34000"]),
        make_commune("97411", "Saint-Denis", (-20.88, 55.45), ["97400"]),
    ]
    network.perimeter.set(communes)
    terms = [
        make_term("theme", "physique", label="Physique"),
        make_term("theme", "eau-mer-et-milieux-aquatiques", label="Eau, mer et milieux aquatiques"),
        make_term("audience", "familles", label="Familles"),
        make_term("action_kind", "atelier", label="Atelier"),
    ]

    def reader() -> SimpleNamespace:
        other = make_network(f"Voisin {next(_numbers)}")
        other.perimeter.set(communes)
        for name in ("Astroclub", "Muséum"):
            make_actor(other, f"{name}", commune=communes[0], postal_code="34000")
        return SimpleNamespace(network=other, by=viewer_for(make_person(other, RoleKind.ANIMATOR), other))

    club, museum = (
        make_actor(network, name, commune=communes[0], postal_code="34000") for name in ("Astroclub", "Muséum")
    )
    return SimpleNamespace(network=network, communes=communes, terms=terms, reader=reader, club=club, museum=museum)


def held(network: Network, *, but: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What each event of a network tells, with its dates that take place."""
    found = []
    for event in Event.objects.filter(network=network).order_by("title", "first_at", "pk"):
        dates = [timing for timing in event.timings.all() if not timing.is_cancelled]
        off = bool(event.timings.all()) and not dates
        told = {
            "terms": sorted(term.pk for term in event.terms.all()),
            "organisers": [each.actor.name for each in event.organisers.all()],
            "dates": [(each.starts_at, each.ends_at, each.all_day) for each in dates or event.timings.all()],
            "status": "cancelled" if off else event.status,
            "access": sorted(event.place_access),
            "venue": event.venue.name if event.venue else "",
            **{
                name: getattr(event, name)
                for name in (
                    "title", "summary", "description", "attendance", "online_url", "place_name", "address", "postal_code",
                    "commune_id", "latitude", "longitude", "zone", "access_notes", "organiser_name", "website", "age_min",
                    "age_max", "price", "conditions", "bookings",
                )
            },
        }  # fmt: skip
        told["place_name"] = told["place_name"] or told["venue"]
        found.append({name: value for name, value in told.items() if name not in but})
    return found


def _differences(there: list[dict[str, Any]], here: list[dict[str, Any]]) -> list[tuple[str, Any, Any]]:
    pairs = zip(there, here, strict=True)
    return [(name, got_it, told[name]) for each, told in pairs for name, got_it in each.items() if got_it != told[name]]


_days = st.integers(1, 300)
_slots = st.lists(st.builds(slot, _days, st.integers(0, 23), st.sampled_from([0.5, 2, 26])), min_size=1, max_size=3) | st.builds(
    lambda day, length: [
        Slot(at := datetime.combine(timezone.localdate() + timedelta(days=day), time()), at + timedelta(days=length), True)
    ],
    _days, st.integers(0, 4),
)  # fmt: skip
_events = st.fixed_dictionaries(
    {
        "summary": st.sampled_from(["", "Observer le ciel.", "=1+1 ; « Ours » & loups"]),
        "description": st.sampled_from(["", "<p>Le ciel <strong>d'été</strong></p>"]),
        "place": st.integers(0, 2),
        "place_name": st.sampled_from(["", "Parc", "Salle - Nord"]),
        "address": st.sampled_from(["", "2 rue Haute"]),
        "place_access": st.lists(st.sampled_from(["ii", "hi", "vi", "pi", "mi", "sl"]), unique=True),
        "access_notes": st.sampled_from(["", "Entrée par la cour"]),
        "bookings": st.lists(st.sampled_from(WAYS), unique_by=lambda way: way["value"]),
        "price": st.sampled_from(["", "free", "paid"]),
        "conditions": st.sampled_from(["", "Sur inscription, 12 places"]),
        "website": st.sampled_from(["", "https://exemple.org/a,b?c=1"]),
        "age_min": st.none() | st.integers(1, 12),
        "age_max": st.none() | st.integers(12, 90),
        "slots": _slots,
        "terms": st.lists(st.integers(0, 3), unique=True),
        "organisers": st.lists(st.sampled_from(["club", "museum"]), unique=True),
        "organiser_name": st.sampled_from(["", "La mairie"]),
        "attendance": st.sampled_from(["onsite", "online", "mixed"]),
        "status": st.sampled_from(["scheduled", "rescheduled", "moved_online", "postponed", "full", "cancelled"]),
    }
)


def made(worlds: SimpleNamespace, told: dict[str, Any], number: int) -> Event:
    values = dict(told)
    place, status, slots = (values.pop(name) for name in ("place", "status", "slots"))
    online = values["attendance"] == "online"
    values["terms"] = [worlds.terms[rank] for rank in values["terms"]]
    values["organisers"] = [getattr(worlds, name) for name in values["organisers"]]
    values["schedule"] = Schedule(tuple(dict.fromkeys(slots)))
    if online:
        values |= {"place_name": "", "address": "", "access_notes": "", "online_url": "https://visio.exemple.org/a"}
    elif place == 2:
        values |= {"venue": worlds.museum, "address": "", "place_name": ""}
    else:
        values |= {"commune": worlds.communes[place], "postal_code": ("34000", "97400")[place]}
    event = make_event(worlds.network, f"Soirée {number} « {number} » & cie", **values)
    Event.objects.filter(pk=event.pk).update(status=status)
    return event


def brought(worlds: SimpleNamespace, kind: str) -> SimpleNamespace:
    """Another network that read the file once; read again, it finds nothing to change."""
    address, name = FILES[kind]
    body, reader = got(address), worlds.reader()
    first = imported_events(reader, body, name=name, decision="different", perimeter="all")
    assert [(line.label, line.outcome_note, line.faults) for line in first.lines.exclude(outcome="created")] == []
    assert first.recipe_key == RECIPES[kind]
    before = held(reader.network)
    again = imported_events(reader, body, name=name, perimeter="all")
    assert [(line.label, line.verdict, line.changes) for line in again.lines.exclude(verdict="identical")] == []
    assert held(reader.network) == before
    return reader


LOST = {
    "openagenda": (),
    "science": ("attendance", "online_url", "access", "access_notes", "website", "age_min", "age_max", "bookings", "organisers", "organiser_name"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
@settings(
    max_examples=6, phases=[Phase.generate], deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=st.lists(_events, min_size=1, max_size=4))
def test_another_network_reads_the_same_events_from_our_file(
    worlds: SimpleNamespace, kind: str, told: list[dict[str, Any]]
) -> None:
    Event.objects.filter(network=worlds.network).delete()
    if kind == "science":  # Its columns know neither what is online nor a price beside its conditions.
        told = [{**each, "attendance": "onsite"} for each in told]
        told = [{**each, "conditions": "" if each["price"] else each["conditions"]} for each in told]
    for number, each in enumerate(told):
        made(worlds, each, number)
    reader = brought(worlds, kind)
    there, here = (held(network, but=LOST[kind]) for network in (reader.network, worlds.network))
    assert [each["title"] for each in there] == [each["title"] for each in here]
    assert not (found := _differences(there, here)), found


@pytest.mark.parametrize("kind", FILES)
def test_dates_of_a_rule_cancelled_ones_apart_come_one_by_one(
    worlds: SimpleNamespace, kind: str, by_system: Callable[..., Any]
) -> None:
    event = make_event(
        worlds.network,
        "Club",
        schedule=Schedule((slot(3),), (weekly(last_on=timezone.localdate() + timedelta(days=40)),)),
    )
    change_timing(by=by_system(worlds.network), timing=event.timings.all()[1], is_cancelled=True)
    over = make_event(worlds.network, "Veillée")
    change_timing(by=by_system(worlds.network), timing=over.timings.get(), is_cancelled=True)
    reader = brought(worlds, kind)
    filled = ("postal_code",)  # By the commune.
    assert held(reader.network, but=filled) == held(worlds.network, but=filled)
    assert [each["status"] for each in held(reader.network)] == ["scheduled", "cancelled"]


def test_the_columns_of_the_fete_de_la_science_are_filled_with_its_words(worlds: SimpleNamespace) -> None:
    event = made(
        worlds,
        {
            "attendance": "onsite", "place": 0, "place_name": "Parc", "address": "2 rue Haute", "status": "full",
            "terms": [0, 1, 2, 3], "organisers": ["club", "museum"], "organiser_name": "", "slots": [slot(3, hour=9)],
            "bookings": WAYS[:2], "price": "free", "summary": "En bref", "description": "<p>Longuement</p>",
        },
        1,
    )  # fmt: skip
    (row,) = csv.DictReader(
        io.StringIO(got("agenda/donnees.fete-de-la-science.csv").decode("utf-8-sig")), delimiter=";"
    )
    starts, ends = (at.astimezone(event.tz) for at in (event.first_at, event.last_at))
    expected = {
        "identifiant": str(event.pk),
        "statut": "complet",
        "horaires_iso": f"{starts.isoformat()}-{ends.isoformat()}",
        "dates": starts.date().isoformat(),
        "publics_concernes": "Familles",
        "thematiques": "Sciences exactes",
        "type_d_animation": "Atelier",
        "mots_cles_fr": "Atelier,Familles,Physique,eau-mer-et-milieux-aquatiques",
        "organisateur": "Astroclub",
        "partenaire": "Muséum",
        "geolocalisation": "43.6109, 3.8761",
        "inscription_necessaire": "Oui",
        "lien_d_inscription": "https://exemple.org/inscription?a=1, ecoles@exemple.org",
        "detail_des_conditions_fr": "gratuit",
        "description_longue_fr": "Longuement",
        "lien_canonique": f"http://testserver{event.get_absolute_url()}",
    }
    row["mots_cles_fr"] = ",".join(sorted(row["mots_cles_fr"].split(",")))
    assert {name: row[name] for name in expected} == expected


@pytest.fixture
def by_system() -> Callable[..., Any]:
    from maillage.core.viewer import Viewer

    return lambda network: Viewer.as_system(network, "tests")
