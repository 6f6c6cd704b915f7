"""What can be found: an upper app comes, in its `search.py`, with a source of documents.

register(SearchSource(kind="actor", label=_("Acteurs"), one=_("Acteur"), documents=documents, icon="map-pin"))

Whatever changes an object calls `search.actions.index` (or `remove`) in the same transaction; nothing else is needed: the page
of results, its facets, suggestions and counts follow from what the documents say.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

LASTING = date.max  # The last day of what has none.


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One object as one network sees it. `is_public`: everyone may find it, else only those who run the network.

    `boost` is what the document is worth beside others as near (1 for most); `excerpt` is what a result shows, `text` what is
    searched beyond title and subtitle. The rest is for facets and may be left out: `themes`, ids of terms; `places`, codes of
    the communes, intercommunalités and départements it is in; `on`, its day (the last of several, `LASTING` without end), which makes it come, be recent or be past; `since`, the
    first of several, from which it is of today; `ends_on`, the last day of its use, after which it is worth less.
    """

    kind: str
    object_id: int
    network_id: int
    title: str
    url: str
    subtitle: str = ""
    text: str = ""
    excerpt: str = ""
    is_public: bool = True
    boost: float = 1.0
    on: date | None = None
    latitude: float | None = None
    longitude: float | None = None
    themes: tuple[int, ...] = ()
    places: tuple[str, ...] = ()
    since: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class SearchSource:
    """`documents()` yields every document of the kind, over all networks; `icon` names an icon of the sprite; `one` says what
    a single result is (« Acteur »), `label` what they are together; `formerly`, the kind it was a part of, whose addresses it
    still answers."""

    kind: str
    label: Any
    documents: Callable[[], Iterable[SearchDocument]]
    icon: str = "search"
    order: int = 50
    one: Any = ""
    formerly: str = ""

    @property
    def label_of_one(self) -> Any:
        return self.one or self.label


_sources: dict[str, SearchSource] = {}


def register(source: SearchSource) -> SearchSource:
    """Kinds are lower-case letters: they are part of what the index is cut by."""
    if not (source.kind.isascii() and source.kind.isalpha() and source.kind.islower() and len(source.kind) <= 30):
        raise ValueError(f"search kind {source.kind!r}: lower-case letters only")
    _sources[source.kind] = source
    return source


def sources() -> list[SearchSource]:
    return sorted(_sources.values(), key=lambda source: source.order)
