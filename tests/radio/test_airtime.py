"""The share of airtime: what is counted, by whom, and parts that make the total on the page, in the drawing and in the file."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.radio import actions
from maillage.radio.queries.airtime import Period, airtime, never_heard
from tests.factories.directory import make_actor, make_commune, make_term
from tests.factories.radio import make_episode


@pytest.fixture
def year():
    today = timezone.localdate()
    return Period(today - timedelta(days=365), today)


@pytest.fixture
def actors(world):
    """Two museums of the Hérault, a club of the Gers; the network is of both."""
    here, there = make_commune(), make_commune("32013", "Auch")
    world.network.perimeter.set([here, there])
    museum, club = make_term("family", "musee", label="Musée"), make_term("family", "club", label="Club")
    return [
        make_actor(world.network, "Muséum", commune=here, family=museum),
        make_actor(world.network, "Écomusée", commune=here, family=museum),
        make_actor(world.network, "Club d'astronomie", commune=there, family=club),
    ]


def told(shares):
    return {str(share.label): (share.seconds, share.actors) for share in shares}


def test_what_went_on_air_is_shared_among_those_it_was_about(world, actors, year):
    museum, _other, club = actors
    aired = make_episode(world.team, world.show, "Diffusé", state="published", actors=[museum])  # 240 s.
    item = aired.items.get()
    actions.add_heard(by=world.team, item=item, actor=club)
    item.departments.add(club.commune.department)
    make_episode(world.team, world.show, "Générique seul", state="broadcast")  # 20 s about nobody.
    make_episode(world.team, world.show, "En préparation", state="recorded", actors=[club])
    make_episode(
        world.team,
        world.show,
        "Trop vieux",
        state="broadcast",
        actors=[club],
        planned_at=timezone.now() - timedelta(days=500),
    )
    found = airtime(world.network, year)
    assert (found.total, found.episodes) == (260, 2)
    assert told(found.departments) == {
        "Département 34": (120, 2),
        "Département 32": (120, 1),
        "Sans territoire": (20, 0),
    }
    assert told(found.families) == {"Musée": (120, 2), "Club": (120, 1), "Sans acteur": (20, 0)}
    assert [share.each_shown for share in found.departments] == ["120,0", "60,0", "—"] or [
        share.each_shown for share in found.departments
    ] == ["60,0", "120,0", "—"]
    for shares in (found.departments, found.families):
        assert sum(share.seconds for share in shares) == found.total
        assert round(sum(share.percent for share in shares), 6) == 100
    assert [actor.name for actor in never_heard(world.network)] == ["Écomusée"]


def test_it_costs_the_same_queries_whatever_was_aired(world, actors, same_queries):
    client = Client()
    client.force_login(world.team.user)
    number = iter(range(10))

    def add():
        make_episode(world.team, world.show, f"Épisode {next(number)}", state="broadcast", actors=actors[:2])

    same_queries(page=lambda: client.get(reverse("radio:airtime")), add=add)


def test_the_page_the_drawing_and_the_file_say_the_same(world, actors):
    make_episode(world.team, world.show, state="broadcast", actors=actors[:1])
    client = Client()
    client.force_login(world.team.user)
    page = client.get(reverse("radio:airtime"))
    rows = page.context["charts"][0].rows
    assert [(str(row.label), row.value, row.shown) for row in rows] == [("Département 34", 240, "4:00")]
    assert "Écomusée" in page.content.decode()
    answer = client.get(reverse("radio:airtime_export"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
    assert lines[0] == ["Par", "Nom", "Secondes à l'antenne", "Part (%)", "Acteurs", "Secondes par acteur"]
    assert sum(int(line[2]) for line in lines[1:] if line[0] == "département") == 240
    assert sum(int(line[2]) for line in lines[1:] if line[0] == "famille") == 240


def test_days_badly_written_give_the_last_year(world):
    client = Client()
    client.force_login(world.team.user)
    period = client.get(reverse("radio:airtime") + "?du=hier&au=demain").context["period"]
    assert period.last - period.first == timedelta(days=365)
    turned = client.get(reverse("radio:airtime") + "?du=2026-05-01&au=2026-01-01").context["period"]
    assert (str(turned.first), str(turned.last)) == ("2026-01-01", "2026-05-01")
