"""The actors that an import of events may name: those that the network shows, by their exact name, acronym or site."""

from collections import defaultdict

from django.db.models import QuerySet

from maillage.core.text import folded
from maillage.directory.enums import ActorKind, ListingState
from maillage.directory.models import Actor
from maillage.networks.models import Network

_SHORTEST_ACRONYM = 4  # Shorter ones are words of every day.
_ARTICLES = ("le ", "la ", "les ", "l ", "association ", "asso ")


class KnownActors:
    """Two queries once, whatever the number of lines."""

    def __init__(self, network: Network) -> None:
        self.by_name: dict[str, list[tuple[int, int | None, bool]]] = defaultdict(list)
        shown = self._shown(network).order_by("pk")
        for pk, name, acronym, website, commune_id, kind in shown.values_list(
            "pk", "name", "acronym", "website", "commune_id", "kind"
        ):
            row = (pk, commune_id, kind == ActorKind.PERSON)
            keys = {_key(name), _site(website)}
            if len(folded(acronym)) >= _SHORTEST_ACRONYM:
                keys.add(folded(acronym))
            for key in keys - {""}:
                self.by_name[key].append(row)

    @staticmethod
    def _shown(network: Network) -> QuerySet[Actor]:
        return Actor.objects.filter(
            listings__network=network, listings__state=ListingState.PUBLISHED, archived_at=None
        ).distinct()

    def organiser(self, name: str, commune_id: int | None) -> int | None:
        """The only actor so called, or the only one of the commune among several."""
        found = self._named(name)
        if len(found) > 1:
            found = [row for row in found if row[1] is not None and row[1] == commune_id]
        return found[0][0] if len(found) == 1 else None

    def venue(self, name: str, commune_id: int | None) -> tuple[int, int] | None:
        """The place of the only organisation so called in the commune (in all of them when it is not told): (actor, commune)."""
        here = [
            (pk, commune)
            for pk, commune, is_person in self._named(name)
            if commune is not None and commune_id in (None, commune) and not is_person
        ]
        return here[0] if len(here) == 1 else None

    def _named(self, name: str) -> list[tuple[int, int | None, bool]]:
        found = self.by_name.get(_key(name)) or self.by_name.get(folded(name)) or self.by_name.get(_site(name)) or []
        return list(dict.fromkeys(found))


def _key(name: str) -> str:
    key = folded(name)
    for article in _ARTICLES:
        if key.startswith(article) and len(key) > len(article) + 3:
            return key.removeprefix(article)
    return key


def _site(address: str) -> str:
    """A site without what changes for nothing; "" for what is no address."""
    if "." not in address or " " in address.strip():
        return ""
    bare = address.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return bare.rstrip("/")
