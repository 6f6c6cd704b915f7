"""Verbs of the network's relations: one module a feature; the tasks of each night are declared when they are read."""

from maillage.outreach.actions import answering, approaches, campaigns, contacts, lists, sending

__all__ = ["answering", "approaches", "campaigns", "contacts", "lists", "sending"]
