"""A year of radio of the demonstration: two programmes, their episodes in every state, made of the agenda and of the actors."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from maillage.agenda.enums import EventState
from maillage.agenda.models import Event
from maillage.core import audio
from maillage.core.text import folded, slugged
from maillage.directory.models import Actor
from maillage.portal.management.demo.world import World
from maillage.radio import actions
from maillage.radio.enums import Category, EpisodeState, ItemKind
from maillage.radio.models import Episode, Heard, Item, Show
from maillage.radio.queries.documents import documents
from maillage.radio.queries.drafting import questions_of, words_of_actor, words_of_event
from maillage.search.actions import index

_SHOWS = (
    {
        "name": "Les sciences en balade",
        "summary": "Une demi-heure, un jeudi sur deux, avec celles et ceux qui font vivre les sciences près de chez vous : sorties, "
        "ateliers, rencontres, et l'agenda des quinze jours qui viennent.",
        "stations": "Radio des Causses 97.2, Ràdio Garrigue 88.6, Ondes de Garonne 101.4",
        "minutes": 30,
        "owner_name": "Méridienne Sciences",
        "owner_email": "radio@meridienne.example",
    },
    {
        "name": "Cinq minutes pour comprendre",
        "summary": "Une question posée dans la rue, une personne qui sait répondre, cinq minutes : la chronique du réseau.",
        "stations": "Radio des Causses 97.2",
        "minutes": 5,
        "rate": 165,
        "category": Category.EDUCATION,
        "owner_name": "Sciences en Garonne",
        "owner_email": "chronique@sciences-garonne.example",
    },
)
_TITLES = (
    "Ce que la nuit nous apprend", "Les rivières racontent", "Au bord du trou noir", "Des robots faits main", "Le son des grottes",
    "Plantes des villes", "Les mains dans l'argile", "Compter les oiseaux", "Le temps qu'il fera", "Des fossiles et des gens",
    "Cuisine et chimie", "Une carte, des histoires", "Quand la mer monte", "Le ciel des bergers", "Coder sans écran",
    "Les abeilles du lycée", "Réparer plutôt que jeter", "La mémoire des pierres", "Sous le microscope", "Un bus plein de sciences",
    "L'hiver des amphibiens", "Les métiers du labo", "Le goût des nombres", "Énergies d'ici",
)  # fmt: skip
_QUESTIONS = (
    "Pourquoi le ciel est-il bleu ?", "Comment dorment les oiseaux ?", "À quoi servent les moustiques ?", "D'où vient le vent d'autan ?",
    "Peut-on voir un atome ?", "Pourquoi les feuilles tombent-elles ?", "Que mange une étoile ?", "Comment sait-on l'âge d'un arbre ?",
    "Qui a inventé le zéro ?", "Pourquoi a-t-on deux oreilles ?", "Comment marche un vaccin ?", "Que dit le chant du rossignol ?",
    "Pourquoi la mer est-elle salée ?", "Combien pèse un nuage ?", "Comment lit-on une carte ?", "Pourquoi bâille-t-on ?",
)  # fmt: skip
_HEARD = 8  # Episodes with a sound.
_HELLO = "Bonjour à toutes et à tous, vous écoutez {show}, l'émission du réseau de culture scientifique d'Occitanie."
_BYE = "C'est déjà la fin. Toutes les adresses sont sur le site du réseau. On se retrouve très vite, portez-vous bien !"


def tell_radio(world: World) -> None:
    """The programmes were opened a year ago; the year's episodes were brought in; one is being prepared."""
    add, ago = world.chronicle.add, world.chronicle.ago
    shows: list[Show] = []
    add(
        ago(370, 11),
        lambda at: shows.extend(actions.create_show(by=world.viewer("animation"), fields=each) for each in _SHOWS),
    )
    add(ago(3, 9), lambda at: _bring_in(world, shows))
    add(ago(1, 15), lambda at: _prepare(world, shows[0]))


def _bring_in(world: World, shows: list[Show]) -> None:
    random = Random(1913)  # noqa: S311  (a demonstration, the same each time)
    today = timezone.localdate(world.chronicle.now)
    planned: list[tuple[datetime, Show, str]] = []
    for show, titles, step, hour in ((shows[0], _TITLES, 14, 18), (shows[1], _QUESTIONS, 22, 8)):
        for rank, title in enumerate(titles):
            at = world.chronicle.ago((len(titles) - 2 - rank) * step + 4, hour)
            if rank >= len(titles) - 1:  # The next one.
                at = timezone.localtime(world.chronicle.now).replace(hour=hour, minute=0) + timedelta(days=5)
            planned.append((at, show, title))
    episodes = _rows(world, planned)
    _compose(random, world, episodes, today)
    _give_sounds(episodes)
    found = Episode.objects.filter(network=world.south)
    found.update(revision=world.south.touch())
    index(documents(found))


def _rows(world: World, planned: list[tuple[datetime, Show, str]]) -> list[Episode]:
    team, now = world.viewer("animation").user, world.chronicle.now
    rows, numbers = [], dict.fromkeys((show.pk for _at, show, _title in planned), 0)
    for rank, (at, show, title) in enumerate(planned):
        numbers[show.pk] += 1
        state = EpisodeState.BROADCAST if at < now else EpisodeState.READY
        if rank % 13 == 5:
            state = EpisodeState.CANCELLED
        elif at < now and numbers[show.pk] in (14, 23):
            state = EpisodeState.RECORDED
        rows.append(
            Episode(
                network=world.south, show=show, author=team, season=1, number=numbers[show.pk], title=title,
                title_key=folded(title), slug=slugged(title), state=state, planned_at=at,
                on_air_at=at if state == EpisodeState.BROADCAST else None,
                reason="La personne invitée était souffrante." if state == EpisodeState.CANCELLED else "",
                summary=f"{title.rstrip('?').strip()} : on en parle avec celles et ceux qui cherchent et qui racontent.",
            )
        )  # fmt: skip
    Episode.objects.bulk_create(rows)
    for row in rows:
        planned_at: Any = row.planned_at
        row.created_at = row.updated_at = min(planned_at - timedelta(days=6), now)
    Episode.objects.bulk_update(rows, ["created_at", "updated_at"])
    return rows


