"""The directory for everyone: the list of actors and the page of one."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from maillage.core.doors import network_of
from maillage.core.errors import Moved
from maillage.core.mail import absolute_url
from maillage.core.pagination import page_links
from maillage.core.requests import query_before, same_page
from maillage.core.richtext import shown
from maillage.core.viewer import Viewer
from maillage.directory import kit, rules
from maillage.directory.enums import VISITS, ActorKind, ListingState
from maillage.directory.models import Actor, Note
from maillage.directory.queries.base_map import base_map, frame_of
from maillage.directory.queries.filters import LABELS, RADII, TERM_PARAMS, Filters, select
from maillage.directory.queries.history import entries_about, history
from maillage.directory.queries.homes import keeps_home_private, point_told_of
from maillage.directory.queries.linked import linked_data
from maillage.directory.queries.locator import locator
from maillage.directory.queries.sheets import sheet_of
from maillage.directory.registry import actor_main, actor_side
from maillage.networks.models import Network
from maillage.territories.kit import CommuneInput
from maillage.topics.enums import Vocabulary

_FIRST_VALUES = 6  # Values of a facet shown before « plus ».
_LAST = 3  # Acts and notes shown beside a sheet; the others are one link away.
EXPORT_KINDS = [
    ("csv", "CSV", _lazy("pour un tableur")),
    ("xlsx", "Excel", _lazy("pour un tableur")),
    ("json", "JSON", _lazy("pour les programmes")),
    ("geojson", "GeoJSON", _lazy("pour les cartes")),
]
_OPEN = {"famille", "theme", "public", "departement"}


def list_actors(request: HttpRequest) -> HttpResponse:
    """The list; htmx asks for the answer alone and is told the address that says it."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    page = kit.page_of(asked.selection, request.GET.get("page"))
    params = asked.params.copy()
    if asked.unplaced is not None:
        params["pres"] = asked.unplaced.text
    if page.number > 1:
        params["page"] = str(page.number)
    address = reverse("directory:actor_list")
    here = address + kit.query_string(params)
    swapped = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    if not swapped and ("pres_text" in request.GET or "" in request.GET.dict().values()):
        return redirect(here)  # What a form sends without script: its empty fields have no place in an address.
    context = list_context(request, asked, page) | {
        "page_links": page_links(page, asked.params),
        "canonical": absolute_url(network, here),
        "orders": _orders(asked),
        "place_box": _place_box(asked),
        "swapped": swapped,
    }
    response = render(request, "directory/public/_answer.html" if swapped else "directory/public/list.html", context)
    if swapped:
        # Words being typed make one step of the history, not one a letter.
        typing = bool(_words_before(request)) and bool(asked.filters.q)
        response["HX-Replace-Url" if typing else "HX-Push-Url"] = here
    patch_vary_headers(response, ["HX-Request"])
    return response


def list_places(request: HttpRequest) -> HttpResponse:
    """The section of the places to visit is the directory narrowed to them: its filters, map and outputs are the same."""
    network_of(request)
    return redirect(f"{reverse('directory:actor_list')}?{urlencode({'action': VISITS})}")


def _words_before(request: HttpRequest) -> str:
    """The words of the page from which htmx asks."""
    current = query_before(request)
    return QueryDict(current).get("q", "")


def list_context(request: HttpRequest, asked: kit.Asked, page: Any) -> dict[str, Any]:
    """What the list, its partial and its widget show."""
    filters, params = asked.filters, asked.params
    return {
        "filters": filters,
        "count": asked.selection.count,
        "page": page,
        "actors": kit.cards(request.viewer, page.object_list, filters.near),  # type: ignore[attr-defined]
        "facets": [_facet(facet, params) for facet in asked.selection.facets],
        "chips": _chips(asked),
        "query": asked.query,
        "params": params,
        "views": {
            "liste": kit.query_string(params, vue=None) or "?",
            "carte": kit.query_string(params, vue="carte"),
            "without_words": kit.query_string(params, q=None) or "?",
        },
        "wider": _wider(asked),
        "map_url": reverse("directory:actor_points") + asked.query,
        "map_bounds": _bounds(asked) if filters.view == "carte" else "",
        "contours_url": base_map(asked.filters.network) if filters.view == "carte" else "",
        "export_kinds": EXPORT_KINDS,
        "radii": RADII,
        "unplaced": _unplaced(asked),
        "nothing_asked": filters.is_empty,
        "of_visits": filters.chosen.get("action") == [VISITS],
        "corrected": asked.selection.corrected,
    }


