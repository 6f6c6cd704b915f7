"""Telling the network that a publication changed, in the order of commits, and keeping the search index true."""

from collections.abc import Iterable

from django.db import connection

from maillage.networks.models import Network
from maillage.publications.enums import State
from maillage.publications.models import Publication
from maillage.publications.queries.documents import KINDS, documents
from maillage.publications.registry import TEXT
from maillage.search.actions import index, remove
from maillage.sharing.actions import changed_at_home


def hold(by_network: Network | None, pk: int | None = None) -> None:
    """First in the transaction of an action: lock the network, then the publication, always in that order."""
    if not connection.features.has_select_for_update:
        return
    if by_network is not None:
        list(Network.objects.filter(pk=by_network.pk).select_for_update().values_list("pk", flat=True))
    if pk is not None:
        list(Publication.objects.filter(pk=pk).select_for_update().values_list("pk", flat=True))


def mark_changed(publication: Publication) -> None:
    """Give it the next revision of its network and index it. Last in the transaction of an action.

    What everyone read and reads no more keeps its row: its revision tells it to those who follow (`queries.published`).
    """
    publication.revision = Network(pk=publication.network_id).touch()
    found = Publication.objects.filter(pk=publication.pk)
    found.update(revision=publication.revision)
    if publication.state == State.DRAFT:
        remove(KINDS, publication.pk)
    index(documents(found))
    changed_at_home(TEXT, [publication.pk])


def refresh(keys: Iterable[int], left: Iterable[Network]) -> None:
    """What the search of every network knows of these publications, and of the networks of `left` no more."""
    keys = list(keys)
    for network in left:
        remove(KINDS, keys, network)
    index(documents(Publication.objects.filter(pk__in=keys)))


def forget(publication: Publication) -> None:
    """Before its row goes: nobody ever read it."""
    remove(KINDS, publication.pk)
