"""Probes of operators and what belongs to no app."""

from tests.access.table import line

LINES = [
    line("healthz", everyone=200),
    line("readyz", everyone=200),
]
