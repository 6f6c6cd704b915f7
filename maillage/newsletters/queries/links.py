"""What the links of messages open."""

from maillage.networks.models import Network
from maillage.newsletters.models import Subscription


def opened_by(network: Network, pk: int, token: str, *, confirming: bool = False) -> Subscription | None:
    found = Subscription.objects.filter(network=network, pk=pk).select_related("network").first()
    if found is None:
        return None
    opens = found.is_confirmed_by(token) if confirming else found.is_opened_by(token)
    return found if opens else None


def own_subscription(network: Network, email: str) -> Subscription | None:
    """That of the proved address of someone signed in."""
    return Subscription.objects.filter(network=network, email=email.lower()).first()
