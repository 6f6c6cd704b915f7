"""What every template knows: the viewer, the network, the menus."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from maillage.core.panels import menu
from maillage.core.viewer import Viewer


def page(request: HttpRequest) -> dict[str, Any]:
    viewer: Viewer = getattr(request, "viewer", None) or Viewer(network=getattr(request, "network", None))
    return {
        "viewer": viewer,
        "network": viewer.network,
        "public_menu": menu("public", viewer),
        "work_menu": menu("work", viewer),
        "demo": settings.DEMO,
        "tiles_url": settings.TILES_URL,
        "tiles_credit": settings.TILES_CREDIT,
    }
