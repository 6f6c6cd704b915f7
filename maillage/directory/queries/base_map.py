"""The contours drawn under the points of a map, and the part of them that it shows at first."""

import json
from collections.abc import Sequence

from maillage.networks.models import Network
from maillage.territories.queries import contours_url

_SCOPES = {"region": "region", "department": "departement", "epci": "epci"}


def base_map(network: Network) -> str:
    """The address of the départements of the network's perimeter; of all France without one."""
    perimeter = network.perimeter.order_by("kind", "code").values_list("kind", "code")
    parts = [f"{_SCOPES[kind]}-{code}" for kind, code in perimeter if kind in _SCOPES]
    return contours_url("department", "+".join(parts[:40]) or "france")


def frame_of(points: Sequence[tuple[float, float]], *, margin: float = 0.0) -> str:
    """South-west and north-east corners around points (latitude, longitude), as the map reads them; "" without any: the
    whole base map. `margin` in degrees."""
    if not points:
        return ""
    latitudes, longitudes = zip(*points, strict=True)
    corners = (min(latitudes) - margin, min(longitudes) - margin), (max(latitudes) + margin, max(longitudes) + margin)
    return json.dumps([[round(edge, 3) for edge in corner] for corner in corners])
