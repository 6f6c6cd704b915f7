"""A list in memory, against which one record is compared while it is typed, or all with one another."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from threading import RLock

from maillage.linkage.queries.candidates import TOP, Candidates, leads
from maillage.linkage.queries.comparing import is_branch
from maillage.linkage.queries.model import Explanation, Model, rows_of, shipped
from maillage.linkage.queries.records import Profile, Rarity, Record

_AGED = 8  # An index is made anew when what came since is more than one record in so many.
_FEW = 50
_MANY = 100  # What more new records have leads nowhere.


@dataclass(frozen=True, slots=True)
class Likeness:
    """A record of the index and the probability that it is of the same actor; `branch`: of another of its establishments."""

    profile: Profile
    score: float
    branch: bool

    @property
    def record(self) -> Record:
        return self.profile.record


class Index:
    """Records prepared once. It does not change: a new list makes a new index (about 0.1 s for 1,000 records)."""

    def __init__(self, records: Iterable[Record], model: Model | None = None) -> None:
        """Raises ValueError when two records have one key."""
        self.profiles = [Profile.of(record) for record in records]
        self.rarity = Rarity(self.profiles)
        self.candidates = Candidates(self.profiles)
        self.model = model or shipped()

    def find(self, record: Record, *, at_least: float = 0.1, limit: int = 5) -> list[Likeness]:
        """The records likest to one that may be in the list or not, best first; itself, by key, left out."""
        profile = Profile.of(record)
        return best((self.liken(profile, other) for other in self.near(profile)), at_least, limit)

    def near(self, profile: Profile) -> list[Profile]:
        """Those worth comparing with `profile`, itself, by key, left out."""
        found = (self.profiles[position] for position in self.candidates.near(profile, TOP + 1))
        return [other for other in found if other.record.key != profile.record.key]

    def liken(self, profile: Profile, other: Profile) -> Likeness:
        return Likeness(other, self.model.score(profile, other, self.rarity), is_branch(profile, other))

    def pairs(self) -> dict[tuple[int, int], float]:
        """Candidate pairs of positions in `profiles` → probability."""
        pairs = self.candidates.pairs()
        scores = self.model.scores(rows_of(pairs, self.profiles, self.rarity))
        return dict(zip(pairs, map(float, scores), strict=True))

    def explain(self, one: Record, other: Record) -> Explanation:
        return self.model.explain(Profile.of(one), Profile.of(other), self.rarity)


def best(likenesses: Iterable[Likeness], at_least: float, limit: int) -> list[Likeness]:
    """Those that reach a score, or are branches; best first."""
    found = [each for each in likenesses if each.score >= at_least or each.branch]
    return sorted(found, key=lambda each: (-each.score, str(each.record.key)))[:limit]


class GrowingIndex:
    """An index whose records come, change and go: those that did since it was made are looked through beside it.

    They are found by what they share whole with a record (words, place and word, contacts, identifiers); when they are
    many, the index is made anew. Several threads may use it.
    """

    def __init__(self, records: Iterable[Record] = (), model: Model | None = None) -> None:
        self.records: dict[Hashable, Record] = {record.key: record for record in records}
        self._lock = RLock()
        self._make(model)

    def _make(self, model: Model | None) -> None:
        self.index = Index(self.records.values(), model)
        self._outdated: set[Hashable] = set()
        self._recent: dict[Hashable, Profile] = {}
        self._by_lead: dict[str, list[Hashable]] = defaultdict(list)

    def learn(self, model: Model) -> None:
        """Score by another model from now on."""
        self.index.model = model

    def put(self, record: Record) -> None:
        """Add a record, or change the one that has its key."""
        profile = Profile.of(record)
        with self._lock:
            self.records[record.key] = record
            self._outdated.add(record.key)
            self._recent[record.key] = profile
            for lead in leads(profile):
                self._by_lead[lead].append(record.key)
            if len(self._outdated) > max(_FEW, len(self.records) // _AGED):
                self._make(self.index.model)

    def drop(self, key: Hashable) -> None:
        with self._lock:
            self.records.pop(key, None)
            self._recent.pop(key, None)
            self._outdated.add(key)

    def find(self, record: Record, *, at_least: float = 0.1, limit: int = 5) -> list[Likeness]:
        """As `Index.find`."""
        return self.likest(Profile.of(record), at_least=at_least, limit=limit)

    def likest(self, profile: Profile, *, at_least: float = 0.1, limit: int = 5) -> list[Likeness]:
        """As `find`, for a record whose profile is made already."""
        with self._lock:
            return best((self.index.liken(profile, other) for other in self._near(profile)), at_least, limit)

    def _near(self, profile: Profile) -> list[Profile]:
        held = [other for other in self.index.near(profile) if other.record.key not in self._outdated]
        keys: dict[Hashable, None] = {}
        for lead in leads(profile) if self._recent else ():
            if len(found := self._by_lead.get(lead, ())) <= _MANY:
                keys.update(dict.fromkeys(found))
        keys.pop(profile.record.key, None)
        return held + [self._recent[key] for key in keys if key in self._recent]

    def explain(self, one: Record, other: Record) -> Explanation:
        return self.index.explain(one, other)
