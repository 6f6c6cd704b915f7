"""Refusals that a person reads."""


class Refused(Exception):
    """An action that may not or cannot be done; `sentence` is shown to the user (403 in pages and API)."""

    def __init__(self, sentence: str, *, status: int = 403) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


class Conflict(Refused):
    """Someone else changed the object meanwhile, or the last place is gone (409)."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, status=409)
