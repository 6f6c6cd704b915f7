"""What people of the demonstration did with texts: written, proposed, refused, corrected, taken back, signed, commented."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, ActorMember
from maillage.portal.management.demo.texts import Pen, Text
from maillage.portal.management.demo.world import World
from maillage.publications import actions
from maillage.publications.actions.composing import add_piece
from maillage.publications.enums import AnnouncementType, Kind, RefusalReason, State
from maillage.publications.models import Comment, Credit, Publication, Version
from maillage.publications.queries.documents import documents
from maillage.search.actions import index
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

# What an act writes that tells of its day: the model, the way to its publication, its dates.
_DATES: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (Publication, "pk", ("created_at", "updated_at", "proposed_at", "published_at", "decided_at", "featured_at")),
    (Version, "publication", ("created_at", "updated_at", "at", "sent_at", "decided_at")),
    (Credit, "publication", ("created_at", "updated_at", "answered_at")),
    (Comment, "publication", ("at", "decided_at")),
)
_REFUSALS = (
    (RefusalReason.INCOMPLETE, "Il manque le lieu et ce que l'on y fait : deux phrases suffiront."),
    (RefusalReason.WRONG, "Le chiffre du deuxième paragraphe n'a pas de source : d'où vient-il ?"),
    (RefusalReason.PROMOTIONAL, "Racontez l'atelier plutôt que ses tarifs, et nous le publierons volontiers."),
    (RefusalReason.OUT_OF_SCOPE, "Une bourse aux jouets sans sciences : écrivez plutôt à la mairie."),
)
_CORRECTIONS = (
    ("La distance donnée était celle de l'aller et du retour.", "Environ dix kilomètres, et non vingt."),
    ("Le nom du laboratoire était faux.", "Il s'agit du laboratoire voisin, avec nos excuses."),
    ("La date de la découverte est corrigée.", "Elle remonte à 1868, et non à 1886."),
    ("Un chiffre était donné sans son unité.", "Il s'agit de litres par seconde."),
    ("La méthode était mal résumée.", "La mesure a été faite à l'aveugle, deux fois."),
)
_WITHDRAWN = ("Le texte a vieilli.", "Remplacé par un texte plus complet.", "À la demande d'une personne citée.")
_HIDDEN = (
    "Les droits de l'illustration ne sont pas établis.",
    "Double d'un autre texte.",
    "Propos contestés, en attente d'une vérification.",
)
Act = Callable[[World, Pen, datetime], Publication | None]


def tell_contributions(world: World, pen: Pen) -> None:
    """Each act with its rank, days ago and hour; the last one puts the days of all in the search."""
    touched: list[int] = []

    def then(at: datetime, act: Act) -> None:
        publication = act(world, pen, at)
        if publication is not None:
            touched.append(publication.pk)
            _date(publication, at)

    def add(days: float, hour: int, act: Act) -> None:
        world.chronicle.add(world.chronicle.ago(days, hour, 10), partial(then, act=act))

    for rank in range(5):
        add(36 - 4 * rank, 11, partial(_correct, rank=rank))
        add(12 - rank, 17, partial(_feature, rank=rank))
    for rank in range(6):
        add(33 - 3 * rank, 15, partial(_take_back, rank=rank))
        add(20 - 2 * rank, 21, partial(_draft, rank=rank))
    for rank in range(4):
        add(30 - 5 * rank, 16, partial(_hide, rank=rank))
        add(28 - 5 * rank, 9, partial(_refused, rank=rank))
        add(5 - rank, 14, partial(_embargo, rank=rank))
    for rank in range(9):
        add(9 - rank, 8 + rank, partial(_propose, rank=rank))
    for days, hour, act in (
        (35, 10, _acteur_publishes), (29, 10, _acteur_takes_back), (8, 18, _acteur_changes), (6, 10, _acteur_drafts),
        (34, 19, _membre_accepted), (14, 20, _membre_refused), (7, 19, _membre_changes), (4, 12, _membre_proposes),
        (3, 21, _membre_drafts), (27, 14, _animation_publishes), (2, 9, _animation_drafts), (2, 16, _animation_gathers),
        (10, 10, _version_refused), (5, 11, _ask_membre), (4, 15, _ask_acteur),
    ):  # fmt: skip
        add(days, hour, act)
    for rank in range(7):
        add(6 - rank * 0.8, 20, partial(_comment, rank=rank))
    world.chronicle.add(world.chronicle.ago(0.4, 6), lambda at: index(documents(_of(touched))))


def _of(keys: list[int]) -> "QuerySet[Publication]":
    return Publication.objects.filter(pk__in=keys)


def _date(publication: Publication, at: datetime) -> None:
    """What this act wrote was written then."""
    for model, path, names in _DATES:
        for name in names:
            model.objects.filter(**{path: publication.pk, f"{name}__gt": at}).update(**{name: at})


def _write(
    world: World, by: Viewer, text: Text, *, signed_by: Actor | None = None, submit: bool = True, **more: Any
) -> Publication:
    terms = list(Term.objects.filter(slug__in=text.terms).exclude(vocabulary=Vocabulary.ACTION_KIND))
    commune = text.host.values["commune"]
    fields = text.values | {
        "themes": [term for term in terms if term.vocabulary == Vocabulary.THEME],
        "audiences": [term for term in terms if term.vocabulary == Vocabulary.AUDIENCE],
        "departments": [commune.department] if commune.department else [],
        "commune": commune,
        **more,
    }
    made = actions.create_publication(by=by, kind=text.kind, fields=fields, signed_by=signed_by)
    return actions.submit_publication(by=by, publication=made) if submit else made


def _host(world: World, rank: int) -> Any:
    hosts = world.hosts()
    return hosts[(rank * 37 + 11) % len(hosts)]


def _kept(world: World, rank: int) -> Publication | None:
    """Of what the team brought in, still read by all: far from each other, the same for a rank. Nobody else answered it."""
    brought = Publication.objects.filter(network=world.south, state=State.PUBLISHED, featured_at=None, publish_at=None)
    brought = brought.filter(kind=Kind.ARTICLE, author__in=world.members, versions__number=1).exclude(
        versions__number=2
    )
    slugs = list(brought.filter(created_at__lt=world.chronicle.ago(40)).order_by("slug").values_list("pk", flat=True))
    return brought.get(pk=slugs[rank * 7 % len(slugs)]) if slugs else None


# --- the team and the members -------------------------------------------------------------------------------------------


def _correct(world: World, pen: Pen, at: datetime, *, rank: int) -> Publication | None:
    team = world.viewer("animation")
    if publication := _kept(world, rank):
        note, sentence = _CORRECTIONS[rank]
        _change(team, publication, sentence)
        actions.send_version(by=team, publication=publication, note=note, corrects=True)
    return publication


def _change(by: Viewer, publication: Publication, sentence: str) -> None:
    fields = {"body": f"{publication.body}<p>{sentence}</p>"}
    actions.edit_publication(by=by, publication=publication, fields=fields, seen=None)


def _feature(world: World, pen: Pen, at: datetime, *, rank: int) -> Publication | None:
    if publication := _kept(world, 3 + rank):
        actions.feature_publication(by=world.viewer("animation"), publication=publication, featured=True)
    return publication


def _take_back(world: World, pen: Pen, at: datetime, *, rank: int) -> Publication | None:
    """By who wrote it; every other one leads to what replaces it."""
    publication, other = _kept(world, 5 + rank), _kept(world, 6 + rank)
    if publication is None:
        return None
    by = next(world.member(each) for each, user in enumerate(world.members) if user.pk == publication.author_id)
    replaced = other if rank % 2 and other and other.pk != publication.pk else None
    return actions.take_back_publication(
        by=by, publication=publication, reason=_WITHDRAWN[1 if replaced else rank % 3], replaced_by=replaced
    )


def _hide(world: World, pen: Pen, at: datetime, *, rank: int) -> Publication | None:
    if publication := _kept(world, 8 + rank):
        actions.hide_publication(by=world.viewer("animation"), publication=publication, reason=_HIDDEN[rank % 3])
    return publication


def _draft(world: World, pen: Pen, at: datetime, *, rank: int) -> Publication | None:
    return _write(world, world.member(3 + 5 * rank), pen.write(Kind.ARTICLE, _host(world, rank)), submit=False)


def _propose(world: World, pen: Pen, at: datetime, *, rank: int) -> Publication | None:
    """Articles, a portrait, two announcements."""
    kind = {3: Kind.PORTRAIT, 5: Kind.ANNOUNCEMENT, 7: Kind.ANNOUNCEMENT}.get(rank, Kind.ARTICLE)
    type_ = AnnouncementType.VOLUNTEERING if rank == 5 else AnnouncementType.LOAN
    text = pen.write(kind, _host(world, 20 + rank), announcement=type_ if kind == Kind.ANNOUNCEMENT else "")
    more = {"closes_on": (max(at, timezone.now()) + timedelta(days=40)).date()} if kind == Kind.ANNOUNCEMENT else {}
    return _write(world, world.member(11 + 7 * rank), text, **more)


def _refused(world: World, pen: Pen, at: datetime, *, rank: int) -> Publication | None:
    code, reason = _REFUSALS[rank]
    made = _write(world, world.member(29 + 3 * rank), pen.write(Kind.ARTICLE, _host(world, 40 + rank)))
    return actions.refuse_publication(by=world.viewer("animation"), publication=made, code=code, reason=reason)


def _embargo(world: World, pen: Pen, at: datetime, *, rank: int) -> Publication | None:
    """Ready, to be read next week."""
    team, kind = world.viewer("animation"), Kind.ANNOUNCEMENT if rank == 3 else Kind.ARTICLE
    text = pen.write(kind, _host(world, 60 + rank), announcement=AnnouncementType.CALL if rank == 3 else "")
    made = _write(world, team, text, submit=False)
    then = (world.chronicle.now + timedelta(days=6 + rank)).replace(hour=8, minute=0)
    actions.change_settings(by=team, publication=made, publish_at=then, comments_open=True)
    return actions.submit_publication(by=team, publication=made)


def _version_refused(world: World, pen: Pen, at: datetime) -> Publication | None:
    publication = _kept(world, 30)
    if publication is None:
        return None
    by = next(world.member(each) for each, user in enumerate(world.members) if user.pk == publication.author_id)
    _change(by, publication, "C'est sans conteste le meilleur atelier de la région.")
    version = actions.send_version(by=by, publication=publication)
    reason = "Laissons les lecteurs en juger : dites plutôt ce que l'on y apprend."
    actions.refuse_version(by=world.viewer("animation"), version=version, code=RefusalReason.PROMOTIONAL, reason=reason)
    return publication


def _comment(world: World, pen: Pen, at: datetime, *, rank: int) -> Publication | None:
    """Most wait, being the first of who wrote them; the team answers under one."""
    publication = _mine(world, "acteur", State.PUBLISHED) if rank < 3 else _kept(world, 40 + rank)
    if publication is None or not publication.comments_open:
        return None
    by = world.viewer("animation") if rank == 2 else world.viewer("membre") if rank == 1 else world.member(53 + rank)
    actions.write_comment(by=by, publication=publication, text=_SAID[rank])
    return publication


_SAID = (
    "Magnifique, merci. À quel âge peut-on venir ?",
    "J'y étais : la salle était pleine, et la question du fond est restée sans réponse. Avez-vous trouvé depuis ?",
    "Merci à toutes et à tous : une suite est prévue au printemps.",
    "Peut-on venir avec une classe de maternelle ?",
    "Notre foyer rural aimerait accueillir la même soirée.",
    "Je cherche le livret cité en note, où le trouver ?",
    "Une coquille au troisième paragraphe, sinon bravo.",
)


# --- those whose password is told ---------------------------------------------------------------------------------------


def _own_actor(world: World) -> Any:
    """The sheet that Fanny looks after, and the planned actor to speak of."""
    own = ActorMember.objects.filter(user=world.viewer("acteur").user, actor__archived_at=None)
    keys = set(own.values_list("actor", flat=True))
    return next((one for one in world.hosts() if one.actor.pk in keys), None)


def _acteur(world: World, pen: Pen, *, submit: bool = True) -> Publication:
    host = _own_actor(world)
    text = pen.write(Kind.ARTICLE, host or _host(world, 1))
    actor = host.actor if host else None
    return _write(world, world.viewer("acteur"), text, signed_by=actor, submit=submit)


def _mine(world: World, name: str, state: State) -> Publication | None:
    found = Publication.objects.filter(author=world.viewer(name).user, state=state, kind=Kind.ARTICLE)
    return found.order_by("pk").first()


def _acteur_publishes(world: World, pen: Pen, at: datetime) -> Publication | None:
    return _accepted(world, _acteur(world, pen))


def _accepted(world: World, publication: Publication) -> Publication:
    """Where who wrote it is not trusted, the team publishes."""
    if publication.state == State.PROPOSED:
        return actions.publish_publication(by=world.viewer("animation"), publication=publication)
    return publication


def _acteur_takes_back(world: World, pen: Pen, at: datetime) -> Publication | None:
    """An older text gives way to the one that everyone reads."""
    by, heir = world.viewer("acteur"), _mine(world, "acteur", State.PUBLISHED)
    old = _accepted(world, _acteur(world, pen))
    return actions.take_back_publication(by=by, publication=old, reason=_WITHDRAWN[1], replaced_by=heir)


def _acteur_changes(world: World, pen: Pen, at: datetime) -> Publication | None:
    """Being written: nobody else sees it."""
    publication = _mine(world, "acteur", State.PUBLISHED)
    if publication is not None:
        _change(world.viewer("acteur"), publication, "Une deuxième séance est prévue au printemps.")
    return publication


def _acteur_drafts(world: World, pen: Pen, at: datetime) -> Publication | None:
    return _acteur(world, pen, submit=False)


def _membre(world: World, pen: Pen, rank: int, *, submit: bool = True) -> Publication:
    return _write(world, world.viewer("membre"), pen.write(Kind.ARTICLE, _host(world, 80 + rank)), submit=submit)


def _membre_accepted(world: World, pen: Pen, at: datetime) -> Publication | None:
    return _accepted(world, _membre(world, pen, 0))


def _membre_refused(world: World, pen: Pen, at: datetime) -> Publication | None:
    made = _membre(world, pen, 1)
    reason = "Beau sujet. Dites d'où viennent les deux mesures, et proposez-le de nouveau."
    return actions.refuse_publication(
        by=world.viewer("animation"), publication=made, code=RefusalReason.WRONG, reason=reason
    )


def _membre_changes(world: World, pen: Pen, at: datetime) -> Publication | None:
    """In the queue of the team."""
    publication, by = _mine(world, "membre", State.PUBLISHED), world.viewer("membre")
    if publication is not None:
        _change(by, publication, "Depuis, le relevé a été repris par deux collèges voisins.")
        actions.send_version(by=by, publication=publication)
    return publication


def _membre_proposes(world: World, pen: Pen, at: datetime) -> Publication | None:
    return _membre(world, pen, 2)


def _membre_drafts(world: World, pen: Pen, at: datetime) -> Publication | None:
    return _membre(world, pen, 3, submit=False)


def _animation_publishes(world: World, pen: Pen, at: datetime) -> Publication | None:
    return _write(world, world.viewer("animation"), pen.write(Kind.PORTRAIT, _host(world, 91)))


def _animation_drafts(world: World, pen: Pen, at: datetime) -> Publication | None:
    return _write(world, world.viewer("animation"), pen.write(Kind.ARTICLE, _host(world, 92)), submit=False)


def _animation_gathers(world: World, pen: Pen, at: datetime) -> Publication | None:
    """A dossier that is not over."""
    team = world.viewer("animation")
    dossier = _write(world, team, pen.write(Kind.DOSSIER, _host(world, 93)), submit=False)
    for rank in range(3):
        if piece := _kept(world, 50 + rank):
            add_piece(by=team, dossier=dossier, publication=piece)
    return dossier


def _ask_membre(world: World, pen: Pen, at: datetime) -> Publication | None:
    """Yann is asked to sign what Fanny wrote."""
    yann, publication = world.viewer("membre").user, _mine(world, "acteur", State.PUBLISHED)
    if publication is not None:
        actions.ask_credit(by=world.viewer("acteur"), publication=publication, name=yann.name, email=yann.email)
    return publication


def _ask_acteur(world: World, pen: Pen, at: datetime) -> Publication | None:
    """The team would have Fanny's actor sign a portrait."""
    host, team = _own_actor(world), world.viewer("animation")
    publication = Publication.objects.filter(author=team.user, kind=Kind.PORTRAIT).order_by("pk").first()
    if host is None or publication is None or publication.credits.filter(actor=host.actor.pk).exists():
        return None
    actions.ask_credit(by=team, publication=publication, actor=Actor.objects.get(pk=host.actor.pk))
    return publication
