"""Verbs of the network's relations: one module a feature; the tasks of each night are declared when they are read."""

from maillage.outreach.actions import contacts, introductions, partnerships

__all__ = ["contacts", "introductions", "partnerships"]
