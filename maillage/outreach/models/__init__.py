from maillage.outreach.models.approaches import Approach, ApproachStep
from maillage.outreach.models.campaigns import Campaign, CampaignMessage
from maillage.outreach.models.contacts import Contact, ContactActor
from maillage.outreach.models.introductions import FollowUp, Introduction, IntroductionRefusal, IntroductionSide
from maillage.outreach.models.letters import Letter, Recipient
from maillage.outreach.models.lists import ListMember, TargetList
from maillage.outreach.models.needs import Mismatch, Need, NeedAsking
from maillage.outreach.models.officials import ContactOfficial, Mandate, Official, Promise
from maillage.outreach.models.partnerships import Partnership

__all__ = [
    "Approach",
    "ApproachStep",
    "Campaign",
    "CampaignMessage",
    "Contact",
    "ContactActor",
    "ContactOfficial",
    "FollowUp",
    "Introduction",
    "IntroductionRefusal",
    "IntroductionSide",
    "Letter",
    "ListMember",
    "Mandate",
    "Mismatch",
    "Need",
    "NeedAsking",
    "Official",
    "Partnership",
    "Promise",
    "Recipient",
    "TargetList",
]
