"""A year of needs and offers of the demonstration: heard by the team, said by actors, matched, answered, forgotten."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from django.db.models import Q

from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.outreach.actions.asking import answer_asking, ask_about
from maillage.outreach.actions.needs import (
    abandon_need,
    answer_need,
    days_of,
    dismiss_match,
    expire_need,
    record_need,
)
from maillage.outreach.enums import NeedAnswer, Sharing, Through
from maillage.outreach.models import Need, NeedAsking
from maillage.outreach.queries.matches import matches
from maillage.portal.management.demo.plan import Planned
from maillage.portal.management.demo.world import World
from maillage.territories.models import Territory
from maillage.topics.models import Term

_NEEDS, _OFFERS, _YEAR = 60, 80, 350
# Kind, words, theme; what is sought most often is not what is most often proposed.
_SOUGHT = [
    ("speaker", "Une personne pour parler du climat à deux classes de collège", "climat-et-energie"),
    ("loan", "Une exposition sur l'eau, deux semaines au printemps", "eau-mer-et-milieux-aquatiques"),
    ("funding", "Un cofinancement pour un sentier des étoiles", "astronomie-et-espace"),
    ("partner", "Un laboratoire pour un projet de sciences participatives", "biodiversite-et-nature"),
    ("speaker", "Un atelier de robotique pour un centre de loisirs", "intelligence-artificielle-et-robotique"),
    ("loan", "Une mallette d'astronomie pour une nuit des étoiles", "astronomie-et-espace"),
    ("training", "Une formation à la médiation pour trois bénévoles", "sciences-et-societe"),
    ("advice", "De l'aide pour rendre une visite accessible", "sciences-et-societe"),
    ("funding", "Un mécène pour le prix d'une classe", "metiers-et-orientation"),
    ("venue", "Une salle de cent places en octobre", ""),
    ("communication", "Un relais dans les lycées du département", "metiers-et-orientation"),
    ("speaker", "Une chercheuse en mathématiques pour un café des sciences", "mathematiques"),
    ("funding", "Une aide au transport de classes rurales", ""),
    ("loan", "Un planétarium mobile pour une école de montagne", "astronomie-et-espace"),
    ("other", "Des bénévoles pour un week-end de fouilles ouvertes", "archeologie-et-prehistoire"),
]
_PROPOSED = [
    ("speaker", "Une soirée d'observation du ciel, matériel compris", "astronomie-et-espace"),
    ("venue", "Un auditorium de deux cents places, les lundis", ""),
    ("loan", "Une exposition de vingt panneaux sur la biodiversité", "biodiversite-et-nature"),
    ("venue", "Une cour et un préau pour un village des sciences", ""),
    ("speaker", "Un atelier de chimie pour les plus petits", "chimie"),
    ("training", "Une journée pour apprendre à animer un débat", "esprit-critique-et-demarche-scientifique"),
    ("loan", "Trois microscopes et leurs lames", "biologie-et-vivant"),
    ("advice", "Un coup d'œil de scénographe sur une exposition", "arts-et-sciences"),
    ("speaker", "Une conférence sur l'énergie, pour tous", "climat-et-energie"),
    ("venue", "Une médiathèque ouverte le dimanche", "sciences-et-societe"),
    ("communication", "Une page dans un bulletin de 8 000 foyers", ""),
    ("partner", "Un terrain pour un observatoire de la nature", "biodiversite-et-nature"),
    ("speaker", "Une démonstration d'électrostatique", "physique"),
    ("loan", "Une maquette de moulin, démontable", "techniques-et-industrie"),
    ("partner", "Une troupe qui cherche un sujet de science", "arts-et-sciences"),
    ("training", "Une initiation à la fouille pour animateurs", "archeologie-et-prehistoire"),
]
_AUDIENCES = ("scolaires-college", "familles", "tout-public", "enfants-6-a-10-ans", "adultes", "")
_HEARD = ("Une enseignante de collège", "Le secrétariat d'une mairie", "Une bénévole croisée au forum")
_OUTCOMES = (
    "L'exposition est passée deux semaines, trois classes l'ont vue.",
    "Ils se sont rencontrés ; une suite est prévue à l'automne.",
    "Venu un samedi, soixante personnes.",
    "",
)


@dataclass
class _Said:
    """One of them as it lives: its row once it was said."""

    by: Viewer
    side: str
    words: tuple[str, str, str]
    one: Planned | None
    rank: int
    days: float
    rows: list[Need] = field(default_factory=list)


def tell_needs(world: World) -> None:
    """The same each time, in every state."""
    random = Random(11)  # noqa: S311  (a demonstration, the same each time)
    shown = [one for one in world.planned if one.is_shown and one.months_known > 13 and not one.archived]
    if len(shown) < 4:
        return
    for side, count, pool in (("need", _NEEDS, _SOUGHT), ("offer", _OFFERS, _PROPOSED)):
        for rank in range(count):
            heard = side == "need" and rank % 12 == 7
            by = world.viewer("admin" if rank % 5 == 4 else "animation")
            one = None if heard else random.choice(shown)
            days = _YEAR - (_YEAR - 2) * rank / count
            said = _Said(by, side, pool[(rank * 7 + rank // len(pool)) % len(pool)], one, rank, days)
            _tell(world, said, random)
    _tell_own(world)


def _tell(world: World, said: _Said, random: Random) -> None:
    add, ago = world.chronicle.add, world.chronicle.ago
    hour, minute = 9 + random.randrange(8), random.randrange(60)
    end = (world.chronicle.now.date() - ago(said.days, hour, minute).date()).days - 181
    if end in {0, 1}:  # Whether its night has come would depend on the hour: it ends next week instead.
        said.days, end = said.days - 7, end - 7
    add(ago(said.days, hour, minute), partial(_says, said=said))
    later = said.days - 8 - random.randrange(60)
    kind = said.rank % 6
    if said.rank % 4 == 1 and said.side == "need" and said.days > 10:
        add(ago(said.days - 4, 11), partial(_sets_aside, said=said))
    if kind in {0, 2} and later > 0:
        add(ago(later, 15, minute), partial(_is_answered, said=said))
    elif kind == 4 and later > 0:
        add(ago(later, 16, minute), partial(_is_abandoned, said=said))
    elif end > 0 and kind == 1:
        add(ago(end + 14, 3), partial(_is_asked, said=said))
    elif end > 0:
        add(ago(end, 3), partial(_expires, said=said))


def _terms(words: tuple[str, str, str], rank: int) -> list[Term]:
    wanted = Q(vocabulary="theme", slug=words[2]) | Q(vocabulary="audience", slug=_AUDIENCES[rank % len(_AUDIENCES)])
    return list(Term.objects.filter(wanted).order_by("pk"))


def _says(at: datetime, *, said: _Said) -> None:
    actor = None
    if said.one is not None:
        actor = Actor.objects.select_related("commune__department").get(pk=said.one.actor.pk)
    place: Territory | None = actor.commune if actor is not None else None
    if place is not None and said.rank % 3 == 0:
        place = place.department
    if said.rank % 11 == 10:
        place = None
    sharing = (Sharing.PUBLIC, Sharing.MEMBERS, Sharing.TEAM)[said.rank % 3]
    kind, title, _theme = said.words
    values: dict[str, Any] = {"side": said.side, "kind": kind, "title": title, "territory": place, "sharing": sharing}
    if actor is None:
        values |= {"heard_from": _HEARD[said.rank % len(_HEARD)], "sharing": Sharing.TEAM}
    if said.side == "need" and said.rank % 4 == 0:
        values["wanted_on"] = (at + timedelta(days=60)).date()
    need = record_need(by=said.by, actor=actor, terms=_terms(said.words, said.rank), on=at.date(), **values)
    _date(need, at)
    said.rows.append(need)


def _date(need: Need, at: datetime) -> None:
    Need.objects.filter(pk=need.pk).update(created_at=at, updated_at=at)


def _sets_aside(at: datetime, *, said: _Said) -> None:
    need = Need.objects.with_all().get(pk=said.rows[0].pk)
    found = [match.actor for match in matches(said.by, need).suggested if match.actor is not None]
    for actor in found[1:3]:
        mismatch = dismiss_match(by=said.by, need=need, actor=actor)
        mismatch.at = at
        mismatch.save()


def _is_answered(at: datetime, *, said: _Said) -> None:
    need = Need.objects.with_all().get(pk=said.rows[0].pk)
    found = matches(said.by, need)
    actors = [match.actor for match in (*found.said, *found.suggested) if match.actor is not None]
    through = Through.OFFER if found.said and need.is_need else Through.INTRODUCTION if actors else Through.ELSEWHERE
    outcome = _OUTCOMES[said.rank // 2 % len(_OUTCOMES)]
    by, to = said.by, actors[0] if actors else None
    _date(answer_need(by=by, need=need, answered_by=to, through=through, outcome=outcome, on=at.date()), at)


def _is_abandoned(at: datetime, *, said: _Said) -> None:
    _date(abandon_need(by=said.by, need=said.rows[0], outcome="Reporté à l'an prochain.", on=at.date()), at)


def _expires(at: datetime, *, said: _Said) -> None:
    _date(expire_need(by=Viewer.as_system(said.by.network, "Besoins et offres"), need=said.rows[0], on=at.date()), at)


def _is_asked(at: datetime, *, said: _Said) -> None:
    """« Toujours d'actualité », by the link of the message."""
    asking = ask_about(by=Viewer.as_system(said.by.network, "Besoins et offres"), need=said.rows[0])
    if asking is None:
        return
    need = answer_asking(asking=asking, answer=NeedAnswer.KEPT)
    Need.objects.filter(pk=need.pk).update(expires_on=at.date() + timedelta(days=days_of(need.network)))
    sent = {"sent_at": at, "expires_at": at + timedelta(days=60), "answered_at": at + timedelta(hours=6)}
    NeedAsking.objects.filter(pk=asking.pk).update(**sent)
    _date(need, at)


def _tell_own(world: World) -> None:
    """Fanny says for her association what it looks for, and what it proposes."""
    fanny = world.viewer("acteur")

    def says(at: datetime, side: str, kind: str, title: str) -> None:
        membership = fanny.user.actor_memberships.select_related("actor__commune").order_by("pk").first()
        if membership is None:
            return
        actor = membership.actor
        values = {"side": side, "kind": kind, "title": title, "sharing": Sharing.PUBLIC, "territory": actor.commune}
        _date(record_need(by=fanny, actor=actor, terms=actor.terms.all()[:3], on=at.date(), **values), at)

    ago = world.chronicle.ago
    world.chronicle.add(
        ago(24, 18),
        partial(says, side="need", kind="loan", title="Une exposition pour notre fête de la science"),
    )
    world.chronicle.add(
        ago(23, 9),
        partial(says, side="offer", kind="speaker", title="Deux animatrices, les mercredis, pour vos ateliers"),
    )
