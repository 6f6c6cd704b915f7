"""The quick search of the whole site, and its suggestions as one types."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.search import queries
from maillage.search.queries import Hit, Results
from maillage.search.registry import SearchSource, sources

PER_PAGE = 20
PER_GROUP = 5


@dataclass(frozen=True)
class Group:
    """The first hits of a kind, and how many there are."""

    source: SearchSource
    hits: list[Hit]
    total: int


def _asked(request: Request) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:200]


@require_safe
def show_results(request: Request) -> HttpResponse:
    """Grouped by kind, or the pages of one kind (`nature`)."""
    text = _asked(request)
    public = not request.viewer.runs_network
    shown = sources()
    kind = request.GET.get("nature", "")
    chosen = next((source for source in shown if source.kind == kind), None)
    context: dict[str, Any] = {
        "text": text,
        "chosen": chosen,
        "results": Results(),
        "groups": [],
        "kinds": [],
        "total": 0,
        "page": None,
    }
    if text and request.network is not None and shown:
        totals = queries.counts(request.network, text, [source.kind for source in shown], public=public)
        held = [source for source in shown if totals[source.kind]]
        if chosen is None and len(held) == 1:
            chosen = held[0]
        context["kinds"] = [(source, totals[source.kind]) for source in held]
        context["total"] = sum(totals.values())
        if chosen is not None:
            context["results"], context["page"] = _page(request, text, chosen, public=public)
        else:
            found = {
                source: queries.search(request.network, text, kinds=[source.kind], public=public, limit=PER_GROUP)
                for source in held
            }
            context["groups"] = [Group(source, each.hits, totals[source.kind]) for source, each in found.items()]
            context["results"] = next(iter(found.values()), Results())
    return render(request, "search/results.html", context)


def _page(request: Request, text: str, source: SearchSource, *, public: bool) -> tuple[Results, Page]:
    """A page of one kind; a number out of range shows the nearest page."""
    wanted = min(whole_number(request.GET.get("page", "1")) or 1, 1000)

    def ask(page_number: int) -> Results:
        offset = max(page_number - 1, 0) * PER_PAGE
        return queries.search(request.network, text, kinds=[source.kind], public=public, limit=PER_PAGE, offset=offset)

    results = ask(wanted)
    page = Paginator(range(results.reachable), PER_PAGE).get_page(wanted)
    return (results if page.number == wanted else ask(page.number)), page


@require_safe
def show_suggestions(request: Request) -> HttpResponse:
    """A fragment of page, or `format=json` as the comboboxes read it."""
    text = _asked(request)
    public = not request.viewer.runs_network
    found = queries.suggest(request.network, text, public=public) if text and request.network else Results()
    if request.GET.get("format") == "json":
        rows = [{"value": hit.url, "label": hit.title, "detail": hit.subtitle} for hit in found.hits]
        return JsonResponse(rows, safe=False)
    return render(request, "search/_suggestions.html", {"text": text, "results": found})
