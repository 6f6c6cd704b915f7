"""Territories are public, and the same in every network."""

from tests.access.table import line

LINES = [
    line("territories:commune_options", everyone=200),
    line("territories:commune_options", query="q=toul&format=json", everyone=200),
    line("territories:contours", args={"kind": "department", "scope": "france"}, everyone=200, elsewhere=200),
    line("territories:contours", args={"kind": "department", "scope": "region-zz"}, everyone=404),
]
