"""The French analyser: one text in, the same stems out on every database.

Words are cut, elisions and accents removed, feminines and plurals brought together, then Snowball cuts the endings. A
stem is made of a-z and 0-9 and begins with a letter, so that neither SQLite nor PostgreSQL cuts it again; a number is
written `n2025`, a letter of another script by its code point.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from maillage.search.engine.words import COMPOUNDS, ELIDED, ENDINGS, FEMININE, KIN, STEMS, STOP_WORDS, SYNONYMS, WHOLE

LONGEST_WORD = 40
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'", "´": "'", "′": "'"})
_DOTTED = re.compile(r"(?<![\w.])(?:[^\W\d_]\.){2,}[^\W\d_]?(?![\w])")
_INCLUSIVE = re.compile(r"(?<=\w{3})(?:[·•‧∙⋅][^\W\d_]{1,6})+|(?<=\w{3})\((?:e|ne|le|s|es|se|x)\)(?:\(s\)|s)?")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_NOT_PLAIN = re.compile(r"[^a-z0-9]")


def _snowball() -> Any:
    try:
        import Stemmer
    except ImportError:  # The pure Python one, about ten times slower, gives the same stems.
        import snowballstemmer

        return snowballstemmer.stemmer("french")
    return Stemmer.Stemmer("french", 0)


_stemmer = _snowball()


def words(text: str) -> Iterator[str]:
    """The words of `text`, lower case, accents kept, elisions removed, in order."""
    text = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    text = _DOTTED.sub(lambda match: match[0].replace(".", ""), text)
    text = _INCLUSIVE.sub("", text).lower()
    for match in _WORD.finditer(text):
        *before, last = match[0].split("'")
        kept = [part for part in before if part not in ELIDED]
        if kept and kept[-1] in WHOLE:
            last = kept.pop() + last
        for part in [*kept, last]:
            yield part[:LONGEST_WORD]


@lru_cache(maxsize=65536)
def folded_word(word: str) -> str:
    """`word` in a-z and 0-9 alone: accents and ligatures opened, other letters by their code point."""
    opened = unicodedata.normalize("NFKD", word.lower().translate(_LIGATURES))
    plain = "".join(char for char in opened.lower() if not unicodedata.combining(char))
    return _NOT_PLAIN.sub(lambda match: f"u{ord(match[0]):x}", plain)[: 2 * LONGEST_WORD]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of a folded word."""
    if word[:1].isdigit():
        return f"n{word}"
    if known := STEMS.get(word):
        return known
    for ending, shortest, becomes in ENDINGS:
        if len(word) >= shortest and word.endswith(ending):
            word = word[: -len(ending)] + becomes
            break
    return str(_stemmer.stemWord(word))


def spelled(text: str) -> list[tuple[str, str]]:
    """(as written, folded) for each word of `text`, compounds joined, stop words kept."""
    found: list[tuple[str, str]] = []
    for word in words(text):
        folded = folded_word(word)
        if found and (joined := COMPOUNDS.get((found[-1][1], folded))):
            found[-1] = (f"{found[-1][0]} {word}", joined)
        elif folded:
            found.append((word, folded))
    return found


def stems(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The stems that `spelled` words are indexed under, in order, stop words left out."""
    return [stem(folded) for _, folded in pairs if folded not in STOP_WORDS]


def _families() -> dict[str, frozenset[str]]:
    families: dict[str, frozenset[str]] = {}
    for group in SYNONYMS:
        together = frozenset(stem(word) for word in group)
        for each in together:
            families[each] = families.get(each, frozenset()) | together
    return families


_FAMILIES = _families()


@lru_cache(maxsize=65536)
def alternatives(word: str) -> frozenset[str]:
    """The stems that answer a folded word asked for: its own, those of its family and those of its kin."""
    own = stem(word)
    return _FAMILIES.get(own, frozenset()) | {own} | {stem(each) for each in _kin(word)}


def _kin(word: str) -> Iterator[str]:
    """What a trade is called from its place, act or field, and the other way; not always a word, which then finds nothing."""
    word = word.removesuffix("s")
    for feminine, masculine in FEMININE:
        if word.endswith(feminine):
            word = word.removesuffix(feminine) + masculine
            break
    for one, other, shared in KIN:
        for ending, becomes in ((one, other), (other, one)):
            if word.endswith(ending) and len(word) - len(ending) >= shared:
                yield word[: -len(ending)] + becomes
