"""A year of publications of the demonstration: articles, portraits, announcements, dossiers; what became of some of them."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from maillage.agenda.enums import EventState
from maillage.agenda.models import Event
from maillage.core.text import folded, slugged
from maillage.portal.management.demo import prose
from maillage.portal.management.demo.contributions import tell_contributions
from maillage.portal.management.demo.texts import Pen, Text
from maillage.portal.management.demo.world import World
from maillage.publications.enums import AnnouncementType, CommentState, CreditState, Kind, State, VersionState
from maillage.publications.models import Comment, Credit, Piece, Publication, Reading, Version
from maillage.publications.queries.documents import documents
from maillage.publications.queries.fields import PLAIN, as_json, stored
from maillage.search.actions import index
from maillage.topics.models import Term

# For 1,400 actors; others come with what people wrote (`contributions`).
_SHARES = {Kind.ARTICLE: 408, Kind.PORTRAIT: 57, Kind.ANNOUNCEMENT: 84, Kind.DOSSIER: 19}
_COMMENTS = 142
_LEAST = {Kind.ARTICLE: 24, Kind.PORTRAIT: 3, Kind.ANNOUNCEMENT: 10, Kind.DOSSIER: 2}
_WEIGHT = {"museum": 6, "library": 4, "association": 6, "environment": 5, "centre": 16, "lab": 5, "campus": 5, "park": 6, "media": 8,
           "fablab": 3, "festival": 4, "independent": 2, "amateur": 2, "heritage": 2}  # fmt: skip


def tell_publications(world: World) -> None:
    """The team brought the year's texts in, then people wrote theirs."""
    pen = Pen(Random(1789))  # noqa: S311  (a demonstration, the same each time)
    world.chronicle.add(world.chronicle.ago(39, 9), lambda at: _bring_in(world, pen))
    tell_contributions(world, pen)


def _bring_in(world: World, pen: Pen) -> None:
    random, hosts = pen.random, world.hosts()
    if not hosts:
        return
    weights = [_WEIGHT.get(one.profile.key, 1) for one in hosts]
    written: list[tuple[datetime, Text]] = []
    for kind in (Kind.ARTICLE, Kind.PORTRAIT, Kind.ANNOUNCEMENT):
        for rank in range(_count(world, kind)):
            type_ = AnnouncementType.values[rank % len(AnnouncementType.values)] if kind == Kind.ANNOUNCEMENT else ""
            text = pen.write(kind, random.choices(hosts, weights)[0], announcement=type_)
            written.append((_dated(random, world, text, is_open=rank % 3 == 0), text))
    themes = [theme for theme, _times in Counter(text.theme for _at, text in written).most_common()]
    for rank in range(_count(world, Kind.DOSSIER)):
        text = pen.write(Kind.DOSSIER, random.choices(hosts, weights)[0], theme=themes[rank % len(themes)])
        written.append((world.chronicle.ago(random.randint(20, 300), 10), text))
    written.sort(key=lambda each: each[0])
    heard = [text for _at, text in written if text.values.get("media")]
    if heard:
        heard[-1].values["media"] = [prose.FILM]
    publications = _rows(random, world, written)
    _file(random, publications, [text for _at, text in written])
    _sign(random, world, publications, [text for _at, text in written])
    _gather(random, world, publications, [text for _at, text in written])
    _keep_versions(world, publications)
    _read(random, world, publications)
    _comment(random, world, publications)
    found = Publication.objects.filter(network=world.south)
    found.update(revision=world.south.touch())
    index(documents(found))


def _count(world: World, kind: Kind) -> int:
    return max(_LEAST[kind], round(_SHARES[kind] * len(world.planned) / 1400))


def _dated(random: Random, world: World, text: Text, *, is_open: bool) -> datetime:
    """When everyone read it first; of an announcement, also its last day."""
    ago, hour, minute = world.chronicle.ago, random.randint(7, 19), random.randrange(60)
    if text.kind != Kind.ANNOUNCEMENT:
        return ago(random.randint(1, 364), hour, minute)
    if is_open:
        text.values["closes_on"] = timezone.localdate(world.chronicle.now) + timedelta(days=random.randint(4, 70))
        return ago(random.randint(1, 45), hour, minute)
    at = ago(random.randint(70, 364), hour, minute)
    text.values["closes_on"] = timezone.localdate(at) + timedelta(days=random.randint(14, 60))
    return at


