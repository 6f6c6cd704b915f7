"""What leaves the agenda: calendars, data, and the list framed in other people's pages. None holds what is not shown to all,
whoever asks."""

from hashlib import blake2s
from typing import Any, TypeVar

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import condition

from maillage.agenda import kit
from maillage.agenda.models import Event
from maillage.agenda.queries.calendars import calendar_parts, to_follow
from maillage.agenda.queries.filters import SWITCHES
from maillage.agenda.queries.openagenda import KEYS, openagenda_events
from maillage.agenda.queries.rows import COLUMNS, public_rows
from maillage.agenda.queries.science import COLUMNS as SCIENCE
from maillage.agenda.queries.science import science_rows
from maillage.agenda.views.public import list_context
from maillage.core.doors import network_of
from maillage.core.mail import absolute_url
from maillage.core.throttle import throttled
from maillage.exchange.kit import export_response
from maillage.networks.models import Network

EXPORT_KINDS = [
    ("csv", "CSV", gettext_lazy("pour un tableur")),
    ("xlsx", "Excel", gettext_lazy("pour un tableur")),
    ("json", "JSON", gettext_lazy("pour les programmes")),
    ("geojson", "GeoJSON", gettext_lazy("pour les cartes")),
]
WIDGET_EVENTS = 12
Answer = TypeVar("Answer", bound=HttpResponseBase)
CALENDAR = "text/calendar; charset=utf-8"


def _version(request: HttpRequest, **named: str) -> str | None:
    """What an answer depends on: nothing of it changes without a recorded act, nor before the next day."""
    network: Network | None = request.network  # type: ignore[attr-defined]
    if network is None:
        return None
    parts = (network.pk, network.content_version, timezone.localdate().isoformat(), request.get_full_path())
    return f'W/"{blake2s(repr(parts).encode(), digest_size=12).hexdigest()}"'


@throttled("agenda.calendar", limit=300, seconds=3600)
@condition(etag_func=_version)
def follow_calendar(request: HttpRequest) -> HttpResponseBase:
    """This agenda as a calendar to subscribe to; streamed, and 304 to who has it."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    found = to_follow(asked.programme)
    parts = calendar_parts(network, found.ids, base=absolute_url(network, ""), name=_title(asked), window=found.window)
    return _unlisted(StreamingHttpResponse(parts, content_type=CALENDAR))


@throttled("agenda.calendar_event", limit=300, seconds=3600)
@condition(etag_func=_version)
def take_event(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One event with all its dates, to put in one's own calendar."""
    network = network_of(request)
    event = Event.objects.visible_to(request.viewer).shown().filter(slug=slug).first()  # type: ignore[attr-defined]
    if event is None or not event.timings.exists():
        raise Http404
    parts = calendar_parts(network, [event.pk], base=absolute_url(network, ""))
    response = HttpResponse(b"".join(parts), content_type=CALENDAR)
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    return _unlisted(response)


def _title(asked: kit.Asked) -> str:
    """« Agenda – Réseau d'Occitanie (Astronomie, Lot) »: what tells two subscriptions apart."""
    filters = asked.filters
    told = [f"« {filters.q} »"] if filters.q else []
    told += [filters.period_in_words()] if filters.has_period else []
    told += [filters.near_label] if filters.near else []
    told += [str(label) for name, label in SWITCHES.items() if name in filters.switches]
    told += [str(value.label) for _name, value in asked.programme.chips()]
    title = _("Agenda – %s") % filters.network.name
    return f"{title} ({', '.join(told)})" if told else title


@throttled("agenda.export", limit=30, seconds=3600)
def export_events(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What is found as a file, without page; streamed, so that a worker stays small."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    rows = public_rows(asked.programme, absolute_url(network, ""))
    names = [column.name for column in COLUMNS]
    response = export_response(
        kind,
        columns=[column.title for column in COLUMNS] if kind in ("csv", "xlsx") else names,
        rows=([_cell(row[name], kind) for name in names] for row in rows),
        filename=f"agenda {network.slug}",
        title=_("Agenda"),
        point=("latitude", "longitude"),
        key="id",
        about=_about(asked),
        listed="events",
    )
    return _unlisted(response)


@throttled("agenda.export", limit=30, seconds=3600)
def export_openagenda(request: HttpRequest) -> HttpResponseBase:
    """What is found in the shape of OpenAgenda, read by the tools that know it."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    base = absolute_url(network, "")
    origin = {"uid": network.pk, "title": network.name, "url": base + reverse("agenda:event_list")}
    response = export_response(
        "json",
        columns=KEYS,
        rows=([event[key] for key in KEYS] for event in openagenda_events(asked.programme, base, origin)),
        filename=f"openagenda {network.slug}",
        about={"total": asked.programme.count, "success": True},
        listed="events",
    )
    return _unlisted(response)


@throttled("agenda.export", limit=30, seconds=3600)
def export_science(request: HttpRequest) -> HttpResponseBase:
    """What is found under the columns of the open data of the Fête de la science, for who gathers its programme."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    rows = science_rows(asked.programme, absolute_url(network, ""))
    response = export_response(
        "csv",
        columns=SCIENCE,
        rows=([row[name] for name in SCIENCE] for row in rows),
        filename=f"fete de la science {network.slug}",
    )
    return _unlisted(response)


def _cell(value: Any, kind: str) -> Any:
    """Programs read true and false; people, words."""
    return (_("oui") if value else _("non")) if isinstance(value, bool) and kind == "csv" else value


def _about(asked: kit.Asked) -> dict[str, Any]:
    network = asked.filters.network
    return {
        "network": network.name,
        "url": absolute_url(network, reverse("agenda:event_list") + asked.query),
        "count": asked.programme.count,
    }


def embed_events(request: HttpRequest) -> HttpResponse:
    """How to put this agenda in another site: the snippet, and what else it gives."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    calendar_url = absolute_url(network, reverse("agenda:event_calendar") + asked.query)
    context = {
        "count": asked.programme.count,
        "query": asked.query,
        "widget_url": absolute_url(network, reverse("agenda:event_widget") + asked.query),
        "calendar_url": calendar_url,
        "subscribe_url": "webcal:" + calendar_url.split(":", 1)[1],  # Opens the calendar of the device.
        "export_kinds": EXPORT_KINDS,
    }
    return render(request, "agenda/public/embed.html", context)


@csp_replace({"frame-ancestors": ["*"]})
def show_widget(request: HttpRequest) -> HttpResponse:
    """The agenda framed in other sites: no cookie, no form, links that say that they leave the frame."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    page = kit.page_of(asked.programme.rows, request.GET.get("page"), WIDGET_EVENTS)
    context = list_context(request, asked, page) | {
        "list_url": absolute_url(network, reverse("agenda:event_list") + asked.query)
    }
    return render(request, "agenda/public/widget.html", context)


def _unlisted(response: Answer) -> Answer:
    response["X-Robots-Tag"] = "noindex"
    return response
