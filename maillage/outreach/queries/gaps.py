"""Needs × offers by territory: what is looked for and what is proposed, where, and by how much one exceeds the other."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.networks.queries import departments_of, terms_of
from maillage.outreach.enums import NeedKind, NeedState, Side
from maillage.outreach.models import Need
from maillage.outreach.queries.needs import ELSEWHERE, NO_THEME, WHOLE_NETWORK
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary

_PLACE = ("territory__kind", "territory__code", "territory__department__code", "territory__epci__code")
_BALANCES = {  # Each with a shape of its own: nothing rests on colour.
    "none": (gettext_lazy("rien"), "", ""),
    "unmet": (gettext_lazy("sans offre"), "triangle-alert", "danger"),
    "short": (gettext_lazy("il en manque"), "arrow-down", "warning"),
    "even": (gettext_lazy("équilibre"), "check", "success"),
    "spare": (gettext_lazy("disponible"), "plus", "info"),
}


@dataclass(frozen=True)
class Cell:
    """`query` are the parameters of the list that it counts, but for the side."""

    needs: int
    offers: int
    query: str = ""

    @property
    def balance(self) -> str:
        if self.is_empty:
            return "none"
        if self.needs > self.offers:
            return "short" if self.offers else "unmet"
        return "even" if self.needs == self.offers else "spare"

    @property
    def words(self) -> Any:
        return _BALANCES[self.balance][0]

    @property
    def icon(self) -> str:
        return _BALANCES[self.balance][1]

    @property
    def state(self) -> str:
        return _BALANCES[self.balance][2]

    @property
    def is_empty(self) -> bool:
        return not self.needs and not self.offers

    @property
    def gap(self) -> int:
        return self.needs - self.offers


@dataclass
class Row:
    """`columns` are the labels of its cells: on a phone each cell says its own."""

    label: str
    cells: list[Cell]
    total: Cell
    drill: str = ""
    columns: list[str] = field(default_factory=list)

    @property
    def named(self) -> list[tuple[str, Cell]]:
        return list(zip(self.columns, self.cells, strict=True))


@dataclass
class Gaps:
    """`columns` are (key, label); `department` is the one it is a table of, None for the whole network."""

    columns: list[tuple[str, str]]
    rows: list[Row] = field(default_factory=list)
    totals: list[Cell] = field(default_factory=list)
    total: Cell = Cell(0, 0)
    department: Territory | None = None

    @property
    def named_totals(self) -> list[tuple[str, Cell]]:
        return list(zip((label for _key, label in self.columns), self.totals, strict=True))

    @property
    def worst(self) -> list[tuple[str, str, Cell]]:
        """Where needs exceed offers the most: (territory, column, cell), three at most."""
        found = [
            (row.label, label, cell)
            for row in self.rows
            for (_key, label), cell in zip(self.columns, row.cells, strict=True)
            if cell.gap > 0
        ]
        return sorted(found, key=lambda each: -each[2].gap)[:3]


def gaps(viewer: Viewer, *, by: str = "kind", department: str = "") -> Gaps:
    """The open needs and offers, by kind or by theme (`by`), in the départements of the network or the EPCI of one. Six queries
    at most, whatever their number."""
    places = {place.code: place for place in departments_of(viewer.network)}
    chosen = places.get(department)
    found = Need.objects.visible_to(viewer).open().order_by()
    cells, sums = Counter[Any](), Counter[Any]()
    for row in _counted(found, by):
        key = _row_of(row, places, chosen)
        if key is not None:
            cells[key, row["column"], row["side"]] += row["count"]
    # What has two themes is in two columns, and once in the sum of its row.
    for row in found.values(*_PLACE, "side").annotate(count=Count("pk")):
        key = _row_of(row, places, chosen)
        if key is not None:
            sums[key, row["side"]] += row["count"]
    columns = _columns(viewer, by, {column for _key, column, _side in cells})
    param = "nature" if by == "kind" else "theme"
    table = Gaps(columns, department=chosen)
    for key, label, query in _row_labels(places, chosen, {key for key, _side in sums}):
        made = [
            Cell(cells[key, column, Side.NEED], cells[key, column, Side.OFFER], _query({**query, param: column}))
            for column, _label in columns
        ]
        total = Cell(sums[key, Side.NEED], sums[key, Side.OFFER], _query(query))
        drill = key if chosen is None and key in places else ""
        table.rows.append(Row(label, made, total, drill, [name for _column, name in columns]))
    within = {"departement": chosen.code} if chosen is not None else {}
    for rank, (column, _label) in enumerate(columns):
        among = [row.cells[rank] for row in table.rows]
        table.totals.append(_sum(among, _query({**within, param: column})))
    table.total = _sum((row.total for row in table.rows), _query(within))
    return table


def _sum(cells: Iterable[Cell], query: str) -> Cell:
    cells = list(cells)
    return Cell(sum(cell.needs for cell in cells), sum(cell.offers for cell in cells), query)


def _query(params: dict[str, str]) -> str:
    return urlencode({"etat": str(NeedState.OPEN), **params})


def _counted(found: "QuerySet[Need]", by: str) -> Iterable[dict[str, Any]]:
    if by == "kind":
        for row in found.values(*_PLACE, "side", "kind").annotate(count=Count("pk")):
            yield {**row, "column": row["kind"]}
        return
    themed = found.filter(terms__vocabulary=Vocabulary.THEME)
    for row in themed.values(*_PLACE, "side", "terms__slug").annotate(count=Count("pk")):
        yield {**row, "column": row["terms__slug"]}
    theme = Need.terms.through.objects.filter(need=OuterRef("pk"), term__vocabulary=Vocabulary.THEME)
    for row in found.filter(~Exists(theme)).values(*_PLACE, "side").annotate(count=Count("pk")):
        yield {**row, "column": NO_THEME}


def _row_of(row: dict[str, Any], places: dict[str, Territory], chosen: Territory | None) -> str | None:
    """The key of the row where something is counted; None when it is in none."""
    kind = row["territory__kind"]
    is_whole = kind == TerritoryKind.DEPARTMENT
    code = row["territory__code"] if is_whole else row["territory__department__code"]
    if chosen is None:
        return WHOLE_NETWORK if kind is None else code if code in places else ELSEWHERE
    if kind is None or code != chosen.code:
        return None
    return "departement" if is_whole else row["territory__epci__code"] or "hors-epci"


def _row_labels(
    places: dict[str, Territory], chosen: Territory | None, used: set[str]
) -> list[tuple[str, str, dict[str, str]]]:
    """(key, label, parameters of its list), in the order of the table."""
    if chosen is None:
        rows = [(code, f"{place.name} ({code})", {"departement": code}) for code, place in places.items()]
        rows.append((WHOLE_NETWORK, _("Sans lieu précis"), {"departement": WHOLE_NETWORK}))
        if ELSEWHERE in used:
            rows.append((ELSEWHERE, _("Hors du périmètre"), {"departement": ELSEWHERE}))
        return rows
    here = {"departement": chosen.code}
    epcis = Territory.objects.epcis().filter(code__in=used)
    epcis |= Territory.objects.epcis().filter(department=chosen)
    found = [(each.code, each.name, {**here, "epci": each.code}) for each in epcis.distinct().order_by("name", "code")]
    found.append(("departement", _("Le département entier"), {**here, "lieu": "departement"}))
    if "hors-epci" in used:
        found.append(("hors-epci", _("Communes hors intercommunalité"), {**here, "lieu": "hors-epci"}))
    return found


def _columns(viewer: Viewer, by: str, used: set[str]) -> list[tuple[str, str]]:
    if by == "kind":
        return [(value, str(label)) for value, label in NeedKind.choices]
    named = {term.slug: term.label for term in terms_of(viewer.network, Vocabulary.THEME)}
    columns = [(slug, label) for slug, label in named.items() if slug in used]
    columns += [(slug, slug) for slug in sorted(used - set(named) - {NO_THEME})]
    return [*columns, (NO_THEME, _("Sans thématique"))]
