"""Building the demonstration: two networks, their accounts, their actors with a past, made by the program's own verbs."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from maillage.accounts.models import Role, User
from maillage.activity.models import Entry
from maillage.core.viewer import RoleHeld, RoleKind, Viewer
from maillage.directory import actions
from maillage.directory.actions import Stamp
from maillage.directory.enums import MemberRole, Nature, Origin
from maillage.directory.models import Actor, ActorMember, Listing, Qualification
from maillage.networks.models import ConsortiumMember, Network
from maillage.networks.queries import vocabularies
from maillage.portal.management.demo.plan import Planned, draw
from maillage.territories.models import Territory

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

CONSORTIUM = [  # Name, role, départements.
    ("Sciences en Garonne", "Coordination régionale et accompagnement des projets", ("31", "32", "09", "65")),
    ("Méridienne Sciences", "Forum régional et journées professionnelles", ("34", "11", "66")),
    ("Cévennes Curieuses", "Prêt de mallettes et itinérance du Propulseur", ("30", "48")),
    ("Hautes Terres de science", "Formations et centres de loisirs", ("12", "81", "82", "46")),
]


def build(total: int = 1400, say: Callable[[str], None] = lambda line: None) -> None:
    """Make the demonstration with `total` actors in Occitanie and a twentieth of that in Hauts-de-France."""
    random = Random(2026)  # noqa: S311  (a demonstration, the same each time)
    with transaction.atomic():
        south = _network(
            name="Réseau des sciences en Occitanie",
            slug="occitanie",
            host="localhost",
            tagline="Toutes celles et ceux qui partagent les sciences, de Cahors à Perpignan.",
            description=(
                "Laboratoires, musées, associations, bibliothèques, parcs et passionnés : le réseau les relie, les outille et "
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
            description="Un second réseau sur la même instance : ses acteurs, ses comptes et ses pages sont à lui.",
            regions=["32"],
            accent="#0b7a5b",
            signal="#b8860b",
            contact_email="nord@maillage.example",
        )
        people = _accounts(south, north)
        for position, (name, role, departments) in enumerate(CONSORTIUM):
            member = ConsortiumMember.objects.create(network=south, name=name, role=role, position=position)
            member.territories.set(Territory.objects.departments().filter(code__in=departments))
    say("Comptes et réseaux prêts.")
    _people_the_network(south, people["animation@maillage.example"], random, total, say)
    _people_the_network(north, people[NORTH_ADMIN[0]], random, max(12, total // 20), say)
    _look_after(south, people["acteur@maillage.example"])


def _network(*, regions: list[str], **fields: str) -> Network:
    network = Network.objects.create(**fields)
    network.perimeter.set(Territory.objects.regions().filter(code__in=regions))
    return network


def _accounts(south: Network, north: Network) -> dict[str, User]:
    people = {}
    for address, name, kind, department in ACCOUNTS:
        people[address] = _person(address, name, south)
        Role.objects.create(user=people[address], network=south, kind=kind, department=department)
    people[PLATFORM_ADMIN[0]] = _person(*PLATFORM_ADMIN, south)
    Role.objects.create(user=people[PLATFORM_ADMIN[0]], network=None, kind=RoleKind.PLATFORM_ADMIN)
    people[NORTH_ADMIN[0]] = _person(*NORTH_ADMIN, north)
    Role.objects.create(user=people[NORTH_ADMIN[0]], network=north, kind=RoleKind.NETWORK_ADMIN)
    return people


def _person(address: str, name: str, network: Network) -> User:
    from allauth.account.models import EmailAddress

    user = User.objects.create_user(address, PASSWORD, name=name, home_network=network)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def _people_the_network(network: Network, user: User, random: Random, total: int, say: Callable[[str], None]) -> None:
    by = Viewer(network=network, user=user, roles=frozenset({RoleHeld(RoleKind.NETWORK_ADMIN)}))
    communes = list(
        Territory.objects.communes()
        .filter(region__in=network.perimeter.all(), latitude__isnull=False)
        .select_related("department")
        .prefetch_related("postal_codes")
        .order_by("code")
    )
    planned = list(draw(random, total, communes, vocabularies(network)))
    for start in range(0, len(planned), 200):
        with transaction.atomic():
            for one in planned[start : start + 200]:
                _make(by, one)
        say(f"{network.name} : {min(start + 200, len(planned))} acteurs sur {len(planned)}")


def _make(by: Viewer, planned: Planned) -> None:
    now = timezone.now()
    known_since = now - timedelta(days=30 * planned.months_known)
    stamp = Stamp(Origin.ANIMATOR, planned.values["source"], by.user_id, at=known_since)
    actor = actions.create_actor(by=by, values=planned.values, state=planned.state, stamp=stamp)
    days = [known_since.date(), (now - timedelta(days=15 * planned.months_known)).date()]
    if planned.earlier_circle:
        actions.set_circle(
            by=by,
            actor=actor,
            circle=planned.earlier_circle,
            reason="Première estimation",
            source="Recensement",
            on=days[0],
        )
        actions.set_circle(
            by=by,
            actor=actor,
            circle=planned.circle,
            reason="Actions régulières constatées",
            source="Enquête",
            on=days[1],
        )
    elif planned.circle:
        actions.set_circle(
            by=by, actor=actor, circle=planned.circle, reason=_reason(planned), source="Recensement", on=days[0]
        )
    if planned.declared:
        actions.set_circle(
            by=by,
            actor=actor,
            circle=planned.declared,
            nature=Nature.DECLARED,
            source="Enquête aux acteurs",
            on=days[1],
        )
    if planned.note:
        actions.add_note(by=by, actor=actor, body=planned.note)
    if planned.archived:
        actions.archive(by=by, actor=actor, reason=planned.archived)
    provenance = actor.provenance
    for field in planned.wrote_itself:
        if field in provenance:
            provenance[field]["origin"] = str(Origin.ACTOR)
    confirmed = max(known_since, now - timedelta(days=30 * planned.months_since_confirmed))
    Actor.objects.filter(pk=actor.pk).update(created_at=known_since, confirmed_at=confirmed, provenance=provenance)
    Listing.objects.filter(actor=actor, published_at__isnull=False).update(published_at=known_since)
    about = ContentType.objects.get_for_model(Actor)
    Entry.objects.filter(content_type=about, object_id=actor.pk, verb="actor.create").update(at=known_since)
    Qualification.objects.filter(actor=actor).update(created_at=known_since)


def _reason(planned: Planned) -> str:
    return {
        1: "La culture scientifique est sa mission première",
        2: "Des actions régulières à côté de sa mission",
        3: "Occasionnel, ou ne se sent pas concerné alors que ses activités en sont",
    }[planned.circle or 3]


def _look_after(network: Network, user: User) -> None:
    """The demonstration's representative looks after two published sheets."""
    actors = Actor.objects.filter(
        listings__network=network, listings__state="published", family__slug="association-de-culture-scientifique"
    ).current()
    for actor in actors.order_by("pk")[:2]:
        ActorMember.objects.create(actor=actor, user=user, role=MemberRole.ADMIN)
