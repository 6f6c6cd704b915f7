"""Refusals that a person reads, and what to tell from a fault of the program: a machine that cannot answer now."""

import errno

from django.db import OperationalError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES}
RETRY_AFTER = "120"


def is_outage(error: BaseException | None) -> bool:
    """Whether `error` comes from a full or closed disk, or from a database that does not answer: 503, not 500."""
    return isinstance(error, OperationalError) or (isinstance(error, OSError) and error.errno in _NO_ROOM)


class Refused(Exception):
    """An action that may not or cannot be done; `sentence` is shown to the user (403 in pages and API), beside the `field` of the
    form when it is about one."""

    def __init__(self, sentence: str, *, status: int = 403, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.field = field


class Moved(Exception):
    """What was asked for is now elsewhere, at `address`; `sentence` is told when something was to be written, which is not."""

    def __init__(self, address: str, sentence: str = "") -> None:
        super().__init__(address)
        self.address = address
        self.sentence = sentence


class Conflict(Refused):
    """Someone else changed the object meanwhile, or the last place is gone (409)."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, status=409)
