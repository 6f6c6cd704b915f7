"""French names, places, addresses and contacts, written so that what means the same reads the same.

Everything returned is folded (see `core.text.folded`): lower case, a-z and 0-9, words separated by one space.
"""

import re
from functools import lru_cache

from maillage.core.text import folded, unaccent

_EMPTY = frozenset(
    [
        "a",
        "au",
        "aux",
        "avec",
        "d",
        "de",
        "des",
        "du",
        "en",
        "et",
        "l",
        "la",
        "le",
        "les",
        "ou",
        "par",
        "pour",
        "s",
        "sous",
        "sur",
        "un",
        "une",
    ]
)
# Legal forms say what a body is, not which one.
_FORMS = frozenset(
    [
        "association",
        "asso",
        "assoc",
        "ass",
        "etablissement",
        "ets",
        "ste",
        "societe",
        "sarl",
        "sas",
        "sasu",
        "sa",
        "scic",
        "scop",
        "eurl",
        "loi",
        "1901",
    ]
)
_SHORT = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "mus": "musee",
    "bibl": "bibliotheque",
    "mediath": "mediatheque",
    "univ": "universite",
    "dep": "departemental",
    "dept": "departemental",
    "mun": "municipal",
    "nat": "national",
    "ctre": "centre",
    "fed": "federation",
    "gal": "general",
    "mal": "marechal",
    "dr": "docteur",
    "pdt": "president",
    "cie": "compagnie",
}
_ROMAN = {
    numeral: str(value)
    for value, numeral in enumerate(["ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii"], 2)
}
del _ROMAN["v"], _ROMAN["x"]  # More often a letter.
_STREETS = {
    "av": "avenue",
    "ave": "avenue",
    "bd": "boulevard",
    "blvd": "boulevard",
    "bld": "boulevard",
    "boul": "boulevard",
    "r": "rue",
    "pl": "place",
    "rte": "route",
    "ch": "chemin",
    "che": "chemin",
    "chem": "chemin",
    "all": "allee",
    "imp": "impasse",
    "sq": "square",
    "fg": "faubourg",
    "fbg": "faubourg",
    "crs": "cours",
    "qu": "quai",
    "espl": "esplanade",
    "lot": "lotissement",
}
_KINDS_OF_STREET = frozenset(_STREETS.values())
_SOURCE_KEY = re.compile(r"\s[A-Z]{1,3}\d+!?\s*$")  # A list's own key, left at the end of the name.
# Lists of grants write the project after the name; what stands in parentheses qualifies it.
_PROJECT = re.compile(r"(?<!\bdu)(?<!\bde)(?<!\ben)(?<!\bau)\s+Projet\s.*$")
_ASIDE = re.compile(r"\([^)]*\)?|\[[^\]]*\]?")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.)+[^\W\d_]\b\.?")
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]{1,7}\b")
_BOX = re.compile(r"\b(?:bp|b p|cs|tsa)\s?\d+\b|\bcedex(?:\s\d+)?\b")
_DISTRICT = re.compile(r"\b\d+(?:e|er|eme|me)?(?: arrondissement)?\b|\bcedex\b")
_SCHEME = re.compile(r"^[a-z]*:?/*\w*://|^h+ttps?:?/+")
# Hosts where many unlike bodies have a page or a mailbox: the page may be compared, the host says nothing.
_SHARED_HOSTS = frozenset(
    [
        "facebook.com",
        "instagram.com",
        "twitter.com",
        "x.com",
        "linkedin.com",
        "youtube.com",
        "helloasso.com",
        "google.com",
        "wordpress.com",
        "blogspot.com",
        "over-blog.com",
        "wixsite.com",
        "wikipedia.org",
        "gmail.com",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "laposte.net",
        "sfr.fr",
        "hotmail.com",
        "hotmail.fr",
        "yahoo.fr",
        "yahoo.com",
        "outlook.fr",
        "outlook.com",
        "live.fr",
        "neuf.fr",
        "numericable.fr",
        "cnrs.fr",
    ]
)


@lru_cache(maxsize=65536)
def _whole(word: str) -> str:
    return _SHORT.get(word, word)


def place_words(city: str) -> str:
    """A commune without CEDEX nor arrondissement, "st" written "saint"."""
    return " ".join(_whole(word) for word in _DISTRICT.sub(" ", folded(city)).split())


def _joined(name: str) -> str:
    """`name` without the key of its list, dotted letters joined: "M.J.C." is "MJC"."""
    return _DOTTED.sub(lambda match: match[0].replace(".", ""), _SOURCE_KEY.sub("", unaccent(name)))


