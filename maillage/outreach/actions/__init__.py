"""Verbs of the network's relations: one module a feature; the tasks of each night are declared when they are read."""

from maillage.outreach.actions import (
    answering,
    approaches,
    asking,
    campaigns,
    contacts,
    introductions,
    letters,
    lists,
    needs,
    officials,
    outcomes,
    partnerships,
    promises,
    proposing,
    sending,
)

__all__ = [
    "answering",
    "approaches",
    "asking",
    "campaigns",
    "contacts",
    "introductions",
    "letters",
    "lists",
    "needs",
    "officials",
    "outcomes",
    "partnerships",
    "promises",
    "proposing",
    "sending",
]