def _place_box(asked: kit.Asked) -> str:
    """The box of the place: the commune by its name, one's own position, or what was typed and not understood."""
    text = asked.unplaced.text if asked.unplaced else asked.filters.near_label
    attrs = {"id": "pres", "placeholder": _("commune ou code postal")}
    return CommuneInput().render("pres", (asked.params.get("pres", ""), text), attrs)


def _unplaced(asked: kit.Asked) -> dict[str, Any] | None:
    """The place that was not understood, with the address of the list around each commune it may mean."""
    if asked.unplaced is None:
        return None
    kept = {"rayon": asked.filters.radius} if asked.filters.radius != Filters.radius else {}
    choices = [
        (found, kit.query_string(asked.params, pres=found.commune.code, **kept)) for found in asked.unplaced.choices
    ]
    return {"text": asked.unplaced.text, "choices": choices}


def _facet(facet: Any, params: Any) -> dict[str, Any]:
    """A facet whose chosen values are never hidden under « plus »: first, or at their rank where the order is known."""
    ranked = facet.name in ("departement", "acces")
    values = facet.values if ranked else sorted(facet.values, key=lambda value: not value.selected)
    shown = _FIRST_VALUES if len(values) > _FIRST_VALUES + 2 else len(values)
    return {
        "name": facet.name,
        "label": facet.label,
        "first": [value for rank, value in enumerate(values) if rank < shown or value.selected],
        "more": [value for value in values[shown:] if not value.selected],
        "open": facet.name in _OPEN or bool(facet.selected),
        "chosen": len(facet.selected),
    }


def _chips(asked: kit.Asked) -> list[dict[str, Any]]:
    """What is applied, each with the address of the list without it."""
    filters, params = asked.filters, asked.params
    chips: list[dict[str, Any]] = []
    if filters.q:
        url = kit.query_string(params, q=None) or "?"
        chips.append({"name": "q", "kind": _("Mots"), "label": f"« {filters.q} »", "url": url})
    if filters.near:
        label = _("à moins de %(km)d km de %(place)s") % {"km": filters.radius, "place": filters.near_label}
        url = kit.query_string(params, pres=None, rayon=None) or "?"
        chips.append({"name": "pres", "kind": _("Lieu"), "label": label, "url": url})
    for name, value in asked.selection.chips():
        url = kit.toggled(params, name, value.value)
        chips.append({"name": name, "value": value.value, "kind": LABELS[name], "label": value.label, "url": url})
    return chips


def _bounds(asked: kit.Asked) -> str:
    """The frame of what was found; the whole network when all is asked."""
    points = [] if asked.filters.is_empty else asked.selection.points()
    return frame_of([(latitude, longitude) for _pk, latitude, longitude in points])


def _wider(asked: kit.Asked) -> dict[str, Any] | None:
    """The next radius within which there is someone, offered when there is nobody within this one."""
    if not asked.filters.near or asked.selection.count:
        return None
    for km in RADII:
        if km > asked.filters.radius and (count := select(replace(asked.filters, radius=km)).count):
            return {"km": km, "count": count, "url": kit.query_string(asked.params, rayon=km)}
    return None


def _orders(asked: kit.Asked) -> list[tuple[str, Any, bool]]:
    """Orders that mean something here: (value, label, in force)."""
    labels = [("nom", _("Nom")), ("recent", _("Arrivée dans l'annuaire"))]
    if asked.filters.near:
        labels.insert(0, ("distance", _("Distance")))
    if asked.filters.q:
        labels.insert(0, ("pertinence", _("Pertinence")))
    usual = kit.default_order(asked.filters)
    # The usual order has no value: it gives way when another becomes usual, as distance does once a place is named.
    return [("" if value == usual else value, label, value == asked.filters.order) for value, label in labels]


