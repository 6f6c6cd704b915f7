"""What leaves the catalogue: data, and lists framed in other people's pages. None holds what is not shown to all, whoever asks."""

from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from maillage.catalogue import kit
from maillage.catalogue.queries.rows import COLUMNS, public_rows
from maillage.catalogue.views.lists import list_context
from maillage.core.doors import network_of
from maillage.core.mail import absolute_url
from maillage.core.throttle import throttled
from maillage.exchange.kit import export_response

EXPORT_KINDS = [
    ("csv", "CSV", gettext_lazy("pour un tableur")),
    ("xlsx", "Excel", gettext_lazy("pour un tableur")),
    ("json", "JSON", gettext_lazy("pour les programmes")),
]
WIDGET_RESOURCES = 8


@throttled("catalogue.export", limit=30, seconds=3600)
@require_safe
def export_resources(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What is found as a file, without page; streamed, so that a worker stays small."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    names = [column.name for column in COLUMNS]
    rows = public_rows(network, asked.selection, absolute_url(network, ""))
    response = export_response(
        kind,
        columns=names if kind == "json" else [column.title for column in COLUMNS],
        rows=([row[name] for name in names] for row in rows),
        filename=f"ressources {network.slug}",
        title=_("Ressources"),
        about={
            "network": network.name,
            "url": absolute_url(network, reverse("catalogue:resource_list") + asked.query),
            "count": asked.selection.count,
        },
        listed="resources",
    )
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def embed_resources(request: HttpRequest) -> HttpResponse:
    """How to put this list in another site: the snippet, and what else it gives."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)

    def url(name: str) -> str:
        return absolute_url(network, reverse(f"catalogue:{name}") + asked.query)

    context: dict[str, Any] = {
        "count": asked.selection.count,
        "query": asked.query,
        "widget_url": url("resource_widget"),
        "feed_url": url("resource_feed"),
        "oai_url": absolute_url(network, reverse("catalogue:oai")),
        "export_kinds": EXPORT_KINDS,
    }
    return kit.as_long_as_true(render(request, "catalogue/public/embed.html", context), asked)


@csp_replace({"frame-ancestors": ["*"]})
@require_safe
def show_widget(request: HttpRequest) -> HttpResponse:
    """A list framed in other sites: no cookie, no form, links that say that they leave the frame."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    page = kit.page_of(asked.selection, request.GET.get("page"), WIDGET_RESOURCES)
    list_url = absolute_url(network, reverse("catalogue:resource_list") + asked.query)
    shown = render(request, "catalogue/public/widget.html", list_context(asked, page) | {"list_url": list_url})
    return kit.as_long_as_true(shown, asked)
