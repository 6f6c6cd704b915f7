"""The few pairs worth comparing, among all.

Each record is a sparse vector of what it can be found by: three-letter pieces of its name and commune, postal code,
street words, phone, page, host, mailbox, identifiers, acronym, each weighed by its rarity (tf-idf; Salton & Buckley
1988). A part that is missing adds nothing. The pairs with the greatest products are candidates: a record proposes
its `TOP` best, none whose cosine is below `FLOOR`.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import log, sqrt
from typing import Any

from maillage.linkage.queries.records import Profile

TOP = 16
PER_RECORD = 12  # Pairs for each record over the whole list; beyond, the least are dropped.
FLOOR = 0.1  # Of the cosine of two vectors.
COMMON = (
    500  # What more records have than this, and than one in a hundred, leads nowhere: it costs most and tells least.
)
_CHUNK = 1000
# What each part may add at most to the product of two vectors.
_SHARES = {
    "n": 1.0,
    "w": 0.3,
    "c": 0.35,
    "p": 0.15,
    "s": 0.2,
    "t": 0.6,
    "u": 0.5,
    "h": 0.3,
    "m": 0.6,
    "i": 3.0,
    "a": 0.4,
    "x": 0.4,
}
_PIECES = frozenset("nc")  # Parts cut in pieces, which share the weight; a commune may be found in a name.


def _column(token: str) -> str:
    return token[1:] if token[0] in _PIECES else token


def _pieces(kind: str, word: str) -> Iterator[str]:
    padded = f" {word} "
    return (f"{kind}{padded[start : start + 3]}" for start in range(len(padded) - 2))


def tokens(profile: Profile) -> dict[str, int]:
    """What a record can be found by → how many times it has it; the first letter says which part it is of."""
    found: Counter[str] = Counter()
    for word in profile.words:
        found.update(_pieces("n", word))
    found.update(_pieces("c", profile.place) if profile.place else ())
    # Two words, or a word and the place, together: rare where each alone is not.
    anchors = sorted({*profile.words[:5], profile.place, profile.postal_code} - {""})
    found.update({f"x{one}+{other}": 1 for one, other in combinations(anchors, 2)})
    if profile.core:
        found[f"w{profile.core}"] = 1
    if profile.postal_code:
        found[f"p{profile.postal_code}"] = 1
    for kind, values in (
        ("s", set(profile.street.split())),
        ("t", profile.phones),
        ("u", profile.pages),
        ("h", profile.hosts),
        ("m", profile.mailboxes),
        ("i", {f"{scheme}:{value}" for scheme, value in profile.identifiers.items()}),
        ("a", profile.acronyms | profile.initials),
    ):
        found.update({f"{kind}{value}": 1 for value in values})
    return found


def leads(profile: Profile) -> set[str]:
    """What two records have to share whole to be compared without vectors."""
    return {token for token in tokens(profile) if token[0] not in _PIECES and token[0] not in "ps"} | set(profile.words)


class Candidates:
    """The vectors of `profiles`; a record is named by its position among them."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        """Raises ValueError when two profiles have one key."""
        import numpy as np
        from scipy.sparse import csr_matrix

        self.size = len(profiles)
        keys = [str(profile.record.key) for profile in profiles]
        if len(set(keys)) < self.size:
            raise ValueError("two records have the same key")
        # Ties are cut by key, so that the order of the list changes nothing.
        self._rank = np.empty(self.size, dtype=np.int64)
        self._rank[sorted(range(self.size), key=keys.__getitem__)] = np.arange(self.size)
        counts: Counter[str] = Counter()
        for profile in profiles:
            counts.update({_column(token) for token in tokens(profile)})
        most = max(COMMON, self.size // 100)
        kept = sorted(token for token, count in counts.items() if count <= most)
        self._columns = {token: column for column, token in enumerate(kept)}
        self._idf = [log((self.size + 1) / (counts[token] + 0.5)) + 0.1 for token in kept]
        starts, columns, values = array("l", [0]), array("i"), array("f")
        for profile in profiles:
            for column, value in self._vector(profile):
                columns.append(column)
                values.append(value)
            starts.append(len(columns))
        shape = (self.size, len(kept))
        self._rows: Any = csr_matrix((values, columns, starts), shape=shape, dtype=np.float32)
        self._postings: Any = self._rows.T.tocsr()
        self._norms = np.sqrt(self._rows.multiply(self._rows).sum(axis=1)).A1

    def _vector(self, profile: Profile) -> list[tuple[int, float]]:
        """(column, value), by column."""
        scale = log(self.size + 1)
        parts: dict[str, list[tuple[int, float]]] = {}
        for token, count in tokens(profile).items():
            column = self._columns.get(_column(token))
            if column is not None:
                parts.setdefault(token[0], []).append((column, (1 + log(count)) * self._idf[column]))
        found: dict[int, float] = {}
        for kind, each in parts.items():
            norm = sqrt(sum(value * value for _column, value in each)) if kind in "ncx" else scale
            for column, value in each:
                found[column] = found.get(column, 0.0) + sqrt(_SHARES[kind]) * value / norm
        return sorted(found.items())

    def pairs(self, top: int = TOP) -> list[tuple[int, int]]:
        """Positions (lesser, greater) of the candidate pairs, sorted; `PER_RECORD` times the records at most."""
        found: dict[tuple[int, int], float] = {}
        for start in range(0, self.size, _CHUNK):
            products = self._rows[start : start + _CHUNK] @ self._postings
            for row in range(products.shape[0]):
                here = slice(products.indptr[row], products.indptr[row + 1])
                one = start + row
                least = FLOOR * self._norms[one]
                for other, product in self._best(products.indices[here], products.data[here], top + 1, least):
                    if other != one:
                        found[min(one, other), max(one, other)] = product
        if len(found) > PER_RECORD * self.size:
            rank = self._rank.tolist()
            kept = sorted(found, key=lambda pair: (-found[pair], *sorted((rank[pair[0]], rank[pair[1]]))))
            return sorted(kept[: PER_RECORD * self.size])
        return sorted(found)

    def near(self, profile: Profile, top: int = TOP) -> list[int]:
        """Positions of the candidates of a record that is not in the list, best first."""
        import numpy as np

        products = np.zeros(self.size, dtype=np.float32)
        vector = self._vector(profile)
        for column, value in vector:
            here = slice(self._postings.indptr[column], self._postings.indptr[column + 1])
            products[self._postings.indices[here]] += value * self._postings.data[here]
        reached = np.flatnonzero(products)
        least = FLOOR * sqrt(sum(value * value for _column, value in vector))
        return [position for position, _product in self._best(reached, products[reached], top, least)]

    def _best(self, positions: Any, products: Any, top: int, least: float) -> list[tuple[int, float]]:
        import numpy as np

        kept = products >= least * self._norms[positions]
        positions, products = positions[kept], products[kept]
        if len(positions) > 4 * top:
            floor = np.partition(products, len(products) - top)[len(products) - top]
            kept = products >= floor - 1e-4
            positions, products = positions[kept], products[kept]
        products = np.round(products, 4)
        order = np.lexsort((self._rank[positions], -products))[:top]
        return list(zip(positions[order].tolist(), products[order].tolist(), strict=True))