def name_words(name: str, city: str = "") -> tuple[str, ...]:
    """The words of a name that tell it from others, in order.

    Articles, legal forms, asides, the name's own acronym and the commune are left out, unless nothing would remain.
    """
    text = _joined(name)
    every = folded(text).split()
    head = folded(_PROJECT.sub("", _ASIDE.sub(" ", text))).split()
    words = [_whole(word) for word in (head if _telling(head) else every) if word not in _EMPTY]
    place = set(place_words(city).split())
    letters = "".join(word[0] for word in every), "".join(word[0] for word in words)
    own = {word for word in words if spelt_by(word, letters[0]) or spelt_by(word, letters[1])}
    for left_out in (_FORMS | place | own, _FORMS | place, place, _FORMS):
        if kept := tuple(word for word in words if word not in left_out and len(word) > 1):
            return kept
    return tuple(words)


def _telling(words: list[str]) -> bool:
    return any(word not in _EMPTY and word not in _FORMS and len(word) > 1 for word in words)


def spelt_by(word: str, letters: str) -> range:
    """Positions of the words in a row whose initials spell `word` (of three to eight letters), or an empty range.

    `letters` are the initials of all the words.
    """
    start = letters.find(word) if 3 <= len(word) <= min(8, len(letters)) else -1
    return range(start, start + len(word)) if start >= 0 else range(0)


def numbers(name: str) -> frozenset[str]:
    """The numbers in a name ("Paris 8", "collège n° 2"); roman ones from II to XIII count."""
    words = folded(_SOURCE_KEY.sub("", name)).split()
    return frozenset(
        _ROMAN.get(word) or word.lstrip("0") or "0" for word in words if word.isdigit() or word in _ROMAN
    ) - {"1901"}


def acronyms(name: str, acronym: str = "") -> frozenset[str]:
    """The acronym given, and those written in capitals within a name that is not all in capitals."""
    found = {folded(acronym).replace(" ", "")}
    text = _joined(name)
    inside = _CAPITALS.findall(text)
    if len(inside) == 1 or text != text.upper():
        found.update(each.lower() for each in inside)
    return frozenset(each for each in found if 2 <= len(each) <= 8)


def initials(words: tuple[str, ...]) -> str:
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def street(address: str, city: str = "") -> tuple[str, str]:
    """House number ("" when there is none) and the words of the street, without its kind, boxes, nor the commune."""
    text = _BOX.sub(" ", folded(address))
    place = set(place_words(city).split())
    words = [_STREETS.get(word, _whole(word)) for word in text.split()]
    number = next((word for word in words[:2] if word.isdigit() and len(word) <= 4), "")
    kept = [
        word
        for word in words
        if word not in _EMPTY and word not in _KINDS_OF_STREET and not (word.isdigit() and len(word) in (4, 5))
    ]
    kept = [word for word in kept if word != number]
    return number, " ".join([word for word in kept if word not in place] or kept)


def postal_code(text: str) -> str:
    """Five digits, or "": spreadsheets eat the first zero."""
    digits = re.sub(r"\D", "", text)
    return digits.zfill(5) if len(digits) in (4, 5) else ""


def department_code(postal: str) -> str:
    """The département that a postal code of five digits begins with (three digits overseas)."""
    return postal[:3] if postal[:2] in ("97", "98") else postal[:2]


def phone(text: str) -> str:
    """Ten digits of the French plan, or "" when it is no such number."""
    digits = re.sub(r"\D", "", text)
    for prefix in ("0033", "33"):
        if digits.startswith(prefix) and len(digits) - len(prefix) in (9, 10):
            digits = digits[len(prefix) :].lstrip("0")
            break
    digits = digits if len(digits) != 9 else f"0{digits}"
    return digits if len(digits) == 10 and digits[0] == "0" and digits[1] != "0" else ""


def page(text: str) -> str:
    """An address of a page without its scheme, "www.", anchor or last slash; "" when it is no address."""
    rest = _SCHEME.sub("", text.strip().lower()).removeprefix("www.").split("#")[0].rstrip("/?")
    host = rest.split("/")[0]
    return rest if "." in host and " " not in host and "@" not in host else ""


def host(text: str) -> str:
    """The host of a page or of a mailbox, "" where many unlike bodies share it. An "@" in a page is no mailbox."""
    is_mailbox = "@" in text and "/" not in text
    found = text.rsplit("@", 1)[-1].strip().lower() if is_mailbox else page(text).split("/")[0].split(":")[0]
    shared = any(found == each or found.endswith(f".{each}") for each in _SHARED_HOSTS)
    return "" if shared else found
