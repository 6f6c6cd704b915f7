"""What the network's relations bring to the site: one module a feature."""

from maillage.outreach.panels import approaches, contacts, introductions, needs, officials

__all__ = ["approaches", "contacts", "introductions", "needs", "officials"]
