"""The working table: its columns, its orders, the rows of one page in a constant number of queries.

An order that the index does not hold is made of its bit sets: each value of a dimension gets a rank, names decide between
equals. Columns and order live in the address ("colonnes", "tri").
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core.dates import date_format
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.enums import ListingState, Nature, PositionQuality
from maillage.directory.models import Actor, Listing, Qualification
from maillage.directory.queries import bits
from maillage.directory.queries.filters import Filters, Selection, select
from maillage.directory.queries.homes import as_told
from maillage.territories.models import Territory
from maillage.topics.models import Term

PER_PAGE = 100
_CHUNK = 500


@dataclass(frozen=True)
class Column:
    """`order` is the value of "tri" that sorts by it; `edited` names the field that the row's form changes in place."""

    name: str
    label: Any
    order: str = ""
    edited: str = ""
    default: bool = False
    numeric: bool = False


COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("cercle", _("Cercle"), "cercle", "circle", default=True),
        Column("declare", _("Cercle déclaré"), "declare"),
        Column("famille", _("Famille"), "famille", "family", default=True),
        Column("commune", _("Commune"), "commune", default=True),
        Column("departement", _("Dépt"), "departement", default=True),
        Column("etat", _("État"), "etat", "state", default=True),
        Column("completude", _("Complétude"), "completude", default=True, numeric=True),
        Column("verifiee", _("Vérifiée le"), default=True),
        Column("maj", _("Modifiée le"), "maj"),
        Column("source", _("Source"), "source", "source"),
        Column("position", _("Position"), "position"),
        Column("rythme", _("Rythme (mois)"), "", "update_rhythm", numeric=True),
        Column("nature", _("Nature"), "nature"),
        Column("sigle", _("Sigle"), "", "acronym"),
        Column("resume", _("En une phrase"), "", "summary"),
        Column("themes", _("Thématiques")),
        Column("publics", _("Publics")),
        Column("actions", _("Types d'action")),
        Column("site", _("Site web"), "", "website"),
        Column("email", _("E-mail"), "", "email"),
        Column("telephone", _("Téléphone"), "", "phone"),
        Column("siret", _("SIREN ou SIRET")),
    )
}
DEFAULT_COLUMNS = tuple(column.name for column in COLUMNS.values() if column.default)
# "tri" → dimension of the index; its values are ranked by their label.
_DIMENSIONS = {
    "cercle": "circle",
    "declare": "declared",
    "famille": "family",
    "commune": "commune",
    "departement": "department",
    "etat": "state",
    "source": "source",
    "position": "position",
    "nature": "nature",
}
_LAST = 1_000_000_000


@dataclass
class Row:
    """An actor in the table; `circle` and `declared` are numbers or None."""

    actor: Actor
    state: str = ""
    elsewhere: bool = False
    circle: int | None = None
    declared: int | None = None
    terms: dict[str, list[Term]] = field(default_factory=dict)

    @property
    def state_label(self) -> Any:
        return ListingState(self.state).label

    @property
    def to_place(self) -> bool:
        return self.actor.position_quality == PositionQuality.TO_PLACE

    def labels(self, vocabulary: str) -> str:
        return ", ".join(term.label for term in self.terms.get(vocabulary, ()))

    @property
    def themes(self) -> str:
        return self.labels("theme")

    @property
    def audiences(self) -> str:
        return self.labels("audience")

    @property
    def action_kinds(self) -> str:
        return self.labels("action_kind")


