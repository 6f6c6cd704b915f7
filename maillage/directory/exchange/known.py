"""What an import needs to know once: the actors there are, by key and by likeness."""

from collections.abc import Hashable, Iterable

from maillage.directory.enums import ListingState
from maillage.directory.models import Actor, Identifier, Listing
from maillage.directory.queries.lookalikes import Match, matches, model_of, records_of
from maillage.linkage.queries.index import GrowingIndex
from maillage.linkage.queries.records import Record
from maillage.networks.models import Network

Key = tuple[str, str]


class Known:
    """Actors of every network by key, those of this one by likeness."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.keys: dict[Key, int] = {
            (scheme, value): pk for pk, scheme, value in Identifier.objects.values_list("actor_id", "scheme", "value")
        }
        rows = Actor.objects.values_list("pk", "slug", "siret", "rna", "uai")
        slugs = {}
        for pk, slug, siret, rna, uai in rows.order_by("-pk").iterator():
            slugs[pk] = slug
            for name, value in (("siret", siret), ("rna", rna), ("uai", uai)):
                if value:
                    self.keys[name, value] = pk
        listings = Listing.objects.filter(network=network)
        self.listed = set(listings.values_list("actor_id", flat=True))
        # The address of a sheet only leads to it in the network that lists it.
        self.keys.update({("slug", slugs[pk]): pk for pk in self.listed if pk in slugs})
        elsewhere = Listing.objects.filter(state=ListingState.PUBLISHED).exclude(network=network)
        self.shown_elsewhere = set(elsewhere.values_list("actor_id", flat=True))
        self.names: dict[Hashable, str] = {}
        self.reserved: set[int] = set()
        self._index: GrowingIndex | None = None

    @property
    def index(self) -> GrowingIndex:
        """The network's actors, and the lines of the file as they come."""
        if self._index is None:
            self._index = GrowingIndex(records_of(self.network), model_of(self.network))
            self.names.update({key: record.name for key, record in self._index.records.items()})
        return self._index

    def alike(self, record: Record) -> list[Match]:
        return matches(self.index, record)

    def add(self, record: Record) -> None:
        self.index.put(record)
        self.names[record.key] = record.name

    def find(self, keys: Iterable[Key]) -> int | None:
        return next((self.keys[key] for key in keys if key in self.keys), None)

    def may_use(self, actor_id: int) -> bool:
        return actor_id in self.listed or actor_id in self.shown_elsewhere

    def reserve(self, keys: Iterable[Key]) -> None:
        """Keys of a line about to be created: a second one with the same in the chunk is not."""
        self.reserved.add(-1)
        for key in keys:
            self.keys[key] = -1

    def learn(self, actor_id: int, keys: Iterable[Key]) -> None:
        self.listed.add(actor_id)
        for key in keys:
            self.keys[key] = actor_id
