"""The contours drawn under the points of a map."""

from maillage.networks.models import Network
from maillage.territories.queries import contours_url

_SCOPES = {"region": "region", "department": "departement", "epci": "epci"}


def base_map(network: Network) -> str:
    """The address of the départements of the network's perimeter; of all France without one."""
    perimeter = network.perimeter.order_by("kind", "code").values_list("kind", "code")
    parts = [f"{_SCOPES[kind]}-{code}" for kind, code in perimeter if kind in _SCOPES]
    return contours_url("department", "+".join(parts[:40]) or "france")
