"""The catalogue as a list or a map, in the state that its address says."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from maillage.catalogue import kit
from maillage.catalogue.queries.filters import FACETS, NUMBERS, SWITCHES
from maillage.catalogue.queries.reading import cards
from maillage.catalogue.queries.selecting import Facet
from maillage.core.dates import date_format
from maillage.core.doors import network_of
from maillage.core.mail import absolute_url
from maillage.core.pagination import page_links
from maillage.core.requests import query_before
from maillage.core.throttle import throttled
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.queries.base_map import base_map, frame_of
from maillage.directory.queries.filters import RADII
from maillage.territories.kit import CommuneInput

_FIRST_VALUES = 6
_OPEN = {"forme", "nature", "theme"}
_POINTS = 2000
_MEASURES = {
    "surface": _lazy("Tient dans (m²)"),
    "hauteur": _lazy("Tient sous (m)"),
    "groupe": _lazy("Personnes"),
    "age": _lazy("Âge"),
}


@require_safe
def list_resources(request: HttpRequest) -> HttpResponse:
    """htmx asks for the answer alone and is told the address that says it."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    page = kit.page_of(asked.selection, request.GET.get("page"))
    params = asked.params.copy()
    if asked.unplaced is not None:
        params["pres"] = asked.unplaced.text
    address = reverse("catalogue:resource_list")
    here = address + kit.query_string(params, **({"page": page.number} if page.number > 1 else {}))
    swapped = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    if not swapped and ("pres_text" in request.GET or "" in request.GET.dict().values()):
        return redirect(here)  # What a form sends without script: its empty fields have no place in an address.
    context = list_context(asked, page) | {
        "page_links": page_links(page, asked.params),
        "canonical": absolute_url(network, here),
        "place_box": _place_box(asked),
        "swapped": swapped,
    }
    response = render(request, f"catalogue/public/{'_answer' if swapped else 'list'}.html", context)
    if swapped:
        typing = bool(QueryDict(query_before(request)).get("q", "")) and bool(asked.filters.q)
        response["HX-Replace-Url" if typing else "HX-Push-Url"] = here
    patch_vary_headers(response, ["HX-Request"])
    return kit.as_long_as_true(response, asked)


def list_context(asked: kit.Asked, page: Any) -> dict[str, Any]:
    """What a list, its partial and its widget show."""
    filters, selection, params = asked.filters, asked.selection, asked.params
    on_map = filters.view == "carte"
    return {
        "filters": filters,
        "count": page.paginator.count,
        "page": page,
        "resources": cards(page.object_list, selection.distances, selection.coming),
        "facets": [_facet(facet) for facet in selection.facets],
        "chips": _chips(asked),
        "switches": [(name, label, name in filters.switches) for name, label in SWITCHES.items()],
        "measures": [
            (name, label, NUMBERS[name][1], str(filters.numbers.get(name, ""))) for name, label in _MEASURES.items()
        ],
        "quick": _quick(asked),
        "orders": _orders(asked),
        "views": {"liste": kit.query_string(params, vue=None) or "?", "carte": kit.query_string(params, vue="carte")},
        "query": asked.query,
        "without_words": kit.query_string(params, q=None) or "?",
        "map_url": reverse("catalogue:resource_points") + asked.query,
        "map_bounds": "" if not on_map or filters.is_empty else frame_of(list(_placed(asked).values())),
        "contours_url": base_map(filters.network) if on_map else "",
        "radii": RADII,
        "unplaced": _unplaced(asked),
        "nothing_asked": filters.is_empty,
        "corrected": selection.corrected,
    }


def _placed(asked: kit.Asked) -> dict[int, tuple[float, float]]:
    points = asked.selection.points
    return {key: points[key] for key in asked.selection.keys if key in points}


def _place_box(asked: kit.Asked) -> str:
    text = asked.unplaced.text if asked.unplaced else asked.filters.near_label
    attrs = {"id": "pres", "placeholder": _("commune ou code postal")}
    return CommuneInput().render("pres", (asked.params.get("pres", ""), text), attrs)


def _unplaced(asked: kit.Asked) -> dict[str, Any] | None:
    if asked.unplaced is None:
        return None
    choices = [(found, kit.query_string(asked.params, pres=found.commune.code)) for found in asked.unplaced.choices]
    return {"text": asked.unplaced.text, "choices": choices}