def _rows(random: Random, world: World, written: list[tuple[datetime, Text]]) -> list[Publication]:
    team, taken = world.viewer("animation").user, Counter[str]()
    rows = []
    for at, text in written:
        base = slugged(text.values["title"], 80)
        taken[base] += 1
        author = team if text.kind == Kind.DOSSIER else random.choice(world.members)
        rows.append(
            Publication(
                network=world.south, author=author, kind=text.kind, state=State.PUBLISHED, published_at=at,
                proposed_at=None if author == team else at - timedelta(hours=random.randint(2, 90)),
                decided_by=team, decided_at=at, title_key=folded(text.values["title"])[:140],
                slug=base if taken[base] == 1 else f"{base}-{taken[base]}",
                comments_open=random.random() < 0.93, **text.values,
            )
        )  # fmt: skip
    Publication.objects.bulk_create(rows, batch_size=200)
    for row in rows:
        row.created_at = row.proposed_at or row.published_at
        row.updated_at = row.published_at
    Publication.objects.bulk_update(rows, ["created_at", "updated_at"], batch_size=200)
    return rows


def _file(random: Random, publications: list[Publication], texts: list[Text]) -> None:
    """Themes and audiences; the département of its host, often the commune; a few are of the whole region."""
    terms = dict(Term.objects.filter(vocabulary__in=["theme", "audience"]).values_list("slug", "pk"))
    filed: Any = Publication.terms.through
    placed: Any = Publication.places.through
    by_term, by_place = [], []
    for publication, text in zip(publications, texts, strict=True):
        by_term += [filed(publication=publication, term_id=terms[slug]) for slug in text.terms if slug in terms]
        commune = text.host.values["commune"]
        if random.random() < 0.9 and text.kind != Kind.DOSSIER:
            places = [commune.department_id, *([commune.pk] if random.random() < 0.6 else [])]
            by_place += [placed(publication=publication, territory_id=pk) for pk in places if pk]
    filed.objects.bulk_create(by_term, batch_size=500)
    placed.objects.bulk_create(by_place, batch_size=500)


def _sign(random: Random, world: World, publications: list[Publication], texts: list[Text]) -> None:
    """Who wrote it and mostly the actor it is about; some have a second author; a few were asked and did not answer, or declined."""
    team = world.viewer("animation").user
    hosts = [one for one in world.hosts() if one.circle == 1] or world.hosts()
    signed = []
    for publication, text in zip(publications, texts, strict=True):
        first: Any = publication.author
        given = {"publication": publication, "added_by": first, "answered_at": publication.created_at}
        mine = [Credit(user=first, name=first.name, state=CreditState.ACCEPTED, **given)]
        actors = [text.host.actor.pk] if text.kind == Kind.ANNOUNCEMENT or random.random() < 0.85 else []
        actors += [random.choice(hosts).actor.pk] if random.random() < 0.1 else []
        mine += [Credit(actor_id=pk, state=CreditState.ACCEPTED, **given) for pk in dict.fromkeys(actors)]
        other = random.choice(world.members)
        if random.random() < 0.22 and other != first and first != team:
            state = random.choice((*[CreditState.ACCEPTED] * 4, CreditState.DECLINED, CreditState.REMOVED))
            mine.append(Credit(user=other, name=other.name, state=state, **given))
        elif random.random() < 0.05 and other != first:
            mine.append(Credit(name=other.name, email=other.email, **{**given, "answered_at": None}))
        for position, credit in enumerate(mine):
            credit.position = position
        signed += mine
    Credit.objects.bulk_create(signed, batch_size=500)
    written = Publication.objects.filter(pk=OuterRef("publication")).values("created_at")[:1]
    Credit.objects.update(created_at=Subquery(written), updated_at=Subquery(written))


