"""What the network's relations bring to the site: one module a feature."""

from maillage.outreach.panels import contacts, introductions, needs, officials

__all__ = ["contacts", "introductions", "needs", "officials"]
