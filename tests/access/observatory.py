"""Key figures: public; the circles within are tested with the page."""

from tests.access.table import line

LINES = [
    line("observatory:figures_show", everyone=200),
    line("observatory:figures_export", everyone=200),
]
