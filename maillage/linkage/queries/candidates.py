"""The few pairs worth comparing, among all.

Each record is a sparse vector of what it can be found by: three-letter pieces of its name and commune, postal code,
street words, phone, page, host, mailbox, identifiers, acronym, each weighed by its rarity (tf-idf; Salton & Buckley
1988). A part that is missing adds nothing. The pairs with the greatest products are the candidates: a record proposes
its `TOP` best, none below `FLOOR`.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log, sqrt
from typing import Any

from maillage.linkage.queries.records import Profile

TOP = 16
FLOOR = 0.15  # Of a product; the parts that agree entirely add their share (`_SHARES`).
COMMON = 500  # What more records have than this, and than one in a hundred, leads nowhere: it costs most and tells least.
_CHUNK = 1000
# What each part may add at most to the product of two vectors.
_SHARES = {"n": 1.0, "w": 0.3, "c": 0.35, "p": 0.15, "s": 0.2, "t": 0.6, "u": 0.5, "h": 0.3, "m": 0.6, "i": 3.0, "a": 0.4}
_TOGETHER = frozenset("nc")  # Parts whose many pieces share the weight.


def _pieces(kind: str, word: str) -> Iterator[str]:
    padded = f" {word} "
    return (f"{kind}{padded[start : start + 3]}" for start in range(len(padded) - 2))


def tokens(profile: Profile) -> dict[str, int]:
    """What a record can be found by → how many times it has it; the first letter says which part it is of."""
    found: Counter[str] = Counter()
    for word in profile.words:
        found.update(_pieces("n", word))
    found.update(_pieces("c", profile.place) if profile.place else ())
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
            counts.update(tokens(profile).keys())
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

    def _vector(self, profile: Profile) -> list[tuple[int, float]]:
        """(column, value), by column."""
        scale = log(self.size + 1)
        parts: dict[str, list[tuple[int, float]]] = {}
        for token, count in tokens(profile).items():
            column = self._columns.get(token)
            if column is not None:
                parts.setdefault(token[0], []).append((column, (1 + log(count)) * self._idf[column]))
        found = []
        for kind, each in parts.items():
            norm = sqrt(sum(value * value for _column, value in each)) if kind in _TOGETHER else scale
            found += [(column, sqrt(_SHARES[kind]) * value / norm) for column, value in each]
        return sorted(found)

    def pairs(self, top: int = TOP) -> list[tuple[int, int]]:
        """Positions (lesser, greater) of the candidate pairs, sorted; at most `top` for each record that proposes."""
        found = set()
        for start in range(0, self.size, _CHUNK):
            products = self._rows[start : start + _CHUNK] @ self._postings
            for row in range(products.shape[0]):
                here = slice(products.indptr[row], products.indptr[row + 1])
                one = start + row
                for other in self._best(products.indices[here], products.data[here], top + 1):
                    if other != one:
                        found.add((one, other) if one < other else (other, one))
        return sorted(found)

    def near(self, profile: Profile, top: int = TOP) -> list[int]:
        """Positions of the candidates of a record that is not in the list, best first."""
        import numpy as np

        products = np.zeros(self.size, dtype=np.float32)
        for column, value in self._vector(profile):
            here = slice(self._postings.indptr[column], self._postings.indptr[column + 1])
            products[self._postings.indices[here]] += value * self._postings.data[here]
        reached = np.flatnonzero(products)
        return self._best(reached, products[reached], top)

    def _best(self, positions: Any, products: Any, top: int) -> list[int]:
        import numpy as np

        kept = products >= FLOOR
        positions, products = positions[kept], products[kept]
        if len(positions) > 4 * top:
            floor = np.partition(products, len(products) - top)[len(products) - top]
            kept = products >= floor - 1e-4
            positions, products = positions[kept], products[kept]
        order = np.lexsort((self._rank[positions], -np.round(products, 4)))
        return [int(position) for position in positions[order[:top]]]
