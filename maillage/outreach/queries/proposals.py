"""The message that a personal link opens."""

from maillage.networks.models import Network
from maillage.outreach.models import CampaignMessage


def message_opened_by(network: Network | None, pk: int, token: str) -> CampaignMessage | None:
    """On the host of its own network."""
    found = CampaignMessage.objects.select_related(
        "network", "campaign__network", "campaign__author", "actor__commune__department"
    )
    message = found.filter(pk=pk, network=network).exclude(sent_at=None).first()
    return message if message is not None and message.is_opened_by(token) else None
