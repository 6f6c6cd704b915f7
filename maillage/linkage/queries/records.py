"""What is compared: a record as it was written, and its profile, normalised once."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import log

from maillage.core.text import folded
from maillage.linkage.queries import wording


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a list. `""`, `None` and `()` mean "not known", which is never held against a pair.

    `identifiers` are (scheme, value) pairs such as ("siret", "…"); a record has at most one per scheme. `department` is
    a code or a name; two `place_code` that differ are two communes, whatever they are called. Latitude and longitude are in degrees, both or none.
    """

    key: Hashable
    name: str
    acronym: str = ""
    identifiers: frozenset[tuple[str, str]] = frozenset()
    address: str = ""
    postal_code: str = ""
    city: str = ""
    place_code: str = ""
    department: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    websites: tuple[str, ...] = ()

    @property
    def position(self) -> tuple[float, float] | None:
        """(latitude, longitude)."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A record, normalised (see `wording`)."""

    record: Record
    words: tuple[str, ...]
    letters: str  # Their initials.
    core: str  # The words, sorted: order says nothing ("Denais, musée Joseph").
    numbers: frozenset[str]
    acronyms: frozenset[str]
    initials: frozenset[str]
    identifiers: dict[str, str]
    place: str
    postal_code: str
    department_code: str
    department_name: str
    number: str
    street: str
    phones: frozenset[str]
    mailboxes: frozenset[str]
    pages: frozenset[str]
    hosts: frozenset[str]

    @classmethod
    def of(cls, record: Record) -> "Profile":
        words = wording.name_words(record.name, record.city)
        postal = wording.postal_code(record.postal_code)
        given = folded(record.department)
        is_code = 0 < len(given) <= 3
        number, street = wording.street(record.address, record.city)
        every_word = wording.name_words(record.name) if record.city else words
        contacts = (*record.emails, *record.websites)
        return cls(
            record=record,
            words=words,
            letters="".join(word[0] for word in words),
            core=" ".join(sorted(words)),
            numbers=wording.numbers(record.name),
            acronyms=wording.acronyms(record.name, record.acronym),
            initials=frozenset(filter(None, (wording.initials(words), wording.initials(every_word)))),
            identifiers={scheme: value for scheme, value in sorted(record.identifiers) if value},
            place=wording.place_words(record.city),
            postal_code=postal,
            department_code=given if is_code else wording.department_code(postal),
            department_name="" if is_code else given,
            number=number,
            street=street,
            phones=frozenset(filter(None, map(wording.phone, record.phones))),
            mailboxes=frozenset(mail.strip().lower() for mail in record.emails if "@" in mail),
            pages=frozenset(page for page in map(wording.page, record.websites) if "/" in page or wording.host(page)),
            hosts=frozenset(filter(None, map(wording.host, contacts))),
        )


class Rarity:
    """How many records of a list have a word, a commune, a phone, a host: what is shared by many tells little.

    Counts are of records. A word's weight is `log((n + 1) / (count + 0.5))` in nats, n the number of records, divided by
    `log(n + 1)`: words whose weights add up to 1 are expected together in about one record, were they independent
    (inverse document frequency, Spärck Jones 1972).
    """

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self.size = 0
        self.words: Counter[str] = Counter()
        self.places: Counter[str] = Counter()
        self.contacts: Counter[str] = Counter()
        for profile in profiles:
            self.size += 1
            self.words.update(set(profile.words))
            self.places[profile.place] += 1
            self.contacts.update(profile.phones | profile.hosts | profile.pages | profile.mailboxes)
        self._alone = self._weight(1)
        self._word_weights = {word: self._weight(count) for word, count in self.words.items()}

    def weight(self, word: str) -> float:
        """From 0 (everywhere) to about 1 (here alone)."""
        return self._word_weights.get(word, self._alone)

    def place_weight(self, place: str) -> float:
        return self._weight(max(self.places[place], 1))

    def telling(self, contact: str) -> float:
        """1 for what at most two records have, then less: the inverse root of the number of others."""
        return float(max(1, self.contacts[contact] - 1) ** -0.5)

    def _weight(self, count: int) -> float:
        size = max(self.size, 50)  # A shorter list says little of what is rare.
        return max(0.05, log((size + 1) / (count + 0.5)) / log(size + 1))
