"""Pieces of the publications lent to the apps above: the list of an address, its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from maillage.directory.kit import query_string, toggled
from maillage.networks.models import Network
from maillage.publications.models import Publication
from maillage.publications.queries.filters import OVER, Filters
from maillage.publications.queries.selecting import Selection, select

PER_PAGE = 24


@dataclass(frozen=True)
class Asked:
    """A list as its address asks for it: what was understood, what answers, and the one address that says it."""

    filters: Filters
    selection: Selection
    params: QueryDict

    @property
    def query(self) -> str:
        """`?…` of the filters alone, for the outputs: without order nor page, nor what is over, which never leaves."""
        return query_string(self.params, without=("tri", OVER))


def ask(params: QueryDict, network: Network, section: str = "", *, outgoing: bool = False) -> Asked:
    filters = Filters.from_params(params, network, section)
    return Asked(filters, select(filters, outgoing=outgoing), filters.canonical())


class _InPages:
    """What a paginator cuts: read when it is, and no more than a page."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection

    def __len__(self) -> int:
        return self._selection.count

    def __getitem__(self, part: slice) -> list[Publication]:
        return self._selection.page(part.start or 0, part.stop)


def page_of(selection: Selection, number: str | None, per_page: int = PER_PAGE) -> Page:
    """A page of publications ready to be made cards; a number out of range shows the nearest page."""
    return Paginator(cast("Sequence[Publication]", _InPages(selection)), per_page).get_page(number)


__all__ = ["PER_PAGE", "Asked", "ask", "page_of", "query_string", "toggled"]
