"""Pieces of the directory lent to the apps above: the address of a filtered list, pages of ids, cards in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast, overload

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from maillage.core.geo import distance_km
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.enums import LANGUAGES, PlaceAccess
from maillage.directory.models import Actor
from maillage.directory.queries.filters import PUBLIC_PARAMS, RADII, WORK_PARAMS, Filters, Selection, select
from maillage.directory.queries.homes import point_told_of
from maillage.networks.models import Network
from maillage.networks.queries import departments_of
from maillage.territories.kit import CommuneField, CommuneInput
from maillage.territories.models import Territory
from maillage.territories.queries import FoundCommune

PER_PAGE = 24


MY_POSITION = _("ma position")


@dataclass(frozen=True)
class Unplaced:
    """What was typed as a place: it names no commune, or several (`choices`)."""

    text: str
    choices: list[FoundCommune]


@dataclass(frozen=True)
class Asked:
    """A list as its address asks for it: what was understood, what answers, and the one address that says it."""

    filters: Filters
    selection: Selection
    params: QueryDict
    unplaced: Unplaced | None = None

    @property
    def query(self) -> str:
        """`?…` of the filters alone, for the outputs: without page, nor list or map."""
        return query_string(self.params, vue=None, page=None)


def ask(params: QueryDict, network: Network) -> Asked:
    """The public list that an address asks for; a commune may be named in words or by its postal code, and a département
    in its place."""
    if department := department_named(params.get("pres_text", params.get("pres", "")), network):
        params = params.copy()
        params["pres"] = params["pres_text"] = ""
        params.appendlist("departement", department)
    place, unplaced = read_place(params, network)
    if place != params.get("pres", ""):
        params = params.copy()
        params["pres"] = place
    filters = Filters.from_params(params, network)
    return Asked(filters, select(filters), canonical(filters, params), unplaced)


def read_place(params: QueryDict, network: Network) -> tuple[str, Unplaced | None]:
    """The INSEE code or the point that is meant, from an address (`pres`) or the form's box (`pres_text` besides)."""
    place = params.get("pres", "").replace("\x00", "").strip()[:80]
    text = params.get("pres_text")
    if text is None:
        if not place or "," in place or Territory.objects.communes().filter(code=place).exists():
            return place, None
        text, place = place, ""
    text = text.replace("\x00", "").strip()[:80]
    if not text or ("," in place and text == MY_POSITION):
        return place if text else "", None
    field = CommuneField(required=False, within=lambda: {each.pk for each in departments_of(network)})
    try:
        commune = field.clean((place, text))
    except ValidationError:
        return "", Unplaced(text, cast("CommuneInput", field.widget).proposals)
    return commune.code if commune else "", None


def department_named(text: str, network: Network) -> str:
    """The code of the network's département that `text` names; "" when none is, or when it is as well the name of a
    commune there."""
    named = folded(text[:80])
    if not named or "," in text or (named.isdecimal() and len(named) > 3):
        return ""
    found = next((each for each in departments_of(network) if named in (each.name_key, each.code.lower())), None)
    if found is None or Territory.objects.communes().filter(department=found, name_key=named).exists():
        return ""
    return found.code


def canonical(filters: Filters, params: QueryDict) -> QueryDict:
    """The parameters that count, in a fixed order: the same list has one address, and nothing unknown is repeated.

    The reader's own position is rounded to about a hundred metres.
    """
    kept = QueryDict(mutable=True)
    if filters.q:
        kept["q"] = filters.q
    for name in (*PUBLIC_PARAMS, *WORK_PARAMS) if filters.work else PUBLIC_PARAMS:
        if name in filters.chosen:
            kept.setlist(name, list(filters.chosen[name]))
    if filters.near:
        place = params.get("pres", "")
        kept["pres"] = "{:.3f},{:.3f}".format(*filters.near) if "," in place else place[:5]
        if filters.radius != Filters.radius:
            kept["rayon"] = str(filters.radius)
    if params.get("tri") == filters.order and filters.order != default_order(filters):
        kept["tri"] = filters.order
    if filters.view != Filters.view:
        kept["vue"] = filters.view
    return kept


def default_order(filters: Filters) -> str:
    return "distance" if filters.near else "pertinence" if filters.q else Filters.order


def query_string(params: QueryDict, *, without: tuple[str, ...] = (), **changes: Any) -> str:
    """`?…` after `changes` (None removes), or "" when nothing is left."""
    changed = params.copy()
    for name in without:
        changed.pop(name, None)
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    encoded = changed.urlencode()
    return f"?{encoded}" if encoded else ""


def toggled(params: QueryDict, name: str, value: str) -> str:
    """The address with one value of a facet taken away (or added), back on the first page."""
    changed = params.copy()
    values = changed.getlist(name)
    changed.setlist(name, [kept for kept in values if kept != value] if value in values else [*values, value])
    if not changed.getlist(name):
        changed.pop(name, None)
    changed.pop("page", None)
    encoded = changed.urlencode()
    return f"?{encoded}" if encoded else "?"


class _Ids(Sequence[int]):
    """A selection as the paginator wants it: its length, and ids by slices, both without a query."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection

    def __len__(self) -> int:
        return self.selection.count

    @overload
    def __getitem__(self, wanted: int) -> int: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[int]: ...
    def __getitem__(self, wanted: int | slice) -> int | list[int]:
        if isinstance(wanted, int):
            return self.selection.page_ids(wanted, 1)[0]
        start, stop = wanted.start or 0, wanted.stop if wanted.stop is not None else len(self)
        return self.selection.page_ids(start, max(0, stop - start))


def page_of(selection: Selection, number: str | None, per_page: int = PER_PAGE) -> Page:
    """One page of actor ids; a number out of range shows the nearest page."""
    return Paginator(_Ids(selection), per_page).get_page(number)


def cards(viewer: Viewer, ids: Iterable[int], near: tuple[float, float] | None = None) -> list[Actor]:
    """The actors of `ids` that the viewer may see, in that order, ready for cards; `distance` in km when `near` is given."""
    wanted = list(ids)
    found = {actor.pk: actor for actor in Actor.objects.visible_to(viewer).filter(pk__in=wanted).for_cards().order_by()}
    ordered = [found[pk] for pk in wanted if pk in found]
    for actor in ordered:
        away = None
        if near is not None and (point := point_told_of(actor)) is not None:
            away = distance_km(*near, *point)
        actor.distance = away  # type: ignore[attr-defined]
    return ordered


def language_names(codes: Iterable[str]) -> list[str]:
    """The names of languages; French alone goes without saying. A code without a name is shown as it is."""
    codes = list(codes)
    return [] if codes == ["fr"] else [str(LANGUAGES.get(code, code)) for code in codes]


def access_names(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, words) of the accesses of a place, unknown codes left out."""
    known = dict(PlaceAccess.choices)
    return [(code, str(known[code])) for code in codes if code in known]


__all__ = [
    "LANGUAGES",
    "MY_POSITION",
    "PER_PAGE",
    "RADII",
    "Asked",
    "Unplaced",
    "access_names",
    "ask",
    "canonical",
    "cards",
    "default_order",
    "department_named",
    "language_names",
    "page_of",
    "query_string",
    "read_place",
    "toggled",
]
