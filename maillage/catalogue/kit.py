"""Pieces of the catalogue lent to the apps above: the list of an address, fields of days and amounts, calendars of what is free."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext_lazy

from maillage.catalogue.queries.filters import DATES, Filters
from maillage.catalogue.queries.months import Calendar, calendar_of
from maillage.catalogue.queries.selecting import Selection, select
from maillage.directory.kit import Unplaced, department_named, query_string, read_place, toggled
from maillage.networks.models import Network

PER_PAGE = 24


class DayField(forms.DateField):
    """The browser's own calendar, or jj/mm/aaaa typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        kwargs.setdefault("error_messages", {"invalid": gettext_lazy("Écrivez le jour ainsi : 03/12/2026.")})
        super().__init__(input_formats=DATES, widget=widget, **kwargs)

    def to_python(self, value: Any) -> date | None:
        """Half-days are counted from days that the calendar holds with room on both sides."""
        day = super().to_python(value)
        if day is not None and not 1900 <= day.year <= 2200:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class AmountField(forms.DecimalField):
    """A number typed with a comma or a point."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        kwargs.setdefault("min_value", 0)
        super().__init__(widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace("€", "").replace(",", ".")
        return super().to_python(value)


@dataclass(frozen=True)
class Asked:
    """A list as its address asks for it: what was understood, what answers, and the one address that says it."""

    filters: Filters
    selection: Selection
    params: QueryDict
    unplaced: Unplaced | None = None

    @property
    def query(self) -> str:
        """`?…` of the filters alone, for the outputs."""
        return query_string(self.params, vue=None, page=None, tri=None)


def ask(params: QueryDict, network: Network) -> Asked:
    """The list that an address asks for; a commune may be named in words or by its postal code, and a département in its place."""
    if department := department_named(params.get("pres_text", params.get("pres", "")), network):
        params = params.copy()
        params["pres"] = params["pres_text"] = ""
        params.appendlist("departement", department)
    place, unplaced = read_place(params, network)
    if place != params.get("pres", ""):
        params = params.copy()
        params["pres"] = place
    filters = Filters.from_params(params, network)
    return Asked(filters, select(filters), filters.canonical(place), unplaced)


def as_long_as_true(response: HttpResponse, asked: Asked) -> HttpResponse:
    """« Utilisable ce soir » changes with the clock, at noon as at midnight: no kept page says it."""
    if "cesoir" in asked.filters.switches:
        response.headers["Cache-Control"] = "private, no-cache, no-store"
    return response


def page_of(selection: Selection, number: str | None, per_page: int = PER_PAGE) -> Page:
    """A page of keys in order; a number out of range shows the nearest page."""
    return Paginator(selection.keys, per_page).get_page(number)


__all__ = [
    "PER_PAGE",
    "AmountField",
    "Asked",
    "Calendar",
    "DayField",
    "as_long_as_true",
    "ask",
    "calendar_of",
    "page_of",
    "query_string",
    "toggled",
]
