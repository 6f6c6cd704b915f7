"""The catalogue of the demonstration: sheets of every kind, their copies, what lenders say, who used what.

Loans and tours are told by their own parts, which take resources with copies from `lent_resources`.
"""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from maillage.catalogue.enums import FORM_OF, Connection, CopyState, Form, Kind, Power, Price, State, Transport
from maillage.catalogue.models import (
    Closure,
    Collection,
    CollectionItem,
    Component,
    Consumable,
    Copy,
    Downloads,
    Feedback,
    FileVersion,
    LendingTerms,
    Module,
    Resource,
    ResourceFile,
    ResourceLink,
    Use,
)
from maillage.catalogue.queries.documents import documents
from maillage.core.text import folded, slugged
from maillage.directory.models import Actor
from maillage.portal.management.demo.world import World
from maillage.search.actions import index
from maillage.topics.models import Term

_SUBJECTS = (
    ("le ciel", "astronomie"), ("l'eau", "environnement"), ("les robots", "numerique"), ("l'énergie", "energie"),
    ("les abeilles", "biodiversite"), ("les fossiles", "geologie"), ("le climat", "climat"), ("les nombres", "mathematiques"),
    ("la lumière", "physique"), ("le corps", "sante"), ("les cartes", "geographie"), ("le son", "physique"),
)  # fmt: skip
# Kind → (how its title begins, how many are told, copies of each).
_SHAPES: dict[Kind, tuple[str, int, int]] = {
    Kind.KIT: ("Malle", 18, 5), Kind.EXHIBITION: ("Exposition", 14, 1), Kind.EQUIPMENT: ("Matériel", 12, 11),
    Kind.GAME: ("Jeu", 10, 5), Kind.METHOD: ("Guide", 12, 0), Kind.SHEET: ("Fiche", 14, 0), Kind.MEDIA: ("Film", 8, 0),
    Kind.DATA: ("Données", 4, 0), Kind.ACTIVITY: ("Atelier", 14, 0), Kind.SPEAKER: ("Conférence", 7, 0),
    Kind.SHOW: ("Spectacle", 5, 0), Kind.VEHICLE: ("Le Propulseur", 2, 1),
}  # fmt: skip
_SAID = (
    "Tout y est, même les piles : nous l'avons sortie trois fois.", "Les élèves ont adoré. Prévoir une heure de montage.",
    "Très bien expliqué, le carnet suffit pour se lancer.", "Un panneau un peu fatigué, mais le contenu est excellent.",
    "Parfait pour la fête du village.", "À refaire avec un groupe plus petit.",
)  # fmt: skip
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def tell_catalogue(world: World) -> None:
    world.chronicle.add(world.chronicle.ago(38, 9), lambda at: _bring_in(world, at))


def lent_resources(world: World) -> list[Resource]:
    """What is lent, with copies, in a fixed order: what loans and tours are told of."""
    found = Resource.objects.filter(network=world.south, copies__isnull=False).shown().distinct()
    return list(found.select_related("actor", "network").order_by("pk"))


def _bring_in(world: World, at: datetime) -> None:
    random, hosts = Random(1610), world.hosts()  # noqa: S311  (a demonstration, the same each time)
    if not hosts:
        return
    own = world.people["acteur@maillage.example"].actor_memberships.values_list("actor", flat=True).first()
    named: Any = Actor.objects.filter(pk=own).first()
    lenders = [named] if named is not None else []
    lenders += [each.actor for each in random.sample(hosts, min(len(hosts), 24)) if each.actor.pk != own]
    rows = _rows(random, world, lenders, at)
    _file(random, rows)
    _stock(random, rows)
    _lend(random, world, lenders[:6])
    _give(random, rows, at)
    _use(random, world, rows)
    _gather(world, rows)
    found = Resource.objects.filter(network=world.south)
    found.update(revision=world.south.touch())
    index(documents(found))


