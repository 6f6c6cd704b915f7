"""Tours: the team prepares them, hosts ask for their actors, everyone reads what is published."""

from datetime import timedelta

from maillage.core.seen import mark
from maillage.core.viewer import Viewer
from maillage.directory.models import ActorMember
from maillage.tours import actions
from tests.access.directory_work import TEAM
from tests.access.table import LOGIN, line
from tests.factories.directory import make_actor
from tests.factories.tours import MONDAY, make_request, make_season

_RUNS = ("animator", "network_admin", "platform_admin")
PAGE = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 200)}
DONE = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 302)}
POST = "post"


def prepare(world):
    """Of A: a season that takes requests, with one of the representative's actor; a published one with a stop; one in preparation."""
    team = Viewer.as_system(world.network, "table")
    host = make_actor(world.network, "Structure qui accueille une tournée")
    ActorMember.objects.create(actor=host, user=world.users["representative"])
    world.tour_host = host
    world.tour_season = make_season(team)
    world.tour_request = make_request(team, world.tour_season, actor=host)
    world.tour_published = make_season(team, name="Tournée publiée", resource=world.tour_season.resource)
    served = make_request(team, world.tour_published, 1)
    tour = actions.move_stop(by=team, season=world.tour_published, request=served, day=MONDAY + timedelta(days=7))
    actions.change_state(by=team, season=tour, state="published")
    world.tour_draft = make_season(team, "draft", name="Tournée en préparation", resource=world.tour_season.resource)


SEASON = {"args": lambda world: {"pk": world.tour_season.pk}}
ASKED = {"args": lambda world: {"pk": world.tour_season.pk, "ask": world.tour_request.pk}}
REFUSED = {"state": "refused", "reason": "x", "vu": f"state.{mark('feasible')} reason.{mark('')}"}
OWN = {"args": lambda world: {"pk": world.tour_request.pk}}
OPEN = {"args": lambda world: {"slug": world.tour_season.slug}}
TOLD = {"args": lambda world: {"slug": world.tour_published.slug}}
DRAFT = {"args": lambda world: {"slug": world.tour_draft.slug}}
HIDDEN = {"others": 404, **dict.fromkeys(_RUNS, 200)}
_HOSTS = {"anonymous": LOGIN, "others": 404, "representative": 200, **dict.fromkeys(_RUNS, 200)}


def _ask(world):
    return {
        "actor": world.tour_host.pk, "actor_text": "", "commune": world.tour_request.commune.code, "commune_text": "",
        "place": "Cour", "days": 1, "people": 50,
    }  # fmt: skip


LINES = [
    line("tours:season_table", query="page=zz", **TEAM),
    line("tours:season_add", **TEAM),
    line("tours:season_add", method=POST, data={"name": "x", "first_on": "zz"}, **(DONE | dict.fromkeys(_RUNS, 422))),
    line("tours:season_work", **SEASON, **PAGE),
    line("tours:season_edit", **SEASON, **PAGE),
    line("tours:season_edit", **SEASON, method=POST, data={"name": ""}, **(DONE | dict.fromkeys(_RUNS, 422))),
    line("tours:season_plan", **SEASON, method=POST, **DONE),
    line("tours:season_progress", **SEASON, **PAGE),
    line("tours:season_work_points", **SEASON, **PAGE),
    line("tours:season_state", **SEASON, method=POST, data={"etat": "cancelled"}, **DONE),
    line("tours:season_state", **SEASON, method=POST, data={"etat": "zz"}, **DONE),
    line("tours:season_canvass", **SEASON, method=POST, data={"halts": "3", "km": "15"}, **DONE),
    line("tours:season_canvass", **SEASON, method=POST, data={"halts": "zz"}, **DONE),
    line("tours:request_table", **SEASON, query="etat=zz&page=99999", **PAGE),
    line("tours:request_work", **ASKED, **PAGE),
    line("tours:request_work", **ASKED, method=POST, data=REFUSED, **DONE),
    line("tours:stop_cost", **ASKED, query="day=2027-03-02", **PAGE),
    line("tours:stop_cost", **ASKED, query="day=zz", **(PAGE | dict.fromkeys(_RUNS, 422))),
    line("tours:stop_move", **ASKED, method=POST, data={"day": "2027-03-02"}, **DONE),
    line("tours:stop_move", **ASKED, method=POST, data={"day": "2027-99-02"}, **DONE),
    line("tours:stop_fix", **ASKED, method=POST, data={"fixer": "oui"}, **DONE),
    line("tours:season_list", everyone=200, elsewhere=200),
    line("tours:request_list", anonymous=LOGIN, others=200, elsewhere=200),
    line("tours:request_show", **OWN, **_HOSTS),
    line("tours:request_withdraw", **OWN, method=POST, **({**_HOSTS, "representative": 302} | dict.fromkeys(_RUNS, 302))),
    line("tours:season_show", **OPEN, everyone=200),
    line("tours:season_show", **TOLD, everyone=200),
    line("tours:season_show", **DRAFT, **HIDDEN),
    line("tours:season_points", **TOLD, everyone=200),
    line("tours:season_points", **DRAFT, **HIDDEN),
    line("tours:season_calendar", **TOLD, everyone=200),
    line("tours:season_calendar", **OPEN, everyone=404),
    line("tours:season_data", **TOLD, everyone=200),
    line("tours:season_data", **OPEN, everyone=404),
    line("tours:request_ask", **OPEN, anonymous=LOGIN, others=403, representative=200, pole_member=200, **dict.fromkeys(_RUNS, 200)),
    line("tours:request_ask", **OPEN, method=POST, data=_ask, anonymous=LOGIN, others=403, representative=302, pole_member=422,
         **dict.fromkeys(_RUNS, 302)),
    line("tours:request_ask", **TOLD, anonymous=LOGIN, others=409, **dict.fromkeys(_RUNS, 200)),
]  # fmt: skip
