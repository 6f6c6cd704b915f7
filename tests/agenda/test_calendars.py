"""Calendars read back by a library that programs use: the same moments, names and states as the agenda holds."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from maillage.agenda.actions import change_timing, hide_event, tell_status, update_event
from maillage.agenda.models import Event, Timing
from maillage.agenda.queries.calendar import Rule, Schedule, Slot
from maillage.agenda.queries.calendars import calendar_parts
from maillage.agenda.queries.zones import changes, vtimezone
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from tests.agenda.test_calendar import rules, zones
from tests.factories.agenda import local, make_event, slot, weekly
from tests.factories.directory import make_actor, make_commune, make_term

PARIS = ZoneInfo("Europe/Paris")
Read = Any


@pytest.fixture
def by(network: Any) -> Viewer:
    return Viewer.as_system(network, "tests")


def read(body: bytes) -> Read:
    return icalendar.Calendar.from_ical(body)


def taken(event: Event) -> Read:
    """The file of one event, as a visitor gets it."""
    answer = Client().get(reverse("agenda:event_take", args=[event.slug]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return read(answer.content)


def followed(query: str = "") -> Read:
    answer = Client().get(reverse("agenda:event_calendar") + query)
    assert answer.status_code == 200
    return read(b"".join(answer.streaming_content))


def by_uid(calendar: Read) -> dict[str, Read]:
    return {str(each["UID"]): each for each in calendar.walk("VEVENT")}


@pytest.mark.django_db
def test_every_tuesday_is_at_half_past_six_by_the_clock_through_both_changes(network: Any) -> None:
    rule = Rule((1,), time(18, 30), time(20), date(2026, 3, 24), date(2026, 11, 3))
    calendar = taken(make_event(network, schedule=Schedule(rules=(rule,))))
    found = recurring_ical_events.of(calendar).between(date(2026, 1, 1), date(2027, 1, 1))
    starts = sorted(each.start for each in found)
    assert len(starts) == 33
    assert {at.astimezone(PARIS).time() for at in starts} == {time(18, 30)}
    assert {at.astimezone(UTC).hour for at in starts} == {16, 17}
    assert {str(each["DTSTART"].params["TZID"]) for each in found} == {"Europe/Paris"}


@pytest.mark.django_db
def test_the_file_carries_the_clock_of_each_place(network: Any) -> None:
    make_event(network)
    make_event(network, commune=make_commune("97411", "Saint-Denis", (-20.88, 55.45)))
    assert {str(zone["TZID"]) for zone in followed().walk("VTIMEZONE")} == {"Europe/Paris", "Indian/Reunion"}


@pytest.mark.django_db
def test_whole_days_are_days_the_last_one_excluded(network: Any) -> None:
    days = Slot(local("2026-03-28T00:00"), local("2026-03-30T00:00"), all_day=True)
    (event,) = taken(make_event(network, schedule=Schedule((days,)))).walk("VEVENT")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 3, 28), date(2026, 3, 31))


@pytest.mark.django_db
def test_an_hour_shown_for_the_second_time_in_autumn_is_that_one(network: Any) -> None:
    event = make_event(network)
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    Timing.objects.filter(event=event).update(starts_at=second, ends_at=second + timedelta(hours=1))
    (told,) = taken(event).walk("VEVENT")
    assert (told.start, told.end) == (second, second + timedelta(hours=1))


@pytest.mark.django_db
def test_a_cancelled_date_stays_and_says_so_alone(network: Any, by: Viewer) -> None:
    event = make_event(network, "Atelier", schedule=Schedule((slot(3), slot(4))))
    gone, kept = event.timings.all()
    change_timing(by=by, timing=gone, is_cancelled=True, note="Salle inondée")
    found = by_uid(taken(event))
    told, other = found[f"{gone.uid}@maillage"], found[f"{kept.uid}@maillage"]
    assert (str(told["STATUS"]), str(told["SUMMARY"])) == ("CANCELLED", "[Annulé] Atelier")
    assert "Salle inondée" in told["DESCRIPTION"]
    assert (str(other["STATUS"]), str(other["SUMMARY"])) == ("CONFIRMED", "Atelier")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "told", "title"),
    [
        ("postponed", "TENTATIVE", "[Reporté] Atelier"),
        ("full", "CONFIRMED", "[Complet] Atelier"),
        ("cancelled", "CANCELLED", "[Annulé] Atelier"),
        ("moved_online", "CONFIRMED", "Atelier"),
    ],
)
def test_how_an_event_stands_is_in_its_calendar(network: Any, by: Viewer, status: str, told: str, title: str) -> None:
    event = make_event(network, "Atelier")
    tell_status(by=by, event=event, status=status)
    (found,) = followed().walk("VEVENT")
    assert (str(found["STATUS"]), str(found["SUMMARY"])) == (told, title)


@pytest.mark.django_db
def test_a_moved_date_keeps_its_name_and_its_sequence_grows(network: Any, by: Viewer) -> None:
    event = make_event(network, schedule=Schedule((slot(3), slot(10))))
    before = by_uid(followed())
    update_event(by=by, event=event, values={"schedule": Schedule((slot(3), slot(12)))})
    after = by_uid(followed())
    assert set(after) == set(before)
    assert [each["SEQUENCE"] for each in (*before.values(), *after.values())] == [0, 0, 1, 1]
    moved = [uid for uid in before if before[uid].start != after[uid].start]
    assert [after[uid].start - before[uid].start for uid in moved] == [timedelta(days=2)]


@pytest.mark.django_db
def test_accents_commas_and_long_texts_come_back_as_they_were(network: Any) -> None:
    title = "Ciel, étoiles ; « trous\\noirs » – 🔭 " + "é" * 80
    theme = make_term("theme", "ciel", label="Ciel, espace")
    event = make_event(
        network,
        title,
        summary="Deux lignes, une fois",
        address="2, rue Haute",
        place_name="L'Observatoire",
        terms=[theme],
    )
    body = Client().get(reverse("agenda:event_take", args=[event.slug])).content
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    (found,) = read(body).walk("VEVENT")
    assert str(found["SUMMARY"]) == title
    assert found["DESCRIPTION"].split("\n") == [
        "Deux lignes, une fois",
        f"http://testserver{event.get_absolute_url()}",
    ]
    assert str(found["LOCATION"]) == "L'Observatoire, 2, rue Haute, Montpellier"
    assert [str(each) for each in found["CATEGORIES"].cats] == ["Ciel, espace"]
    assert (found["GEO"].latitude, found["GEO"].longitude) == (event.latitude, event.longitude)


@pytest.mark.django_db
def test_a_calendar_to_follow_goes_from_a_month_ago_to_the_horizon_and_names_itself(network: Any) -> None:
    event = make_event(
        network,
        "Atelier",
        schedule=Schedule(tuple(slot(days) for days in (-40, -20, 5, 390, 420))),
        commune=make_commune(),
    )
    wanted = [timing.uid + "@maillage" for timing in event.timings.all()[1:4]]
    calendar = followed("?departement=34")
    assert list(by_uid(calendar)) == wanted
    assert str(calendar["X-WR-CALNAME"]) == f"Agenda – {network.name} (Département 34)"
    assert str(calendar["X-PUBLISHED-TTL"]) == "PT6H"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    make_term("theme", "ciel")
    assert list(by_uid(followed("?theme=ciel"))) == []


@pytest.mark.django_db
def test_words_on_several_lines_make_no_line_of_the_calendar(network: Any) -> None:
    calendar = followed("?q=ciel%0D%0AX-MAL:oui%0Dfin")
    assert "ciel X-MAL:oui fin" in calendar["X-WR-CALNAME"]
    assert "X-MAL" not in calendar


@pytest.mark.django_db
def test_who_has_the_calendar_gets_304_until_something_changes(network: Any, client: Client, by: Viewer) -> None:
    event = make_event(network)
    address = reverse("agenda:event_calendar")
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    hide_event(by=by, event=event)
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.django_db
def test_only_the_file_of_one_event_gives_the_address_that_its_organisers_sheet_shows(network: Any) -> None:
    told = make_actor(network, "Astroclub", email="ciel@exemple.fr", contact_is_public=True)
    quiet = make_actor(network, "Discret", email="tu@exemple.fr", contact_is_public=False)
    event = make_event(network, organisers=[told, quiet])
    (found,) = taken(event).walk("VEVENT")
    assert (str(found["ORGANIZER"]), found["ORGANIZER"].params["CN"]) == ("mailto:ciel@exemple.fr", "Astroclub")
    assert "ORGANIZER" not in followed().walk("VEVENT")[0]
    (other,) = taken(make_event(network, organisers=[quiet, told])).walk("VEVENT")
    assert "ORGANIZER" not in other


@pytest.mark.django_db
def test_an_event_by_appointment_has_no_date_in_calendars(network: Any, client: Client) -> None:
    event = make_event(network, schedule=Schedule(by_appointment=True))
    assert client.get(reverse("agenda:event_take", args=[event.slug])).status_code == 404
    assert followed().walk("VEVENT") == []


@pytest.mark.django_db
def test_a_calendar_costs_the_same_queries_whatever_the_number_of_events(network: Any, same_queries: Any) -> None:
    theme = make_term()
    assert (
        same_queries(
            page=followed, add=lambda: make_event(network, schedule=Schedule((slot(2),), (weekly(),)), terms=[theme])
        )
        <= 21  # Six of them read the vocabularies, which a request outside a test's transaction keeps.
    )


@pytest.mark.django_db
@hypothesis_settings(max_examples=15)
@given(rule=rules(), zone=zones)
def test_the_moments_read_back_are_those_of_the_rows(rule: Rule, zone: ZoneInfo) -> None:
    """Rows made by hand, without the actions: many rules, one event."""
    network, _made = Network.objects.get_or_create(name="Essai", slug="essai", host="testserver")
    event = Event.objects.create(
        network=network, title="x", slug=f"x-{Event.objects.count()}", state="published", zone=zone.key
    )
    spans = [(day, *rule.span(day, zone)) for day in rule.days(rule.first_on + timedelta(days=400))]
    Timing.objects.bulk_create(
        Timing(event=event, day=day, starts_at=starts, ends_at=ends, all_day=rule.starts is None)
        for day, starts, ends in spans
    )
    calendar = read(b"".join(calendar_parts(network, [event.pk], base="https://exemple.fr")))
    found = sorted((each.start.astimezone(UTC), each.end.astimezone(UTC)) for each in calendar.walk("VEVENT"))
    assert found == [(starts, ends) for _day, starts, ends in spans]
    event.delete()


@pytest.mark.once
@pytest.mark.parametrize("key", ["Europe/Paris", "America/Miquelon", "Indian/Reunion", "Pacific/Noumea"])
def test_the_clock_in_the_file_shows_what_the_clock_of_the_place_shows(key: str) -> None:
    """Read without the tables of the machine, as a program does that takes the file's word."""
    (component,) = icalendar.Timezone.from_ical(vtimezone(key, 2025, 2027), multiple=True)
    told, zone = component.to_tz(lookup_tzid=False), ZoneInfo(key)
    start = datetime(2025, 1, 1, tzinfo=UTC)
    moments = [start + timedelta(hours=13 * step) for step in range(int(3 * 365 * 24 / 13))]
    turns = [at for at, _before in changes(zone, start, datetime(2028, 1, 1, tzinfo=UTC))]
    assert len(turns) == (6 if key in ("Europe/Paris", "America/Miquelon") else 0)
    for at in [*moments, *turns, *(turn - timedelta(seconds=1) for turn in turns)]:
        wall = at.astimezone(zone).replace(tzinfo=None)
        if at.astimezone(zone).fold == 0:
            assert wall.replace(tzinfo=told).utcoffset() == at.astimezone(zone).utcoffset(), at


@pytest.mark.django_db
def test_texts_are_read_back_as_they_were_however_long_and_in_any_letters(network: Network) -> None:
    text = "Ours, loups ; \\n « lynx » : é" * 6 + " 🐺" * 20
    event = make_event(network, "A, b; c\\d", summary=text, place_name="Salle ; haute, « bleue »")
    body = b"".join(calendar_parts(network, [event.pk], base="https://exemple.fr"))
    assert max(map(len, body.split(b"\r\n"))) <= 75
    (told,) = read(body).walk("VEVENT")
    assert (str(told["SUMMARY"]), str(told["DESCRIPTION"]).split("\n")[0]) == (event.title, text)
    assert str(told["LOCATION"]).startswith(event.place_name)