def _rows(random: Random, world: World, lenders: list[Actor], at: datetime) -> list[Resource]:
    share = min(1.0, max(0.2, len(world.planned) / 1400))
    rows: list[Resource] = []
    taken: set[str] = set()
    for kind, (begins, number, _copies) in _SHAPES.items():
        for rank in range(max(2, round(number * share))):
            subject, _theme = _SUBJECTS[(rank + len(rows)) % len(_SUBJECTS)]
            form, actor = FORM_OF[kind], lenders[(rank * 7 + len(rows)) % len(lenders)]
            title = f"{begins} : {subject}" if rank < len(_SUBJECTS) else f"{begins} : {subject}, à partir de 10 ans"
            if kind == Kind.VEHICLE:
                title = ("Le Propulseur, camion des sciences", "Bus des découvertes")[rank % 2]
            slug = slugged(title, 80)
            slug = slug if slug not in taken else f"{slug}-{len(rows)}"
            taken.add(slug)
            row = Resource(
                network=world.south, actor=actor, author=world.viewer("animation").user, kind=kind, title=title,
                title_key=folded(title)[:140], slug=slug, state=State.PUBLISHED,
                published_at=at - timedelta(days=random.randint(1, 600)), decided_at=at,
                summary=f"Pour découvrir {subject} avec ses mains, ses yeux et quelques questions.",
                description=f"<p>Conçue avec des enseignantes et des médiateurs, elle fait le tour de ce que l'on sait sur {subject}.</p>",
                languages=["fr"] if rank % 5 else ["fr", "oc"], age_min=random.choice([3, 6, 8, 11]),
                cycles=random.choice([["c2", "c3"], ["c3", "c4"], ["c1"], ["lycee"]]), duration=random.choice([45, 60, 90, 180]),
                group_min=4, group_max=random.choice([12, 15, 30]), price=Price.FREE if rank % 3 else Price.PAID,
            )  # fmt: skip
            if form == Form.DOCUMENT:
                row.licence = random.choice(["cc-by", "cc-by-sa", "etalab"])
            else:
                _describe(random, row)
            rows.append(row)
    for row, state in zip(rows[3:], (State.PROPOSED, State.RETIRED, State.REFUSED, State.DRAFT), strict=False):
        row.state = state
        row.published_at = row.published_at if state == State.RETIRED else None
        row.reason = "Elle est remplacée par une version plus récente." if state == State.RETIRED else ""
        row.proposed_at = at
    Resource.objects.bulk_create(rows)
    retired = next(row for row in rows if row.state == State.RETIRED)
    Resource.objects.filter(pk=retired.pk).update(replaced_by=rows[0])
    Resource.objects.filter(pk=rows[-1].pk).update(featured_at=at)
    return rows


def _describe(random: Random, row: Resource) -> None:
    big = row.kind in (Kind.EXHIBITION, Kind.SHOW, Kind.VEHICLE)
    row.surface = random.choice([60, 100, 150]) if big else random.choice([8, 15, 30, 40])
    row.power = random.choice([Power.SOCKETS, Power.STRONG]) if big else random.choice([Power.NONE, Power.SOCKET])
    row.connection = random.choice([Connection.NONE, Connection.USEFUL])
    row.setup_minutes, row.people = (120, 2) if big else (15, 1)
    row.transport = Transport.LORRY if row.kind == Kind.VEHICLE else Transport.VAN if big else Transport.CAR
    row.place_access = ["mi"] if random.random() < 0.6 else []
    row.fee = 80 if row.price == Price.PAID else None
    row.deposit = 150 if row.form == Form.LOAN else None
    row.value = random.choice([300, 800, 2500]) if row.form == Form.LOAN else None


def _file(random: Random, rows: list[Resource]) -> None:
    terms = list(Term.objects.filter(vocabulary="theme").order_by("slug"))
    known = {term.slug: term for term in terms}
    filed: Any = Resource.terms.through
    links = []
    for rank, row in enumerate(rows):
        wanted = _SUBJECTS[rank % len(_SUBJECTS)][1]
        term = known.get(wanted) or (terms[rank % len(terms)] if terms else None)
        if term is not None:
            links.append(filed(resource=row, term=term))
    filed.objects.bulk_create(links)


def _stock(random: Random, rows: list[Resource]) -> None:
    modules = []
    for row in (each for each in rows if each.kind == Kind.EXHIBITION):
        if len(modules) < 15:
            modules += [Module(resource=row, position=n, title=f"Panneau {n + 1}", surface=12) for n in range(5)]
    Module.objects.bulk_create(modules)
    parts: dict[int, list[Module]] = {}
    for module in modules:
        parts.setdefault(module.resource_id, []).append(module)
    copies: list[Copy] = []
    for row in rows:
        number = _SHAPES[Kind(row.kind)][2]
        for rank in range(number):
            for module in parts.get(row.pk, [None]):  # type: ignore[list-item]
                label = f"{row.title[:24]} {rank + 1}" + (f" / {module.title}" if module else "")
                worn = random.random() < 0.04
                copies.append(
                    Copy(
                        resource=row, module=module, label=label[:40], where=random.choice(["réserve", "atelier", ""]),
                        state=CopyState.REPAIR if worn else CopyState.FIT, state_note="charnière à refaire" if worn else "",
                    )
                )  # fmt: skip
    Copy.objects.bulk_create(copies)
    kits = [copy for copy in copies if copy.resource.kind == Kind.KIT]
    tools = [copy for copy in copies if copy.resource.kind == Kind.EQUIPMENT]
    inside = []
    for kit in kits[:6]:
        same = next((tool for tool in tools if tool.resource.actor_id == kit.resource.actor_id), None) or tools[-1]
        tools.remove(same)
        inside.append(Component(kit=kit, part=same))
    Component.objects.bulk_create(inside)
    Consumable.objects.bulk_create(
        Consumable(resource=row, title=title, each=each, stock=stock, low=low)
        for row in rows[:12]
        for title, each, stock, low in (("Piles AA", 8, 96, 24), ("Carnets d'expériences", 15, 20, 30))
    )


