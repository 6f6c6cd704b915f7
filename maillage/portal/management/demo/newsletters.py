"""A year of letters of the demonstration: who receives them, what each was made of, the next ones. Nothing is ever sent."""

from datetime import datetime, timedelta
from random import Random

from django.db.models import F
from django.utils import timezone

from maillage.accounts.models import User
from maillage.agenda.enums import EventStatus
from maillage.agenda.models import Event
from maillage.core.text import slugged
from maillage.newsletters.enums import BlockKind, ConsentAct, LetterState, Origin, Skip, SubscriptionState
from maillage.newsletters.models import Block, Consent, Delivery, Letter, Subscription
from maillage.newsletters.models.subscriptions import hash_of
from maillage.newsletters.queries.candidates import AGENDA, ANNOUNCEMENTS, FRONT
from maillage.newsletters.queries.documents import documents
from maillage.newsletters.registry import CONSENT_VERSION
from maillage.portal.management.demo.words import FIRST_NAMES, LAST_NAMES
from maillage.portal.management.demo.world import World
from maillage.publications.enums import Kind
from maillage.publications.models import Publication
from maillage.search.actions import index
from maillage.territories.models import Territory
from maillage.topics.models import Term

_SUBSCRIBERS = 400
_DOMAIN = "lecture.example"  # Reserved: belongs to nobody.
_STATES = (SubscriptionState.PENDING,) * 5 + (SubscriptionState.STOPPED,) * 9 + (SubscriptionState.FAILED,) * 3
_MONTHS = (
    ("Les premiers froids et ceux qui les mesurent", "L'hiver vient : on le mesure, on le raconte, on s'y prépare."),
    ("Fête de la science : ce qui nous reste en tête", "Vous étiez nombreux. Voici ce que l'on en garde."),
    ("La rentrée des curieux", "Nouvelle saison, nouvelles têtes, et beaucoup de portes ouvertes."),
    ("Un été dehors", "Peu de pages ce mois-ci, mais beaucoup de sorties."),
    ("Nuits courtes, longues histoires", "La saison des étoiles commence, celle des fouilles aussi."),
    ("Le printemps des laboratoires", "Ils ouvrent leurs portes : allez leur poser des questions."),
    ("Ce que disent les rivières", "L'eau est le fil de ce mois."),
    ("Petits et grands chercheurs", "Les classes présentent leurs projets."),
    ("Écouter le vivant", "Des oreilles attentives, et ce qu'elles nous apprennent."),
    ("Les nombres et nous", "Un mois de mathématiques sans craie ni tableau."),
    ("Lumières d'hiver", "Des soirées pour comprendre, au chaud."),
    ("Bonne année, bonnes questions", "Une année commence : nous avons déjà des réponses à chercher."),
)
_WORDS = (  # Of each part.
    ("À lire en dix minutes.", "Notre coup de cœur du mois."),
    ("Idéal avec une classe.", "Notre coup de cœur du mois."),
    ("Faites passer autour de vous.", "Il reste quelques jours pour répondre."),
)


def tell_newsletters(world: World) -> None:
    """The team brought its subscribers and past letters in, once texts and events were there."""
    world.chronicle.add(world.chronicle.ago(0, 6), lambda at: _tell(world))


def _tell(world: World) -> None:
    random = Random(1834)  # noqa: S311  (a demonstration, the same each time)
    subscribers = _subscribe(random, world)
    _prove(subscribers)
    letters = [_letter(random, world, rank) for rank in range(len(_MONTHS))]
    _deliver(random, letters, subscribers)
    _next_ones(random, world)
    world.south.touch()
    index(documents(Letter.objects.filter(network=world.south)))


