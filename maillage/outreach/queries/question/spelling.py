"""What the index would correct, taken with care: a word that is right, only unknown to the sheets, stays what it is."""

import re
from collections.abc import Mapping

from rapidfuzz.distance import OSA

from maillage.outreach.queries.question.vocabulary import Phrases
from maillage.search.queries import words_of

_SHORT = 5  # Letters up to which a word is never corrected: too many others are near.
_LONG = 9  # Letters from which two slips are forgiven.


def spelled_as(words: str, corrected: str, phrases: Phrases) -> list[tuple[str, str]]:
    """Each word with what it is read as: itself, what the index corrects it to, or nothing where that is not believed."""
    written = [part for word in words_of(words) for part in word.written.split()]
    read = corrected.split() or written
    if len(read) != len(written):
        return [(word, "") for word in written]
    return [
        (word, better if word == better or _is_slip(word, better, phrases) else "")
        for word, better in zip(written, read, strict=True)
    ]


def _is_slip(word: str, better: str, phrases: Phrases) -> bool:
    """Whether `word` is `better` mistyped: long, beginning alike, near, and no word that the questions know."""
    asked, near = words_of(word), words_of(better)
    if len(asked) != 1 or len(near) != 1 or len(asked[0].folded) <= _SHORT or asked[0].stem in phrases.stems:
        return False
    slips = 2 if len(asked[0].folded) >= _LONG else 1
    one, other = asked[0].folded, near[0].folded
    return one[0] == other[0] and OSA.distance(one, other) <= slips


def respelled(text: str, slips: Mapping[str, str]) -> str:
    """`text` with those words replaced, capitals kept: they tell a name."""

    def replaced(match: re.Match[str]) -> str:
        better = slips[match[0].lower()]
        return better[:1].upper() + better[1:] if match[0][:1].isupper() else better

    found = "|".join(re.escape(word) for word in sorted(slips, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{found})(?!\w)", replaced, text, flags=re.IGNORECASE)
