"""Which commune the columns of a file mean: strict, scored, and saying how it was found."""

from collections.abc import Iterable
from dataclasses import dataclass

from maillage.territories.queries.index import CommuneIndex, Known, Named, build_index
from maillage.territories.queries.places import (
    department_of,
    insee_number,
    postal_number,
    read_place,
)
from maillage.territories.registry import typed_key

_CLOSE = 84  # Lowest likeness, out of 100, of a badly written name where the postal code vouches for it.
_DOMINANT = 20  # How many times more people the main homonym has than the next one.


@dataclass(frozen=True, slots=True)
class Resolution:
    """`commune` is None when nothing, or nothing sure, was found; `candidates` then holds the possible ones.

    `score` from 0 to 1. `how`: "insee", "former_code", "postal_name", "former_name", "cedex", "postal_close_name",
    "begun_name", "department_name", "department_close_name", "postal_only", "postal_other_name", "name_only", "dominant_name",
    "ambiguous", "nothing".
    """

    commune: Known | None
    score: float
    how: str
    candidates: tuple[Known, ...] = ()


_NOTHING = Resolution(None, 0.0, "nothing")


class CommuneResolver:
    """Built once for a whole file: a line then costs no query."""

    def __init__(self, index: CommuneIndex | None = None) -> None:
        self.index = index or build_index()
        self._departments: dict[str, set[str]] = {}
        for commune in self.index.by_pk.values():
            self._departments.setdefault(commune.department, {commune.department}).add(
                typed_key(commune.department_name)
            )
        self._memory: dict[tuple[str, str, str, str], Resolution] = {}

    def resolve(
        self, *, postal_code: object = "", city: object = "", insee: object = "", department: object = ""
    ) -> Resolution:
        """The commune that these columns mean together; any of them may be missing."""
        asked = tuple(str(part if part is not None else "").strip() for part in (postal_code, city, insee, department))
        key = (asked[0], asked[1], asked[2], asked[3])
        if key not in self._memory:
            if len(self._memory) > 50_000:
                self._memory.clear()
            self._memory[key] = self._resolve(*key)
        return self._memory[key]

    def _resolve(self, postal_code: str, city: str, insee: str, department: str) -> Resolution:
        if code := insee_number(insee):
            if commune := self.index.by_code.get(code):
                return Resolution(commune, 1.0, "insee")
            if commune := self.index.former_codes.get(code):
                return Resolution(commune, 0.98, "former_code")
        place = read_place(city)
        number = postal_number(postal_code) or place.number
        if not number and not place.name:
            return _NOTHING
        departments = set(department_of(number)) or self._named_departments(department or place.department)
        if not number:
            return self._by_name(place.name, departments)
        here = self.index.by_postal.get(number, [])
        if not place.name:
            return self._by_number(number, here)
        return (
            self._among(place.name, here)
            or self._in_departments(place.name, departments, "cedex" if place.cedex or not here else "department_name")
            or self._close(place.name, here, 0.9, "postal_close_name")
            or self._beginning(place.name, here, 0.75)
            or self._close(place.name, self._inhabited(departments), 0.7, "department_close_name")
            or (None if here else self._beginning(place.name, self._inhabited(departments), 0.6))
            or self._other_name(here)
        )

    def _named_departments(self, text: str) -> set[str]:
        code = text.upper().zfill(2)
        if code in self._departments:
            return {code}
        key = typed_key(text)
        return {code for code, names in self._departments.items() if key and key in names}

    def _inhabited(self, departments: set[str]) -> list[Known]:
        return [commune for commune in self.index.by_pk.values() if commune.department in departments]

    def _by_number(self, number: str, here: list[Known]) -> Resolution:
        if len(here) == 1:
            return Resolution(here[0], 0.8, "postal_only")
        if here:
            return Resolution(None, 0.3, "ambiguous", tuple(here))
        # An office of CEDEX without a name: the main commune of the codes that begin alike.
        for length in (4, 3):
            alike = [code for code in self.index.postal_numbers if code.startswith(number[:length])]
            if near := [commune for code in alike for commune in self.index.by_postal[code]]:
                return Resolution(max(near, key=lambda commune: commune.population), 0.4, "cedex")
        return _NOTHING

    def _among(self, name: str, communes: Iterable[Known]) -> Resolution | None:
        """The commune of `communes` that bears this name, now or formerly."""
        exact = [named for commune in communes for named in self.index.names_of(commune) if named.key == name]
        current = [named.commune for named in exact if not named.former]
        if len(current) == 1:
            return Resolution(current[0], 1.0, "postal_name")
        former = {named.commune.pk: named.commune for named in exact}
        if len(former) == 1:
            return Resolution(next(iter(former.values())), 0.95, "former_name")
        if former:
            return Resolution(None, 0.3, "ambiguous", tuple(former.values()))
        return None

    def _in_departments(self, name: str, departments: set[str], how: str) -> Resolution | None:
        found = [named for named in self.index.named(name) if named.commune.department in departments]
        current = [named for named in found if not named.former] or found
        communes = {named.commune.pk: named.commune for named in current}
        if len(communes) == 1:
            score = {"cedex": 0.95, "department_name": 0.85}[how]
            return Resolution(next(iter(communes.values())), score - (0.05 if current[0].former else 0), how)
        if communes:
            return Resolution(None, 0.3, "ambiguous", tuple(communes.values()))
        return None

    def _close(self, name: str, communes: Iterable[Known], score: float, how: str) -> Resolution | None:
        """The only commune whose name, badly written, is `name`."""
        from rapidfuzz import fuzz, process

        names: list[Named] = [named for commune in communes for named in self.index.names_of(commune)]
        keys = [named.key for named in names]
        found = process.extract(name, keys, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=5)
        best = [names[rank].commune for _key, likeness, rank in found if likeness == found[0][1]]
        if not best or len({commune.pk for commune in best}) > 1:
            return None
        return Resolution(best[0], round(score * found[0][1] / 100, 3), how)

    def _beginning(self, name: str, communes: Iterable[Known], score: float) -> Resolution | None:
        """« toulouse mirail », « noilhan village », « beziers la deveze »: the longest name that begins `name`, or is begun by it."""
        found = [
            (len(named.key), named.commune)
            for commune in communes
            for named in self.index.names_of(commune)
            if f"{name} ".startswith(f"{named.key} ") or f"{named.key} ".startswith(f"{name} ")
        ]
        longest = {
            commune.pk: commune for length, commune in found if length == max(found, key=lambda pair: pair[0])[0]
        }
        return Resolution(next(iter(longest.values())), score, "begun_name") if len(longest) == 1 else None

    def _other_name(self, here: list[Known]) -> Resolution:
        if len(here) == 1:
            return Resolution(here[0], 0.5, "postal_other_name")
        return Resolution(None, 0.2, "ambiguous", tuple(here)) if here else _NOTHING

    def _by_name(self, name: str, departments: set[str]) -> Resolution:
        if departments:
            found = self._in_departments(name, departments, "department_name") or self._close(
                name, self._inhabited(departments), 0.75, "department_close_name"
            )
            return found or _NOTHING
        every = self.index.named(name)
        named = [each for each in every if not each.former] or list(every)
        communes = sorted({each.commune.pk: each.commune for each in named}.values(), key=lambda each: -each.population)
        if len(communes) == 1:
            return Resolution(communes[0], 0.8, "name_only")
        if communes and communes[0].population > _DOMINANT * communes[1].population:
            return Resolution(communes[0], 0.6, "dominant_name", tuple(communes))
        return Resolution(None, 0.2, "ambiguous", tuple(communes)) if communes else _NOTHING
