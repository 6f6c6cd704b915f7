"""The same event announced twice is seen; those that only share words, days or a place are not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from maillage.activity.models import Entry
from maillage.agenda.actions import hide_event, publish_event
from maillage.agenda.actions.pairing import keep_one, mark_distinct
from maillage.agenda.models import DistinctEvents, Event
from maillage.agenda.queries.calendar import Schedule
from maillage.agenda.queries.lookalikes import all_pairs, lookalikes
from maillage.core.errors import Conflict
from maillage.core.viewer import Viewer
from tests.factories.agenda import make_event, slot
from tests.factories.directory import make_actor, make_commune, make_network

pytestmark = pytest.mark.django_db


def alike(network: Any, title: str, **values: Any) -> list[str]:
    values = {"schedule": Schedule((slot(),)), "commune": make_commune(), **values}
    found = lookalikes({"title": title, **values}, Viewer.as_system(network, "essai"))
    return [event.title for event in found]


@pytest.mark.parametrize(
    ("title", "values"),
    [
        ("La Nuit des Étoiles", {}),
        ("NUIT DES ETOILES à Montpellier", {"schedule": Schedule((slot(hour=21),))}),
        ("Atelier : nuit des étoiles", {"commune": "palavas"}),
        ("Nuit des étoiles filantes", {"place_name": "Parc du château"}),
    ],
)
def test_the_same_event_told_otherwise_is_found(network: Any, title: str, values: Any) -> None:
    make_event(network, "Nuit des étoiles", place_name="Parc du Château")
    if values.get("commune") == "palavas":  # A kilometre and a half away.
        values = {"commune": make_commune("34192", "Palavas", (43.6109, 3.8940))} | {
            "latitude": 43.61,
            "longitude": 3.893,
        }
    assert alike(network, title, **values) == ["Nuit des étoiles"]


@pytest.mark.parametrize(
    ("title", "values"),
    [
        ("Nuit des étoiles", {"schedule": Schedule((slot(8),))}),
        ("Nuit des musées", {}),
        ("Nuit des étoiles 2", {}),
        ("Atelier", {}),
    ],
)
def test_another_day_another_number_or_words_that_say_nothing_are_no_likeness(
    network: Any, title: str, values: Any
) -> None:
    make_event(network, "Nuit des étoiles")
    make_event(network, "Atelier", schedule=Schedule((slot(hour=9),)))
    assert alike(network, title, **values) == []


def test_far_away_is_another_event_unless_the_same_people_organise_it(network: Any) -> None:
    club = make_actor(network, "Club")
    make_event(network, "Nuit des étoiles", organisers=[club])
    auch = make_commune("32013", "Auch", (43.6465, 0.5855))
    assert alike(network, "Nuit des étoiles", commune=auch) == []
    assert alike(network, "Nuit des étoiles", commune=auch, organisers=[club]) == ["Nuit des étoiles"]


def test_what_a_source_holds_for_two_is_two_unless_all_is_the_same(network: Any) -> None:
    at = {"place_name": "Parc du château"}
    make_event(network, "Tournoi d'échecs", identifiers={"openagenda": "1"}, **at)
    make_event(network, "Tournoi d'échecs", identifiers={"openagenda": "2"}, schedule=Schedule((slot(hour=18),)), **at)
    twin = make_event(network, "Tournoi d'échecs", identifiers={"openagenda": "3"}, **at)
    assert [match.ref for _one, match in all_pairs(network)] == [twin.pk]


def test_those_who_do_not_see_a_draft_are_not_told_of_it(network: Any) -> None:
    make_event(network, "Nuit des étoiles", state="draft")
    make_event(make_network("Ailleurs"), "Nuit des étoiles")
    values = {"title": "Nuit des étoiles", "schedule": Schedule((slot(),)), "commune": make_commune()}
    assert lookalikes(values, Viewer(network=network)) == []


def two(network: Any) -> tuple[Event, Event]:
    host, partner = make_actor(network, "Hôte"), make_actor(network, "Partenaire")
    return (
        make_event(network, "Nuit des étoiles", organisers=[host]),
        make_event(network, "La nuit des étoiles", organisers=[partner]),
    )


def test_a_pair_judged_different_is_not_proposed_again(network: Any) -> None:
    one, other = two(network)
    assert [(first, match.ref) for first, match in all_pairs(network)] == [(one.pk, other.pk)]
    by = Viewer.as_system(network, "essai")
    mark_distinct(by=by, first=other, second=one)
    mark_distinct(by=by, first=one, second=other)
    assert (all_pairs(network), lookalikes(one, by)) == ([], [])
    assert DistinctEvents.objects.count() == Entry.objects.filter(verb="event.distinct").count() == 1


def test_the_same_event_stays_once_with_the_organisers_of_both(network: Any) -> None:
    one, other = two(network)
    by = Viewer.as_system(network, "essai")
    keep_one(by=by, kept=one, other=other)
    other.refresh_from_db()
    assert (other.state, other.code) == ("hidden", "doublon")
    assert one.slug in other.reason
    assert [(each.actor.name, each.role) for each in one.organisers.all()] == [
        ("Hôte", "lead"),
        ("Partenaire", "partner"),
    ]
    with pytest.raises(Conflict):
        keep_one(by=by, kept=other, other=one)


def test_the_page_of_the_double_leads_to_the_one_kept(network: Any, client: Any) -> None:
    by = Viewer.as_system(network, "essai")
    first, second = two(network)
    third = make_event(network, "Nuit des étoiles")
    keep_one(by=by, kept=second, other=first)
    keep_one(by=by, kept=third, other=second)
    answer = client.get(first.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (301, third.get_absolute_url())
    hide_event(by=by, event=third)
    assert client.get(first.get_absolute_url()).status_code == 404
    publish_event(by=by, event=first)
    assert client.get(first.get_absolute_url()).status_code == 200
    first.refresh_from_db()
    assert first.same_as is None


def test_a_double_that_nobody_read_leads_nowhere(network: Any, client: Any) -> None:
    kept, draft = make_event(network, "Nuit"), make_event(network, "La nuit", state="proposed")
    Event.objects.filter(pk=draft.pk).update(state="proposed")
    keep_one(by=Viewer.as_system(network, "essai"), kept=kept, other=draft)
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_the_page_of_pairs_costs_the_same_whatever_their_number(
    admin: Any, client: Any, network: Any, same_queries: Callable[..., int]
) -> None:
    client.force_login(admin)
    days = iter(range(3, 100, 3))

    def pair() -> None:
        at = Schedule((slot(next(days)),))
        for title in ("Nuit des étoiles", "La nuit des étoiles"):
            make_event(network, title, schedule=at)

    same_queries(page=lambda: client.get("/travail/agenda/ressemblances/"), add=pair)


def test_the_team_decides_on_the_page_and_finds_it_empty(admin: Any, client: Any, network: Any) -> None:
    one, other = two(network)
    client.force_login(admin)
    page = client.get("/travail/agenda/ressemblances/").content.decode()
    assert page.count('name="une"') == 1
    data = {"une": one.pk, "autre": other.pk, "verdict": "garder_une"}
    response = client.post("/travail/agenda/ressemblances/decider/", data, follow=True)
    assert "Aucune ressemblance en vue" in response.content.decode()
    assert Event.objects.filter(state="published").get() == one


def test_a_candidate_tells_the_day_on_which_both_take_place(network: Any) -> None:
    make_event(network, "Nuit des étoiles", schedule=Schedule((slot(2), slot(7), slot(9))))
    values = {"title": "La nuit des étoiles", "schedule": Schedule((slot(7),)), "commune": make_commune()}
    (found,) = lookalikes(values, Viewer.as_system(network, "essai"))
    assert found.meets_on == timezone.localdate() + timedelta(days=7)
