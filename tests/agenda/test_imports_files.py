"""The files of the agendas known so far, in their own shapes; calendars, honest and hostile."""

import json
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files import File
from django.utils import timezone

from maillage.agenda.models import Event
from maillage.agenda.queries.schedules import schedule_of
from maillage.exchange import actions
from maillage.exchange.queries.detecting import detect
from maillage.exchange.queries.files import Unreadable, table
from tests.factories.directory import make_commune
from tests.factories.events import event_of, imported_events
from tests.factories.imports import ran, verdicts

ZONE = """BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""
CLUB = """BEGIN:VEVENT
UID:club@exemple.org
SUMMARY:Club d'astronomie\\, le mardi
LOCATION:Parc\\, 2 rue du Parc\\, 34000 Montpellier
CATEGORIES:Atelier,Rock
DTSTART;TZID=Romance Standard Time:20310318T183000
DTEND;TZID=Romance Standard Time:20310318T200000
RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=5
EXDATE;TZID=Romance Standard Time:20310325T183000
END:VEVENT
BEGIN:VEVENT
UID:club@exemple.org
RECURRENCE-ID;TZID=Romance Standard Time:20310401T183000
SUMMARY:Club d'astronomie
DTSTART;TZID=Romance Standard Time:20310402T190000
DTEND;TZID=Romance Standard Time:20310402T200000
END:VEVENT
BEGIN:VEVENT
UID:club@exemple.org
RECURRENCE-ID;TZID=Romance Standard Time:20310408T183000
STATUS:CANCELLED
SUMMARY:Club d'astronomie
DTSTART;TZID=Romance Standard Time:20310408T183000
DTEND;TZID=Romance Standard Time:20310408T200000
END:VEVENT"""
SHOW = """BEGIN:VEVENT
UID:expo@exemple.org
SUMMARY:Exposition
LOCATION:Parc\\, 34000 Montpellier
DTSTART;VALUE=DATE:20310303
DTEND;VALUE=DATE:20310306
STATUS:CANCELLED
END:VEVENT"""
FLOATING = """BEGIN:VEVENT
UID:libre@exemple.org
SUMMARY:Sortie nature
LOCATION:Parc\\, 34000 Montpellier
DTSTART:20310303T100000
DURATION:PT2H
END:VEVENT"""


def calendar(*parts: str) -> bytes:
    lines = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//essai//FR", *parts, "END:VCALENDAR", ""])
    return lines.replace("\n", "\r\n").encode()


def moments(event: Event) -> list[tuple[str, str, bool]]:
    return [
        (slot.starts.isoformat(timespec="minutes"), slot.ends.isoformat(timespec="minutes"), slot.all_day)
        for slot in sorted(schedule_of(event).slots, key=lambda slot: slot.starts)
    ]


def test_a_calendar_gives_an_event_for_each_of_its_keys_with_all_its_dates(event_world: SimpleNamespace) -> None:
    batch = imported_events(event_world, calendar(ZONE, CLUB, SHOW, FLOATING), name="agenda.ics", source="Mon agenda")
    assert batch.recipe_key == "agenda-ical"
    club, show, floating = (event_of(f"{name}@exemple.org") for name in ("club", "expo", "libre"))
    assert moments(club) == [
        ("2031-03-18T18:30", "2031-03-18T20:00", False),
        ("2031-04-02T19:00", "2031-04-02T20:00", False),
        ("2031-04-15T18:30", "2031-04-15T20:00", False),
    ]
    assert (club.title, club.place_name, club.address) == ("Club d'astronomie, le mardi", "Parc", "2 rue du Parc")
    assert (club.commune, [term.slug for term in club.terms.all()]) == (event_world.montpellier, ["atelier"])
    assert (moments(show), show.status) == ([("2031-03-03T00:00", "2031-03-05T00:00", True)], "cancelled")
    assert moments(floating) == [("2031-03-03T10:00", "2031-03-03T12:00", False)]
    assert club.identifiers.get().scheme == "ics:mon-agenda"


def test_a_calendar_read_again_under_another_name_finds_the_same_events(event_world: SimpleNamespace) -> None:
    imported_events(event_world, calendar(ZONE, CLUB), name="agenda.ics", source="Mon agenda")
    batch = imported_events(event_world, calendar(ZONE, CLUB), name="agenda.ics", source="L'agenda du club")
    assert (verdicts(batch), Event.objects.count()) == ([(2, "update")], 1)


def rows_of(tmp_path: Path, content: bytes) -> list[dict[str, str]]:
    path = tmp_path / "agenda.ics"
    path.write_bytes(content)
    found = table(path, detect(path))
    return [dict(zip(found.columns, cells, strict=False)) for _number, cells in found.rows]


@pytest.mark.once
def test_a_rule_without_end_gives_the_dates_around_today_alone(tmp_path: Path) -> None:
    endless = FLOATING.replace("20310303T100000", "19990105T100000") + "\n"
    row = rows_of(tmp_path, calendar(endless.replace("DURATION", "RRULE:FREQ=DAILY\nDURATION")))[0]
    days = [date.fromisoformat(timing["begin"][:10]) for timing in json.loads(row["timings"])]
    assert (len(days), row["incomplete"]) == (1500, "")
    assert 395 <= (days[-1] - timezone.localdate()).days <= 401


@pytest.mark.once
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;BYEASTER=9",
        "FREQ=PIF",
    ],
)
def test_a_rule_that_nobody_could_mean_leaves_the_first_date(tmp_path: Path, rule: str) -> None:
    started = time.monotonic()
    row = rows_of(tmp_path, calendar(FLOATING.replace("DURATION", f"RRULE:{rule}\nDURATION")))[0]
    assert [timing["begin"] for timing in json.loads(row["timings"])] == ["2031-03-03T10:00:00"]
    assert (row["incomplete"], time.monotonic() - started < 30) == ("rule", True)


HOSTILE = {
    "tronqué": calendar(FLOATING)[:-40],
    "sans événement": calendar(ZONE),
    "emboîté": b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 20_000,
    "octets": b"BEGIN:VCALENDAR\r\n" + bytes(range(256)) * 40,
}


@pytest.mark.once
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_calendar_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        rows_of(tmp_path, HOSTILE[name])
    assert refusal.value.sentence.endswith(".")


def test_texts_of_a_calendar_that_try_to_run_are_inert(event_world: SimpleNamespace) -> None:
    bad = FLOATING.replace(
        "SUMMARY:Sortie nature", "SUMMARY:<img src=x onerror=mal()>\nDESCRIPTION:<script>mal()</script><p>Ici</p>"
    )
    bad = bad.replace("DURATION", "URL:javascript:mal()\nDURATION")
    imported_events(event_world, calendar(bad), name="a.ics", source="Essai")
    made = event_of("libre@exemple.org")
    assert (made.description, made.source_url, made.title) == ("<p>Ici</p>", "", "<img src=x onerror=mal()>")


TOULOUSE = (
    "Identifiant;Nom de la manifestation;Descriptif court;Date début;Date fin;Dates affichage - horaires;Modification dernière minute;"
    "Lieu - nom;Lieu - adresse 2;Code postal;Commune;Catégorie de la manifestation;Réservation site internet;Manifestation gratuite;Tarif normal\n"
    "A1;MUSEE DES PLANTES (ANNULE);Des plantes.;2031-06-03;2031-06-22;Du 03/06/2031 au 22/06/2031 - Du mercredi au dimanche de 12h à 18h.;"
    "ANNULE;JARDIN DES PLANTES;1 Rue du Jardin;34000;MONTPELLIER;Visites guidées;jardin.exemple.org;Oui;\n"
    'A2;Concert;;;;Le 05/06/2031 - A 20h Le 07/06/2031 - de 15h à 16h30;;Parc;;34000;Montpellier;Concert;;;"De 7,00 € à 12,00 €"\n'
    "A3;Salon;;2031-06-03;2031-06-05;Du 03/06/2031 au 05/06/2031 - De 10h à 18h sauf le lundi.;;Parc;;34000;Montpellier;;;;\n"
).encode()  # fmt: skip


def test_hours_in_french_sentences_become_dates_and_rules(event_world: SimpleNamespace) -> None:
    batch = imported_events(event_world, TOULOUSE, name="toulouse.csv")
    assert batch.recipe_key == "toulouse-agenda"
    serres, concert, salon = (event_of(f"A{rank}") for rank in (1, 2, 3))
    (rule,) = schedule_of(serres).rules
    assert (rule.weekdays, rule.starts and rule.starts.hour, rule.first_on, rule.last_on) == (
        (2, 3, 4, 5, 6), 12, date(2031, 6, 3), date(2031, 6, 22),
    )  # fmt: skip
    assert (serres.title, serres.status, serres.price) == ("Musée des plantes", "cancelled", "free")
    assert moments(concert) == [
        ("2031-06-05T20:00", "2031-06-05T21:00", False),
        ("2031-06-07T15:00", "2031-06-07T16:30", False),
    ]
    assert (concert.price, moments(salon)) == ("paid", [("2031-06-03T00:00", "2031-06-05T00:00", True)])
    assert [fault["doubt"] for fault in batch.lines.get(number=4).faults] == [True]
    assert {verdict for _number, verdict in verdicts(imported_events(event_world, TOULOUSE, name="toulouse.csv"))} == {
        "identical"
    }


SCIENCE = [
    {
        "datasetid": "fds",
        "recordid": "a9",
        "fields": {
            "identifiant": "379",
            "titre_fr": "Les carreaux de ciment",
            "horaires_iso": "2031-10-06T14:00:00+02:00-2031-10-06T16:00:00+02:00;2031-10-07T14:00:00+02:00-2031-10-07T16:00:00+02:00",
            "nom_du_lieu": "Cité ouvrière",
            "adresse": "RD 86, 34000 Montpellier",
            "ville": "Montpellier",
            "publics_concernes": "Familles|Seniors",
            "type_d_animation": "[Evènement ponctuel] Atelier",
            "organisateur": "Mme Martin Ana - Le Centre",
            "geolocalisation": [43.61, 3.87],
            "lien_d_inscription": "0475526245, contact@exemple.org, http://www.exemple.org",
        },
    }
]


def test_a_record_of_the_fete_de_la_science_is_read_through_its_wrapping(event_world: SimpleNamespace) -> None:
    batch = imported_events(event_world, json.dumps(SCIENCE).encode(), name="fds.json")
    assert batch.recipe_key == "fete-de-la-science"
    made = event_of("379")
    assert [starts for starts, _ends, _whole in moments(made)] == ["2031-10-06T14:00", "2031-10-07T14:00"]
    assert (made.organiser_name, made.latitude, made.longitude) == ("Le Centre", 43.61, 3.87)
    assert [way["by"] for way in made.bookings] == ["link", "email", "phone"]
    assert [term.slug for term in made.terms.all()] == ["atelier"]


DAYS = "2031-05-01T00:00:00+02:00 2031-05-01T01:59:59+02:00 2031-05-01T02:00:00+02:00 2031-05-02T01:59:59+02:00 2031-05-02T02:00:00+02:00 2031-05-02T23:59:59+02:00"


def test_what_a_source_cut_into_pieces_is_whole_days_again(event_world: SimpleNamespace) -> None:
    head = "id,title,place,city,address,date_start,date_end,tags,url\n"
    long = '7,Exposition,Parc,Montpellier,"2 rue du Parc, 34000 Montpellier",2031-03-25T12:30:00+00:00,2031-05-23T16:00:00+00:00,,\n'
    imported_events(event_world, (head + long).encode(), name="g.csv")
    assert moments(event_of("7")) == [("2031-03-25T00:00", "2031-05-23T00:00", True)]
    record = {**SCIENCE[0], "fields": {**SCIENCE[0]["fields"], "identifiant": "380", "horaires_iso": DAYS}}  # type: ignore[dict-item]
    imported_events(event_world, json.dumps([record]).encode(), name="fds.json")
    assert moments(event_of("380")) == [("2031-05-01T00:00", "2031-05-02T00:00", True)]


@pytest.mark.shared_data
def test_the_real_agenda_of_brest_comes_whole_and_once(event_world: SimpleNamespace, shared_data: Path) -> None:
    make_commune("29019", "Brest", (48.4, -4.5), ["29200", "29238"])

    def read() -> Any:
        path = shared_data / "events" / "openagenda_brest_2026-04-27.json"
        with path.open("rb") as stream:
            batch = actions.receive_file(by=event_world.by, file=File(stream, name=path.name), target="events")
        spec = batch.options["recipe"]
        spec = {**spec, "options": {**spec["options"], "perimeter": "all"}}
        batch = actions.use_recipe(by=event_world.by, batch=batch, key=batch.recipe_key, spec=spec)
        return ran(event_world.by, batch, apply=False)

    batch = ran(event_world.by, read(), preview=False, without_faulty=True)
    figures = batch.figures
    assert (figures["read"], figures["error"], figures["created"] + figures["lookalike"]) == (506, 1, 505)
    assert figures["created"] >= 470
    again = read().figures
    assert (again["identical"], again["update"], again["create"]) == (figures["created"], 0, 0)
