"""The communities of the demonstration, who is in them, what they hold; what its members follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import F

from maillage.accounts.models import User
from maillage.agenda.enums import EventState
from maillage.agenda.models import Event
from maillage.communities import actions
from maillage.communities.actions.telling import tell_people
from maillage.communities.enums import MemberRole, MemberState
from maillage.communities.models import Announced, Community, CommunityMember, Follow, Placement
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.portal.management.demo.world import World
from maillage.publications.models import Publication
from maillage.territories.models import Territory
from maillage.topics.models import Term

_FOLLOWS = 400  # For 700 members.
_CHARTER = (
    "<p>Cette communauté est un lieu d'entraide.</p><ul><li>On parle de ce que l'on fait, et on cite ses sources.</li>"
    "<li>On répond à qui débute.</li><li>On ne vend rien.</li></ul>"
)
_DISCREET = "<p>Ce qui se dit ici reste ici jusqu'à l'annonce du programme.</p>"


@dataclass(frozen=True)
class Told:
    name: str
    summary: str
    access: str
    themes: tuple[str, ...]
    departments: tuple[str, ...]
    animators: tuple[str, ...]  # Names of accounts of the demonstration.
    members: int
    contents: int
    description: str = ""
    charter: str = _CHARTER


_COMMUNITIES = (
    Told(
        "Ciel nocturne", "Observer le ciel, le raconter, et éteindre les lumières inutiles.", "open",
        ("astronomie-et-espace", "biodiversite-et-nature"), ("46", "65", "48"), ("membre",), 45, 16,
        "<p>Clubs, communes et curieux : qui a un télescope, qui a un pré, qui sait parler aux élus.</p>",
    ),
    Told(
        "Sciences en bibliothèque", "Monter une animation quand on n'est pas scientifique.", "open",
        ("sciences-et-societe", "arts-et-sciences"), ("31", "34"), ("animation",), 35, 14,
        "<p>Malles, expositions, rencontres : ce qui a marché, ce qui a raté, et combien de temps cela prend.</p>",
    ),
    Told(
        "Médiation en milieu rural", "Aller là où rien ne vient, et y revenir.", "request",
        ("sciences-et-societe", "alimentation-et-agriculture"), ("12", "09", "32"), ("acteur",), 30, 14,
        "<p>Pour les structures qui se déplacent. On y entre en disant où l'on va.</p>",
    ),
    Told(
        "Esprit critique", "Des ateliers qui ne donnent pas de leçons.", "open",
        ("esprit-critique-et-demarche-scientifique",), (), ("pole",), 22, 8,
    ),
    Told(
        "Préparation du forum régional", "Le programme du prochain forum, avant qu'il soit annoncé.", "hidden",
        ("sciences-et-societe",), (), ("animation", "admin"), 8, 4, "", _DISCREET,
    ),
    Told(
        "Fête de la science 2025", "Celles et ceux qui ont fait les villages des sciences de l'an passé.", "open",
        ("sciences-et-societe",), ("31",), ("animation",), 10, 4,
    ),
)  # fmt: skip
_ASKING = (
    "Je fais des animations dans les marchés du Gers avec une remorque.",
    "Association d'éducation à l'environnement, je cherche des gens avec qui mutualiser les déplacements.",
    "Bibliothécaire en zone de montagne, trois heures par semaine pour tout faire.",
)


def tell_communities(world: World) -> None:
    random = Random(2718)  # noqa: S311  (a demonstration, the same each time)
    add, ago = world.chronicle.add, world.chronicle.ago
    for rank, told in enumerate(_COMMUNITIES):
        add(ago(38 - 3 * rank, 11), lambda at, told=told: _open(world, random, told, at))
    add(ago(12, 9), lambda at: _ask(world, at))
    add(ago(8, 9), lambda at: _follow(world, random))
    add(ago(3, 9), lambda at: _archive(world, at))
    add(world.chronicle.now, lambda at: _announce(world))


def _open(world: World, random: Random, told: Told, at: datetime) -> None:
    """By the team; its members came over the weeks that follow, and placed what it holds."""
    team, network = world.viewer("admin"), world.south
    terms = {term.slug: term for term in Term.objects.filter(vocabulary="theme", slug__in=told.themes)}
    places = list(Territory.objects.departments().filter(code__in=told.departments).order_by("code"))
    fields = {
        "name": told.name, "summary": told.summary, "description": told.description, "access": told.access,
        "themes": list(terms.values()), "departments": places,
    }  # fmt: skip
    animators = [world.viewer(name).user for name in told.animators]
    community = actions.create_community(by=team, fields=fields, charter=told.charter, animators=animators)
    Community.objects.filter(pk=community.pk).update(created_at=at, updated_at=at)
    community.charters.update(at=at)
    count = max(2, round(told.members * len(world.planned) / 1400))
    also = {"Ciel nocturne": ["acteur"], "Médiation en milieu rural": ["membre"]}.get(told.name, [])
    also = ["membre", "acteur"] if told.access == "hidden" else also
    people = [world.viewer(name).user for name in also]
    people += random.sample(world.members, min(count, len(world.members)))
    charter = community.charters.get()
    span = world.chronicle.now - at
    rows = []
    for user in people:
        joined = at + span * random.random()
        rows.append(
            CommunityMember(
                community=community, user=user, state=MemberState.MEMBER, joined_at=joined, charter=charter,
                charter_sha256=charter.sha256, charter_accepted_at=joined, name_is_public=random.random() < 0.4,
            )
        )  # fmt: skip
    rows = CommunityMember.objects.bulk_create(rows, batch_size=200)
    animating = CommunityMember.objects.filter(community=community, role=MemberRole.ANIMATOR)
    animating.update(
        joined_at=at, charter=charter, charter_sha256=charter.sha256, charter_accepted_at=at, name_is_public=True
    )
    CommunityMember.objects.filter(community=community).update(created_at=F("joined_at"))
    Follow.objects.bulk_create(
        [Follow(network=network, user=row.user, community=community, at=row.joined_at) for row in rows], batch_size=200
    )
    _place(world, random, community, told, [*animators, *people], at)


def _place(world: World, random: Random, community: Community, told: Told, people: list[Any], at: datetime) -> None:
    network, wanted = world.south, max(2, round(told.contents * len(world.planned) / 1400))
    about = Publication.objects.filter(network=network, terms__slug__in=told.themes).shown()
    texts = list(about.order_by("-published_at", "slug").distinct()[:60])
    events = Event.objects.filter(network=network, state=EventState.PUBLISHED, terms__slug__in=told.themes)
    coming = list(events.filter(last_at__gt=world.chronicle.now).order_by("first_at", "slug").distinct()[:40])
    shown = Actor.objects.visible_to(Viewer(network=network)).filter(terms__slug__in=told.themes)
    actors = list(shown.current().order_by("slug").distinct()[:30])
    texts.sort(key=lambda text: text.slug)
    held: list[dict[str, Any]] = [{"publication": each} for each in _some(random, texts, round(wanted * 0.5))]
    held += [{"event": each} for each in _some(random, coming, round(wanted * 0.3))]
    held += [{"actor": each} for each in _some(random, actors, wanted - len(held))]
    span = world.chronicle.now - at
    placements = [
        Placement(community=community, added_by=random.choice(people), at=at + span * random.random(), **each)
        for each in held
    ]
    if placements:
        placements[0].first_at, placements[0].words = placements[0].at, "À lire d'abord."
    Placement.objects.bulk_create(placements, batch_size=200)


def _some(random: Random, found: list[Any], count: int) -> list[Any]:
    return random.sample(found, min(count, len(found)))


def _named(name: str) -> Community | None:
    return Community.objects.filter(name=name).first()


def _ask(world: World, at: datetime) -> None:
    """Three wait for an answer, one was refused."""
    community = _named("Médiation en milieu rural")
    if community is None:
        return
    inside = set(CommunityMember.objects.filter(community=community).values_list("user", flat=True))
    strangers = [user for user in world.members if user.pk not in inside]
    sha = community.charters.get().sha256
    for rank, user in enumerate(strangers[:4]):
        by = Viewer(network=world.south, user=user)
        words = _ASKING[rank % len(_ASKING)]
        row = actions.join_community(by=by, community=community, charter=sha, words=words)
        CommunityMember.objects.filter(pk=row.pk).update(created_at=at + timedelta(hours=7 * rank))
        if rank == 3:
            reason = "La communauté est pour les structures qui se déplacent : dites-nous où vous allez."
            actions.refuse_request(by=world.viewer("acteur"), row=row, reason=reason)


def _archive(world: World, at: datetime) -> None:
    community = _named("Fête de la science 2025")
    if community is not None:
        actions.archive_community(by=world.viewer("admin"), community=community)
        Community.objects.filter(pk=community.pk).update(archived_at=at)


def _follow(world: World, random: Random) -> None:
    """Members follow a theme, an actor, a département or somebody who writes; those who show the site follow much."""
    network = world.south
    themes = list(Term.objects.filter(vocabulary="theme", is_shared=True).order_by("position", "slug"))
    departments = list(Territory.objects.departments().filter(region__code="76").order_by("code"))
    actors = [one.actor for one in world.hosts()]
    writers = list(User.objects.filter(pk__in=_signing(world)).order_by("email"))
    kept: set[tuple[int, str, int]] = set()
    rows: list[Follow] = []

    def add(user: User, name: str, target: Any) -> None:
        mark = (user.pk, name, target.pk)
        if mark not in kept and not (name == "person" and target.pk == user.pk):
            kept.add(mark)
            ago = world.chronicle.now - timedelta(days=random.randint(8, 200), hours=random.randint(0, 23))
            rows.append(Follow(network=network, user=user, at=ago, **{name: target}))

    by_slug = {term.slug: term for term in themes}
    rich: Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]] = (
        ("membre", ("astronomie-et-espace", "biodiversite-et-nature", "arts-et-sciences"), ("31", "46")),
        ("acteur", ("sciences-et-societe", "alimentation-et-agriculture", "climat-et-energie"), ("12", "34")),
    )
    for name, slugs, codes in rich:
        user: Any = world.viewer(name).user
        for slug in slugs:
            add(user, "term", by_slug[slug])
        for place in departments:
            if place.code in codes:
                add(user, "territory", place)
        for actor in _some(random, actors, 6):
            add(user, "actor", actor)
        for writer in _some(random, writers, 3):
            add(user, "person", writer)
    total = max(12, round(_FOLLOWS * len(world.planned) / 1400))
    while len(rows) < total:
        user = random.choice(world.members)
        name = random.choices(("term", "actor", "territory", "person"), (5, 3, 2, 1))[0]
        pool: list[Any] = {"term": themes, "actor": actors, "territory": departments, "person": writers}[name]
        if pool:
            add(user, name, random.choice(pool))
    Follow.objects.bulk_create(rows, batch_size=200)


def _signing(world: World) -> list[int]:
    signed = Publication.objects.filter(network=world.south).shown().filter(credits__state="accepted")
    found = signed.filter(credits__user__isnull=False).values_list("credits__user", flat=True)
    return sorted({pk for pk in found if pk is not None})


def _announce(world: World) -> None:
    """What appeared is told to those who show the site, of the latest alone; the rest is no news any more."""
    texts = list(Publication.objects.filter(network=world.south).shown().order_by("-published_at", "slug"))
    events = list(Event.objects.filter(network=world.south, state=EventState.PUBLISHED).order_by("slug"))
    for name in ("membre", "acteur"):
        user: Any = world.viewer(name).user
        for row in Follow.objects.filter(user=user, term__isnull=False).select_related("term")[:3]:
            about = Publication.objects.filter(pk__in=[text.pk for text in texts], terms=row.term_id)
            latest = about.exclude(author=user).select_related("network").order_by("-published_at", "slug").first()
            if latest is not None:
                tell_people(latest, {user.pk: row})
    Announced.objects.bulk_create([Announced(publication=each) for each in texts], batch_size=500)
    Announced.objects.bulk_create([Announced(event=each) for each in events], batch_size=500)
