"""Settings, words of the journal and personal data of the network's relations; each feature has its module."""

from maillage.outreach.registry import (
    approaches,
    approaches_personal,
    contacts,
    introductions,
    letters,
    needs,
    officials,
    partnerships,
)

__all__ = [
    "approaches",
    "approaches_personal",
    "contacts",
    "introductions",
    "letters",
    "needs",
    "officials",
    "partnerships",
]
