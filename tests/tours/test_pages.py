"""Pages of the tours: the team's work, what hosts ask and follow, what everyone reads of a published tour."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from maillage.core.jobs import run_waiting
from maillage.tours import actions
from maillage.tours.models import HostRequest, Season, Stop
from tests.factories.tours import MONDAY, make_request, make_season


def day(rank):
    return MONDAY + timedelta(days=rank)


def at(name, season, *more):
    return reverse(f"tours:{name}", args=[season.pk, *more])


@pytest.fixture
def team(world, signed):
    return signed(world.team)


@pytest.fixture
def toured(world):
    """Two stops on two Mondays, published."""
    season = world.season
    for rank, place in ((0, 0), (7, 1)):
        request = make_request(world.team, season, place)
        season = actions.move_stop(by=world.team, season=season, request=request, day=day(rank))
    return actions.change_state(by=world.team, season=season, state="published")


def season_form(season, **changes):
    return {
        "name": "Automne", "copy": season.copy_id, "base": season.base.code, "base_text": "", "first_on": "2027-09-06",
        "last_on": "2027-12-17", "weekdays": ["0", "1", "2", "3", "4"], "closures": "1/11/2027 – 5/11/2027", "set_up": 1,
        "day_km": 200, "idle_days": 4, "break_days": 3, "far_km": 15, "far_bonus": 50, "people_per_100_km": 10, **changes,
    }  # fmt: skip


def test_a_season_is_prepared_and_changed_by_its_form(world, team):
    answer = team.post(reverse("tours:season_add"), season_form(world.season))
    season = Season.objects.get(name="Automne")
    assert answer.url == at("season_work", season)
    assert season.closures == [["2027-11-01", "2027-11-05"]]
    assert day_in(season, "2027-10-29")
    assert not day_in(season, "2027-11-02")
    wrong = team.post(reverse("tours:season_add"), season_form(world.season, closures="la Toussaint", first_on=""))
    assert wrong.status_code == 422
    assert "la Toussaint" in wrong.content.decode()
    assert team.get(at("season_edit", season)).status_code == 200
    team.post(at("season_edit", season), season_form(world.season, name="Automne des sciences"))
    season.refresh_from_db()
    assert season.name == "Automne des sciences"


def day_in(season, text):
    return text in {str(day) for day in season.working_days}


def test_a_host_asks_and_follows_its_request(world, signed):
    client = signed(world.host)
    address = reverse("tours:request_ask", args=[world.season.slug])
    assert client.get(address).status_code == 200
    sent = {
        "actor": world.library.pk, "commune": "81004", "commune_text": "", "place": "Cour", "days": 2, "people": 120,
        "from_1": "2027-03-01", "to_1": "2027-03-12", "surface": 80, "has_access": "oui",
    }  # fmt: skip
    assert client.post(address, {**sent, "to_1": ""}).status_code == 422
    assert client.post(address, {**sent, "to_1": "2027-02-01"}).status_code == 422
    answer = client.post(address, sent)
    made = HostRequest.objects.get()
    assert answer.url == reverse("tours:request_show", args=[made.pk])
    assert (made.has_access, made.has_parking, made.windows.count()) == (True, None, 1)
    assert "Médiathèque d" in client.get(answer.url).content.decode()
    assert "Printemps du Propulseur" in client.get(reverse("tours:request_list")).content.decode()
    client.post(reverse("tours:request_withdraw", args=[made.pk]))
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_the_team_judges_plans_and_reads_the_figures(world, team):
    asked = make_request(world.team, world.season, people=300, feasible=False)
    shown = team.get(at("request_work", world.season, asked.pk))
    assert "au moins 60" in shown.content.decode()
    vu = shown.context["form"].vu
    refused = team.post(at("request_work", world.season, asked.pk), {"vu": vu, "state": "refused", "reason": ""})
    assert refused.status_code == 422
    team.post(at("request_work", world.season, asked.pk), {"vu": vu, "state": "feasible"})
    team.post(at("season_plan", world.season))
    assert "Calcul de la tournée" in team.get(at("season_work", world.season)).content.decode()
    assert "hx-get" in team.get(at("season_progress", world.season)).content.decode()
    run_waiting()
    assert team.get(at("season_progress", world.season))["HX-Refresh"] == "true"
    page = team.get(at("season_work", world.season)).content.decode()
    assert "C’est la meilleure possible" in page
    assert "Médiathèque d’Albi" in page or "Médiathèque de Albi" in page


def test_a_move_shows_its_cost_before_it_is_made(world, team):
    first, second = (make_request(world.team, world.season, place) for place in range(2))
    actions.move_stop(by=world.team, season=world.season, request=first, day=day(0))
    page = team.get(at("stop_cost", world.season, second.pk), {"day": day(2).isoformat()}).content.decode()
    assert "Placer la halte" in page
    assert Stop.objects.count() == 1
    page = team.get(at("stop_cost", world.season, second.pk), {"day": day(1).isoformat()}).content.decode()
    assert "chevaucheraient" in page
    assert "Placer la halte" not in page
    assert team.get(at("stop_cost", world.season, second.pk), {"day": "demain"}).status_code == 422
    team.post(at("stop_move", world.season, second.pk), {"day": day(2).isoformat()})
    assert Stop.objects.get(request=second).first_on == day(2)
    assert "Retirer la halte" in team.get(at("stop_cost", world.season, second.pk), {"retirer": "oui"}).content.decode()
    team.post(at("stop_fix", world.season, second.pk), {"fixer": "non"})
    assert not Stop.objects.get(request=second).is_fixed
    team.post(at("stop_move", world.season, second.pk))
    assert not Stop.objects.filter(request=second).exists()


def test_a_published_tour_is_read_by_all_as_page_map_calendar_and_data(toured, signed):
    client = signed()
    page = client.get(toured.get_absolute_url()).content.decode()
    assert "Place du marché" in page
    points = client.get(reverse("tours:season_points", args=[toured.slug])).json()
    assert [each["properties"]["name"].split()[0] for each in points["features"]] == ["1.", "2.", "Base"]
    calendar = Calendar.from_ical(client.get(reverse("tours:season_calendar", args=[toured.slug])).content)
    dates = [(str(event["DTSTART"].dt), str(event["DTEND"].dt)) for event in calendar.walk("VEVENT")]
    assert dates == [("2027-03-01", "2027-03-03"), ("2027-03-08", "2027-03-10")]
    data = json.loads(client.get(reverse("tours:season_data", args=[toured.slug])).content)
    assert [stop["commune"]["name"] for stop in data["stops"]] == ["Albi", "Auch"]


def test_the_page_of_a_resource_says_where_it_goes(toured, signed):
    page = signed().get(toured.resource.get_absolute_url()).content.decode()
    assert toured.get_absolute_url() in page


def test_nothing_of_a_proposed_tour_leaves_the_team(world, signed):
    request = make_request(world.host, world.season, actor=world.library, feasible=False)
    actions.judge(by=world.team, request=request, state="feasible")
    season = actions.move_stop(by=world.team, season=world.season, request=request, day=day(0))
    for viewer in (None, world.host):
        client = signed(viewer)
        assert "1er mars 2027 au" not in client.get(season.get_absolute_url()).content.decode()
        assert len(client.get(reverse("tours:season_points", args=[season.slug])).json()["features"]) == 1  # The base.
        for name in ("season_calendar", "season_data"):
            assert client.get(reverse(f"tours:{name}", args=[season.slug])).status_code == 404
    page = signed(world.host).get(request.get_absolute_url()).content.decode()
    assert "Vos dates" not in page
    assert "dans la tournée" not in page


def test_pages_cost_the_same_queries_whatever_the_number_of_stops(world, team, signed, same_queries):
    season, places = world.season, iter(range(10))

    def add():
        place = next(places)
        request = make_request(world.team, season, place, days=1)
        actions.move_stop(by=world.team, season=season, request=request, day=day((0, 1, 2, 3, 4, 7, 8, 9, 10)[place]))
        make_request(world.team, season, place)

    for name in ("season_work", "request_table", "season_work_points"):
        same_queries(page=lambda name=name: team.get(at(name, season)), add=add)


def test_what_hosts_ask_waits_in_the_queue_of_the_team_until_it_is_answered(world, team):
    asked = make_request(world.team, world.season, feasible=False)
    address = at("request_work", world.season, asked.pk)
    assert address in team.get(reverse("directory:queue")).content.decode()
    actions.judge(by=world.team, request=asked, state="feasible")
    assert address not in team.get(reverse("directory:queue")).content.decode()


def test_the_seasons_of_a_network_are_listed(world, team, signed):
    make_season(world.team, "draft", name="Automne")
    assert "Automne" in team.get(reverse("tours:season_table")).content.decode()
    page = signed().get(reverse("tours:season_list")).content.decode()
    assert "Printemps du Propulseur" in page
    assert "Automne" not in page