def _gather(random: Random, world: World, publications: list[Publication], texts: list[Text]) -> None:
    """What each dossier holds: texts, events and actors of its theme, and a page from elsewhere."""
    by_theme: dict[str, list[Publication]] = defaultdict(list)
    for publication, text in zip(publications, texts, strict=True):
        if text.kind in (Kind.ARTICLE, Kind.PORTRAIT):
            by_theme[text.theme].append(publication)
    hosts = world.hosts()
    pieces = []
    for dossier, text in zip(publications, texts, strict=True):
        if text.kind != Kind.DOSSIER:
            continue
        about = Event.objects.filter(network=world.south, state=EventState.PUBLISHED, terms__slug=text.theme)
        events = list(about.order_by("-first_at", "slug")[:40])
        actors = [one.actor for one in hosts if any(term.slug == text.theme for term in one.values["terms"])]
        read = by_theme[text.theme]
        held: list[dict[str, Any]] = [{"publication": each} for each in random.sample(read, min(len(read), 4))]
        held += [{"event": each} for each in random.sample(events, min(len(events), random.choice((0, 1, 2))))]
        held += [{"actor_id": each.pk} for each in random.sample(actors, min(len(actors), random.choice((0, 1))))]
        slug = slugged(text.theme, 40)
        held.append({"url": f"https://ressources.{slug}.example/", "title": "Une sélection de livres et de films"})
        held += [{"actor_id": each.actor.pk} for each in random.sample(hosts, max(0, 3 - len(held)))]
        pieces += [
            Piece(dossier=dossier, position=position, words=random.choice(prose.PIECE_WORDS), **each)
            for position, each in enumerate(held)
        ]
    Piece.objects.bulk_create(pieces, batch_size=500)


def _keep_versions(world: World, publications: list[Publication]) -> None:
    """The first of each, as everyone read it."""
    team = world.viewer("animation").user
    kept: dict[str, dict[int, list[int]]] = {"terms": defaultdict(list), "places": defaultdict(list)}
    for name, column in (("terms", "term_id"), ("places", "territory_id")):
        through = getattr(Publication, name).through
        for pk, key in through.objects.order_by("publication", column).values_list("publication", column):
            kept[name][pk].append(key)
    Version.objects.bulk_create(
        [
            Version(
                publication=each, state=VersionState.PUBLISHED, number=1, author=each.author, at=each.published_at,
                decided_by=team, decided_at=each.published_at,
                values={name: as_json(stored(each, name)) for name in PLAIN}
                | {name: kept[name][each.pk] for name in ("terms", "places")},
            )
            for each in publications
        ],
        batch_size=200,
    )  # fmt: skip
    Version.objects.update(created_at=F("at"), updated_at=F("at"))


def _read(random: Random, world: World, publications: list[Publication]) -> None:
    """Much in its first days, then now and then."""
    today = timezone.localdate(world.chronicle.now)
    readings = []
    for each in publications:
        first: Any = timezone.localdate(each.published_at)
        most = random.choice((12, 20, 30, 45, 90))
        span = (today - first).days
        days = {day for day in (0, 1, 2, 3, 6) if day <= span}
        days |= {random.randint(0, span) for _time in range(random.randint(2, 6))}
        readings += [
            Reading(publication=each, day=first + timedelta(days=day), count=1 + random.randint(most // 2, most) // (1 + day))
            for day in sorted(days)
        ]  # fmt: skip
    Reading.objects.bulk_create(readings, batch_size=1000)


def _comment(random: Random, world: World, publications: list[Publication]) -> None:
    """Those of members; the first of each was read by the team, one was refused, one taken away by who wrote it."""
    team = world.viewer("animation").user
    open_ = [each for each in publications if each.comments_open and each.kind != Kind.ANNOUNCEMENT]
    said = [f"{words}{end}" for words in prose.COMMENTS for end in prose.COMMENT_ENDS]
    total = max(12, round(_COMMENTS * len(world.planned) / 1400))
    comments = []
    for rank, words in enumerate(random.sample(said, min(total, len(said)))):
        under = random.choice(open_)
        published: Any = under.published_at
        at = published + (world.chronicle.now - published) * random.random() ** 3
        comment = Comment(
            network=world.south, publication=under, author=random.choice(world.members), text=words, at=at
        )
        comment.state = CommentState.SHOWN
        if rank % 3 == 0:
            comment.decided_by, comment.decided_at = team, min(at + timedelta(hours=5), world.chronicle.now)
        comments.append(comment)
    refused, removed = comments[3], comments[4]
    refused.text = "Venez plutôt à notre salon, dix pour cent de remise avec le code SCIENCES !"
    refused.state, refused.code = CommentState.REFUSED, "promotionnel"
    refused.reason = "Les commentaires parlent du texte : annoncez votre salon dans les annonces, sans réclame."
    removed.state, removed.text, removed.decided_by, removed.decided_at = CommentState.REMOVED, "", None, None
    Comment.objects.bulk_create(comments, batch_size=500)