@dataclass
class Table:
    """What the address asks of the table."""

    filters: Filters
    selection: Selection
    columns: list[Column]
    order: str

    @classmethod
    def from_params(cls, params: QueryDict, viewer: Viewer) -> "Table":
        filters = Filters.from_params(params, viewer.network, work=True)
        order = params.get("tri", "")
        if order.lstrip("-") not in _DIMENSIONS:
            order = filters.order
        return cls(filters, select(filters), cls.columns_of(params), order)

    @staticmethod
    def columns_of(params: QueryDict) -> list[Column]:
        """The columns asked for, in the order of the table; the default ones when none is."""
        asked = [name for name in params.getlist("colonnes") if name in COLUMNS]
        return [column for name, column in COLUMNS.items() if name in (asked or DEFAULT_COLUMNS)]

    def ids(self, offset: int = 0, limit: int | None = None) -> list[int]:
        """Actor ids in the order asked for; all of them without `limit`."""
        limit = self.selection.count if limit is None else limit
        if self.order.lstrip("-") in _DIMENSIONS:
            return self.selection.index.page(self._ranked(), offset, limit)
        return self.selection.page_ids(offset, limit)

    def _ranked(self) -> Iterator[int]:
        name = self.order.lstrip("-")
        index, mask = self.selection.index, self.selection.mask
        ranks: dict[int, int] = {}
        if name == "commune":
            rank_of = {pk: rank for rank, pk in enumerate(self._values_in_order(name))}
            communes = index.place_of["commune"]
            settled = ((ordinal, communes[ordinal]) for ordinal in bits.members(mask, index.size))
            ranks = {ordinal: rank_of[pk] for ordinal, pk in settled if pk}
        else:
            for rank, value in enumerate(self._values_in_order(name)):
                for ordinal in bits.members(mask & index.mask(_DIMENSIONS[name], value), index.size):
                    ranks[ordinal] = rank
        sign = -1 if self.order.startswith("-") else 1
        # Those without a value stay at the end both ways.
        return iter(
            sorted(index.by_name(mask), key=lambda ordinal: sign * ranks[ordinal] if ordinal in ranks else _LAST)
        )

    def _values_in_order(self, name: str) -> list[Any]:
        index = self.selection.index
        values = index.values_of("commune" if name == "commune" else _DIMENSIONS[name])
        if name in ("cercle", "declare"):
            return sorted(values - {0})
        if name == "source":
            return sorted(values - {""}, key=folded)
        if name in ("etat", "position"):
            enum = ListingState if name == "etat" else PositionQuality
            return [value for value in enum.values if value in values]
        if name == "famille":
            labels = dict(Term.objects.of("family").values_list("pk", "label"))
            return sorted(values, key=lambda pk: folded(labels.get(pk, "")))
        if name in ("commune", "departement"):
            territories = Territory.objects.communes() if name == "commune" else Territory.objects.departments()
            key = "name_key" if name == "commune" else "code"
            return [pk for pk in territories.order_by(key).values_list("pk", flat=True) if pk in values]
        return sorted(values)


def rows_of(viewer: Viewer, ids: list[int]) -> list[Row]:
    """The rows of `ids`, in their order: four queries."""
    actors = (
        Actor.objects.visible_to(viewer)
        .filter(pk__in=ids)
        .select_related("family", "commune", "commune__department")
        .prefetch_related(
            "terms",
            Prefetch("listings", Listing.objects.filter(network=viewer.network_id), to_attr="here"),
            Prefetch(
                "qualifications", Qualification.objects.filter(network=viewer.network_id).in_force(), to_attr="held"
            ),
        )
    )
    found = {actor.pk: _row(as_told(actor, viewer)) for actor in actors}
    return [found[pk] for pk in ids if pk in found]


def _row(actor: Any) -> Row:
    circles = {held.nature: held.circle for held in actor.held}
    row = Row(actor, circle=circles.get(Nature.ASSESSED), declared=circles.get(Nature.DECLARED))
    for listing in actor.here:
        row.state, row.elsewhere = listing.state, listing.changed_since_cleared
    for term in actor.terms.all():
        row.terms.setdefault(term.vocabulary, []).append(term)
    return row


def held_in(row: Row) -> dict[str, Any]:
    """What a row holds of each field that is edited in place."""
    actor = row.actor
    plain = ("name", "source", "update_rhythm", "acronym", "summary", "website", "email", "phone")
    return {
        **{name: getattr(actor, name) for name in plain},
        "family": actor.family_id,
        "circle": row.circle,
        "state": row.state,
    }


_TEXTS: dict[str, Callable[[Row], Any]] = {
    "cercle": lambda row: row.circle,
    "declare": lambda row: row.declared,
    "famille": lambda row: row.actor.family,
    "commune": lambda row: row.actor.commune,
    "departement": lambda row: row.actor.commune.department if row.actor.commune else None,
    "etat": lambda row: row.state_label,
    "completude": lambda row: row.actor.completeness,
    "verifiee": lambda row: _day(row.actor.confirmed_at),
    "maj": lambda row: _day(row.actor.updated_at),
    "source": lambda row: row.actor.source,
    "position": lambda row: row.actor.get_position_quality_display(),
    "rythme": lambda row: row.actor.update_rhythm,
    "nature": lambda row: row.actor.get_kind_display(),
    "sigle": lambda row: row.actor.acronym,
    "resume": lambda row: row.actor.summary,
    "themes": lambda row: row.themes,
    "publics": lambda row: row.audiences,
    "actions": lambda row: row.action_kinds,
    "site": lambda row: row.actor.website,
    "email": lambda row: row.actor.email,
    "telephone": lambda row: row.actor.phone,
    "siret": lambda row: row.actor.siret or row.actor.siren,
}


def _day(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "d/m/Y") if at else ""


def value_of(row: Row, column: str) -> str | int:
    """What a column says of an actor: numbers stay numbers, absence is ""."""
    value = _TEXTS[column](row)
    return value if isinstance(value, int) else "" if value is None else str(value)


def table_rows(viewer: Viewer, table: Table) -> Iterator[list[Any]]:
    """Every row of the table in its order, names first, read by chunks."""
    ids = table.ids()
    for start in range(0, len(ids), _CHUNK):
        for row in rows_of(viewer, ids[start : start + _CHUNK]):
            yield [row.actor.name, *(value_of(row, column.name) for column in table.columns)]
