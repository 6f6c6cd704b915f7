"""Tables of the letters."""

from maillage.newsletters.models.letters import Block, Delivery, Letter
from maillage.newsletters.models.subscriptions import Consent, Subscription

__all__ = ["Block", "Consent", "Delivery", "Letter", "Subscription"]
