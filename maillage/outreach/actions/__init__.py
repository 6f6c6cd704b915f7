"""Verbs of the network's relations: one module a feature; the tasks of each night are declared when they are read."""

from maillage.outreach.actions import asking, contacts, introductions, letters, needs, officials, partnerships, promises

__all__ = ["asking", "contacts", "introductions", "letters", "needs", "officials", "partnerships", "promises"]
