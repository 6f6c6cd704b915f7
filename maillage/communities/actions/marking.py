"""First and last in the transaction of an action: the locks, and the search kept true."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.communities.models import Community
from maillage.communities.queries.documents import KIND, documents
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.search.actions import index, remove


def held(community: Community) -> Community:
    """Lock the network, then the community, always in that order; as it is now."""
    if connection.features.has_select_for_update:
        list(Network.objects.filter(pk=community.network_id).select_for_update().values_list("pk", flat=True))
        list(Community.objects.filter(pk=community.pk).select_for_update().values_list("pk", flat=True))
    return Community.objects.select_related("network").get(pk=community.pk)


def write_down(verb: str, *, by: Viewer, community: Community, **facts: Any) -> None:
    """In the journal, which the whole team reads: of a hidden community, neither who did it nor what it was (GRP-1)."""
    if community.is_hidden and not by.system:
        by = Viewer.as_system(by.network, _("Une personne de la communauté"))
        facts = {"touch": facts.get("touch", True)}
    record(verb, by=by, subject=community, **facts)


def mark_changed(community: Community) -> None:
    """One that is hidden or withheld leaves the search."""
    if community.is_hidden or community.withheld:
        remove(KIND, community.pk)
    index(documents(Community.objects.filter(pk=community.pk)))
