"""The catalogue side by side: of each resource, what the facets say of it, read at once and kept while it is true."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.enums import FORM_OF, Connection, Kind, Power, Price, Transport
from maillage.catalogue.models import Resource
from maillage.directory.enums import Licence, PlaceAccess
from maillage.networks.models import Network
from maillage.topics.enums import SchoolCycle, Vocabulary
from maillage.topics.models import Term

TERMS = {"theme": Vocabulary.THEME, "public": Vocabulary.AUDIENCE}
LISTS = {"niveau": ("cycles", SchoolCycle), "acces": ("place_access", PlaceAccess), "langue": ("languages", None)}
PLAIN: dict[str, tuple[str, Any]] = {
    "nature": ("kind", Kind), "prix": ("price", Price), "electricite": ("power", Power), "internet": ("connection", Connection),
    "transport": ("transport", Transport), "licence": ("licence", Licence),
}  # fmt: skip
# Minutes, the first out of each.
LENGTHS: dict[str, tuple[Any, int, int | None]] = {
    "heure": (_("une heure au plus"), 0, 60),
    "deux-heures": (_("jusqu'à deux heures"), 60, 120),
    "demi-journee": (_("une demi-journée"), 120, 240),
    "plus": (_("plus longtemps"), 240, None),
}
_DEPARTMENT = Coalesce("commune__department__code", "actor__commune__department__code")


SEVERAL = {*TERMS, *LISTS}
ALL_OF = frozenset({"acces"})  # Facets whose choices are needs: all of them are to be met, not one.
FORMS = {kind.value: form.value for kind, form in FORM_OF.items()}


@lru_cache(maxsize=4096)
def _codes_of(text: str) -> tuple[str, ...]:
    """A list of codes as the database writes it; there are as many texts as choices that people made."""
    return tuple(dict.fromkeys(json.loads(text)))


def _length_of(minutes: int | None) -> str:
    return next(
        (name for name, (_label, over, most) in LENGTHS.items() if over < (minutes or 0) <= (most or 10**9)), ""
    )


@dataclass(frozen=True)
class Columns:
    """Side by side, what the facets say of each resource: a value, or several."""

    pks: list[int]
    values: dict[str, list[Any]]

    def only(self, ranks: list[int]) -> "Columns":
        """Those rows, in that order."""
        values = {name: [column[rank] for rank in ranks] for name, column in self.values.items()}
        return Columns([self.pks[rank] for rank in ranks], values)


_kept: dict[tuple[int, bool], tuple[int, Columns]] = {}


def columns_of(network: Network, *, by_title: bool, terms_of: Mapping[str, Iterable[Term]]) -> Columns:
    """The whole catalogue of a network that everyone reads, by title or the newest first; nobody's to change. `terms_of`: its words by
    vocabulary.

    Two queries, once for each version of the network and process: fourteen GROUP BY of the same rows cost more than reading them.
    Not kept inside a transaction, whose writings may come to nothing.
    """
    key, version = (network.pk, by_title), network.content_version
    found = None if connection.in_atomic_block else _kept.get(key)
    if found is not None and found[0] == version:
        return found[1]
    columns = _read(network, by_title, terms_of)
    if not connection.in_atomic_block:
        _kept[key] = (version, columns)
    return columns


def _read(network: Network, by_title: bool, terms_of: Mapping[str, Iterable[Term]]) -> Columns:
    found: Any = Resource.objects.filter(network=network).shown()
    found = found.annotate(
        inside=_DEPARTMENT,
        featured_first=Case(When(featured_at__isnull=False, then=Value(1)), default=Value(0)),
        **{f"{name}_text": Cast(column, TextField()) for name, (column, _words) in LISTS.items()},
    )
    order = ("title_key", "pk") if by_title else ("-featured_first", "-published_at", "-pk")
    told = [
        "pk", *(column for column, _words in PLAIN.values()), *(f"{name}_text" for name in LISTS), "inside", "duration",
    ]  # fmt: skip
    rows = list(found.order_by(*order).values_list(*told))
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)] or [[] for _name in told]
    names = [*PLAIN, *LISTS, "departement", "duree"]
    values: dict[str, list[Any]] = dict(zip(names, columns[1:], strict=True))
    values["forme"] = [FORMS[kind] for kind in values["nature"]]
    values["duree"] = [_length_of(duration) for duration in values["duree"]]
    for name in LISTS:
        values[name] = [_codes_of(text) for text in values[name]]
    return Columns(columns[0], values | _filed(network, columns[0], terms_of))


def _filed(
    network: Network, pks: list[int], terms_of: Mapping[str, Iterable[Term]]
) -> dict[str, list[tuple[str, ...]]]:
    """Under which words of each vocabulary."""
    named = {term.pk: (name, term.slug) for name, vocabulary in TERMS.items() for term in terms_of[vocabulary]}
    links: Any = Resource.terms.through.objects.filter(resource__network=network, term__in=list(named))
    held: dict[str, dict[int, tuple[str, ...]]] = {name: {} for name in TERMS}
    for resource, term in links.order_by().values_list("resource", "term"):
        name, slug = named[term]
        held[name][resource] = (*held[name].get(resource, ()), slug)
    return {name: [held[name].get(pk, ()) for pk in pks] for name in TERMS}
