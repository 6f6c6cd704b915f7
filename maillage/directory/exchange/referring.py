"""What a line names: the territories of its zone, the actor it is a branch of."""

import re
from collections import defaultdict

from django.utils.translation import gettext as _

from maillage.core.text import folded
from maillage.directory.exchange.known import Known
from maillage.directory.models import Actor
from maillage.directory.validators import compact
from maillage.exchange.queries.parsing import Misread, cut
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory
from maillage.territories.queries.index import CommuneIndex
from maillage.territories.registry import name_key, typed_key

Ref = int | str
_KINDS = {"region": TerritoryKind.REGION, "departement": TerritoryKind.DEPARTMENT, "epci": TerritoryKind.EPCI,
          "commune": TerritoryKind.COMMUNE}  # fmt: skip
_WORDS = {**_KINDS, "intercommunalite": TerritoryKind.EPCI, "ville": TerritoryKind.COMMUNE}
_CODED = re.compile(rf"(?:.*\()?\s*({'|'.join(_KINDS)}):(\w{{2,9}})\s*\)?")
_BARE_CODES = (TerritoryKind.DEPARTMENT, TerritoryKind.EPCI, TerritoryKind.COMMUNE)
_BY_SIZE = (TerritoryKind.REGION, TerritoryKind.DEPARTMENT, TerritoryKind.EPCI, TerritoryKind.COMMUNE)
_KIND_FIRST = re.compile(rf"({'|'.join(_WORDS)}) (?:(?:de|du|des|d|la|le|les|l) )*(.+)")


def territory_cell(territory: Territory) -> str:
    """A territory as `Zones.find` understands it, without doubt."""
    written = next(word for word, kind in _KINDS.items() if kind == territory.kind)
    return f"{territory.name} ({written}:{territory.code})"


class Zones:
    """Territories by code or by name, all but the communes read once."""

    def __init__(self, index: CommuneIndex) -> None:
        self.index = index
        self._codes: dict[tuple[str, str], int] = {}
        self._names: dict[tuple[str, str], list[int]] = defaultdict(list)
        others = Territory.objects.exclude(kind=TerritoryKind.COMMUNE).order_by("pk")
        for pk, kind, code, name in others.values_list("pk", "kind", "code", "name"):
            self._codes[kind, code] = pk
            self._names[kind, name_key(name)].append(pk)

    def find(self, text: str) -> int:
        """Its key. A code without its kind is a département's, an EPCI's or a commune's, as everywhere in the program."""
        if told := _CODED.fullmatch(text.strip()):
            found = self._coded(_KINDS[told[1]], told[2].upper())
        else:
            codes = (self._coded(kind, text.strip().upper()) for kind in _BARE_CODES)
            found = next((pk for pk in codes if pk is not None), None) or self._named(text)
        if found is None:
            raise Misread(_("« %s » n'est pas un territoire connu.") % cut(text, 80))
        return found

    def _coded(self, kind: str, code: str) -> int | None:
        if kind == TerritoryKind.COMMUNE:
            commune = self.index.by_code.get(code) or self.index.former_codes.get(code)
            return commune.pk if commune is not None else None
        return self._codes.get((kind, code))

    def _named(self, text: str) -> int | None:
        """The larger of two that bear one name, unless the text says which kind it means."""
        said = folded(text)
        if begun := _KIND_FIRST.fullmatch(said):
            kind = _WORDS[begun[1]]
            if found := self._of_kind(kind, begun[2], text):
                return found
        return next((found for kind in _BY_SIZE if (found := self._of_kind(kind, said, text))), None)

    def _of_kind(self, kind: str, name: str, text: str) -> int | None:
        if kind == TerritoryKind.COMMUNE:
            found = list({named.commune.pk for named in self.index.named(typed_key(name))})
        else:
            found = self._names.get((kind, name_key(name)), [])
        if len(found) > 1:
            raise Misread(_("Plusieurs territoires s'appellent « %s » : écrivez le code.") % cut(text, 80))
        return found[0] if found else None


class Parents:
    """The actors of the network, and the earlier lines of the file, by identifier or exact name."""

    def __init__(self, known: Known, scheme: str) -> None:
        self.known, self.scheme = known, scheme
        self._lines: dict[str, str] = {}
        self._names: dict[str, set[Ref]] = defaultdict(set)
        listed = Actor.objects.filter(listings__network=known.network)
        for name, pk in listed.order_by("pk").values_list("name_key", "pk"):
            self._names[name].add(pk)

    def add(self, number: int, name: str, slug: str) -> None:
        """A line that will create an actor."""
        self._names[folded(name)[:200]].add(f"line:{number}")
        if slug:
            self._lines[slug] = f"line:{number}"

    def find(self, text: str) -> Ref:
        """An actor's id, or "line:12"."""
        keys = [("slug", text), (self.scheme, text), *((name, compact(text)) for name in ("siret", "rna", "uai"))]
        for key in keys:
            if (pk := self.known.keys.get(key)) in self.known.listed:
                return pk
        if text in self._lines:
            return self._lines[text]
        found = self._names.get(folded(text)[:200], set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise Misread(_("Plusieurs fiches s'appellent « %s » : écrivez l'identifiant de la bonne.") % cut(text, 80))
        raise Misread(_("Aucune fiche du réseau ni ligne précédente ne s'appelle « %s ».") % cut(text, 80))
