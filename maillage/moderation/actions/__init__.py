"""Reporting a content, deciding of it, contesting the decision, answering."""

from maillage.moderation.actions.reporting import report
from maillage.moderation.actions.settling import appeal, settle, settle_appeal

__all__ = ["appeal", "report", "settle", "settle_appeal"]
