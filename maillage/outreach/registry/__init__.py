"""Settings, words of the journal and personal data of the network's relations; each feature has its module."""

from maillage.outreach.registry import contacts, letters, needs, officials

__all__ = ["contacts", "letters", "needs", "officials"]
