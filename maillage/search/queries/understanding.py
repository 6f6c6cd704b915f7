"""What a text asks for: sets of stems, one of each wanted, with what was corrected.

A word that no document uses is completed if it begins words in use (one is still typing), else corrected.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maillage.core.text import folded
from maillage.search.engine.analyser import alternatives, spelled, stem
from maillage.search.engine.ranking import Sought, rarity
from maillage.search.engine.spelling import Vocabulary
from maillage.search.engine.words import QUESTIONS, STOP_WORDS
from maillage.search.queries import expressions
from maillage.search.queries.expressions import Condition, Question

LONGEST_TEXT = 300
MOST_WORDS = 8
MOST_WORDS_OF_QUESTION = 16
LONG = 4  # Words from which a text is a question, of which no single document need hold every word.


@dataclass(frozen=True, slots=True)
class Understood:
    """`words`: each word looked for, folded, with the stems that answer it, the text's own order kept."""

    key: str
    words: tuple[tuple[str, Condition], ...]
    corrected: str = ""
    is_question: bool = False

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return tuple(stems for _, stems in self.words[:MOST_WORDS])

    def sought(self, vocabulary: Vocabulary) -> list[Sought]:
        return [
            Sought(stem(word), stems, rarity(reach([stems], vocabulary), vocabulary.documents))
            for word, stems in self.words
        ]


def understood(text: str, vocabulary: Vocabulary, scopes: Sequence[str], *, typing: bool = False) -> Understood:
    text = text[:LONGEST_TEXT]
    pairs = spelled(text)
    told = [number for number, (_, word) in enumerate(pairs) if word not in STOP_WORDS][:MOST_WORDS_OF_QUESTION]
    if not told and pairs:  # Only small words: the last may begin a longer one.
        told = [len(pairs) - 1]
        typing = True
    shown = [written for written, _ in pairs]
    wanted: dict[Condition, str] = {}
    changed = False
    for number in told:
        word = pairs[number][1]
        stems = _stems(word, vocabulary, typing and number == len(pairs) - 1)
        if not stems and (better := _correction(word, vocabulary, scopes)):
            word, stems, changed = better, alternatives(better), True
            shown[number] = vocabulary.shown(better)
        wanted.setdefault(stems or alternatives(word), word)
    asks = "?" in text or (bool(pairs) and pairs[0][1] in QUESTIONS)
    return Understood(
        folded(text),
        tuple((word, stems) for stems, word in wanted.items()),
        " ".join(shown) if changed else "",
        len(wanted) >= (2 if asks else LONG),
    )


def _correction(word: str, vocabulary: Vocabulary, scopes: Sequence[str]) -> str | None:
    """A word that a document still uses: the vocabulary keeps for a while those of what was withdrawn or hidden."""
    better = vocabulary.correction(word)
    if better and expressions.any_answers(Question.all_of(scopes, [frozenset([stem(better)])])):
        return better
    return None


def _stems(word: str, vocabulary: Vocabulary, typing: bool) -> Condition:
    """What answers a word, or words that it begins; nothing when no document uses any."""
    known = alternatives(word) if vocabulary.knows(word) else frozenset()
    if known and not typing:
        return known
    return known | frozenset(stem(longer) for longer in vocabulary.completions(word) if longer not in STOP_WORDS)


def reach(conditions: Iterable[Condition], vocabulary: Vocabulary) -> int:
    """About how many documents hold all of these."""
    return min((sum(vocabulary.frequency(each) for each in either) for either in conditions), default=0)
