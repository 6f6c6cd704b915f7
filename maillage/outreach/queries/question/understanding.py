"""A question in plain French, read into places, terms and words; or read again from the address that says the same.

`?q=…` alone is understood; with `lu=1` the address says all that counts (the reader removed or changed something): nothing is
read from the text any more.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from maillage.core.text import whole_number
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.networks.queries import departments_of
from maillage.outreach.queries.question.spelling import respelled, spelled_as
from maillage.outreach.queries.question.vocabulary import TERMS, TRAINING, Phrases, Target, data, phrases_for
from maillage.search.queries import Word, matching_ids, words_of
from maillage.territories.models import Territory
from maillage.territories.queries import commune_index
from maillage.territories.registry import name_key
from maillage.topics.models import Term

LONGEST = 300
_NAME = 7  # Words of the longest name of a place that is looked for.
_MOST = 12  # Values of one facet that an address may hold.
_CUES = frozenset({"a", "au", "aux", "en", "dans", "pres", "vers", "autour", "cote", "depuis"})
_COUNTED = re.compile(r"\d+(?:h\d*|e|er|eme|ans?|km|mn|min|m)?")  # « 30 », « 14h30 », « 3e », « 8ans ».
_COINS = re.compile(r"\b(\d+)\s*(?:€|%)")
_TRAINED = re.compile(
    r"\b(?:former|formons|formez|formerait|formations? (?:pour|de|des|d))(?: (?:pour|a|aux|des|de|d|les|la|le|l|nos|leurs))* ([a-z]+)"
)
_EPCI = re.compile(r"^(?:ca|cc|cu|metropole)\s+(?:(?:de|du|des|d|l|le|la|les)\s+)*")


@dataclass(frozen=True)
class Chip:
    """Something understood: the parameter and the value that say it, its words."""

    name: str
    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """What is asked: who proposes `terms` (parameter → terms), around `places`, speaking of `words`, for `asker`.

    `topic` holds the words by which themes were recognised: a text may speak of them without the sheet having the theme.
    """

    network: Network
    text: str = ""
    terms: dict[str, list[Term]] = field(default_factory=dict)
    departments: tuple[Territory, ...] = ()
    epcis: tuple[Territory, ...] = ()
    commune: Territory | None = None
    words: str = ""
    topic: str = ""
    corrected: str = ""
    asker: Actor | None = None

    @property
    def is_empty(self) -> bool:
        return not (any(self.terms.values()) or self.has_place or self.words)

    @property
    def has_place(self) -> bool:
        return bool(self.departments or self.epcis or self.commune)

    @property
    def place_name(self) -> str:
        places = [*self.departments, *self.epcis, *([self.commune] if self.commune is not None else [])]
        return ", ".join(place.name for place in places)

    @property
    def is_training(self) -> bool:
        return any(term.slug == TRAINING for term in self.terms.get("action", ()))

    def chips(self) -> list[Chip]:
        found = [Chip("departement", place.code, place.name) for place in self.departments]
        found += [Chip("epci", place.code, place.name) for place in self.epcis]
        if self.commune is not None:
            found.append(Chip("pres", self.commune.code, self.commune.name))
        found += [Chip(name, term.slug, term.label) for name in TERMS for term in self.terms.get(name, ())]
        return [*found, *(Chip("mots", word, word) for word in self.words.split())]

    def params(self, *, without: Chip | None = None) -> QueryDict:
        """The address that says all of this, but for one chip."""
        kept = QueryDict(mutable=True)
        kept["q"], kept["lu"] = self.text, "1"
        words = []
        for chip in self.chips():
            if chip == without:
                continue
            if chip.name == "mots":
                words.append(chip.value)
            else:
                kept.appendlist(chip.name, chip.value)
        if words:
            kept["mots"] = " ".join(words)
        if self.asker is not None:
            kept["pour"] = str(self.asker.pk)
        return kept


def read_question(params: QueryDict, viewer: Viewer) -> Question:
    """What an address asks; unknown values are dropped."""
    network: Network = viewer.network
    text = params.get("q", "").replace("\x00", "").strip()[:LONGEST]
    asker = _asker(params.get("pour", ""), viewer)
    if params.get("lu") == "1":
        return _said(params, network, text, asker)
    return _understood(text, network, asker)


def _asker(key: str, viewer: Viewer) -> Actor | None:
    pk = whole_number(key)
    visible = Actor.objects.visible_to(viewer).current().select_related("commune__department")
    return visible.filter(pk=pk).first() if pk is not None else None


def _said(params: QueryDict, network: Network, text: str, asker: Actor | None) -> Question:
    known = phrases_for(network).terms
    terms = {name: _chosen(params.getlist(name), known[name]) for name in TERMS}
    codes = params.getlist("departement")[:_MOST]
    epcis = [code for code in params.getlist("epci")[:_MOST] if code.isalnum() and len(code) <= 9]
    commune = params.get("pres", "")
    return Question(
        network=network,
        text=text,
        terms=terms,
        departments=tuple(place for place in departments_of(network) if place.code in codes),
        epcis=tuple(Territory.objects.epcis().filter(code__in=epcis)) if epcis else (),
        commune=_commune(commune) if commune.isalnum() and len(commune) == 5 else None,
        words=" ".join(params.get("mots", "").replace("\x00", " ").split())[:LONGEST],
        topic=_topic(text, network, terms.get("theme", [])),
        asker=asker,
    )


def _chosen(values: Iterable[str], known: dict[str, Term]) -> list[Term]:
    return [known[value] for value in dict.fromkeys(list(values)[:_MOST]) if value in known]


def _commune(code: str) -> Territory | None:
    return Territory.objects.communes().select_related("department").filter(code=code).first()


def _topic(text: str, network: Network, themes: Sequence[Term]) -> str:
    """The words of `text` by which the themes that are still chosen were recognised; without any, the labels."""
    if not themes:
        return ""
    slugs = {term.slug for term in themes}
    told = [word for word in words_of(text) if not word.is_small]
    found = [
        word.written
        for word, targets in _taken(told, phrases_for(network))
        if any(name == "theme" and slug in slugs for name, slug in targets)
    ]
    return " ".join(found)


# --- understanding ----------------------------------------------------------------------------------------------------


def _understood(text: str, network: Network, asker: Actor | None) -> Question:
    phrases = phrases_for(network)
    question = _read(text, network, phrases)
    corrected = ""
    if question["words"]:
        pairs = spelled_as(question["words"], matching_ids(network, "actor", question["words"]).corrected, phrases)
        slips = {written: better for written, better in pairs if better and better != written}
        if slips:  # What was mistyped may be a place or a term: all is read again as it was understood.
            corrected = " ".join(slips.get(written, written) for written, _better in pairs)
            question = _read(respelled(text, slips), network, phrases)
    return Question(network=network, text=text, asker=asker, corrected=corrected, **question)


def _read(text: str, network: Network, phrases: Phrases) -> dict[str, Any]:
    """Terms, words and places, as fields of a question."""
    words = words_of(text)
    places, used = _Places(text, words, network, phrases).read()
    told = [word for rank, word in enumerate(words) if rank not in used and not word.is_small]
    return {**_told(told, phrases, _trained(words)), **places}


def _trained(words: Sequence[Word]) -> str:
    """Who is to be trained in « former des bibliothécaires », « une formation pour les médiathèques »."""
    found = _TRAINED.search(" ".join(word.folded for word in words))
    return found[1] if found else ""


def _told(told: Sequence[Word], phrases: Phrases, trained: str) -> dict[str, Any]:
    terms: dict[str, list[Term]] = {name: [] for name in TERMS}
    topic, rest = [], []
    before = ""
    for word, meant in _taken(told, phrases):
        targets = _as_audience(meant, phrases) if word.folded == trained else meant
        if not targets and word.stem not in data().empty and not _is_counted(word.folded, before):
            rest.append(word.written)
        before = word.folded
        for name, slug in targets:
            term = phrases.terms[name][slug]
            if term not in terms[name]:
                terms[name].append(term)
        if any(name == "theme" for name, _slug in targets):
            topic.append(word.written)
    return {"terms": terms, "topic": " ".join(topic), "words": " ".join(dict.fromkeys(rest))}


def _as_audience(targets: Sequence[Target], phrases: Phrases) -> list[Target]:
    """Those of a family when they are the public: never the family, nor what it does."""
    kept = [target for target in targets if target[0] not in ("famille", "action")]
    for name, slug in targets:
        audience = data().trained.get(slug) if name == "famille" else None
        if audience is not None and audience[1] in phrases.terms[audience[0]] and audience not in kept:
            kept.append(audience)
    return kept


def _is_counted(word: str, before: str) -> bool:
    """Whether a word is a number, an age, an hour, a day: nothing that a sheet is searched for."""
    if _COUNTED.fullmatch(word) or word in ("an", "ans"):
        return True
    return word in data().measures and bool(_COUNTED.fullmatch(before))


def _taken(told: Sequence[Word], phrases: Phrases) -> Iterator[tuple[Word, list[Target]]]:
    """Each word with what the phrase that took it means; nothing for those left over."""
    start = 0
    while start < len(told):
        length, targets = phrases.at(told, start)
        for word in told[start : start + max(1, length)]:
            yield word, targets
        start += max(1, length)


class _Places:
    """Finds départements, EPCI and communes in the words of a question: the longest name first."""

    def __init__(self, text: str, words: Sequence[Word], network: Network, phrases: Phrases) -> None:
        self.text, self.words, self.phrases = text, words, phrases
        self.departments = {place.code: place for place in departments_of(network)}
        self.by_name = {place.name_key: place for place in self.departments.values()}
        self.epcis: dict[str, int] | None = None

    def read(self) -> tuple[dict[str, Any], set[int]]:
        """The places (as fields of a question), and the ranks of the words that name them."""
        departments: list[Territory] = []
        epcis: list[int] = []
        commune: int | None = None
        used: set[int] = set()
        for length in range(min(_NAME, len(self.words)), 0, -1):
            for start in range(len(self.words) - length + 1):
                ranks = set(range(start, start + length))
                if ranks & used or self.words[start].folded in _CUES:
                    continue
                found = self._at(start, length)
                if found is None:
                    continue
                kind, value = found
                used |= ranks
                if kind == "department" and value not in departments:
                    departments.append(value)
                elif kind == "epci":
                    epcis.append(value)
                elif kind == "commune" and commune is None:
                    commune = value
        return {
            "departments": tuple(departments),
            "epcis": tuple(Territory.objects.filter(pk__in=epcis).order_by("pk")) if epcis else (),
            "commune": Territory.objects.select_related("department").get(pk=commune) if commune else None,
        }, used

    def _at(self, start: int, length: int) -> tuple[str, Any] | None:
        words = self.words[start : start + length]
        before = self.words[start - 1].folded if start else ""
        key = name_key(" ".join(word.folded for word in words))
        if length == 1 and key.isdigit():
            return self._numbered(key, start)
        if length == 1 and (code := data().places.get((words[0].stem,))) in self.departments:
            return "department", self.departments[str(code)]
        if not key or key.isdigit() or words[-1].is_small:
            return None
        is_name = before in _CUES or self._is_capital(words[0], first=start == 0)
        if key in self.by_name and (length > 1 or is_name):
            return "department", self.by_name[key]
        is_last = start + length == len(self.words) and len(key) > 3
        if (is_name or is_last) and (pk := self._commune(key)) is not None:
            means_something = any(self.phrases.at([word], 0)[0] for word in words if not word.is_small)
            if not means_something or self._is_capital(words[-1], first=False):
                return "commune", pk
        if (length > 1 or is_name) and (epci := self._epci(key)) is not None:
            return "epci", epci
        return None

    def _numbered(self, number: str, start: int) -> tuple[str, Any] | None:
        """« dans le 12 », « en 12 », « département 12 », or a postal code; never how many, how old or when."""
        after = self.words[start + 1].folded if start + 1 < len(self.words) else ""
        if after in data().measures | data().people or number in _COINS.findall(self.text):
            return None
        if len(number) <= 3:
            told = [word.folded for word in self.words[max(0, start - 2) : start]]
            is_named = (
                told[-2:] == ["dans", "le"]
                or told[-1:] in (["en"], ["departement"])
                or told[-2:] == ["departement", "du"]
            )
            found = self.departments.get(number) if is_named else None
            return ("department", found) if found is not None else None
        index = commune_index()
        here = [*index.by_postal.get(number, ())]
        if (exact := index.by_code.get(number)) is not None:
            here.append(exact)
        here = [each for each in here if each.department in self.departments]
        return ("commune", max(here, key=lambda each: each.population).pk) if here else None

    def _commune(self, key: str) -> int | None:
        named = [each.commune for each in commune_index().named(key)]
        here = [each for each in named if each.department in self.departments]
        return max(here, key=lambda each: each.population).pk if here else None

    def _epci(self, key: str) -> int | None:
        if self.epcis is None:
            rows = Territory.objects.epcis().filter(department__in=[each.pk for each in self.departments.values()])
            self.epcis = {}
            for pk, name in rows.order_by("-pk").values_list("pk", "name_key"):
                self.epcis[name] = self.epcis[_EPCI.sub("", name)] = pk
        return self.epcis.get(key)

    def _is_capital(self, word: Word, *, first: bool) -> bool:
        """Whether the word is written as a name is; the first of a sentence tells nothing."""
        if first:
            return False
        written = re.compile(rf"(?<!\w){re.escape(word.written)}(?!\w)", re.IGNORECASE)
        return any(match[0][:1].isupper() for match in written.finditer(self.text) if match.start() > 0)