def _compose(random: Random, world: World, episodes: list[Episode], today: Any) -> None:
    """A greeting, two or three dates of the fortnight, one or two people met, an ending; the short ones have one guest. Some
    places are heard more than others, as everywhere."""
    shown = Event.objects.filter(network=world.south, state=EventState.PUBLISHED, first_at__isnull=False)
    events = list(
        shown.select_related("commune__department", "venue").prefetch_related("timings", "organisers").order_by("first_at", "pk")
    )  # fmt: skip
    keys = [one.actor.pk for one in world.hosts()]
    actors = list(Actor.objects.filter(pk__in=keys).select_related("commune__department").order_by("pk"))
    often = random.sample(actors, min(len(actors), 60))  # The address book of who prepares.
    items: list[tuple[Item, list[int], list[Any]]] = []
    for episode in episodes:
        start: Any = episode.planned_at
        near = [each for each in events if start <= each.first_at <= start + timedelta(days=16)]
        short = episode.show.minutes < 10
        made = [] if short else [_jingle("Générique", _HELLO.format(show=episode.show.name), 25)]
        if not short:
            made += [_of_event(each) for each in random.sample(near, min(len(near), random.choice((2, 3, 3))))]
        guests = random.sample(often, min(len(often), 1 if short else random.choice((1, 2))))
        made += [_of_actor(each, 220 if short else 480) for each in guests]
        if not short:
            made.append(_jingle("Fin", _BYE, 20))
        for position, (item, heard, places) in enumerate(made):
            item.episode, item.position = episode, position
            items.append((item, heard, places))
    Item.objects.bulk_create([item for item, _heard, _places in items], batch_size=200)
    Heard.objects.bulk_create(
        [Heard(item=item, actor_id=pk) for item, heard, _places in items for pk in dict.fromkeys(heard)], batch_size=500
    )
    through: Any = Item.departments.through
    through.objects.bulk_create(
        [through(item=item, territory=place) for item, _heard, places in items for place in places], batch_size=500
    )


def _jingle(title: str, words: str, seconds: int) -> tuple[Item, list[int], list[Any]]:
    return Item(kind=ItemKind.JINGLE, title=title, words=words, planned=seconds), [], []


def _of_event(event: Event) -> tuple[Item, list[int], list[Any]]:
    item = Item(
        kind=ItemKind.AGENDA, title=event.title, event=event, words=words_of_event(event, list(event.timings.all())[:6])
    )  # fmt: skip
    heard = [each.actor_id for each in event.organisers.all() if each.withdrawn_at is None]
    return item, heard, _department(event.commune)


def _of_actor(actor: Actor, seconds: int) -> tuple[Item, list[int], list[Any]]:
    item = Item(
        kind=ItemKind.INTERVIEW, title=actor.name[:140], actor=actor, words=words_of_actor(actor),
        questions=questions_of(ItemKind.INTERVIEW), planned=seconds,
    )  # fmt: skip
    return item, [actor.pk], _department(actor.commune)


def _department(place: Any) -> list[Any]:
    return [place.department] if place is not None and place.department is not None else []


def _give_sounds(episodes: list[Episode]) -> None:
    """The latest that went on air are listened to: a few seconds of silence each."""
    aired = [each for each in episodes if each.state == EpisodeState.BROADCAST]
    aired.sort(key=lambda each: str(each.on_air_at))
    for rank, episode in enumerate(aired[-_HEARD:]):
        content = _silence(9 + rank % 5)
        sound = audio.received(ContentFile(content, name="silence"), most_megabytes=1)  # type: ignore[arg-type]
        episode.audio.name = audio.keep(sound, "radio")
        episode.audio_kind, episode.audio_bytes, episode.duration = sound.kind, sound.size, sound.seconds
        said = [item.words for item in episode.items.all() if item.words]
        episode.transcript = "\n\n".join([*said, "(Cet enregistrement de démonstration est un silence.)"])
        episode.notes = "<p>Merci aux personnes rencontrées pour cet épisode.</p>"
        on_air: Any = episode.on_air_at
        episode.state, episode.published_at = EpisodeState.PUBLISHED, on_air + timedelta(hours=20)
        episode.save()


def _silence(seconds: int) -> bytes:
    """MPEG-2 layer III, 24 kHz, 8 kbit/s, mono: frames of 24 bytes and 24 ms, without any sound in them."""
    return (b"\xff\xf3\x14\xc4" + bytes(20)) * round(seconds / 0.024)


def _prepare(world: World, show: Show) -> None:
    """The animator ticked what comes, and has it to read again."""
    by, now = world.viewer("animation"), world.chronicle.now
    fields = {
        "title": "Fête d'hiver des sciences",
        "season": 1,
        "planned_at": now.replace(hour=18, minute=0) + timedelta(days=12),
    }
    episode = actions.create_episode(by=by, show=show, fields=fields)
    events = Event.objects.filter(network=world.south, state=EventState.PUBLISHED, first_at__gte=now)
    actors = [one.actor for one in world.hosts()[:2]]
    actions.add_free_item(by=by, episode=episode, kind=ItemKind.JINGLE, title="Générique", planned=25)
    chosen = events.select_related("commune__department", "venue").order_by("first_at", "pk")[:3]
    actions.add_items(by=by, episode=episode, events=chosen, actors=actors)
