"""The agenda for everyone: what is on, as a list, a month or a map, and the page of an event."""

from dataclasses import replace
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from maillage.agenda import kit, rules
from maillage.agenda.models import Event
from maillage.agenda.queries.filters import FACETS, PERIODS, SWITCHES, month_before, next_month
from maillage.agenda.queries.linked import dates_to_link, linked_data
from maillage.agenda.queries.months import month_of
from maillage.agenda.queries.pages import Told, kept_for, name_of_organiser, page_of_event
from maillage.agenda.queries.period import Row
from maillage.agenda.queries.programme import Facet, programme
from maillage.agenda.registry import event_main, event_side
from maillage.agenda.registry.places import Places, places_of
from maillage.core.dates import date_format
from maillage.core.doors import network_of
from maillage.core.mail import absolute_url, address_in
from maillage.core.pagination import page_links
from maillage.core.requests import query_before
from maillage.core.richtext import shown
from maillage.core.throttle import throttled
from maillage.directory.queries.base_map import base_map, frame_of
from maillage.directory.queries.filters import RADII
from maillage.networks.models import Network
from maillage.territories.kit import CommuneInput

_FIRST_VALUES = 6
_OPEN = {"action", "departement"}
POINTS = 1500
WEEKDAYS = [
    (_lazy("lun."), _lazy("lundi")),
    (_lazy("mar."), _lazy("mardi")),
    (_lazy("mer."), _lazy("mercredi")),
    (_lazy("jeu."), _lazy("jeudi")),
    (_lazy("ven."), _lazy("vendredi")),
    (_lazy("sam."), _lazy("samedi")),
    (_lazy("dim."), _lazy("dimanche")),
]


