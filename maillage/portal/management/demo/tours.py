"""The tours of the demonstration: the lorry is on the road, its next season is proposed, the one after takes requests."""

from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from maillage.catalogue.enums import Kind, Power
from maillage.catalogue.models import Copy, Resource
from maillage.directory.models import Actor, ActorMember
from maillage.portal.management.demo.world import World
from maillage.territories.models import Territory
from maillage.tours import actions
from maillage.tours.actions.planning import plan_at_once
from maillage.tours.enums import RequestState, SeasonState
from maillage.tours.models import HostRequest, Season, Window

_PLACES = (
    "Place du village", "Cour de l'école", "Parking de la salle des fêtes", "Devant la médiathèque", "Champ de foire", "Esplanade",
    "Cour du collège", "Halle", "Jardin public",
)  # fmt: skip
_AUDIENCES = ("familles", "écoles du canton", "collégiens", "tout public", "centres de loisirs", "")
_SUMMARY = (
    "Un camion, des machines, et l'envie de fabriquer : le Propulseur installe son atelier près de chez vous pour quelques "
    "jours. Les structures l'accueillent, chacun y entre."
)
_WEEKS, _ASKED = 40, 60


def tell_tours(world: World) -> None:
    add, ago = world.chronicle.add, world.chronicle.ago
    add(ago(37, 9), lambda at: _on_the_road(world))
    add(ago(20, 9), lambda at: _proposed(world))
    add(ago(2, 16), lambda at: _open(world))


def _monday(world: World, weeks: int) -> date:
    today = timezone.localdate(world.chronicle.now)
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def _season(world: World, name: str, weeks: int, length: int, **fields: Any) -> Season:
    copy = _lorry(world)
    first = _monday(world, weeks)
    values = {
        "name": name, "summary": _SUMMARY, "resource": copy.resource, "copy": copy, "base": _base(), "first_on": first,
        "last_on": first + timedelta(days=7 * length - 3), "set_up": 1, "far_km": 8, **fields,
    }  # fmt: skip
    by = world.viewer("animation")
    return actions.change_state(by=by, season=actions.create_season(by=by, fields=values), state=SeasonState.OPEN)


def _base() -> Territory:
    """Nîmes, where its association is."""
    return Territory.objects.communes().get(code="30189")


def _lorry(world: World) -> Copy:
    """That of the catalogue."""
    found = Resource.objects.filter(network=world.south, kind=Kind.VEHICLE, title__startswith="Le Propulseur").order_by(
        "pk"
    )[0]
    return found.copies.order_by("pk").first() or Copy.objects.create(resource=found, label="001")


def _on_the_road(world: World) -> None:
    season = _season(world, "Le Propulseur sur les routes", -9, 22)
    _requests(world, season, Random(7), 12)  # noqa: S311  (a demonstration, the same each time)
    plan_at_once(season=season)
    actions.change_state(by=world.viewer("animation"), season=season, state=SeasonState.PUBLISHED)


def _proposed(world: World) -> None:
    """Forty weeks, sixty requests: some are still to be read, two cannot be."""
    first = _monday(world, 14)
    closed = [
        [(first + timedelta(weeks=week)).isoformat(), (first + timedelta(weeks=week, days=6)).isoformat()]
        for week in (12, 24)
    ]
    season = _season(world, "Une année de Propulseur", 14, _WEEKS, closures=closed)
    _requests(world, season, Random(1913), _ASKED)  # noqa: S311
    plan_at_once(season=season)
    waiting = season.requests.filter(state=RequestState.FEASIBLE).order_by("pk")
    keys = list(waiting.values_list("pk", flat=True)[:5])
    HostRequest.objects.filter(pk__in=keys[:3]).update(state=RequestState.ASKED)
    HostRequest.objects.filter(pk__in=keys[3:4]).update(
        state=RequestState.REFUSED, reason="La rue qui mène à la place est trop étroite pour le camion."
    )


def _open(world: World) -> None:
    """The host of the demonstration has asked."""
    season = _season(world, "Le Propulseur, saison suivante", 56, 20)
    own = ActorMember.objects.filter(user=world.people["acteur@maillage.example"]).order_by("pk").first()
    if own is not None and own.actor.commune is not None:
        fields = {
            "commune": own.actor.commune, "place": "Cour de l'école", "days": 2, "people": 180, "audience": "écoles du canton",
            "surface": 90, "power": Power.STRONG, "has_access": True, "helpers": 2,
        }  # fmt: skip
        window = (season.first_on + timedelta(weeks=2), season.first_on + timedelta(weeks=8))
        actions.ask(by=world.viewer("acteur"), season=season, actor=own.actor, fields=fields, windows=[window])


def _requests(world: World, season: Season, random: Random, count: int) -> None:
    keys = [one.actor.pk for one in world.hosts()]
    hosts = list(Actor.objects.filter(pk__in=keys).select_related("commune").order_by("pk"))
    team, rows, windows = world.viewer("animation").user, [], []
    length = (season.last_on - season.first_on).days // 7
    for host in random.sample(hosts, min(count, len(hosts))):
        people = random.choice((60, 90, 120, 150, 180, 250, 320, 450))
        row = HostRequest(
            season=season, actor=host, commune=host.commune, place=random.choice(_PLACES), days=random.choice((1, 2, 2, 3, 4)),
            people=people, audience=random.choice(_AUDIENCES), surface=random.choice((None, 60, 80, 120)),
            power=random.choice(("", Power.STRONG, Power.STRONG)), has_access=random.choice((None, True, True)),
            has_parking=random.choice((None, True)), helpers=random.choice((None, 2, 3)), state=RequestState.FEASIBLE,
            decided_by=team, decided_at=world.chronicle.now,
        )  # fmt: skip
        rows.append(row)
        for _rank in range(random.choice((1, 1, 2))):
            begins = season.first_on + timedelta(weeks=random.randrange(max(1, length - 4)))
            ends = min(begins + timedelta(weeks=random.choice((2, 3, 4, 6)), days=-3), season.last_on)
            windows.append(Window(request=row, first_on=begins, last_on=ends))
    HostRequest.objects.bulk_create(rows)
    Window.objects.bulk_create(windows)
