"""Reads of what is reported: the content behind a case, who decides of it, what waits for the team."""

from maillage.moderation.queries.cases import (
    authors_of,
    content_of,
    counted,
    page_about,
    page_of_case,
    reached,
    reasons_of,
    reports_of,
)
from maillage.moderation.queries.waiting import told_cases, waiting_cases

__all__ = [
    "authors_of",
    "content_of",
    "counted",
    "page_about",
    "page_of_case",
    "reached",
    "reasons_of",
    "reports_of",
    "told_cases",
    "waiting_cases",
]
