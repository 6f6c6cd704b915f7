"""Who is told of what networks share: those who run the other one."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.accounts.models import Role, User
from maillage.activity.actions import notify, notify_all
from maillage.core.viewer import RoleKind
from maillage.networks.models import Network
from maillage.sharing.models import Share

_TEAM = (RoleKind.ANIMATOR, RoleKind.NETWORK_ADMIN)


def tell_hosts(share: Share) -> None:
    _tell_team(share, share.host, "proposed", _("%(network)s vous propose : « %(title)s »"), share.home)


def tell_withdrawn(share: Share) -> None:
    _tell_team(share, share.host, "withdrawn", _("%(network)s reprend : « %(title)s »"), share.home)


def tell_answer(share: Share) -> None:
    """Who proposed it learns the answer, and later if it goes."""
    if share.proposed_by is None:
        return
    words = {
        "accepted": _("%(network)s accueille : « %(title)s »"),
        "refused": _("%(network)s n'accueille pas : « %(title)s »"),
        "removed": _("%(network)s retire : « %(title)s »"),
    }[share.state]
    notify(
        "share_answer",
        event=f"{share.pk}:{share.state}",
        title=words % {"network": share.host, "title": share.title},
        network=share.home,
        to=share.proposed_by,
        url=reverse("sharing:share_show", args=[share.pk]),
    )


def _tell_team(share: Share, team: Network, step: str, words: Any, other: Network) -> None:
    running = Role.objects.held().filter(network=team, kind__in=_TEAM)
    notify_all(
        "share_proposed",
        event=f"{share.pk}:{step}",
        title=words % {"network": other, "title": share.title},
        network=team,
        people=User.objects.filter(pk__in=running.values("user"), is_active=True).order_by("pk"),
        url=reverse("sharing:share_show", args=[share.pk]),
    )
