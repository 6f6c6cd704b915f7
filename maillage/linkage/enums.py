"""What may be said of two records."""

from enum import StrEnum


class Verdict(StrEnum):
    CERTAIN = "certain"  # A merge may be proposed, or made where automation is allowed.
    DOUBTFUL = "doubtful"  # Someone looks at it.
    APART = "apart"
    BRANCH = "branch"  # Two establishments of one legal entity: related, never the same.
