"""Settings, words of the journal and personal data of the network's relations; each feature has its module."""

from maillage.outreach.registry import contacts, introductions, letters, needs, officials, partnerships

__all__ = ["contacts", "introductions", "letters", "needs", "officials", "partnerships"]
