"""Telling the network that an episode changed, in the order of commits, and keeping the search index true."""

from django.db import connection

from maillage.networks.models import Network
from maillage.radio.models import Episode, Show
from maillage.radio.queries.documents import KIND, documents
from maillage.search.actions import index, remove


def hold(by_network: Network | None, pk: int | None = None) -> None:
    """First in the transaction of an action: lock the network, then the episode, always in that order."""
    if not connection.features.has_select_for_update:
        return
    if by_network is not None:
        list(Network.objects.filter(pk=by_network.pk).select_for_update().values_list("pk", flat=True))
    if pk is not None:
        list(Episode.objects.filter(pk=pk).select_for_update().values_list("pk", flat=True))


def held(by_network: Network | None, episode: Episode) -> Episode:
    """The episode as it is now, locked."""
    hold(by_network, episode.pk)
    return Episode.objects.select_related("network", "show", "author").get(pk=episode.pk)


def mark_changed(episode: Episode) -> None:
    """Give it the next revision of its network and index it. Last in the transaction of an action."""
    episode.revision = Network(pk=episode.network_id).touch()
    found = Episode.objects.filter(pk=episode.pk)
    found.update(revision=episode.revision)
    index(documents(found))


def mark_show_changed(show: Show) -> None:
    """Pages of the programme are made anew; its episodes are found, or not, as it is open."""
    Network(pk=show.network_id).touch()
    index(documents(Episode.objects.filter(show=show)))


def forget(episode: Episode) -> None:
    """Before its row goes."""
    remove(KIND, episode.pk)