def show_actor(request: HttpRequest, slug: str) -> HttpResponse:
    network, viewer = network_of(request), request.viewer  # type: ignore[attr-defined]
    visible = Actor.objects.visible_to(viewer)
    related = ("family", "commune", "commune__department", "commune__epci")
    actor = actor_at(request, slug, visible.select_related(*related).prefetch_related("terms", "zone"))
    sheet = sheet_of(actor, viewer)
    around = {card.pk: card for card in kit.cards(viewer, [*sheet.near, *sheet.similar], point_told_of(actor))}
    url = absolute_url(network, actor.get_absolute_url())
    image_url = absolute_url(network, actor.image.url) if actor.image else ""
    themes = sheet.terms[Vocabulary.THEME]
    parent = visible.filter(pk=actor.parent_id).first() if actor.parent_id else None
    return render(
        request,
        "directory/public/show.html",
        {
            "actor": actor,
            "sheet": sheet,
            "vocabulary_rows": _vocabulary_rows(sheet.terms),
            "zone": list(actor.zone.all()),
            "description": shown(actor.description),
            "near": [around[pk] for pk in sheet.near if pk in around],
            "similar": [around[pk] for pk in sheet.similar if pk in around],
            "parent": parent,
            "branches": list(visible.current().filter(parent=actor).select_related("commune")[:20]),
            "is_person": actor.kind == ActorKind.PERSON,
            "shows_contact": actor.shows_contact,
            "shows_address": not keeps_home_private(actor.kind, actor.contact_is_public),
            "languages": kit.language_names(actor.languages),
            "accesses": kit.access_names(actor.place_access),
            "canonical": url,
            "image_url": image_url,
            "linked": linked_data(actor, url, image_url, [term.label for term in themes], parent),
            "unpublished": _unpublished(actor, viewer),
            "locator": locator(actor),
            "team": (team := _team_panel(actor, viewer)),
            "claimable": not (team and team["may_edit"]) and _may_be_claimed(actor, network),
            "main_panels": actor_main.panels(viewer, actor),
            "side_panels": actor_side.panels(viewer, actor),
        },
    )


def _may_be_claimed(actor: Actor, network: Network) -> bool:
    """Offered to everyone, whether somebody looks after the sheet or nobody does."""
    return actor.home_network_id == network.pk and actor.archived_at is None


def _team_panel(actor: Actor, viewer: Viewer) -> dict[str, Any] | None:
    """What only those who look after the sheet see beside it; None for everyone else."""
    may_edit = viewer.is_authenticated and bool(rules.may_edit(viewer, actor))
    if not (may_edit or viewer.runs_network):
        return None
    entries = entries_about(actor, viewer)[:_LAST] if viewer.runs_network else []
    notes = Note.objects.visible_to(viewer).filter(actor=actor).select_related("author")
    return {
        "may_edit": may_edit,
        "runs_network": viewer.runs_network,
        "history": history(entries, viewer),
        "notes": notes[:_LAST],
    }


def _vocabulary_rows(terms: dict[str, list[Any]]) -> list[tuple[Any, str, list[Any]]]:
    """(label, parameter of the list, terms) of the vocabularies that say something of the actor."""
    return [(LABELS[param], param, terms[name]) for param, name in TERM_PARAMS.items() if terms[name]]


def _unpublished(actor: Actor, viewer: Viewer) -> bool:
    """Whether this reader sees what others do not (one query, for signed-in readers only)."""
    if not viewer.is_authenticated:
        return False
    return not actor.listings.filter(network=viewer.network_id, state=ListingState.PUBLISHED).exists()


def actor_at(request: HttpRequest, slug: str, visible: QuerySet[Actor]) -> Actor:
    """The actor of a public address. Every page under a former address leads to the same one under the present address; what
    was to be sent from there is not."""
    if (actor := visible.filter(slug=slug).first()) is not None:
        return actor
    if (now := visible.filter(former_slugs__slug=slug).values_list("slug", flat=True).first()) is None:
        raise Http404
    if request.method in ("GET", "HEAD"):
        raise Moved(same_page(request, slug=now))
    sentence = _("L'adresse de cette fiche a changé, rien n'a été envoyé : la voici.")
    raise Moved(reverse("directory:actor_show", args=[now]), sentence)
