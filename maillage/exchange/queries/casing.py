"""French names typed in capitals, given back their small letters, and the accents of common words; acronyms stay."""

import re
from functools import lru_cache
from pathlib import Path

from maillage.core.text import unaccent

_LISTS = dict(re.findall(r"\[(\w+)\]\n([^\[]+)", (Path(__file__).parents[1] / "data" / "words.txt").read_text("utf-8")))
_SMALL = frozenset(_LISTS["small"].split())
# Common words, so that neither a capital nor a lost accent stays on them.
_COMMON = {unaccent(word): word for word in _LISTS["common"].split()}
_ACRONYMS = frozenset(_LISTS["acronyms"].split())
_ROMAN = re.compile(r"(?:X{1,3}|X{0,3}(?:IX|IV|V?I{1,3}|V))(?:E|ER|EME)?")
_WORD = re.compile(r"[^\W\d_]+(?:\d+[^\W_]*)?", re.UNICODE)
_NO_VOWEL = re.compile(r"[^AEIOUYÀÂÉÈÊËÎÏÔÖÙÛÜŒ]{2,5}")


def is_shouted(text: str) -> bool:
    """Whether `text` is written in capitals: several words, or one too long for an acronym."""
    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    return len(letters) > 5 and capitals >= 0.9 * len(letters)


@lru_cache(maxsize=8192)
def lowered(text: str) -> str:
    """`text` in ordinary letters when it is shouted, else as it is."""
    if not is_shouted(text):
        return text
    pieces: list[str] = []
    end = 0
    for found in _WORD.finditer(text):
        gap = text[end : found.start()]
        pieces.append(gap)
        following = text[found.end() : found.end() + 1]
        inside_name = gap == "-" or following == "-"
        word = found[0]
        if len(word) == 1 and (gap.endswith(".") or following == "."):
            pieces.append(word)
        else:
            pieces.append(
                _word(word, first=not any(piece.strip(" \"'«(") for piece in pieces), inside_name=inside_name)
            )
        end = found.end()
    return "".join(pieces) + text[end:]


def _word(word: str, *, first: bool, inside_name: bool) -> str:
    small = word.lower()
    if small in _SMALL:
        return small.capitalize() if first else small
    if word in _ACRONYMS or (_NO_VOWEL.fullmatch(word) and word not in ("ST", "STE")) or _ROMAN.fullmatch(word):
        return word
    if any(char.isdigit() for char in word):
        return word
    common = _COMMON.get(unaccent(small)) if not inside_name else None
    if common is not None:
        return common[0].upper() + common[1:] if first else common
    return small.capitalize()