def _subscribe(random: Random, world: World) -> list[Subscription]:
    names = random.sample([f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES], _SUBSCRIBERS)
    member = User.objects.filter(email="membre@maillage.example").first()
    found = []
    for rank, name in enumerate(names):
        state = _STATES[rank] if rank < len(_STATES) else SubscriptionState.ACTIVE
        if rank >= len(_STATES) and rank % 14 == 0:
            state = random.choice(_STATES)
        ago, hour = world.chronicle.ago, random.randint(7, 22)
        at = ago(random.randint(0, 5) if state == SubscriptionState.PENDING else random.randint(2, 400), hour)
        one = Subscription(
            network=world.south, email=f"{slugged(name).replace('-', '.')}@{_DOMAIN}", state=state,
            origin=Origin.IMPORT if rank % 9 == 4 else Origin.SITE, text_version=CONSENT_VERSION, agreed_at=at,
        )  # fmt: skip
        if one.origin == Origin.IMPORT:
            one.source, one.text_version = "Inscriptions au forum régional", ""
        if state == SubscriptionState.PENDING:
            one.asked_at = one.mailed_at = at
        else:
            one.confirmed_at = at + timedelta(minutes=random.randint(2, 900))
        later = max(one.confirmed_at, ago(random.randint(1, 330), hour)) if one.confirmed_at else at
        if state == SubscriptionState.STOPPED:
            one.stopped_at = later
        elif state == SubscriptionState.FAILED:
            one.failed_at, one.failure = later, random.choice(("boîte inexistante (550)", "domaine inconnu (550)"))
        elif state == SubscriptionState.ACTIVE and rank % 23 == 0:
            one.paused_until = timezone.localdate() + timedelta(days=random.randint(10, 80))
        found.append(one)
    if member is not None:
        at = world.chronicle.ago(90, 18)
        found.append(
            Subscription(network=world.south, email=member.email, user=member, state=SubscriptionState.ACTIVE,
                         origin=Origin.ACCOUNT, text_version=CONSENT_VERSION, agreed_at=at, confirmed_at=at)
        )  # fmt: skip
    found = Subscription.objects.bulk_create(found, batch_size=500)
    Subscription.objects.filter(network=world.south).update(created_at=F("agreed_at"))
    _choose(random, world, found)
    return found


def _choose(random: Random, world: World, found: list[Subscription]) -> None:
    departments = list(Territory.objects.departments().filter(region__code="76").order_by("code"))
    themes = list(Term.objects.filter(vocabulary="theme", is_shared=True).order_by("slug"))
    chosen_places, chosen_themes = Subscription.departments.through, Subscription.themes.through
    places, words = [], []
    for one in found:
        if departments and random.random() < 0.45:
            places += [
                chosen_places(subscription_id=one.pk, territory_id=place.pk)
                for place in random.sample(departments, min(random.randint(1, 2), len(departments)))
            ]
        if themes and random.random() < 0.35:
            words += [
                chosen_themes(subscription_id=one.pk, term_id=term.pk)
                for term in random.sample(themes, min(random.randint(1, 3), len(themes)))
            ]
    chosen_places.objects.bulk_create(places, batch_size=500)
    chosen_themes.objects.bulk_create(words, batch_size=500)


def _prove(found: list[Subscription]) -> None:
    lines = []
    for one in found:
        known = {
            "network_id": one.network_id, "email_hash": hash_of(one.email), "text_version": one.text_version,
            "origin": one.origin, "source": one.source,
        }  # fmt: skip
        if one.origin == Origin.IMPORT and one.confirmed_at:
            day = timezone.localdate(one.agreed_at) - timedelta(days=20)
            lines.append(Consent(**known, act=ConsentAct.STATED, given_on=day, at=one.confirmed_at))
        elif one.origin != Origin.IMPORT:
            lines.append(Consent(**known, act=ConsentAct.ASKED, at=one.agreed_at))
            if one.confirmed_at:
                lines.append(Consent(**known, act=ConsentAct.CONFIRMED, at=one.confirmed_at))
        if one.stopped_at:
            lines.append(Consent(**known, act=ConsentAct.WITHDRAWN, at=one.stopped_at))
    Consent.objects.bulk_create(lines, batch_size=500)


