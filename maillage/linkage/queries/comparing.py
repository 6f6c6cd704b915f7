"""What two records have in common and what sets them apart, as numbers.

Every feature is symmetric, lies between 0 and 1.5, and is 0 when one of the two records does not say. `FEATURES` gives
the sign that its weight may take: agreement never counts against a pair, nor difference for it.
"""

from math import exp, log1p
from typing import Any, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from maillage.core.geo import distance_km
from maillage.linkage.queries.records import Profile, Rarity
from maillage.linkage.queries.wording import spelt_by

FEATURES: dict[str, int] = {
    "name_same": 1,  # The same words.
    "name_words": 1,  # Share of the words in common, by rarity (Dice).
    "name_spelling": 1,  # Likeness of the letters beyond one half (rapidfuzz, words sorted).
    "name_rarity": 1,  # Weights of the common words: 1 when about one record would have them by chance.
    "name_apart": -1,  # Weights of the words that each has alone: the lesser side, then what the other side has more.
    "name_more": -1,
    "numbers_other": -1,
    "acronym": 1,  # An acronym of one is that of the other, or its initials, where the words do not agree.
    "place_same": 1,
    "place_rarity": 1,  # The same, by the rarity of the commune in the list.
    "place_other": -1,
    "postal_same": 1,
    "postal_other": -1,
    "department_other": -1,
    "near": 1,  # exp(-km / 0.2).
    "far": -1,  # log(1 + km) / log(101), from 1 km on.
    "street_same": 1,
    "street_other": -1,
    "number_other": -1,  # Another house number.
    "phone_same": 1,  # These and hosts: less when others share it.
    "phone_other": -1,
    "page_same": 1,
    "host_same": 1,
    "host_other": -1,
    "host_named": 1,  # A word of one name, that the other has not, is in the other's host ("paleospace-villers.fr").
    "mailbox_same": 1,
    "identifier_same": 1,
    "identifier_other": -1,
    "name_here": 1,  # Words and place agree together.
    "apart_here": -1,  # Words apart though the place is the same: neighbours.
    "name_reached": 1,  # Words and phone, page or mailbox agree together.
}
NAMES = tuple(FEATURES)


class Words(NamedTuple):
    """Weights of the words agreeing, spelt by an acronym, and alone on either side; the agreeing pairs."""

    agreed: float
    spelt: float
    one: float
    other: float
    pairs: list[tuple[str, str]]


