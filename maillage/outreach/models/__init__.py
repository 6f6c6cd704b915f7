from maillage.outreach.models.contacts import Contact, ContactActor
from maillage.outreach.models.letters import Letter, Recipient
from maillage.outreach.models.needs import Mismatch, Need, NeedAsking
from maillage.outreach.models.officials import ContactOfficial, Mandate, Official, Promise

__all__ = [
    "Contact",
    "ContactActor",
    "ContactOfficial",
    "Letter",
    "Mandate",
    "Mismatch",
    "Need",
    "NeedAsking",
    "Official",
    "Promise",
    "Recipient",
]
