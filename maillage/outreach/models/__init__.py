from maillage.outreach.models.contacts import Contact, ContactActor

__all__ = ["Contact", "ContactActor"]