def list_events(request: HttpRequest) -> HttpResponse:
    """What is on; htmx asks for the answer alone and is told the address that says it."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    page = kit.page_of(asked.programme.rows, request.GET.get("page"))
    params = asked.params.copy()
    if asked.unplaced is not None:
        params["pres"] = asked.unplaced.text
    if page.number > 1:
        params["page"] = str(page.number)
    address = reverse("agenda:event_list")
    here = address + kit.query_string(params)
    swapped = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    if not swapped and ("pres_text" in request.GET or "" in request.GET.dict().values()):
        return redirect(here)  # What a form sends without script: its empty fields have no place in an address.
    context = list_context(request, asked, page) | {
        "page_links": page_links(page, asked.params),
        "canonical": absolute_url(network, here),
        "place_box": _place_box(asked),
        "swapped": swapped,
    }
    response = render(request, "agenda/public/_answer.html" if swapped else "agenda/public/list.html", context)
    if swapped:
        current = query_before(request)
        typing = bool(QueryDict(current).get("q", "")) and bool(asked.filters.q)
        response["HX-Replace-Url" if typing else "HX-Push-Url"] = here
    patch_vary_headers(response, ["HX-Request"])
    return response


def list_context(request: HttpRequest, asked: kit.Asked, page: Any) -> dict[str, Any]:
    """What the agenda, its partial and its widget show."""
    filters, params, found = asked.filters, asked.params, asked.programme
    rows: list[Row] = list(page.object_list) if filters.view != "mois" else []  # A month is told by its days.
    events = {event.pk: event for event in kit.cards(request.viewer, rows)}  # type: ignore[attr-defined]
    return {
        "filters": filters,
        "count": found.count,
        "page": page,
        "groups": _groups(asked, [row for row in rows if row.pk in events], events),
        "events": [events[row.pk] for row in rows if row.pk in events],
        "facets": [_facet(facet) for facet in found.facets],
        "chips": _chips(asked),
        "query": asked.query,
        "params": params,
        "periods": [(value, label, value == filters.period) for value, label in PERIODS.items()],
        "switches": [(name, label, name in filters.switches) for name, label in SWITCHES.items()],
        "quick": _quick(asked),
        "orders": _orders(asked),
        "views": {name: kit.query_string(params, vue=None if name == "liste" else name) or "?" for name in
                  ("liste", "mois", "carte")},
        "without_words": kit.query_string(params, q=None) or "?",
        "weekdays": WEEKDAYS,
        "month": _month(asked) if filters.view == "mois" else None,
        "map_url": reverse("agenda:event_points") + asked.query,
        "map_bounds": _bounds(asked) if filters.view == "carte" else "",
        "contours_url": base_map(filters.network) if filters.view == "carte" else "",
        "under_way": _under_way(asked, page),
        "radii": RADII,
        "unplaced": _unplaced(asked),
        "nothing_asked": filters.is_empty,
        "wider": _wider(asked),
        "corrected": found.corrected,
    }  # fmt: skip


def _groups(asked: kit.Asked, rows: list[Row], events: dict[int, Event]) -> list[tuple[str, list[Event]]]:
    """The page by day, in the order of dates; in one piece in another order."""
    if asked.filters.order != "date":
        return [("", [events[row.pk] for row in rows])]
    found = [
        (title, [events[row.pk] for row in group])
        for title, group in groupby(rows, key=lambda row: _day_of(asked, row))
    ]
    return [(title, group) for title, group in found if group]


def _day_of(asked: kit.Asked, row: Row) -> str:
    if row.starts_at is None:
        return _("Sur rendez-vous")
    if asked.programme.is_under_way(row):
        return _("En ce moment, et pour plusieurs jours")
    at = row.ends_at if asked.filters.is_past and row.ends_at else max(row.starts_at, asked.programme.window[0])
    day = at.astimezone(ZoneInfo(row.zone)).date()
    away = (day - asked.filters.today).days
    words = date_format(day, "l j F Y" if day.year != asked.filters.today.year else "l j F")
    prefix = {0: _("Aujourd'hui"), 1: _("Demain")}.get(away)
    return f"{prefix}, {words}" if prefix else words.capitalize()


def _under_way(asked: kit.Asked, page: Any) -> dict[str, Any] | None:
    """How many long ones are told on later pages, and where they are told at once."""
    if page.number > 1 or asked.filters.order != "date" or "longue" in asked.filters.switches:
        return None
    later = asked.programme.rows[len(page.object_list) :]
    count = sum(asked.programme.is_under_way(row) for row in later)
    return {"count": count, "url": kit.query_string(asked.params, longue="oui")} if count else None


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
    ranked = facet.name in ("departement", "acces", "niveau", "lieu")
    values = facet.values if ranked else sorted(facet.values, key=lambda value: not value.selected)
    count = _FIRST_VALUES if len(values) > _FIRST_VALUES + 2 else len(values)
    return {
        "name": facet.name,
        "label": facet.label,
        "first": [value for rank, value in enumerate(values) if rank < count or value.selected],
        "more": [value for value in values[count:] if not value.selected],
        "open": facet.name in _OPEN or bool(facet.selected),
        "chosen": len(facet.selected),
    }


def _chips(asked: kit.Asked) -> list[dict[str, Any]]:
    """What is applied, each with the address of the agenda without it."""
    filters, params = asked.filters, asked.params
    chips: list[dict[str, Any]] = []

    def add(kind: Any, label: Any, *names: str, drop: str = "", value: str = "") -> None:
        url = kit.query_string(params, **dict.fromkeys(names)) or "?"
        chips.append({"name": drop, "value": value, "kind": kind, "label": label, "url": url})

    if filters.q:
        add(_("Mots"), f"« {filters.q} »", "q", drop="q")
    if filters.has_period:
        add(_("Période"), filters.period_in_words(), "quand", "du", "au", "mois")
    if filters.near:
        label = _("à moins de %(km)d km de %(place)s") % {"km": filters.radius, "place": filters.near_label}
        add(_("Lieu"), label, "pres", "rayon", drop="pres")
    for name, label in SWITCHES.items():
        if name in filters.switches:
            add(_("Seulement"), label, name, drop=name, value="oui")
    if filters.age is not None:
        add(_("Âge"), _("%d ans") % filters.age, "age")
    if filters.organiser:
        add(_("Avec"), name_of_organiser(filters) or filters.organiser, "par")
    for name, value in asked.programme.chips():
        url = kit.toggled(params, name, value.value)
        chips.append({"name": name, "value": value.value, "kind": FACETS[name], "label": value.label, "url": url})
    return chips


def _quick(asked: kit.Asked) -> list[dict[str, Any]]:
    """What people ask most, one touch away; each adds to what is asked, or takes itself back."""
    params, filters = asked.params, asked.filters

    def link(label: Any, on: bool, **changes: Any) -> dict[str, Any]:
        wanted = dict.fromkeys(changes) if on else changes
        return {"label": label, "on": on, "url": kit.query_string(params, page=None, **wanted) or "?"}

    return [
        link(
            _("Aujourd'hui"), filters.period == "aujourdhui", quand="aujourdhui", du=None, au=None, mois=None, vue=None
        ),
        link(_("Ce week-end"), filters.period == "week-end", quand="week-end", du=None, au=None, mois=None, vue=None),
        link(_("Avec des enfants"), "enfants" in filters.switches, enfants="oui"),
        link(_("Gratuit"), "gratuit" in filters.switches, gratuit="oui"),
        {
            "label": _("Accessible en fauteuil"),
            "on": "mi" in filters.chosen.get("acces", []),
            "url": kit.toggled(params, "acces", "mi"),
        },
        link(_("À ne pas manquer"), "une" in filters.switches, une="oui"),
    ]


def _orders(asked: kit.Asked) -> list[tuple[str, Any, bool]]:
    labels = [("date", _("Date"))]
    if asked.filters.near:
        labels.append(("distance", _("Distance")))
    if asked.filters.q:
        labels.append(("pertinence", _("Pertinence")))
    return [("" if value == "date" else value, label, value == asked.filters.order) for value, label in labels]


def _month(asked: kit.Asked) -> dict[str, Any]:
    shown_month = month_of(asked.programme)
    first, params = shown_month.first, asked.params
    return {
        "grid": shown_month,
        "title": date_format(first, "F Y").capitalize(),
        "before": kit.query_string(params, mois=f"{month_before(first):%Y-%m}", quand=None, du=None, au=None),
        "after": kit.query_string(params, mois=f"{next_month(first):%Y-%m}", quand=None, du=None, au=None),
        "now": kit.query_string(params, mois=None, quand=None, du=None, au=None),
        "is_now": first == asked.filters.today.replace(day=1),
        "value": f"{first:%Y-%m}",
        "day_query": kit.query_string(params, vue=None, mois=None, quand=None, du=None, au=None, page=None).removeprefix("?"),
    }  # fmt: skip


def _bounds(asked: kit.Asked) -> str:
    points = [] if asked.filters.is_empty else asked.programme.points()
    return frame_of([(latitude, longitude) for _pk, latitude, longitude in points])


def _wider(asked: kit.Asked) -> dict[str, Any] | None:
    """What to change when nothing is found: a wider radius, or all that is to come."""
    if asked.programme.count:
        return None
    if asked.filters.near:
        for km in RADII:
            if km > asked.filters.radius and (count := programme(replace(asked.filters, radius=km)).count):
                return {"km": km, "count": count, "url": kit.query_string(asked.params, rayon=km)}
    if asked.filters.has_period:
        later = replace(asked.filters, period="", first=None, last=None, month=None, view="liste")
        if count := programme(later).count:
            changes = {"quand": None, "du": None, "au": None, "mois": None, "vue": None}
            return {"km": 0, "count": count, "url": kit.query_string(asked.params, **changes) or "?"}
    return None


@throttled("agenda.points", limit=600, seconds=600)
def points(request: HttpRequest) -> JsonResponse:
    """What is found as points of a map (GeoJSON), those at one place gathered by the map."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    found = asked.programme
    rows = [row for row in found.rows if row.point is not None][:POINTS]
    shown = Event.objects.told_to(request.viewer).filter(pk__in=[row.pk for row in rows])  # type: ignore[attr-defined]
    columns = ("title", "slug", "zone", "latitude", "longitude", "commune__name", "network__host")
    events = {event.pk: event for event in shown.select_related("commune", "network").only(*columns)}
    features = []
    for row in rows:
        if (event := events.get(row.pk)) is None:
            continue
        hue, shape = found.mark_of(row)
        when, _others = kit.when_in_words(event, row)
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [event.longitude, event.latitude]},
                "properties": {
                    "name": event.title,
                    "url": address_in(network, event),
                    "place": " – ".join(filter(None, [when, event.commune.name if event.commune else ""])),
                    "hue": hue,
                    "shape": shape,
                },
            }
        )
    content = {
        "type": "FeatureCollection",
        "count": found.count,
        "grouped": False,
        "bounds": None,
        "features": features,
    }
    return JsonResponse(content, json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})


