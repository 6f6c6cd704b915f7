"""Pages about the network as a whole."""

from tests.access.table import line

LINES = [
    line(f"portal:{name}", everyone=200)
    for name in ("home", "about", "notice", "privacy", "accessibility", "help", "site_map", "gallery")
]
