"""Answers of a rule: `Allowed()` or `Denied("phrase the user reads")`; both are usable as booleans."""

from dataclasses import dataclass

from maillage.core.errors import Refused


@dataclass(frozen=True, slots=True)
class Allowed:
    def __bool__(self) -> bool:
        return True

    def require(self) -> None:
        """Nothing: the act is allowed."""


@dataclass(frozen=True, slots=True)
class Denied:
    """`status` is 403, or 409 when it is the state of things that forbids."""

    sentence: str
    status: int = 403

    def __bool__(self) -> bool:
        return False

    def require(self) -> None:
        """Raise `Refused` with the sentence."""
        raise Refused(self.sentence, status=self.status)


Answer = Allowed | Denied


def allow_if(condition: bool, sentence: str) -> Answer:
    return Allowed() if condition else Denied(sentence)
