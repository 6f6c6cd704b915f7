"""French text, made comparable and made into addresses."""

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "’": "'", "ʼ": "'"}
)
_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")  # Those of our languages; other scripts have theirs elsewhere.
_NOT_WORD = re.compile(r"[^a-z0-9]+")
# Controls but tab and line ends, soft hyphens, marks without width, and those that turn the direction of what follows them.
# Joiners (U+200C, U+200D) stay: some scripts and pictures need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe]+"
)


def legible(text: str) -> str:
    """`text` without what nobody sees, but which hides a word from search or turns the rest of a line round."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub("", text)


def whole_number(text: str) -> int | None:
    """What an address or a form gives as a key or a count, if it is one that a database holds (18 digits at most)."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def unaccent(text: str) -> str:
    """`text` without diacritics, ligatures opened, case kept."""
    if text.isascii():
        return text
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.translate(_LIGATURES)))
    return bare if bare.isascii() else "".join(char for char in bare if not unicodedata.combining(char))


def folded(text: str) -> str:
    """Lower case, no accent, every run of other characters a single space: the form in which names are compared."""
    return _NOT_WORD.sub(" ", unaccent(text).lower()).strip()


@lru_cache(maxsize=4096)
def slugged(text: str, limit: int = 80) -> str:
    """An address part: folded words joined by hyphens, cut at `limit` characters on a word where possible."""
    slug = folded(text).replace(" ", "-")
    if len(slug) <= limit:
        return slug or "sans-nom"
    cut = slug[:limit]
    return cut.rsplit("-", 1)[0] if "-" in cut else cut
