"""Looking up a commune as one types, and outright for a form without JavaScript."""

from dataclasses import dataclass
from heapq import nsmallest

from maillage.core.geo import distance_km
from maillage.territories.models import Territory
from maillage.territories.queries.index import CommuneIndex, Known, commune_index
from maillage.territories.queries.places import Place, department_of, read_place

_EXACT, _FORMER, _BEGINS, _CONTAINS, _NUMBER = 100, 96, 90, 80, 85
_CLOSE = 78  # Lowest likeness, out of 100, of a name typed wrong.
_SHORTEST, _SHORTEST_SLIP = 2, 4


@dataclass(frozen=True, slots=True)
class FoundCommune:
    """A proposal: `score` out of 100; `former` is the former name by which it was found, else ""."""

    commune: Territory
    score: int
    former: str
    postal_codes: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.commune.name

    @property
    def detail(self) -> str:
        """Postal code, département and former name: what tells homonyms apart."""
        codes = self.postal_codes
        parts = [codes[0] if len(codes) == 1 else f"{codes[0]}…" if codes else ""]
        parts.append(self.commune.department.name if self.commune.department else "")
        parts.append(self.former)
        return " · ".join(part for part in parts if part)


@dataclass(slots=True)
class _Hit:
    commune: Known
    score: int
    former: str = ""


def find_communes(
    text: str, near: tuple[float, float] | None = None, limit: int = 10, index: CommuneIndex | None = None
) -> list[FoundCommune]:
    """The communes that `text` may mean, the surest first, then the most populated, or the nearest to `near`.

    Accents, hyphens, « St », leading articles, former names, postal codes (whole or begun), CEDEX, a département behind
    and slips of typing are understood. Two queries once the index is in memory.
    """
    place = read_place(text)
    if not (place.name or place.number or place.department):
        return []
    known = index or commune_index()
    hits = _ranked(_hits(known, place), near, limit)
    rows = Territory.objects.select_related("department").in_bulk([hit.commune.pk for hit in hits])
    return [
        FoundCommune(rows[hit.commune.pk], hit.score, hit.former, _shown_codes(hit.commune, place.number))
        for hit in hits
        if hit.commune.pk in rows
    ]


def _shown_codes(commune: Known, number: str) -> tuple[str, ...]:
    return (number,) if number in commune.postal_codes else commune.postal_codes


def _hits(index: CommuneIndex, place: Place) -> dict[int, _Hit]:
    hits: dict[int, _Hit] = {}
    if place.number and not place.name:
        for commune in numbered(index, place.number):
            _keep(hits, commune, _EXACT)
        return hits
    if not place.name:
        for commune in index.numbered(place.department):
            _keep(hits, commune, _NUMBER)
        return hits
    if place.name.isdigit():
        for commune in index.numbered(place.name):
            _keep(hits, commune, _NUMBER)
    _by_name(index, place.name, hits)
    wanted = {place.department} if place.department else set(department_of(place.number))
    if wanted:
        inside = {commune.pk for commune in numbered(index, place.number)} if place.number else set()
        narrowed = {pk: hit for pk, hit in hits.items() if pk in inside} or {
            pk: hit for pk, hit in hits.items() if hit.commune.department in wanted
        }
        if narrowed or not place.number:
            return narrowed
        # The number is sure and the name is not: a hamlet, or a name too badly written.
        return {pk: _Hit(index.by_pk[pk], _CONTAINS) for pk in inside} or hits
    return hits


def numbered(index: CommuneIndex, number: str) -> list[Known]:
    """The communes of a postal code, or of an INSEE code, current or former."""
    found = list(index.by_postal.get(number, ()))
    exact = index.by_code.get(number) or index.former_codes.get(number)
    if exact is not None and exact not in found:
        found.append(exact)
    return found


def _by_name(index: CommuneIndex, name: str, hits: dict[int, _Hit]) -> None:
    for named in index.named(name):
        _keep(hits, named.commune, _FORMER if named.former else _EXACT, named.former)
    if len(name) < _SHORTEST:
        return
    for named, whole in index.beginning(name):
        _keep(hits, named.commune, (_BEGINS if whole else _CONTAINS) - (2 if named.former else 0), named.former)
    if not hits and len(name) >= _SHORTEST_SLIP:
        for rank, likeness in close_names(index, name):
            named = index.names[rank]
            _keep(hits, named.commune, int(likeness * 0.75), named.former)


def close_names(index: CommuneIndex, name: str, limit: int = 40) -> list[tuple[int, float]]:
    """Ranks in `index.names` of the names that look like `name`, whole or as far as it goes, with their likeness."""
    from rapidfuzz import fuzz, process

    whole = process.extract(name, index.keys, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=limit)
    found = {rank: likeness for _key, likeness, rank in whole}
    if not found:
        # A name being typed: its first letter is taken for right, which leaves few to compare.
        ranks = index.by_initial.get(name[:1], ())
        begun = [index.keys[rank][: len(name)] for rank in ranks]
        for _key, likeness, at in process.extract(name, begun, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=limit):
            found[ranks[at]] = likeness - 5
    return sorted(found.items(), key=lambda pair: -pair[1])


def _keep(hits: dict[int, _Hit], commune: Known, score: int, former: str = "") -> None:
    known = hits.get(commune.pk)
    if known is None or known.score < score:
        hits[commune.pk] = _Hit(commune, score, former)


def _ranked(hits: dict[int, _Hit], near: tuple[float, float] | None, limit: int) -> list[_Hit]:
    def rank(hit: _Hit) -> tuple[float, float, str]:
        commune = hit.commune
        if near is not None and commune.latitude is not None and commune.longitude is not None:
            return (-hit.score, distance_km(*near, commune.latitude, commune.longitude), commune.code)
        return (-hit.score, -commune.population, commune.code)

    return nsmallest(limit, hits.values(), key=rank)
