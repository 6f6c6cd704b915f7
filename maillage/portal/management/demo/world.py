"""Building the demonstration: two networks, their accounts, their actors with a past, made by the program's own verbs."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from maillage.accounts.actions import grant_role
from maillage.accounts.models import Role, User
from maillage.activity.actions import record
from maillage.core.viewer import RoleHeld, RoleKind, Viewer
from maillage.directory import actions
from maillage.directory.actions import Stamp
from maillage.directory.actions.bulk import BulkWriter
from maillage.directory.actions.sheets import Sheet
from maillage.directory.enums import ListingState, Nature, Origin
from maillage.directory.models import Actor, Listing, Note, Qualification
from maillage.networks.actions import save_consortium_member
from maillage.networks.models import Network
from maillage.networks.queries import vocabularies
from maillage.portal.management.demo.chronicle import Chronicle
from maillage.portal.management.demo.plan import Planned, draw
from maillage.territories.models import Territory
from maillage.territories.queries import commune_index

PASSWORD = "demonstration-maillage"  # noqa: S105  (shown to everyone at start; the demonstration holds nothing real)
ACCOUNTS = [  # Address, name, role, département.
    ("admin@maillage.example", "Camille Raynal", RoleKind.NETWORK_ADMIN, ""),
    ("animation@maillage.example", "Noé Sabatier", RoleKind.ANIMATOR, ""),
    ("animation-gard@maillage.example", "Solène Calvet", RoleKind.ANIMATOR, "30"),
    ("region@maillage.example", "Hugo Lavergne", RoleKind.REGION_OFFICER, ""),
    ("pole@maillage.example", "Inès Delmas", RoleKind.POLE_MEMBER, ""),
    ("membre@maillage.example", "Yann Pouget", RoleKind.MEMBER, ""),
    ("acteur@maillage.example", "Fanny Castaing", RoleKind.MEMBER, ""),
]
PLATFORM_ADMIN = ("plateforme@maillage.example", "Rachel Combes")
NORTH_ADMIN = ("admin-nord@maillage.example", "Simon Taillefer")

CONSORTIUM = [  # Name, site, role, départements.
    (
        "Sciences en Garonne",
        "sciences-garonne.example",
        "Coordination régionale et accompagnement des projets",
        ("31", "32", "09", "65"),
    ),
    (
        "Méridienne Sciences",
        "meridienne.example",
        "Forum régional et journées professionnelles",
        ("34", "11", "66"),
    ),
    ("Cévennes Curieuses", "cevennes-curieuses.example", "Prêt de mallettes et itinérance du Propulseur", ("30", "48")),
    ("Hautes Terres de science", "hautes-terres.example", "Formations et centres de loisirs", ("12", "81", "82", "46")),
]
_OPENED = 1400  # Days ago: before the first actor was known.


@dataclass
class World:
    """The demonstration while it is being told: `planned` are the actors of the south, `members` its accounts besides
    those shown at start; both are made as the chronicle unfolds."""

    south: Network
    north: Network
    people: dict[str, User]
    chronicle: Chronicle
    planned: list[Planned] = field(default_factory=list)
    members: list[User] = field(default_factory=list)

    def viewer(self, name: str) -> Viewer:
        """Someone of the south (`animation` is animation@maillage.example), with the roles held there."""
        return self._viewer(self.people[f"{name}@maillage.example"], self.south)

    def member(self, rank: int) -> Viewer:
        """One of the members without a password, the same for a rank."""
        return self._viewer(self.members[rank % len(self.members)], self.south)

    def hosts(self) -> list[Planned]:
        """What the public finds of the south by now, with a commune."""
        known = Actor.objects.filter(archived_at=None, listings__network=self.south, listings__state="published")
        there = set(known.values_list("pk", flat=True))
        return [one for one in self.planned if one.actor and one.actor.pk in there and one.values["commune"]]

    def _viewer(self, user: User, network: Network) -> Viewer:
        held = Role.objects.filter(user=user).in_network(network).values_list("kind", "department")
        return Viewer(network, user, frozenset(RoleHeld(kind, department) for kind, department in held))

    def actors(self, key: str, count: int) -> list[Actor]:
        """Shown actors of a profile, those known for longest first."""
        shown = [one for one in self.planned if one.profile.key == key and one.is_shown and one.actor]
        ids = [one.actor.pk for one in sorted(shown, key=lambda one: -one.months_known)[:count]]
        found = Actor.objects.select_related("commune__department").in_bulk(ids)
        return [found[pk] for pk in ids]


def build(
    total: int = 1400,
    say: Callable[[str], None] = lambda line: None,
    *,
    now: datetime | None = None,
    life: Callable[[World], None] = lambda world: None,
) -> World:
    """Make the demonstration with `total` actors in Occitanie and a twentieth of that in Hauts-de-France.

    `life` adds to the chronicle what happened besides. The same `now` gives the same demonstration. All or nothing: a
    half-made one would be taken for whole at the next start.
    """
    commune_index()  # Read before the transaction, within which each import would read all of France again.
    with transaction.atomic():
        return _built(total, say, now or timezone.now(), life)


def _built(total: int, say: Callable[[str], None], now: datetime, life: Callable[[World], None]) -> World:
    random = Random(2026)  # noqa: S311  (a demonstration, the same each time)
    chronicle = Chronicle(now)
    south = _network(
        name="Réseau des sciences en Occitanie",
        slug="occitanie",
        host="localhost",
        tagline="Toutes celles et ceux qui partagent les sciences, de Cahors à Perpignan.",
        description=(
            "Laboratoires, musées, associations, bibliothèques, parcs et passionnés : le réseau les relie, les outille et "
            "les fait connaître, pour que chacun ait accès aux sciences près de chez soi."
        ),
        regions=["76"],
        accent="#3b4cca",
        signal="#e0562d",
        contact_email="bonjour@maillage.example",
    )
    north = _network(
        name="Réseau des sciences en Hauts-de-France",
        slug="hauts-de-france",
        host="nord.localhost",
        tagline="La culture scientifique entre Lille, Amiens et la côte.",
        description="Un second réseau sur la même instance : ses acteurs, ses comptes et ses pages sont à lui.",
        regions=["32"],
        accent="#0b7a5b",
        signal="#b8860b",
        contact_email="nord@maillage.example",
    )
    world = World(south, north, _accounts(south, north, chronicle), chronicle)
    _open(world)
    by = [world.viewer("animation"), world.viewer("admin")]
    world.planned = _enter(world, south, by, random, total)
    _follow(world, by)
    boss = Viewer(north, world.people[NORTH_ADMIN[0]], frozenset({RoleHeld(RoleKind.NETWORK_ADMIN)}))
    others = _enter(world, north, [boss], random, max(12, total // 20))
    life(world)
    say("Démonstration : réseaux et comptes prêts, leur histoire s'écrit…")
    chronicle.unfold()
    say(f"{south.name} : {Listing.objects.filter(network=south).count()} acteurs.")
    say(f"{north.name} : {Listing.objects.filter(network=north).count()} acteurs.")
    _confirm(world.planned + others, chronicle)
    chronicle.date_sheets()
    return world


def _network(*, regions: list[str], **fields: str) -> Network:
    network = Network.objects.create(**fields)
    network.perimeter.set(Territory.objects.regions().filter(code__in=regions))
    return network


# --- accounts and roles -----------------------------------------------------------------------------------------------


def _accounts(south: Network, north: Network, chronicle: Chronicle) -> dict[str, User]:
    password = make_password(PASSWORD)  # Slow on purpose, and the same for all: computed once.
    joined = chronicle.ago(_OPENED)
    named = [(address, name, south) for address, name, _kind, _department in ACCOUNTS]
    people = {}
    for rank, (address, name, network) in enumerate([*named, (*PLATFORM_ADMIN, south), (*NORTH_ADMIN, north)]):
        user = User(email=address, name=name, home_network=network, password=password, joined_at=joined)
        # Accounts that nobody uses are told, then erased: each came back within the fortnight.
        user.last_login = chronicle.ago(1.5 * rank, hour=8 + rank, minute=7 * rank)
        user.full_clean()
        user.save()
        EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
        people[address] = user
    Role.objects.create(user=people[PLATFORM_ADMIN[0]], network=None, kind=RoleKind.PLATFORM_ADMIN)
    platform = Viewer(user=people[PLATFORM_ADMIN[0]], roles=frozenset({RoleHeld(RoleKind.PLATFORM_ADMIN)}))
    for address, _name, kind, department in ACCOUNTS:
        grant_role(by=platform.in_network(south), user=people[address], kind=kind, department=department)
    grant_role(by=platform.in_network(north), user=people[NORTH_ADMIN[0]], kind=RoleKind.NETWORK_ADMIN)
    # The team came one after another, before the first actor.
    for rank, pk in enumerate(Role.objects.order_by("pk").values_list("pk", flat=True)):
        Role.objects.filter(pk=pk).update(created_at=joined + timedelta(days=7 * rank))
    return people


def _open(world: World) -> None:
    """What is already in the journal was done when the networks opened; then comes the consortium."""
    chronicle = world.chronicle
    platform = world.viewer("plateforme")
    for network in (world.south, world.north):
        record("network.created", by=platform.in_network(network), subject=network)
    chronicle.date_all(chronicle.ago(_OPENED, 9))
    for position, (name, site, role, departments) in enumerate(CONSORTIUM):
        places = list(Territory.objects.departments().filter(code__in=departments))
        values = {
            "name": name, "role": role, "position": position, "territories": places,
            "website": f"https://www.{site}", "contact_email": f"bonjour@{site}",
        }  # fmt: skip
        act = partial(save_consortium_member, by=world.viewer("admin"), network=world.south, values=values)
        chronicle.add(chronicle.ago(_OPENED - 10, 11, 5 * position), lambda at, act=act: act())


# --- actors -----------------------------------------------------------------------------------------------------------


def _enter(world: World, network: Network, team: list[Viewer], random: Random, total: int) -> list[Planned]:
    """The actors of a network, entered in sittings: those that one person takes from one source in one month."""
    communes = list(
        Territory.objects.communes()
        .filter(region__in=network.perimeter.all(), latitude__isnull=False)
        .select_related("department")
        .prefetch_related("postal_codes")
        .order_by("code")
    )
    planned = list(draw(random, total, communes, vocabularies(network)))
    sittings: dict[tuple[int, str, str], list[Planned]] = defaultdict(list)
    for one in planned:
        sittings[one.months_known, one.values["source"], one.state].append(one)
    # One writer for all: it has read every address of the site once.
    writer = BulkWriter(by=team[0], stamp=Stamp(Origin.ANIMATOR))
    for rank, ((months, _source, _state), group) in enumerate(sorted(sittings.items(), reverse=True)):
        at = world.chronicle.ago(30 * months + rank * 11 % 28, 9 + rank % 9, rank * 7 % 60)
        world.chronicle.add(at, partial(_sit, writer=writer, by=team[rank % len(team)], group=group))
    return planned


def _sit(at: datetime, *, writer: BulkWriter, by: Viewer, group: list[Planned]) -> None:
    writer.by, writer.state = by, ListingState(group[0].state)
    writer.stamp = Stamp(Origin.ANIMATOR, group[0].values["source"], by.user_id, at=at)
    sheets = [
        Sheet(one.values, circle=one.earlier_circle or one.circle, circle_reason=_reason(one) if one.circle else "")
        for one in group
    ]
    for one, done in zip(group, writer.create(sheets), strict=True):
        one.actor = done.actor
    ids = [one.actor.pk for one in group]
    Actor.objects.filter(pk__in=ids).update(created_at=at)
    Listing.objects.filter(actor__in=ids).update(created_at=at)
    Qualification.objects.filter(actor__in=ids).update(created_at=at, since=at.date())


def _reason(planned: Planned) -> str:
    if planned.earlier_circle:
        return "Première estimation"
    return {
        1: "La culture scientifique est sa mission première",
        2: "Des actions régulières à côté de sa mission",
        3: "Occasionnel, ou ne se sent pas concerné alors que ses activités en sont",
    }[planned.circle or 3]


def _follow(world: World, team: list[Viewer]) -> None:
    """What became of each actor since: circles judged again or declared, notes, archives."""
    chronicle = world.chronicle
    for rank, one in enumerate(world.planned):
        by = team[rank % len(team)]
        since, hour, minute = 15 * one.months_known - rank % 13, 9 + rank % 8, rank * 7 % 60
        if one.earlier_circle:
            reason, source = "Actions régulières constatées", "Visite de l'équipe"
            chronicle.add(
                chronicle.ago(since, hour, minute), partial(_qualify, by, one, one.circle, reason, source, "assessed")
            )
        if one.declared:
            survey = ("Enquête aux acteurs", Nature.DECLARED)
            if one.months_known > 30:  # A first answer, less bold, before that of the last survey.
                earlier = min(3, one.declared + 1)
                chronicle.add(chronicle.ago(since + 300, hour), partial(_qualify, by, one, earlier, "", *survey))
            chronicle.add(chronicle.ago(since, hour + 1, minute), partial(_qualify, by, one, one.declared, "", *survey))
        if one.note:
            chronicle.add(chronicle.ago(since // 2, hour, minute), partial(_note, by, one))
        if one.archived:
            chronicle.add(chronicle.ago(since // 4, hour, minute), partial(_archive, by, one))


def _qualify(by: Viewer, one: Planned, circle: int | None, reason: str, source: str, nature: str, at: datetime) -> None:
    given = actions.set_circle(
        by=by, actor=one.actor, circle=circle, reason=reason, source=source, nature=nature, on=at.date()
    )
    if given is not None:
        Qualification.objects.filter(pk=given.pk).update(created_at=at)


def _note(by: Viewer, one: Planned, at: datetime) -> None:
    note = actions.add_note(by=by, actor=one.actor, body=one.note)
    Note.objects.filter(pk=note.pk).update(created_at=at)


def _archive(by: Viewer, one: Planned, at: datetime) -> None:
    actions.archive(by=by, actor=one.actor, reason=one.archived)
    Actor.objects.filter(pk=one.actor.pk).update(archived_at=at)


def _confirm(planned: list[Planned], chronicle: Chronicle) -> None:
    """When each sheet was last confirmed, and what its actor is known to have written itself."""
    by_month: dict[int, list[int]] = defaultdict(list)
    wrote = {}
    for one in planned:
        by_month[min(one.months_known, one.months_since_confirmed)].append(one.actor.pk)
        if one.wrote_itself:
            wrote[one.actor.pk] = one.wrote_itself
    for months, ids in by_month.items():
        day = chronicle.now - timedelta(days=30 * months)
        Actor.objects.filter(pk__in=ids, confirmed_at__lt=day).update(confirmed_at=day)
    changed = list(Actor.objects.filter(pk__in=wrote))
    for actor in changed:
        for name in wrote[actor.pk]:
            if name in actor.provenance:
                actor.provenance[name]["origin"] = str(Origin.ACTOR)
    Actor.objects.bulk_update(changed, ["provenance"], batch_size=200)
