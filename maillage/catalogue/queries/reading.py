"""Reads for the public page of a resource, its cards, and the pages of what offers or gathers it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Q, Sum, prefetch_related_objects
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.catalogue.models import Downloads, Feedback, Resource, ResourceFile, ResourceLink, Use
from maillage.core.viewer import Viewer
from maillage.directory.enums import LANGUAGES, PlaceAccess
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.networks.queries import vocabularies
from maillage.territories.models import Territory
from maillage.topics.enums import SchoolCycle, Vocabulary
from maillage.topics.models import Term

_LIKE = 3
LATEST_FEEDBACK = 20


@dataclass(frozen=True)
class Told:
    """`terms` by vocabulary as the network names them; `needs` pairs (what, how much) in words; `whom` lines; `documents` those that
    are given, `waiting` those of the viewer's own that are not yet; `stars` the mean of `opinions`."""

    resource: Resource
    terms: dict[str, list[Term]]
    hue: int
    actor_url: str
    place: Territory | None
    whom: list[str]
    needs: list[tuple[str, str]]
    documents: list[ResourceFile]
    links: list[ResourceLink]
    feedback: list[Feedback]
    opinions: int
    stars: float | None
    uses: int
    reached: int


def page_of_resource(resource: Resource, viewer: Viewer) -> Told:
    prefetch_related_objects([resource], "zone")
    feedback = Feedback.objects.visible_to(viewer).filter(use__resource=resource).select_related("use__user")
    shown = feedback.filter(hidden_at=None).aggregate(count=Count("pk"), mean=Avg("stars"))
    uses = Use.objects.filter(resource=resource).aggregate(count=Count("pk"), reached=Sum("reached"))
    visible = Actor.objects.visible_to(viewer).filter(pk=resource.actor_id).first()
    return Told(
        resource=resource,
        terms=terms_by_vocabulary(resource, viewer.network),
        hue=hue_of(resource),
        actor_url=visible.get_absolute_url() if visible is not None else "",
        place=resource.commune or resource.actor.commune,
        whom=whom(resource),
        needs=needs(resource),
        documents=list(resource.files.select_related("latest").prefetch_related("versions")),
        links=list(resource.links.all()),
        feedback=_named(feedback.order_by("-created_at", "-pk")[:LATEST_FEEDBACK], viewer),
        opinions=shown["count"],
        stars=shown["mean"],
        uses=uses["count"],
        reached=uses["reached"] or 0,
    )


