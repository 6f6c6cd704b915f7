"""Pages about the network as a whole."""

from tests.access.table import line

LINES = [
    line("portal:gallery", everyone=200),
]
