"""What every template knows: the viewer, the network, the menus, the appearance."""

from functools import partial
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from maillage.core.panels import footer_panels, header_tools, menu
from maillage.core.viewer import Viewer

THEME_COOKIE = "theme"
THEMES = ("light", "dark")
DEFAULT_COLOURS = ("#3b3bd6", "#e8590c")


def theme_of(request: HttpRequest) -> str:
    """ "light", "dark" or "" (as the device says). Anything that keeps whole pages must keep one for each."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEMES else ""


def colours_of(network: Any) -> tuple[str, str]:
    return DEFAULT_COLOURS if network is None else (network.accent, network.signal)


def network_css_url(network: Any) -> str:
    digest = sha256("/".join(colours_of(network)).encode()).hexdigest()[:8]
    return f"{reverse('core:network_css')}?v={digest}"


def page(request: HttpRequest) -> dict[str, Any]:
    viewer: Viewer = getattr(request, "viewer", None) or Viewer(network=getattr(request, "network", None))
    return {
        "viewer": viewer,
        "network": viewer.network,
        "public_menu": menu("public", viewer),
        "work_menu": menu("work", viewer),
        "header_panels": partial(header_tools.panels, viewer),  # Called by the header alone.
        "footer_panels": partial(footer_panels.panels, viewer),
        "account_menu": menu("account", viewer),
        "theme": theme_of(request),
        "site_name": "Maillage" if viewer.network is None else viewer.network.name,
        "site_line": "" if viewer.network is None else viewer.network.tagline,
        "network_css": network_css_url(viewer.network),
        "demo": settings.DEMO,
        "tiles_url": settings.TILES_URL,
        "tiles_credit": settings.TILES_CREDIT,
    }