def _named(found: Iterable[Feedback], viewer: Viewer) -> list[Any]:
    """`by_actor`: for whom it was used, when that actor's sheet may be seen."""
    told: list[Any] = list(found)
    keys = {each.use.actor_id for each in told if each.use.actor_id}
    seen = dict(Actor.objects.visible_to(viewer).filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    for each in told:
        each.by_actor = seen.get(each.use.actor_id, "")
    return told


def terms_by_vocabulary(resource: Resource, network: Network | None) -> dict[str, list[Term]]:
    words = {term.pk: term for terms in vocabularies(network).values() for term in terms}
    found: dict[str, list[Term]] = {vocabulary: [] for vocabulary in Vocabulary.values}
    for term in resource.terms.all():
        if term.pk in words:
            found[term.vocabulary].append(words[term.pk])
    return found


def whom(resource: Resource) -> list[str]:
    told = []
    low, high = resource.age_min, resource.age_max
    if low is not None and high is not None:
        told.append(_("de %(low)d à %(high)d ans") % {"low": low, "high": high})
    elif low is not None:
        told.append(_("à partir de %d ans") % low)
    elif high is not None:
        told.append(_("jusqu'à %d ans") % high)
    if resource.cycles:
        told.append(", ".join(str(SchoolCycle(each).label) for each in resource.cycles if each in SchoolCycle.values))
    low, high = resource.group_min, resource.group_max
    if low is not None and high is not None:
        told.append(_("groupe de %(low)d à %(high)d personnes") % {"low": low, "high": high})
    elif high is not None:
        told.append(_("groupe de %d personnes au plus") % high)
    elif low is not None:
        told.append(_("groupe d'au moins %d personnes") % low)
    if resource.languages:
        told.append(", ".join(str(LANGUAGES.get(each, each)) for each in resource.languages))
    return told


def needs(resource: Resource) -> list[tuple[str, str]]:
    """What a place and people must have, and what it takes to bring it; only what somebody said."""
    said: list[tuple[str, str]] = []

    def add(label: Any, value: Any) -> None:
        if value not in (None, ""):
            said.append((str(label), str(value)))

    def amount(value: Any, unit: str) -> str:
        return f"{number_format(value.normalize() if hasattr(value, 'normalize') else value, use_l10n=True)} {unit}" if value else ""  # fmt: skip

    add(_("Durée d'une séance"), minutes(resource.duration))
    add(_("Surface"), amount(resource.surface, "m²"))
    add(_("Hauteur sous plafond"), amount(resource.height, "m"))
    add(_("Électricité"), resource.get_power_display() if resource.power else "")
    add(_("Internet"), resource.get_connection_display() if resource.connection else "")
    add(_("Montage"), minutes(resource.setup_minutes))
    add(
        _("Pour monter"),
        ngettext("%d personne", "%d personnes", resource.people) % resource.people if resource.people else "",
    )
    add(_("Volume"), amount(resource.volume, "m³"))
    add(_("Transport"), resource.get_transport_display() if resource.transport else "")
    add(
        _("Accessible"),
        ", ".join(str(PlaceAccess(each).label) for each in resource.place_access if each in PlaceAccess.values),
    )
    add(_("Précisions d'accès"), resource.access_notes)
    return said


def minutes(number: int | None) -> str:
    """« 45 min », « 1 h 30 », « 2 jours » (of eight hours)."""
    if not number:
        return ""
    if number >= 960 and number % 480 == 0:
        return ngettext("%d jour", "%d jours", number // 480) % (number // 480)
    hours, rest = divmod(number, 60)
    if not hours:
        return _("%d min") % rest
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def hue_of(resource: Resource) -> int:
    """One of the eight hues, always the same for a theme."""
    themes = [term for term in resource.terms.all() if term.vocabulary == Vocabulary.THEME]
    return themes[0].hue if themes and themes[0].hue else 1 + resource.pk % 8


def cards(keys: Iterable[int], distances: Any = None, coming: Any = None) -> list[Any]:
    """What everyone finds of these keys, in that order, ready for cards: `hue`, `theme`, `photo`, `place`, `distance` in km,
    `comes_to` the commune asked for that it says to serve."""
    wanted = list(keys)
    found = {each.pk: each for each in Resource.objects.filter(pk__in=wanted).shown().for_cards().order_by()}
    told: list[Any] = []
    for key in wanted:
        if (card := found.get(key)) is None:
            continue
        each: Any = card
        each.hue = hue_of(card)
        each.theme = next((term for term in card.terms.all() if term.vocabulary == Vocabulary.THEME), None)
        photos = sorted(card.photos.all(), key=lambda photo: (photo.position, photo.pk))
        each.photo = photos[0] if photos else None
        each.place = card.commune or card.actor.commune
        each.distance = (distances or {}).get(key)
        each.comes_to = (coming or {}).get(key, "")
        told.append(each)
    return told


def latest(network: Network | None, number: int) -> list[Any]:
    found = Resource.objects.filter(network=network).shown().order_by("-published_at", "-pk")
    return cards(list(found.values_list("pk", flat=True)[:number]))


def latest_of(viewer: Viewer, actor: Actor, number: int = 4) -> list[Any]:
    """What an actor offers in this network."""
    found = Resource.objects.filter(network=viewer.network_id, actor=actor).shown().order_by("-published_at", "-pk")
    return cards(list(found.values_list("pk", flat=True)[:number]))


def alike(resource: Resource) -> list[Any]:
    """Others on the same themes, most in common first."""
    themes = [term.pk for term in resource.terms.all() if term.vocabulary == Vocabulary.THEME]
    if not themes:
        return []
    near = Resource.objects.filter(network=resource.network_id, terms__in=themes).shown().exclude(pk=resource.pk)
    shared = near.values("pk").annotate(shared=Count("terms", filter=Q(terms__in=themes)))
    return cards([row["pk"] for row in shared.order_by("-shared", "-published_at", "-pk")[:_LIKE]])


def stub_at(network: Network, slug: str) -> Resource | None:
    """What everyone found at an address, and is offered no more."""
    gone = Resource.objects.filter(network=network, slug=slug).stubs()
    return gone.select_related("replaced_by", "actor").first()


def downloads_of(resource: Resource) -> int:
    counted = Downloads.objects.filter(version__document__resource=resource).aggregate(total=Sum("count"))
    return counted["total"] or 0


def opinion_due(resource: Resource, viewer: Viewer) -> Use | None:
    """A use that the viewer declared and has said nothing of."""
    if not viewer.is_authenticated or viewer.system:
        return None
    own = Use.objects.filter(resource=resource, user=viewer.user_id, feedback=None)
    return own.order_by("-used_on", "-pk").first()
