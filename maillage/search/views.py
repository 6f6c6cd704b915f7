"""The search of the whole site: one page of results over all kinds with its facets, and suggestions as one types."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.core.facets import AppliedFilter, Facet, FacetChoice
from maillage.core.pagination import with_params
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.networks.models import Network
from maillage.networks.queries import departments_of
from maillage.search import queries
from maillage.search.queries import When
from maillage.search.queries.asking import Results
from maillage.search.queries.facets import Counts
from maillage.search.queries.reading import PLACES, Asked, asked_for, words_of_address
from maillage.search.registry import sources
from maillage.territories.kit import CommuneField, CommuneInput, shown_commune
from maillage.territories.models import Territory

PER_PAGE = 20
NARROWING = ("nature", "theme", "departement", "quand", *PLACES)


@require_safe
def show_results(request: Request) -> HttpResponse:
    """All kinds together, or those of `nature`."""
    near, near_text, unplaced = _place(request.GET, request.network)
    asked = asked_for(request.GET, request.network, near)
    results, page = Results(), None
    if asked.text and request.network is not None and asked.sources:
        results, page = _page(request, asked)
    counts = results.counts or Counts()
    labels = {source.kind: source for source in asked.sources}
    held = [(source, counts.kinds[source.kind]) for source in asked.sources if counts.kinds[source.kind]]
    context: dict[str, Any] = {
        "asked": asked,
        "results": results,
        "rows": [(hit, labels.get(hit.kind)) for hit in results.hits],
        "page": page,
        "kinds": held,
        "all_kinds": sum(number for _source, number in held),
        "facets": _facets(asked, counts),
        "applied": _applied(asked, request.GET),
        "without_filters": with_params(request.GET, page=None, pres=None, pres_text=None, **dict.fromkeys(NARROWING)),
        "place_box": CommuneInput().render(
            "pres", (near.code if near else "", near_text), {"id": "pres", "placeholder": _("commune ou code postal")}
        ),
        "unplaced": unplaced,
        "kept": _kept(request.GET),
    }
    return render(request, "search/results.html", context)


def _page(request: Request, asked: Asked) -> tuple[Results, Page]:
    """A page of results; a number out of range shows the nearest page."""
    wanted = min(whole_number(request.GET.get("page", "1")) or 1, 1000)

    def ask(page_number: int) -> Results:
        return queries.search(
            request.network,
            asked.text,
            narrowing=asked.narrowing,
            public=not request.viewer.runs_network,
            counts=True,
            limit=PER_PAGE,
            offset=max(page_number - 1, 0) * PER_PAGE,
        )

    results = ask(wanted)
    page = Paginator(range(results.reachable), PER_PAGE).get_page(wanted)
    return (results if page.number == wanted else ask(page.number)), page


def _place(params: QueryDict, network: Network | None) -> tuple[Territory | None, str, str]:
    """The commune from which one looks, how it is written in its box, and what was typed when no commune is meant."""
    given = CommuneInput().value_from_datadict(params, None, "pres")  # type: ignore[arg-type]
    code, text = (each.replace("\x00", "").strip()[:80] for each in given)
    if not (code or text):
        return None, "", ""
    field = CommuneField(required=False, within=lambda: {each.pk for each in departments_of(network)})
    try:
        commune = field.clean((code, text))
    except ValidationError:
        return None, text, text
    return commune, shown_commune(commune) if commune else "", ""


def _kept(params: QueryDict) -> list[tuple[str, str]]:
    """What the form of facets sends along: the words and the place, as they are."""
    return [(name, str(params[name])) for name in ("q", "pres", "pres_text", "nature") if params.get(name)]


def _facets(asked: Asked, counts: Counts) -> list[Facet]:
    """Facets with something to choose."""
    themes = [
        FacetChoice(term.slug, term.label, counts.themes[pk], pk in asked.chosen_themes)
        for pk, term in asked.themes.items()
        if counts.themes[pk] or pk in asked.chosen_themes
    ]
    codes = sorted({*counts.departments, *asked.departments})
    names = dict(Territory.objects.departments().filter(code__in=codes).values_list("code", "name")) if codes else {}
    places = [
        FacetChoice(code, names[code], counts.departments[code], code in asked.departments)
        for code in codes
        if code in names
    ]
    times = [
        FacetChoice(part.value, part.label, counts.when[part], part in asked.when)
        for part in When
        if counts.when[part] or part in asked.when
    ]
    facets = [
        Facet("quand", _("Date"), times, opened=True),
        Facet("departement", _("Département"), places, opened=True),
        Facet("theme", _("Thématique"), themes, opened=True),
    ]
    return [
        facet
        for facet in facets
        if facet.selected_count or any(choice.count != counts.total for choice in facet.choices)
    ]


def _applied(asked: Asked, params: QueryDict) -> list[AppliedFilter]:
    """What narrows the results, each with the address of the results without it."""

    def without(name: str, value: str) -> str:
        left = [each for each in params.getlist(name) if each.upper() != value.upper()]
        return with_params(params, **{name: left or None, "page": None})

    applied = [AppliedFilter(part.label, without("quand", part.value)) for part in asked.when]
    if asked.departments:
        places = Territory.objects.departments().filter(code__in=asked.departments).order_by("code")
        applied += [AppliedFilter(place.name, without("departement", place.code)) for place in places]
    for place in asked.places:
        applied.append(AppliedFilter(place.name, with_params(params, commune=None, epci=None, page=None)))
    for pk in asked.chosen_themes:
        term = asked.themes[pk]
        applied.append(AppliedFilter(term.label, without("theme", term.slug)))
    if asked.near:
        label = _("près de %(place)s d'abord") % {"place": asked.near.name}
        applied.append(AppliedFilter(label, with_params(params, pres=None, pres_text=None, page=None)))
    return applied


@require_safe
def show_suggestions(request: Request) -> HttpResponse:
    """A fragment of page, or `format=json` as the comboboxes read it."""
    text = words_of_address(request.GET)
    public = not request.viewer.runs_network
    found = queries.suggest(request.network, text, public=public) if text and request.network else Results()
    named = {source.kind: str(source.label_of_one) for source in sources()}
    rows = [(hit, hit.subtitle or named.get(hit.kind, "")) for hit in found.hits]
    if request.GET.get("format") == "json":
        return JsonResponse([{"value": hit.url, "label": hit.title, "detail": told} for hit, told in rows], safe=False)
    return render(request, "search/_suggestions.html", {"text": text, "results": found, "rows": rows})
