"""What the pages of the portal show of the network: its figures, its map, its latest actors, its consortium."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.db.models import Q
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.agenda.kit import ask
from maillage.agenda.kit import cards as event_cards
from maillage.agenda.models import Event
from maillage.catalogue.queries.reading import latest as latest_resources
from maillage.core.constellation import Constellation, constellation
from maillage.core.figures import Figure
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.queries.figures import public_figures
from maillage.directory.queries.filters import Filters, Selection, select
from maillage.networks.models import ConsortiumMember, LegalText, Network
from maillage.publications.enums import Section
from maillage.publications.queries.reading import latest
from maillage.territories.models import Contour, Release, Territory
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

LATEST = 6
EVENTS = 4
ARTICLES = 4


@dataclass(frozen=True)
class Choice:
    """A way into the directory: a department, a family, a theme with its number of actors."""

    label: Any
    value: str
    url: str
    count: int
    hue: int = 0
    shape: str = ""


def _list_url(query: str = "") -> str:
    """The directory's list; "" while no directory is served."""
    try:
        return reverse("directory:actor_list") + query
    except NoReverseMatch:
        return ""


def public_selection(network: Network, query: str = "") -> Selection:
    return select(Filters.from_params(QueryDict(query), network))


def departments_of(network: Network) -> list[Territory]:
    """The départements of the perimeter (its régions' own included), by code."""
    perimeter = network.perimeter.values("pk")
    departments = Territory.objects.departments().filter(Q(pk__in=perimeter) | Q(region__in=perimeter))
    return list(departments.order_by("code"))


def ways_in(selection: Selection, facet_name: str, limit: int = 0) -> list[Choice]:
    """The values of a facet as links, most numerous first."""
    found = next((facet for facet in selection.facets if facet.name == facet_name), None)
    values = sorted((value for value in found.values if value.count), key=lambda value: -value.count) if found else []
    return [
        Choice(
            value.label,
            value.value,
            _list_url(f"?{facet_name}={value.value}"),
            value.count,
            getattr(value, "hue", 0) or 0,
            getattr(value, "shape", "") or "",
        )
        for value in (values[:limit] if limit else values)
    ]


def key_figures(network: Network) -> list[Figure]:
    """The first public figures of the directory, and those who run the network."""
    shown = public_figures(network)[:3]
    consortium = ConsortiumMember.objects.filter(network=network).count()
    if consortium:
        meaning = _("Associations du consortium qui anime le réseau.")
        about = reverse("portal:about")
        label = ngettext("association à l'animation", "associations à l'animation", consortium)
        shown.append(Figure(label, consortium, meaning, timezone.localdate(), about))
    return shown


def network_map(network: Network, selection: Selection) -> Constellation | None:
    """The network's own constellation, kept until something changes in it."""
    key = f"portal.map.{network.pk}.{network.content_version}"
    kept = caches["pages"].get(key)
    if kept is None:
        kept = (_drawn(network, selection),)
        caches["pages"].set(key, kept)
    return kept[0]


def _drawn(network: Network, selection: Selection) -> Constellation | None:
    hues = dict(Term.objects.of(Vocabulary.FAMILY).values_list("pk", "hue"))
    located = (
        (latitude, longitude, hues.get(family or 0, 0)) for latitude, longitude, family in selection.places_by_family()
    )
    departments = departments_of(network)
    outlines = [contour.geometry for contour in Contour.objects.filter(territory__in=departments).order_by("territory")]
    labels = [
        (department.name, department.latitude, department.longitude, _list_url(f"?departement={department.code}"))
        for department in departments
        if department.latitude is not None and department.longitude is not None
    ]
    return constellation(located, outlines=outlines, labels=labels if _list_url() else ())


def events_of_home(viewer: Viewer, network: Network) -> list[Event]:
    """What to do soon: this weekend's when there is enough of it, those not to be missed first."""
    weekend = ask(QueryDict("quand=week-end"), network).programme.rows
    rows = weekend if len(weekend) >= EVENTS else ask(QueryDict(""), network).programme.rows
    return event_cards(viewer, sorted(rows, key=lambda row: not row.is_featured)[:EVENTS])


def resources_of_home(network: Network | None) -> list[Any]:
    """The latest of the catalogue."""
    return latest_resources(network, ARTICLES)


def articles_of_home(viewer: Viewer) -> list[Any]:
    """The last to appear, ready for cards."""
    return latest(viewer, ARTICLES, section=Section.ARTICLES)


def latest_actors(viewer: Viewer, network: Network) -> list[Actor]:
    """The last to enter the directory, ready for cards."""
    ids = public_selection(network, "tri=recent").page_ids(0, LATEST)
    found = {actor.pk: actor for actor in Actor.objects.visible_to(viewer).filter(pk__in=ids).for_cards()}
    return [found[pk] for pk in ids if pk in found]


def consortium_of(network: Network) -> list[ConsortiumMember]:
    return list(ConsortiumMember.objects.filter(network=network).prefetch_related("territories"))


def legal_text(network: Network | None, kind: str) -> str:
    """The network's own text, "" when it keeps the shipped one."""
    text = LegalText.objects.filter(network=network, kind=kind).first() if network is not None else None
    return text.body if text is not None else ""


def reference_data() -> list[Release]:
    """Public data the site stands on, credited in the legal notice."""
    return list(Release.objects.all())
