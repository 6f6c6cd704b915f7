"""What the network's relations bring to the site: one module a feature."""

from maillage.outreach.panels import contacts, needs, officials

__all__ = ["contacts", "needs", "officials"]
