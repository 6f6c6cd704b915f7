from maillage.outreach.models.contacts import Contact, ContactActor
from maillage.outreach.models.introductions import FollowUp, Introduction, IntroductionRefusal, IntroductionSide
from maillage.outreach.models.partnerships import Partnership

__all__ = [
    "Contact",
    "ContactActor",
    "FollowUp",
    "Introduction",
    "IntroductionRefusal",
    "IntroductionSide",
    "Partnership",
]
