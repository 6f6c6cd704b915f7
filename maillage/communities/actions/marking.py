"""First and last in the transaction of an action: the locks, and the search kept true."""

from django.db import connection

from maillage.communities.models import Community
from maillage.communities.queries.documents import KIND, documents
from maillage.networks.models import Network
from maillage.search.actions import index, remove


def held(community: Community) -> Community:
    """Lock the network, then the community, always in that order; as it is now."""
    if connection.features.has_select_for_update:
        list(Network.objects.filter(pk=community.network_id).select_for_update().values_list("pk", flat=True))
        list(Community.objects.filter(pk=community.pk).select_for_update().values_list("pk", flat=True))
    return Community.objects.select_related("network").get(pk=community.pk)


def mark_changed(community: Community) -> None:
    """One that is hidden leaves the search."""
    if community.is_hidden:
        remove(KIND, community.pk)
    index(documents(Community.objects.filter(pk=community.pk)))