def _letter(random: Random, world: World, rank: int) -> Letter:
    subject, words = _MONTHS[rank]
    at = world.chronicle.ago(30 * rank + 12, 9, 30)
    letter = Letter(
        network=world.south, author=world.viewer("animation").user, subject=subject, state=LetterState.SENT,
        intro=f"<p>Bonjour,</p><p>{words}</p>", closing="<p>Bonne lecture, et à bientôt dans le réseau.</p>",
        started_at=at, finished_at=at + timedelta(minutes=50),
    )  # fmt: skip
    letter.save()
    _compose(random, letter, at)
    Letter.objects.filter(pk=letter.pk).update(created_at=at - timedelta(days=2), updated_at=at)
    return letter


def _compose(random: Random, letter: Letter, at: datetime) -> None:
    """What had just appeared then, and what was coming."""
    texts = Publication.objects.filter(network=letter.network_id).shown()
    texts = texts.filter(published_at__lte=at, published_at__gte=at - timedelta(days=45)).order_by(
        "-published_at", "pk"
    )
    events = Event.objects.filter(network=letter.network_id, parent=None).shown().exclude(status=EventStatus.CANCELLED)
    coming = events.filter(first_at__gte=at, first_at__lte=at + timedelta(days=40)).order_by("first_at", "pk")
    articles = list(texts.exclude(kind=Kind.ANNOUNCEMENT).values_list("pk", flat=True)[:30])
    announced = list(texts.filter(kind=Kind.ANNOUNCEMENT).values_list("pk", flat=True)[:8])
    soon = list(coming.values_list("pk", flat=True)[:40])
    blocks = []
    for (title, kind, keys), words_of_part in zip(
        (
            (FRONT, BlockKind.PUBLICATION, random.sample(articles, min(4, len(articles)))),
            (AGENDA, BlockKind.EVENT, random.sample(soon, min(5, len(soon)))),
            (ANNOUNCEMENTS, BlockKind.PUBLICATION, random.sample(announced, min(2, len(announced)))),
        ),
        _WORDS,
        strict=True,
    ):
        if keys:
            blocks.append(Block(letter=letter, kind=BlockKind.SECTION, title=str(title)))
        for key in keys:
            words = random.choice(words_of_part) if random.random() < 0.25 else ""
            blocks.append(Block(letter=letter, kind=kind, words=words, **{f"{kind}_id": key}))
    for position, block in enumerate(blocks, 1):
        block.position = position
    Block.objects.bulk_create(blocks)


def _deliver(random: Random, letters: list[Letter], subscribers: list[Subscription]) -> None:
    rows = []
    for letter in letters:
        at = letter.started_at or timezone.now()
        to = [
            one for one in subscribers
            if one.confirmed_at is not None and one.confirmed_at < at and (one.stopped_at is None or one.stopped_at > at)
        ]  # fmt: skip
        sent = 0
        for rank, one in enumerate(to):
            row = Delivery(letter=letter, subscription=one)
            if rank % 97 == 50:
                row.skipped = Skip.PAUSED
            else:
                row.sent_at, sent = at + timedelta(seconds=8 * rank), sent + 1
                if one.failed_at is not None and letter is letters[0]:
                    row.failed_at = row.sent_at
            rows.append(row)
        letter.sent_count, letter.skipped_count = sent, len(to) - sent
    Delivery.objects.bulk_create(rows, batch_size=1000)
    Letter.objects.bulk_update(letters, ["sent_count", "skipped_count"])


def _next_ones(random: Random, world: World) -> None:
    """One ready to leave, and one whose moment is set; no job waits for it, so that the demonstration writes to nobody."""
    now = world.chronicle.now
    for subject, words, at in (
        ("Décembre au chaud : expositions et longues soirées", "Voici de quoi occuper les soirées.", None),
        ("Spécial appels à projets", "Deux appels se terminent bientôt.", now + timedelta(days=6)),
    ):
        letter = Letter(
            network=world.south, author=world.viewer("animation").user, subject=subject,
            intro=f"<p>Bonjour,</p><p>{words}</p>", closing="<p>À bientôt.</p>",
            state=LetterState.SCHEDULED if at else LetterState.DRAFT, scheduled_at=at,
        )  # fmt: skip
        letter.save()
        _compose(random, letter, now)
