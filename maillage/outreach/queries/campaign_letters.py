"""What a campaign says to one actor: its text with the names filled."""

from dataclasses import dataclass

from maillage.directory.models import Actor
from maillage.outreach.models import Approach, Campaign
from maillage.outreach.validators import fill


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        return self.text.split("\n\n")


def letter_for(campaign: Campaign, actor: Actor) -> Letter:
    """`actor` with its commune. One query, for its approach."""
    approaches = Approach.objects.open().filter(network=campaign.network_id, actor=actor.pk)
    approach = approaches.select_related("follower").first()
    who = (approach.follower if approach is not None else None) or campaign.author
    values = {
        "acteur": actor.name,
        "commune": actor.commune.name if actor.commune is not None else "",
        "pourquoi": approach.reason if approach is not None else "",
        "contact": str(who) if who is not None else campaign.network.name,
    }
    return Letter(" ".join(fill(campaign.subject, values).split()), fill(campaign.body, values))
