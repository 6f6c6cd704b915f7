"""What may be followed, and whether the viewer follows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from maillage.accounts.models import User
from maillage.agenda.models import Event
from maillage.communities.enums import TargetKind
from maillage.communities.models import Community, Follow
from maillage.core.text import whole_number
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.queries import vocabularies
from maillage.publications.models import Credit, Publication
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary

FOLLOWED_PLACES = (TerritoryKind.COMMUNE, TerritoryKind.EPCI, TerritoryKind.DEPARTMENT)
_THEMES = 5  # Offered on a page.


@dataclass(frozen=True)
class Target:
    """Something to follow: `code` names it in forms (`term-12`)."""

    kind: str
    pk: int
    label: str
    followed: bool = False

    @property
    def code(self) -> str:
        return f"{self.kind}-{self.pk}"

    @property
    def kind_label(self) -> Any:
        return TargetKind(self.kind).label


def people_who_sign(network_id: int | None) -> Any:
    """Accounts whose name stands, with their agreement, under a text that everyone reads."""
    shown = Publication.objects.filter(network=network_id).shown()
    signed = Credit.objects.accepted().filter(publication__in=shown.values("pk"), user__isnull=False)
    return User.objects.filter(is_active=True, erased_at=None, pk__in=signed.values("user"))


def target_of(viewer: Viewer, code: str) -> Any:
    """What a form names, if the viewer may follow it; None otherwise."""
    kind, _dash, number = code.partition("-")
    pk = whole_number(number)
    if pk is None or not viewer.is_authenticated:
        return None
    if kind == TargetKind.TERM:
        return next((term for term in vocabularies(viewer.network)[Vocabulary.THEME] if term.pk == pk), None)
    found: Any = {
        TargetKind.ACTOR.value: Actor.objects.visible_to(Viewer(network=viewer.network)),
        TargetKind.TERRITORY.value: Territory.objects.filter(kind__in=FOLLOWED_PLACES),
        TargetKind.COMMUNITY.value: Community.objects.listed_for(viewer),
        TargetKind.PERSON.value: people_who_sign(viewer.network_id).exclude(pk=viewer.user_id),
    }.get(kind)
    return found.filter(pk=pk).first() if found is not None else None


def offered(viewer: Viewer, things: Iterable[Any]) -> list[Target]:
    """Targets of things (terms, actors, territories, communities, people), in order, once each, told whether the viewer
    follows them: one query."""
    named = {(kind_of(each), each.pk): str(each) for each in things}
    held = followed_codes(viewer)
    return [Target(kind, pk, label, f"{kind}-{pk}" in held) for (kind, pk), label in named.items()]


def followed_codes(viewer: Viewer) -> set[str]:
    return {each.code for each in Follow.objects.visible_to(viewer)}


def kind_of(thing: Any) -> str:
    kinds: dict[type, TargetKind] = {
        Actor: TargetKind.ACTOR,
        Territory: TargetKind.TERRITORY,
        Community: TargetKind.COMMUNITY,
        User: TargetKind.PERSON,
    }
    return kinds.get(type(thing), TargetKind.TERM).value


def of_actor(viewer: Viewer, actor: Actor) -> list[Any]:
    """What its sheet offers to follow: itself, its commune, its département."""
    commune = actor.commune
    return [actor, *filter(None, (commune, commune.department if commune else None))]


def of_publication(viewer: Viewer, publication: Publication) -> list[Any]:
    """Its themes, who signs it (people but oneself, actors that everyone sees), its territories."""
    given = list(publication.credits.accepted().select_related("actor", "user").order_by("position", "pk"))
    actors = {credit.actor_id for credit in given if credit.actor_id}
    visible = Actor.objects.visible_to(Viewer(network=viewer.network)).filter(pk__in=actors)
    seen = set(visible.values_list("pk", flat=True)) if actors else set()
    signers: list[Any] = []
    for credit in given:
        if credit.actor_id in seen:
            signers.append(credit.actor)
        elif credit.user is not None and credit.user_id != viewer.user_id and publication.is_shown:
            signers += [credit.user] if credit.user.is_active and credit.user.erased_at is None else []
    places = [place for place in publication.places.all() if place.kind in FOLLOWED_PLACES]
    return [*_themes(viewer, publication.terms.all()), *signers, *places]


def of_event(viewer: Viewer, event: Event) -> list[Any]:
    """Its themes, who organises it, its commune and intercommunalité and département."""
    organisers = event.organisers.filter(withdrawn_at=None).values("actor")
    visible = Actor.objects.visible_to(Viewer(network=viewer.network)).filter(pk__in=organisers)
    commune: Any = event.commune if event.attendance != "online" else None
    around = (commune, commune.epci, commune.department) if commune is not None else ()
    return [*_themes(viewer, event.terms.all()), *visible.order_by("name_key", "pk")[:_THEMES], *filter(None, around)]


def _themes(viewer: Viewer, terms: Iterable[Any]) -> list[Any]:
    """Under the names of the network."""
    held = {term.pk for term in terms if term.vocabulary == Vocabulary.THEME}
    return [term for term in vocabularies(viewer.network)[Vocabulary.THEME] if term.pk in held][:_THEMES]