def _lend(random: Random, world: World, lenders: list[Actor]) -> None:
    today = timezone.localdate(world.chronicle.now)
    for rank, actor in enumerate(lenders):
        LendingTerms.objects.create(
            network=world.south, actor=actor, open_halves=[0, 2, 4, 6, 8] if rank % 2 else [1, 3, 5, 7, 8, 9],
            hours="du lundi au vendredi, 9 h – 12 h", notice_days=rank, max_days=21 + rank, buffer=2,
            pickup_notes="Sonnez à l'accueil, côté cour.", needs_deposit=rank == 1,
        )  # fmt: skip
        first = today + timedelta(days=20 + 15 * rank)
        Closure.objects.create(
            network=world.south, actor=actor, first_on=first, last_on=first + timedelta(days=9), reason="Congés"
        )
        summer = date(today.year + 1, 8, 1)
        Closure.objects.create(
            network=world.south, actor=actor, first_on=summer, last_on=summer + timedelta(days=14), reason="Été"
        )


def _give(random: Random, rows: list[Resource], at: datetime) -> None:
    """Documents, some with a former version; links, one of which answers no more."""
    told = [row for row in rows if row.form == Form.DOCUMENT]
    name = "catalogue/demonstration-notice.bin"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(_PDF))
    files = ResourceFile.objects.bulk_create(ResourceFile(resource=row, title="Livret à imprimer") for row in told)
    versions = FileVersion.objects.bulk_create(
        FileVersion(
            document=file, number=number, file=name, name=f"livret-v{number}.pdf", kind="application/pdf", size=len(_PDF),
            digest=f"{file.pk:032x}{number:032x}", checked_at=at, note="Coquilles corrigées" if number == 2 else "",
        )
        for rank, file in enumerate(files)
        for number in range(1, 3 if rank % 3 == 0 else 2)
    )  # fmt: skip
    latest = {version.document_id: version for version in versions}
    for file in files:
        file.latest = latest[file.pk]
    ResourceFile.objects.bulk_update(files, ["latest"])
    Downloads.objects.bulk_create(
        Downloads(version=version, day=(at - timedelta(days=day)).date(), count=random.randint(1, 9))
        for version in versions
        for day in (1, 8, 15)
    )
    links = [
        ResourceLink(resource=row, title="La vidéo qui va avec", url=f"https://videos.example/{row.slug}")
        for row in told[:10]
    ]
    if links:
        links[0].failing_since = links[0].told_at = links[0].checked_at = at - timedelta(days=9)
        links[0].failure = "status 404"
    ResourceLink.objects.bulk_create(links)


def _use(random: Random, world: World, rows: list[Resource]) -> None:
    shown = [row for row in rows if row.state == State.PUBLISHED]
    today = timezone.localdate(world.chronicle.now)
    uses = Use.objects.bulk_create(
        Use(
            resource=random.choice(shown), user=random.choice(world.members), used_on=today - timedelta(days=random.randint(3, 500)),
            reached=random.choice([None, 12, 28, 60, 240]),
        )
        for _rank in range(min(140, 3 * len(shown)))
    )  # fmt: skip
    Feedback.objects.bulk_create(
        Feedback(
            use=use, stars=random.choice([3, 4, 4, 5, 5, 5]), words=random.choice(_SAID),
            answer="Merci ! Le panneau est réparé." if rank % 9 == 0 else "",
            answered_at=world.chronicle.now if rank % 9 == 0 else None,
        )
        for rank, use in enumerate(uses[::2])
    )  # fmt: skip


def _gather(world: World, rows: list[Resource]) -> None:
    """The one that is offered no more stands in a collection, as a stub."""
    retired = [row for row in rows if row.state == State.RETIRED]
    shown = [row for row in rows if row.state == State.PUBLISHED]
    team, author = world.viewer("animation").user, world.people["membre@maillage.example"]
    for rank, (title, who) in enumerate(
        (("Pour la Fête de la science", team), ("Une semaine sans électricité", author), ("Dès trois ans", team))
    ):
        collection = Collection.objects.create(
            network=world.south, author=who, title=title, slug=slugged(title, 80), is_listed=rank != 1,
            summary="Choisies par le réseau, à emprunter ou à télécharger.",
        )  # fmt: skip
        chosen = [*shown[rank::9][:8], *(retired if rank == 0 else [])]
        CollectionItem.objects.bulk_create(
            CollectionItem(collection=collection, resource=row, title=row.title, position=place)
            for place, row in enumerate(chosen)
        )
