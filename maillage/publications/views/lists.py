"""What the network publishes, in lists: articles, announcements, dossiers."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from maillage.core.doors import network_of
from maillage.core.mail import absolute_url
from maillage.core.pagination import page_links
from maillage.core.requests import query_before
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.publications import kit, rules
from maillage.publications.enums import Kind, Section
from maillage.publications.queries.filters import FACETS, ORDERS, OVER
from maillage.publications.queries.reading import cards
from maillage.publications.queries.selecting import Facet

_FIRST_VALUES = 6
_OPEN = {"nature", "type", "theme"}
WORDS: dict[str, dict[str, Any]] = {
    Section.ARTICLES: {
        "title": _lazy("Articles et portraits"),
        "lead": _lazy("Ce que racontent celles et ceux qui font vivre les sciences ici."),
        "empty": _lazy("Aucun article n'est encore paru"),
    },
    Section.ANNOUNCEMENTS: {
        "title": _lazy("Annonces"),
        "lead": _lazy("Emplois, stages, appels à participation, bénévolat, formations, prêts : ce qui se propose en ce moment."),
        "empty": _lazy("Aucune annonce n'est en cours"),
    },
    Section.DOSSIERS: {
        "title": _lazy("Dossiers"),
        "lead": _lazy("Un sujet, et tout ce que le réseau y a rassemblé : articles, événements, acteurs, liens."),
        "empty": _lazy("Aucun dossier n'est encore paru"),
    },
}  # fmt: skip


@require_safe
def list_publications(request: HttpRequest, section: str) -> HttpResponse:
    """htmx asks for the answer alone and is told the address that says it."""
    network = network_of(request)
    asked = kit.ask(request.GET, network, section)
    page = kit.page_of(asked.selection, request.GET.get("page"))
    address = reverse("publications:publication_list", args=[section])
    here = address + kit.query_string(asked.params, **({"page": page.number} if page.number > 1 else {}))
    swapped = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    if not swapped and "" in request.GET.dict().values():
        return redirect(here)  # What a form sends without script: its empty fields have no place in an address.
    context = list_context(asked, page) | {
        "page_links": page_links(page, asked.params),
        "canonical": absolute_url(network, here),
        "sections": Section.choices,
        "may_contribute": section != Section.DOSSIERS
        or bool(rules.may_contribute(request.viewer, Kind.DOSSIER)),  # type: ignore[attr-defined]
        "swapped": swapped,
    }  # fmt: skip
    response = render(request, f"publications/public/{'_answer' if swapped else 'list'}.html", context)
    if swapped:
        current = query_before(request)
        typing = bool(QueryDict(current).get("q", "")) and bool(asked.filters.q)
        response["HX-Replace-Url" if typing else "HX-Push-Url"] = here
    patch_vary_headers(response, ["HX-Request"])
    return response


def list_context(asked: kit.Asked, page: Any) -> dict[str, Any]:
    """What a list, its partial and its widget show."""
    filters, selection = asked.filters, asked.selection
    shown = cards(page.object_list)
    return {
        "section": filters.section,
        "words": WORDS[filters.section],
        "filters": filters,
        "count": page.paginator.count,
        "page": page,
        "publications": shown,
        "groups": _groups(selection.featured, shown),
        "facets": [_facet(facet) for facet in selection.facets],
        "chips": _chips(asked),
        "over": OVER,
        "has_over": filters.section == Section.ANNOUNCEMENTS,
        "orders": [("" if value == "recent" else value, label, value == filters.order) for value, label in
                   ORDERS.items()],
        "query": asked.query,
        "params": asked.params,
        "without_words": kit.query_string(asked.params, q=None) or "?",
        "nothing_asked": filters.is_empty,
        "corrected": selection.corrected,
    }  # fmt: skip


def _groups(featured: list[int], shown: list[Any]) -> list[tuple[str, list[Any]]]:
    """Those that head the list, then the others."""
    first = [card for card in shown if card.pk in featured]
    if not first:
        return [("", shown)]
    groups = [(_("À la une"), first), (_("Les plus récents"), shown[len(first) :])]
    return [(title, group) for title, group in groups if group]


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

    def add(kind: Any, label: Any, name: str, *, drop: bool = True, value: str = "", url: str = "") -> None:
        url = url or kit.query_string(params, **{name: None}) or "?"
        chips.append({"name": name if drop else "", "value": value, "kind": kind, "label": label, "url": url})

    if filters.q:
        add(_("Mots"), f"« {filters.q} »", "q")
    if filters.over:
        add(_("Avec"), _("annonces terminées"), OVER, value="oui")
    if filters.actor:
        add(_("Signé par"), _name_of(asked), "par", drop=False)
    for name, value in asked.selection.chips():
        add(FACETS[name], value.label, name, value=value.value, url=kit.toggled(params, name, value.value))
    return chips


def _name_of(asked: kit.Asked) -> str:
    """Of the actor asked for; its slug when the network does not show it."""
    shown = Actor.objects.visible_to(Viewer(network=asked.filters.network)).filter(slug=asked.filters.actor)
    return shown.values_list("name", flat=True).first() or asked.filters.actor
