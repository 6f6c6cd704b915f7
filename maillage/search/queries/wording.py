"""Words as the index knows them, lent to the apps that read questions: the same cutting, the same stems."""

from dataclasses import dataclass

from maillage.search.engine.analyser import alternatives, spelled, stem
from maillage.search.engine.words import STOP_WORDS


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as it is written, folded, its stem; `is_small` for those that nothing is found by."""

    written: str
    folded: str
    stem: str
    is_small: bool

    @property
    def family(self) -> frozenset[str]:
        """The stems that answer it: its own, and those of the words that mean the same."""
        return alternatives(self.folded)


def words_of(text: str) -> list[Word]:
    return [Word(written, folded, stem(folded), folded in STOP_WORDS) for written, folded in spelled(text)]
