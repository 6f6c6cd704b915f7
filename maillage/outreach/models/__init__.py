from maillage.outreach.models.approaches import Approach, ApproachStep
from maillage.outreach.models.campaigns import Campaign, CampaignMessage
from maillage.outreach.models.contacts import Contact, ContactActor
from maillage.outreach.models.lists import ListMember, TargetList

__all__ = [
    "Approach",
    "ApproachStep",
    "Campaign",
    "CampaignMessage",
    "Contact",
    "ContactActor",
    "ListMember",
    "TargetList",
]