def _facet(facet: Facet) -> dict[str, Any]:
    """A facet whose chosen values are never hidden under « plus »."""
    count = _FIRST_VALUES if len(facet.values) > _FIRST_VALUES + 2 else len(facet.values)
    return {
        "name": facet.name,
        "label": facet.label,
        "first": [value for rank, value in enumerate(facet.values) if rank < count or value.selected],
        "more": [value for value in facet.values[count:] if not value.selected],
        "open": facet.name in _OPEN or bool(facet.selected),
        "chosen": len(facet.selected),
    }


def _chips(asked: kit.Asked) -> list[dict[str, Any]]:
    """What is applied, each with the address of the list without it."""
    filters, params = asked.filters, asked.params
    chips: list[dict[str, Any]] = []

    def add(kind: Any, label: Any, *names: str, drop: str = "", value: str = "", url: str = "") -> None:
        url = url or kit.query_string(params, **dict.fromkeys(names)) or "?"
        chips.append({"name": drop, "value": value, "kind": kind, "label": label, "url": url})

    if filters.q:
        add(_("Mots"), f"« {filters.q} »", "q", drop="q")
    for name, label in SWITCHES.items():
        if name in filters.switches:
            add(_("Seulement"), label, name, drop=name, value="oui")
    for name, (label, _most) in NUMBERS.items():
        if name in filters.numbers:
            number = filters.numbers[name]
            told = number_format(number, use_l10n=True) if isinstance(number, Decimal) else number
            add(_("Seulement"), str(label) % told, name, drop=name)
    if filters.first and filters.last:
        told = {"first": date_format(filters.first, "j F Y"), "last": date_format(filters.last, "j F Y")}
        words = _("libre le %(first)s") if filters.first == filters.last else _("libre du %(first)s au %(last)s")
        add(_("Dates"), words % told, "du", "au")
    if filters.near:
        label = _("à moins de %(km)d km de %(place)s") % {"km": filters.radius, "place": filters.near_label}
        add(_("Lieu"), label, "pres", "rayon", drop="pres")
    if filters.actor:
        add(_("Proposée par"), _name_of(asked), "par")
    for name, value in asked.selection.chips():
        add(FACETS[name], value.label, drop=name, value=value.value, url=kit.toggled(params, name, value.value))
    return chips


def _name_of(asked: kit.Asked) -> str:
    """Of the actor asked for; its slug when the network does not show it."""
    shown = Actor.objects.visible_to(Viewer(network=asked.filters.network)).filter(slug=asked.filters.actor)
    return shown.values_list("name", flat=True).first() or asked.filters.actor


def _quick(asked: kit.Asked) -> list[dict[str, Any]]:
    """What people ask most, one touch away; each adds to what is asked, or takes itself back."""
    params, filters = asked.params, asked.filters

    def link(label: Any, name: str) -> dict[str, Any]:
        on = name in filters.switches
        return {
            "label": label,
            "on": on,
            "url": kit.query_string(params, page=None, **{name: None if on else "oui"}) or "?",
        }

    free = _("Gratuit près de %s") % filters.near_label if filters.near else _("Gratuit")
    lent = "pret" in filters.chosen.get("forme", [])
    fits = filters.numbers.get("surface")
    return [
        link(_("Utilisable ce soir"), "cesoir"),
        link(free, "gratuit"),
        {"label": _("À emprunter"), "on": lent, "url": kit.toggled(params, "forme", "pret")},
        {
            "label": _("Tient dans 40 m²"),
            "on": fits == 40,
            "url": kit.query_string(params, page=None, surface=None if fits == 40 else 40) or "?",
        },
    ]


def _orders(asked: kit.Asked) -> list[tuple[str, Any, bool]]:
    labels = [("recent", _("Les plus récentes")), ("titre", _("Titre"))]
    if asked.filters.near:
        labels.insert(0, ("distance", _("Distance")))
    default = asked.filters.default_order
    return [("" if value == default else value, label, value == asked.filters.order) for value, label in labels]


@throttled("catalogue.points", limit=600, seconds=600)
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """What is found as points of a map (GeoJSON): where it is fetched, or where who comes lives."""
    asked = kit.ask(request.GET, network_of(request))
    placed = _placed(asked)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [placed[card.pk][1], placed[card.pk][0]]},
            "properties": {
                "name": card.title,
                "url": card.get_absolute_url(),
                "place": " – ".join(filter(None, [card.get_kind_display(), card.place.name if card.place else ""])),
                "hue": card.hue,
                "shape": card.theme.shape if card.theme else "",
            },
        }
        for card in cards(list(placed)[:_POINTS])
    ]
    content = {
        "type": "FeatureCollection", "count": asked.selection.count, "grouped": False, "bounds": None, "features": features,
    }  # fmt: skip
    told = JsonResponse(content, json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})
    return kit.as_long_as_true(told, asked)
