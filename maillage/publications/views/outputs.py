"""What leaves the publications: data, and lists framed in other people's pages. None holds what is over, nor what is not shown
to all, whoever asks."""

from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from maillage.core.doors import network_of
from maillage.core.mail import absolute_url
from maillage.core.throttle import throttled
from maillage.exchange.kit import export_response
from maillage.publications import kit
from maillage.publications.enums import Section
from maillage.publications.queries.filters import OVER
from maillage.publications.queries.rows import COLUMNS, public_rows
from maillage.publications.views.lists import WORDS, list_context

EXPORT_KINDS = [
    ("csv", "CSV", gettext_lazy("pour un tableur")),
    ("xlsx", "Excel", gettext_lazy("pour un tableur")),
    ("json", "JSON", gettext_lazy("pour les programmes")),
]
WIDGET_PUBLICATIONS = 8


@throttled("publications.export", limit=30, seconds=3600)
@require_safe
def export_publications(request: HttpRequest, section: str, kind: str) -> HttpResponseBase:
    """What is found as a file, without page; streamed, so that a worker stays small."""
    network = network_of(request)
    asked = kit.ask(request.GET, network, section, outgoing=True)
    names = [column.name for column in COLUMNS]
    rows = public_rows(network, asked.selection, absolute_url(network, ""))
    response = export_response(
        kind,
        columns=names if kind == "json" else [column.title for column in COLUMNS],
        rows=([row[name] for name in names] for row in rows),
        filename=f"{section} {network.slug}",
        title=str(Section(section).label),
        about={
            "network": network.name,
            "url": absolute_url(network, reverse("publications:publication_list", args=[section]) + asked.query),
            "count": asked.selection.count,
        },
        listed="publications",
    )
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def embed_publications(request: HttpRequest, section: str) -> HttpResponse:
    """How to put this list in another site: the snippet, and what else it gives."""
    network = network_of(request)
    asked = kit.ask(request.GET, network, section, outgoing=True)
    feed_url = absolute_url(network, reverse("publications:publication_feed", args=[section]))
    context: dict[str, Any] = {
        "section": section,
        "words": WORDS[section],
        "count": asked.selection.count,
        "query": asked.query,
        "widget_url": absolute_url(network, reverse("publications:publication_widget", args=[section]) + asked.query),
        "feed_url": feed_url + asked.query,
        "whole_feed_url": feed_url + kit.query_string(asked.params, without=("tri", OVER), texte="complet"),
        "export_kinds": EXPORT_KINDS,
    }
    return render(request, "publications/public/embed.html", context)


@csp_replace({"frame-ancestors": ["*"]})
@require_safe
def show_widget(request: HttpRequest, section: str) -> HttpResponse:
    """A list framed in other sites: no cookie, no form, links that say that they leave the frame."""
    network = network_of(request)
    asked = kit.ask(request.GET, network, section, outgoing=True)
    page = kit.page_of(asked.selection, request.GET.get("page"), WIDGET_PUBLICATIONS)
    list_url = absolute_url(network, reverse("publications:publication_list", args=[section]) + asked.query)
    return render(request, "publications/public/widget.html", list_context(asked, page) | {"list_url": list_url})
