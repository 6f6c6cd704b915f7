"""Pieces of the agenda lent to the apps above: the agenda of an address, pages of events, cards in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.agenda.models import Event
from maillage.agenda.queries.filters import FACETS, SWITCHES, Filters
from maillage.agenda.queries.period import Row
from maillage.agenda.queries.programme import Programme, programme
from maillage.agenda.queries.wording import hour
from maillage.core.dates import date_format
from maillage.core.viewer import Viewer
from maillage.directory.kit import Unplaced, department_named, query_string, read_place, toggled
from maillage.networks.models import Network

PER_PAGE = 24


@dataclass(frozen=True)
class Asked:
    """The agenda as its address asks for it: what was understood, what answers, and the one address that says it."""

    filters: Filters
    programme: Programme
    params: QueryDict
    unplaced: Unplaced | None = None

    @property
    def query(self) -> str:
        """`?…` of the filters alone, for the outputs: without page, nor list, month or map."""
        return query_string(self.params, vue=None, page=None)


def ask(params: QueryDict, network: Network) -> Asked:
    """The agenda that an address asks for; a commune may be named in words or by its postal code, and a département in its
    place."""
    if department := department_named(params.get("pres_text", params.get("pres", "")), network):
        params = params.copy()
        params["pres"] = params["pres_text"] = ""
        params.appendlist("departement", department)
    place, unplaced = read_place(params, network)
    if place != params.get("pres", ""):
        params = params.copy()
        params["pres"] = place
    filters = Filters.from_params(params, network)
    return Asked(filters, programme(filters), canonical(filters, params), unplaced)


def canonical(filters: Filters, params: QueryDict) -> QueryDict:
    """The parameters that count, in a fixed order: the same agenda has one address."""
    place = params.get("pres", "")
    told: dict[str, str | None] = {
        "q": filters.q,
        "quand": filters.period,
        "du": filters.first.isoformat() if filters.first else None,
        "au": filters.last.isoformat() if filters.last else None,
        "mois": f"{filters.month:%Y-%m}" if filters.month and params.get("mois") else None,
        **{name: "oui" for name in SWITCHES if name in filters.switches},
        "age": str(filters.age) if filters.age is not None else None,
        "par": filters.organiser,
        "pres": _place(filters, place),
        "rayon": str(filters.radius) if filters.near and filters.radius != Filters.radius else None,
        "tri": filters.order if filters.order != Filters.order else None,
        "vue": filters.view if filters.view != Filters.view else None,
    }
    kept = QueryDict(mutable=True)
    for name, value in told.items():
        if value:
            kept[name] = value
        if name == "age":
            for facet in FACETS:
                if facet in filters.chosen:
                    kept.setlist(facet, list(filters.chosen[facet]))
    return kept


def _place(filters: Filters, place: str) -> str | None:
    """The reader's own position is rounded to about a hundred metres."""
    if filters.near is None:
        return None
    return "{:.3f},{:.3f}".format(*filters.near) if "," in place else place[:5]


def page_of(rows: list[Row], number: str | None, per_page: int = PER_PAGE) -> Page:
    """A page of rows; a number out of range shows the nearest page."""
    return Paginator(rows, per_page).get_page(number)


def cards(viewer: Viewer, rows: Iterable[Row]) -> list[Event]:
    """The events of rows that the viewer may see, in that order, ready for cards: `when` in words, `distance` in km, `hue` and
    `kind` of their first type, `is_off` when it is cancelled then."""
    wanted = list(rows)
    shown = Event.objects.told_to(viewer).filter(pk__in=[row.pk for row in wanted]).for_cards().order_by()
    found = {event.pk: event for event in shown}
    ordered = []
    for row in wanted:
        if (event := found.get(row.pk)) is None:
            continue
        told: Any = event
        told.distance = row.distance
        told.when, told.others = when_in_words(event, row)
        told.next_at = row.starts_at
        told.is_off = event.is_cancelled or row.is_off
        kinds = [term for term in event.terms.all() if term.vocabulary == "action_kind"]
        told.kind = kinds[0] if kinds else None
        told.hue = told.kind.hue if told.kind else 1
        ordered.append(event)
    return ordered


def when_in_words(event: Event, row: Row) -> tuple[str, str]:
    """« sam. 5 décembre, 14 h », « jusqu'au 12 janvier », « sur rendez-vous »; and what other dates there are."""
    if row.starts_at is None or row.ends_at is None:
        return _("sur rendez-vous"), ""
    starts, ends = row.starts_at.astimezone(event.tz), row.ends_at.astimezone(event.tz)
    now = timezone.now()
    this_year = starts.year == timezone.localtime(now).year
    day = date_format(starts, "l j F" if this_year else "l j F Y")
    last = ends - timedelta(microseconds=1)
    whole = starts.hour == starts.minute == 0 and ends.hour == ends.minute == 0
    if row.starts_at <= now < row.ends_at and (last.date() - starts.date()).days >= 1:
        text = _("jusqu'au %s") % date_format(last, "l j F" if last.year == starts.year else "l j F Y")
    elif (last.date() - starts.date()).days >= 1 and ends - starts > timedelta(hours=12):
        text = _("du %(first)s au %(last)s") % {
            "first": date_format(starts, "j F" if starts.year == last.year else "j F Y"),
            "last": date_format(last, "j F" if this_year and starts.year == last.year else "j F Y"),
        }
    else:
        text = day if whole else f"{day}, {hour(starts)}"
    others = row.dates - 1
    return text, ngettext("et %d autre date", "et %d autres dates", others) % others if others > 0 else ""


__all__ = [
    "PER_PAGE",
    "Asked",
    "ask",
    "canonical",
    "cards",
    "page_of",
    "query_string",
    "toggled",
    "when_in_words",
]
