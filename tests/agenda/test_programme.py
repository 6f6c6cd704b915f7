"""What the agenda answers: periods, places, ages, facets and their counts."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from maillage.agenda import kit
from maillage.agenda.actions import change_timing, hide_event, tell_status
from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import Rule, Schedule, Slot
from maillage.agenda.queries.filters import Filters, day_in
from maillage.agenda.queries.months import month_of
from maillage.agenda.queries.period import rows_of
from maillage.agenda.queries.programme import Programme
from maillage.core.viewer import Viewer
from tests.factories.agenda import local, make_event, slot, weekly
from tests.factories.directory import make_actor, make_commune, make_term

pytestmark = pytest.mark.django_db


def titles(network: Any, query: str = "") -> list[str]:
    rows = kit.ask(QueryDict(query), network).programme.rows
    return [event.title for event in kit.cards(Viewer(network=network), rows)]


def counts(network: Any, query: str, facet: str) -> dict[str, int]:
    found = kit.ask(QueryDict(query), network).programme.facets
    return {value.value: value.count for each in found if each.name == facet for value in each.values}


def test_what_is_to_come_is_told_once_each_at_its_next_date(network: Any) -> None:
    make_event(network, "Plus tard", schedule=Schedule((slot(20),)))
    make_event(network, "Chaque mardi", schedule=Schedule(rules=(weekly(),)))
    make_event(network, "Passé", schedule=Schedule((slot(-20),)))
    assert titles(network) == ["Chaque mardi", "Plus tard"]
    assert titles(network, "quand=passes") == ["Passé"]


def test_nobody_finds_what_is_not_published_or_under_embargo(network: Any) -> None:
    make_event(network, "Brouillon", state="draft")
    make_event(network, "Sous embargo", publish_at=timezone.now() + timedelta(hours=1))
    lifted = make_event(network, "Embargo levé", publish_at=timezone.now() - timedelta(minutes=1))
    hidden = make_event(network, "Retiré")
    hide_event(by=Viewer.as_system(network, "tests"), event=hidden)
    assert titles(network) == [lifted.title]


def test_a_cancelled_event_stays_in_sight(network: Any) -> None:
    event = make_event(network, "Annulé")
    tell_status(by=Viewer.as_system(network, "tests"), event=event, status="cancelled", note="Orage")
    assert titles(network) == ["Annulé"]


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        ("2026-12-02", "2026-12-05", "2026-12-07"),  # Wednesday.
        ("2026-12-05", None, "2026-12-07"),  # Saturday: from now on.
        ("2026-12-06", None, "2026-12-07"),
        ("2026-03-28", None, "2026-03-30"),  # Through the change of clock.
    ],
)
def test_the_weekend_is_saturday_and_sunday_or_what_is_left_of_them(
    network: Any, today: str, first: str | None, last: str
) -> None:
    now = timezone.make_aware(local(f"{today}T15:00"))
    start, end = Filters(network, now.date(), period="week-end").window(now)
    assert start == (timezone.make_aware(local(f"{first}T00:00")) if first else now)
    assert end == timezone.make_aware(local(f"{last}T00:00"))


def test_days_of_an_address_are_read_both_ways_and_in_either_order(network: Any) -> None:
    assert day_in("05/03/2026") == day_in("2026-03-05") == date(2026, 3, 5)
    assert [day_in(text) for text in ("31/02/2026", "hier", "2026-3", "99999999999-01-01", "")] == [None] * 5
    filters = Filters.from_params(QueryDict("du=2026-03-09&au=2026-03-02"), network)
    assert (filters.first, filters.last) == (date(2026, 3, 2), date(2026, 3, 9))


def test_with_children_means_an_age_told_or_an_audience_of_their_age(network: Any) -> None:
    children = make_term("audience", "enfants", age_min=6, age_max=10)
    elders = make_term("audience", "seniors", age_min=60)
    make_event(network, "Pour elles", terms=[children])
    make_event(network, "Dès 8 ans", age_min=8)
    make_event(network, "Aînés", terms=[elders])
    make_event(network, "Dès 16 ans", age_min=16, terms=[children])
    make_event(network, "On ne sait pas")
    assert sorted(titles(network, "enfants=oui")) == ["Dès 8 ans", "Pour elles"]
    assert sorted(titles(network, "age=62")) == ["Aînés", "Dès 16 ans", "Dès 8 ans"]


def test_near_a_commune_is_within_the_radius_and_tells_how_far(network: Any) -> None:
    cahors = make_commune("46042", "Cahors", (44.447, 1.44))
    near = make_commune("46001", "Albas", (44.47, 1.24))
    make_event(network, "À Cahors", commune=cahors)
    make_event(network, "À Albas", commune=near)
    make_event(network, "À Montpellier")
    make_event(network, "En ligne", attendance="online")
    assert titles(network, "pres=46042&tri=distance") == ["À Cahors", "À Albas"]
    assert titles(network, "pres=46042&rayon=5") == ["À Cahors"]
    assert titles(network, "pres_text=Cahors&rayon=5") == ["À Cahors"]


def test_each_facet_is_counted_as_if_it_were_not_used(network: Any) -> None:
    astro, water = make_term("theme", "astronomie"), make_term("theme", "eau")
    make_event(network, "A", terms=[astro], price="free")
    make_event(network, "B", terms=[astro, water], commune=make_commune("31555", "Toulouse", (43.6, 1.44)))
    make_event(network, "C", terms=[water], price="free")
    assert counts(network, "theme=astronomie", "theme") == {"astronomie": 2, "eau": 2}
    assert counts(network, "theme=astronomie", "departement") == {"34": 1, "31": 1}
    assert counts(network, "theme=astronomie&departement=31", "theme") == {"astronomie": 1, "eau": 1}
    assert counts(network, "gratuit=oui", "theme") == {"astronomie": 1, "eau": 1}
    assert titles(network, "theme=astronomie&theme=eau&gratuit=oui") == ["A", "C"]


def test_an_exhibition_under_way_comes_after_what_begins(network: Any) -> None:
    today = timezone.localdate()
    long = Slot(
        datetime.combine(today - timedelta(days=9), time()),
        datetime.combine(today + timedelta(days=30), time()),
        all_day=True,
    )
    make_event(network, "Exposition", schedule=Schedule((long,)))
    daily = Rule((0, 1, 2, 3, 4, 5, 6), time(10), time(18), today - timedelta(days=9), today + timedelta(days=30))
    make_event(network, "Jour après jour", schedule=Schedule(rules=(daily,)))
    make_event(network, "Atelier", schedule=Schedule((slot(3),)))
    assert titles(network)[0] == "Atelier"
    assert sorted(titles(network, "longue=oui")) == ["Exposition", "Jour après jour"]


def test_what_an_actor_organises_or_receives_is_its_agenda(network: Any) -> None:
    museum, club = make_actor(network, "Musée"), make_actor(network, "Club")
    make_event(network, "Au musée", venue=museum)
    make_event(network, "Du club", organisers=[club])
    assert titles(network, f"par={museum.slug}") == ["Au musée"]
    assert titles(network, f"par={club.slug}") == ["Du club"]


def test_by_appointment_comes_last_and_only_while_it_is_offered(network: Any) -> None:
    today = timezone.localdate()
    make_event(network, "Visite", schedule=Schedule(by_appointment=True))
    make_event(
        network, "Visite d'été", schedule=Schedule(by_appointment=True, available_until=today - timedelta(days=1))
    )
    make_event(network, "Atelier")
    assert titles(network) == ["Atelier", "Visite"]


def test_words_find_events_by_their_title_theme_and_organiser(network: Any) -> None:
    make_event(network, "Observer les chauves-souris", organisers=[make_actor(network, "Ligue des Bois")])
    make_event(network, "Café des sciences")
    assert titles(network, "q=chauve+souris") == ["Observer les chauves-souris"]
    assert titles(network, "q=ligue+bois") == ["Observer les chauves-souris"]


def test_a_month_has_each_date_on_its_day_and_long_ones_apart(network: Any) -> None:
    make_event(network, "Nuit", schedule=Schedule((Slot(local("2026-05-09T22:00"), local("2026-05-10T02:00")),)))
    make_event(
        network,
        "Week-end",
        schedule=Schedule((Slot(local("2026-05-30T00:00"), local("2026-05-31T00:00"), all_day=True),)),
    )
    make_event(
        network, "Été", schedule=Schedule((Slot(local("2026-04-20T00:00"), local("2026-06-20T00:00"), all_day=True),))
    )
    month = month_of(Programme(Filters.from_params(QueryDict("vue=mois&mois=2026-05"), network)))
    assert [(day.day.day, [entry.title for entry in day.entries]) for day in month.days] == [
        (9, ["Nuit"]),
        (30, ["Week-end"]),
        (31, ["Week-end"]),
    ]
    assert [(each.title, each.place, each.until) for each in month.long] == [("Été", "Montpellier", date(2026, 6, 20))]
    assert [len(week) for week in month.weeks] == [7] * 5


def test_the_same_agenda_has_one_address(network: Any) -> None:
    make_commune("46042", "Cahors", (44.447, 1.44))
    typed = "pres_text=Cahors&pres=&q=&enfants=oui&quand=week-end&inconnu=1&rayon=20&vue=liste&theme="
    assert kit.ask(QueryDict(typed), network).query == "?quand=week-end&enfants=oui&pres=46042"


def test_the_agenda_costs_the_same_whatever_it_holds(client: Any, network: Any, same_queries: Any) -> None:
    term = make_term("theme", "eau")
    numbers = iter(range(100))

    def add() -> Event:
        number = next(numbers)
        return make_event(
            network, f"Événement {number}", terms=[term], schedule=Schedule((slot(number + 1), slot(number + 3)))
        )

    assert same_queries(page=lambda: client.get("/agenda/"), add=add) <= 12
    assert same_queries(page=lambda: client.get("/agenda/?vue=mois"), add=add) <= 12
    assert same_queries(page=lambda: client.get("/agenda/carte.json"), add=add) <= 9


def test_a_date_that_is_cancelled_is_not_the_next_one_and_alone_it_is_said_so(client: Any, network: Any) -> None:
    by = Viewer.as_system(network, "essai")
    club = make_event(network, "Club", schedule=Schedule((slot(2), slot(9), slot(16))))
    walk = make_event(network, "Balade", schedule=Schedule((slot(3),)))
    for event in (club, walk):
        change_timing(by=by, timing=event.timings.first(), is_cancelled=True)
    cards = {card.title: card for card in client.get("/agenda/").context["events"]}
    second = club.timings.all()[1]
    assert (cards["Club"].next_at, cards["Club"].others, cards["Club"].is_off) == (
        second.starts_at,
        "et 1 autre date",
        False,
    )
    assert (cards["Balade"].next_at, cards["Balade"].others, cards["Balade"].is_off) == (
        walk.timings.get().starts_at,
        "",
        True,
    )
    assert client.get("/agenda/").content.decode().count("date annulée") == 1
    told = client.get(club.get_absolute_url()).context["told"]
    assert [told.date.iso, told.dates[0].is_cancelled] == [second.starts_at.astimezone(club.tz).isoformat(), True]
    assert [(row.starts_at, row.is_off) for row in rows_of([club.pk, walk.pk])] == [
        (walk.timings.get().starts_at, True),
        (second.starts_at, False),
    ]


def test_a_point_of_the_map_has_the_words_and_the_mark_of_its_card(client: Any, network: Any) -> None:
    kind, other = make_term("action_kind", "atelier", hue=4, shape="square"), make_term("action_kind", "visite", hue=2)
    event = make_event(network, terms=[kind])
    make_event(network, "Sans type", schedule=Schedule((slot(9),)))
    make_event(network, "Deux types", terms=[other, kind], schedule=Schedule((slot(11),)))
    cards = client.get("/agenda/").context["events"]
    points = [each["properties"] for each in client.get("/agenda/carte.json").json()["features"]]
    assert [(each["name"], each["place"], each["hue"]) for each in points] == [
        (card.title, f"{card.when} – Montpellier", card.hue) for card in cards
    ]
    assert (points[0]["url"], points[0]["shape"]) == (event.get_absolute_url(), "square")
    assert client.get("/agenda/?vue=mois").context["events"] == []


def test_the_page_of_an_event_costs_the_same_whatever_it_holds(client: Any, network: Any, same_queries: Any) -> None:
    whole = make_event(network, "Village", venue=make_actor(network, "Musée"))
    numbers = iter(range(100))

    def add() -> Event:
        return make_event(
            network, f"Stand {next(numbers)}", parent=whole, organisers=[make_actor(network, f"Club {next(numbers)}")]
        )

    assert same_queries(page=lambda: client.get(whole.get_absolute_url()), add=add) <= 24


def test_instants_are_utc(network: Any) -> None:
    event = make_event(network, schedule=Schedule((Slot(local("2026-07-01T14:00"), local("2026-07-01T16:00")),)))
    assert event.timings.get().starts_at == datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_two_needs_of_access_are_both_met_and_counts_say_what_each_would_leave(network: Any) -> None:
    make_event(network, "Rampe", place_access=["mi"])
    make_event(network, "Rampe et boucle", place_access=["mi", "hi"])
    make_event(network, "Boucle", place_access=["hi", "vi"])
    assert titles(network, "acces=mi&acces=hi") == ["Rampe et boucle"]
    assert counts(network, "", "acces") == {"mi": 2, "hi": 2, "vi": 1}
    assert counts(network, "acces=mi", "acces") == {"mi": 2, "hi": 1}
    assert counts(network, "acces=mi&acces=vi", "acces") == {"mi": 0, "vi": 0}