def show_event(request: HttpRequest, slug: str) -> HttpResponse:
    network, viewer = network_of(request), request.viewer  # type: ignore[attr-defined]
    event = Event.objects.visible_to(viewer).filter(slug=slug).first()
    if event is None:
        if (kept := kept_for(slug, viewer)) is not None:
            return redirect(kept, permanent=True)
        raise Http404
    told = page_of_event(event.pk, viewer)
    event = told.event
    url = absolute_url(network, event.get_absolute_url())
    image_url = absolute_url(network, event.image.url) if event.image else ""
    may_edit = viewer.is_authenticated and bool(rules.may_edit(viewer, event))
    places = places_of([event.pk]).get(event.pk) if event.is_shown else None
    return render(
        request,
        "agenda/public/show.html",
        {
            "event": event,
            "told": told,
            "description": shown(event.description),
            "canonical": url,
            "image_url": image_url,
            "around": kit.cards(viewer, told.around),
            "parts": kit.cards(viewer, told.parts),
            "may_edit": may_edit,
            "linked": _linked(network, told, url, image_url, places),
            "is_hidden": viewer.is_authenticated and not event.is_shown,
            "places": places,
            "main_panels": event_main.panels(viewer, event),
            "side_panels": event_side.panels(viewer, event),
        },
    )


def _linked(network: Network, told: Told, url: str, image_url: str, places: Places | None) -> dict[str, Any]:
    organisers = [(each.name, absolute_url(network, each.url) if each.url else "") for each in told.organisers]
    parent = (told.parent.title, absolute_url(network, told.parent.get_absolute_url())) if told.parent else None
    themes = [term.label for term in told.terms["theme"]]
    dates = dates_to_link(told.event)
    held = (places.state, absolute_url(network, places.path)) if places is not None else None
    return linked_data(
        told.event, dates, url, image_url, organisers=organisers, parent=parent, themes=themes, places=held
    )