def _alike(one: str, other: str) -> float:
    """From 0 to 1: a slip in a word of four letters or more, an abbreviation of at most four letters, else nothing."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    size, more = len(short), len(long) - len(short)
    if size <= 4 and more > 1 and long.startswith(short):
        return 0.8
    if size < 4 or more > 0.3 * len(long) or short.isdigit():
        return 0.0
    return OSA.normalized_similarity(one, other, score_cutoff=0.7)


def compare_words(one: Profile, other: Profile, rarity: Rarity) -> Words:
    here, there = set(one.words), set(other.words)
    if not (one.place and other.place):  # The commune that only one gives may be in the other's name.
        here, there = here - set(other.place.split()) or here, there - set(one.place.split()) or there
    common = here & there
    agreed = sum(rarity.weight(word) for word in sorted(common))
    pairs = [(word, word) for word in sorted(common)]
    here, there = here - common, there - common
    if here and there:
        close = [(-likeness, min(a, b), max(a, b), a, b) for a in here for b in there if (likeness := _alike(a, b))]
        for unlikeness, _first, _second, a, b in sorted(close):
            if a in here and b in there:
                here.discard(a)
                there.discard(b)
                agreed -= unlikeness * min(rarity.weight(a), rarity.weight(b))
                pairs.append((a, b))
    spelt = _spell(here, there, other, rarity) + _spell(there, here, one, rarity) if here and there else 0.0
    return Words(agreed, spelt, sum(map(rarity.weight, sorted(here))), sum(map(rarity.weight, sorted(there))), pairs)


def _spell(acronyms: set[str], words: set[str], written: Profile, rarity: Rarity) -> float:
    """Take out of both sets the acronyms that words in a row spell, with these words; their weights."""
    found = 0.0
    for acronym in sorted(word for word in acronyms if word in written.letters):
        run = {written.words[position] for position in spelt_by(acronym, written.letters)}
        if run & words:
            found += sum(map(rarity.weight, sorted(run & words)))
            acronyms.discard(acronym)
            words -= run
    return found


def distance(one: Profile, other: Profile) -> float | None:
    """Kilometres, None when one of them has no position."""
    here, there = one.record.position, other.record.position
    if here is None or there is None:
        return None
    return distance_km(*min(here, there), *max(here, there))  # In one order: the same to the last digit.


def is_branch(one: Profile, other: Profile) -> bool:
    """The same SIREN with other SIRETs: two establishments of one legal entity (DIR-2)."""
    here, there = one.identifiers.get("siret", ""), other.identifiers.get("siret", "")
    return bool(here and there) and here != there and here[:9] == there[:9]


def _identifiers(one: Profile, other: Profile, found: dict[str, float]) -> None:
    schemes = one.identifiers.keys() & other.identifiers.keys()
    same = {scheme for scheme in schemes if one.identifiers[scheme] == other.identifiers[scheme]}
    if "siret" in schemes - same:
        same.discard("siren")
    found["identifier_same"] = float(bool(same))
    found["identifier_other"] = float(bool(schemes - same) and not same)


def _name(one: Profile, other: Profile, rarity: Rarity, found: dict[str, float]) -> None:
    if not (one.words and other.words):
        return
    words = compare_words(one, other, rarity)
    found["name_same"] = float(one.core == other.core)
    found["name_words"] = 2 * words.agreed / (2 * words.agreed + words.spelt + (words.one + words.other))
    found["name_spelling"] = max(0.0, fuzz.ratio(one.core, other.core) / 50 - 1)
    found["name_rarity"] = min(words.agreed, 1.5)
    less, more = sorted((words.one, words.other))
    found["name_apart"], found["name_more"] = min(less, 1.5), min(more - less, 1.5)
    if one.numbers and other.numbers:
        found["numbers_other"] = float(one.numbers != other.numbers)
    if one.acronyms & (other.acronyms | other.initials) or other.acronyms & (one.acronyms | one.initials):
        found["acronym"] = 1 - found["name_words"]
        found["name_apart"] = found["name_more"] = 0.0
    elif words.spelt:
        found["acronym"] = words.spelt / (words.spelt + words.agreed + (words.one + words.other))


def _place(one: Profile, other: Profile, rarity: Rarity, found: dict[str, float]) -> None:
    if one.place and other.place:
        likeness = fuzz.ratio(one.place, other.place) / 100
        if one.record.place_code and other.record.place_code:
            likeness = float(one.record.place_code == other.record.place_code)
        elif one.place != other.place and (one.place in other.place or other.place in one.place):
            likeness = max(likeness, 0.8)
        found["place_same"] = likeness if likeness >= 0.75 else 0.0
        weight = min(rarity.place_weight(one.place), rarity.place_weight(other.place))
        found["place_rarity"] = found["place_same"] * weight
        found["place_other"] = float(likeness < 0.75)
    elif place := one.place or other.place:
        named = set((other if one.place else one).words)
        if named >= set(place.split()):
            found["place_same"], found["place_rarity"] = 1.0, rarity.place_weight(place)
    if one.postal_code and other.postal_code:
        same = one.postal_code == other.postal_code
        found["postal_same"], found["postal_other"] = float(same), float(not same)
    if one.department_code and other.department_code:
        found["department_other"] = float(one.department_code != other.department_code)
    elif one.department_name and other.department_name:
        found["department_other"] = float(one.department_name != other.department_name)
    kilometres = distance(one, other)
    if kilometres is not None:
        found["near"] = exp(-kilometres / 0.2)
        found["far"] = min(1.5, log1p(kilometres) / log1p(100)) if kilometres > 1 else 0.0
    if one.street and other.street:
        likeness = fuzz.token_set_ratio(one.street, other.street) / 100
        found["street_same"] = max(0.0, 2 * likeness - 1)
        found["street_other"] = max(0.0, 1 - 2 * likeness) if likeness < 0.5 else 0.0
        if one.number and other.number and likeness >= 0.5:
            found["number_other"] = float(one.number != other.number)


def _contacts(one: Profile, other: Profile, rarity: Rarity, found: dict[str, float]) -> None:
    for name, here, there in (
        ("phone", one.phones, other.phones),
        ("page", one.pages, other.pages),
        ("host", one.hosts, other.hosts),
        ("mailbox", one.mailboxes, other.mailboxes),
    ):
        if not (here and there):
            continue
        if shared := here & there:
            found[f"{name}_same"] = max(map(rarity.telling, shared))
        elif f"{name}_other" in FEATURES:
            found[f"{name}_other"] = 1.0


def _named(one: Profile, other: Profile, rarity: Rarity) -> float:
    """The weight of the rarest word of five letters or more that one has in its name and the other in its host alone."""
    if not other.hosts:
        return 0.0
    hosts = " ".join(sorted(other.hosts)).replace("-", "")
    place = set(other.place.split()) | set(one.place.split())
    words = set(one.words) - set(other.words) - place
    return max((rarity.weight(word) for word in words if len(word) >= 5 and word in hosts), default=0.0)


def features(one: Profile, other: Profile, rarity: Rarity) -> dict[str, float]:
    """The value of each of `FEATURES`, in their order."""
    found = dict.fromkeys(NAMES, 0.0)
    _name(one, other, rarity, found)
    _place(one, other, rarity, found)
    _contacts(one, other, rarity, found)
    _identifiers(one, other, found)
    found["host_named"] = min(1.0, max(_named(one, other, rarity), _named(other, one, rarity)))
    together = max(found["place_same"], found["near"], found["postal_same"])
    likeness = max(found["name_words"], found["acronym"])
    found["name_here"] = likeness * together
    found["apart_here"] = found["name_apart"] * together
    found["name_reached"] = likeness * max(found["phone_same"], found["page_same"], found["mailbox_same"])
    return found


def said(one: Profile, other: Profile, rarity: Rarity, name: str) -> Any:
    """What a page may show for a feature: agreeing words with their counts, kilometres, or the two values written."""
    here, there = one.record, other.record
    if name in ("name_rarity", "name_words", "name_here", "name_reached"):
        pairs = compare_words(one, other, rarity).pairs
        return [(a, b, min(rarity.words[a], rarity.words[b])) for a, b in pairs]
    if name in ("near", "far"):
        return distance(one, other)
    if name.startswith(("phone", "page", "host", "mailbox")):
        field = {"phone": "phones", "page": "pages", "host": "hosts", "mailbox": "mailboxes"}[
            name.split("_", maxsplit=1)[0]
        ]
        mine, theirs = getattr(one, field), getattr(other, field)
        return [(each, rarity.contacts[each]) for each in sorted(mine & theirs)] or (sorted(mine), sorted(theirs))
    if name.startswith("identifier"):
        return sorted(here.identifiers), sorted(there.identifiers)
    written = {"place": "city", "postal": "postal_code", "department": "department", "street": "address"}
    field = written.get(name.split("_", maxsplit=1)[0], "address" if name == "number_other" else "name")
    return getattr(here, field), getattr(there, field)
