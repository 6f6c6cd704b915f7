"""The charter for everyone: its text, its former texts, who signed it."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.doors import network_of
from maillage.core.mail import absolute_url
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.richtext import shown
from maillage.core.throttle import throttled
from maillage.directory.forms.charter import WallForm
from maillage.directory.models import CharterVersion
from maillage.directory.queries.charter import calendar_of, lines_of, signatories
from maillage.exchange.kit import export_response
from maillage.networks.models import Network

PER_PAGE = 50
_CHUNK = 500


def show_charter(request: Request) -> HttpResponse:
    """The text in effect, else the one to come."""
    calendar = calendar_of(network_of(request))
    return _page(request, calendar.current(timezone.localdate()) or calendar.latest)


def show_version(request: Request, major: int, minor: int) -> HttpResponse:
    versions = CharterVersion.objects.visible_to(request.viewer).published()
    network_of(request)
    found = versions.filter(major=major, minor=minor).first()
    if found is None:
        raise Http404
    return _page(request, found)


def _page(request: Request, version: CharterVersion | None) -> HttpResponse:
    network, today = network_of(request), timezone.localdate()
    calendar = calendar_of(network)
    current = calendar.current(today)
    context: dict[str, Any] = {
        "version": version,
        "body": shown(version.body, trusted=True) if version else "",
        "current": current,
        "is_current": version is not None and current is not None and version.pk == current.pk,
        "is_to_come": version is not None and version.effective_on is not None and version.effective_on > today,
        "versions": list(reversed(calendar.versions)),
        "count": signatories(network).count(),
        "latest": calendar.latest,
    }
    return render(request, "directory/charter/show.html", context)


def show_wall(request: Request) -> HttpResponse:
    network = network_of(request)
    form = WallForm(request.GET, network=network)
    chosen = form.chosen()
    page = paginate(_found(network, chosen), request.GET, per_page=PER_PAGE)
    context = {
        "form": form,
        "is_filtered": any(chosen.values()),
        "page": page,
        "lines": lines_of(network, list(page.object_list)),
        "query": request.GET.urlencode(),
    }
    return render(request, "directory/charter/wall.html", context)


def _found(network: Network, chosen: dict[str, str]) -> Any:
    return signatories(network, family=chosen["famille"], department=chosen["departement"])


@throttled("directory.export", limit=30, seconds=3600)
def export_wall(request: Request) -> HttpResponseBase:
    """The whole list, in a file that spreadsheets open safely."""
    network = network_of(request)
    actors = _found(network, WallForm(request.GET, network=network).chosen())

    def rows() -> Iterator[list[Any]]:
        ids = list(actors.values_list("pk", flat=True))
        for start in range(0, len(ids), _CHUNK):
            for line in lines_of(network, list(actors.filter(pk__in=ids[start : start + _CHUNK]))):
                actor = line.actor
                place = actor.commune
                yield [
                    actor.name,
                    actor.family.label if actor.family else "",
                    place.name if place else "",
                    place.department.name if place and place.department else "",
                    line.since,
                    line.signer,
                    line.capacity,
                    absolute_url(network, reverse("directory:actor_show", args=[actor.slug])),
                ]

    columns = [
        _("Nom"), _("Famille"), _("Commune"), _("Département"), _("Signataire depuis"), _("Signée par"), _("Qualité"), _("Page"),
    ]  # fmt: skip
    return export_response("csv", columns=columns, rows=rows(), filename=f"signataires {network.slug}")
