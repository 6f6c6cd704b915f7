from maillage.outreach.models.contacts import Contact, ContactActor
from maillage.outreach.models.needs import Mismatch, Need, NeedAsking

__all__ = ["Contact", "ContactActor", "Mismatch", "Need", "NeedAsking"]
