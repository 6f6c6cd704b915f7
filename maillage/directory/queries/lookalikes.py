"""A first sound matcher: is this actor already there?

Identifiers decide alone. Otherwise a name must agree, and something else with it: the commune, the distance, the site or
the mail domain. Words that many actors share ("médiathèque", the commune's own name) weigh less: two « Médiathèque
municipale » of one town are doubtful, two « Les Petits Débrouillards » are not. The very same mailbox or page is worth
a question under any name, never an answer: a town hall's is that of its museum and of its library.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from maillage.core.geo import distance_km
from maillage.core.text import folded
from maillage.directory.models import Actor, Identifier
from maillage.linkage.queries import wording
from maillage.networks.models import Network

LIKELY = 0.72
RARE = 5.0  # Weight of a word that about one actor in a hundred or fewer has.
SHARED_BY = 3  # An address that more actors have is that of a town hall or a head office: it tells nothing alone.
_EMPTY_WORDS = frozenset(
    [
        "a",
        "au",
        "aux",
        "d",
        "de",
        "des",
        "du",
        "en",
        "et",
        "l",
        "la",
        "le",
        "les",
        "pour",
        "sur",
        "un",
        "une",
        "association",
        "asso",
    ]
)
_ADDRESSES = {"mailbox": gettext_lazy("même adresse e-mail"), "page": gettext_lazy("même adresse de site")}


def page_of(text: str) -> str:
    """A page without what may be written or not; "" for the home of a host that many share."""
    page = wording.page(text)
    return page if "/" in page or wording.host(page) else ""


def mailbox_of(text: str) -> str:
    return text.strip().lower()


@dataclass(slots=True)
class Candidate:
    """What the matcher looks at. `ref` is an actor id, or any reference of the caller (a line of a file)."""

    ref: Any
    name: str
    acronym: str = ""
    siren: str = ""
    siret: str = ""
    rna: str = ""
    uai: str = ""
    commune_id: int | None = None
    commune_name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    domains: frozenset[str] = frozenset()
    mailbox: str = ""
    page: str = ""
    keys: frozenset[tuple[str, str]] = frozenset()
    words: tuple[str, ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        place = set(folded(self.commune_name).split())
        words = [word for word in folded(self.name).split() if word not in _EMPTY_WORDS]
        self.words = tuple(word for word in words if word not in place) or tuple(words)

    @classmethod
    def from_values(
        cls, values: Mapping[str, Any], ref: Any = None, keys: Mapping[str, str] | None = None
    ) -> "Candidate":
        """From the values of `actions.create_actor`; `keys` are its identifiers by scheme."""
        commune = values.get("commune")
        return cls(
            ref=ref,
            name=values.get("name") or "",
            acronym=values.get("acronym") or "",
            siren=values.get("siren") or "",
            siret=values.get("siret") or "",
            rna=values.get("rna") or "",
            uai=values.get("uai") or "",
            commune_id=commune.pk if commune is not None else None,
            commune_name=commune.name if commune is not None else "",
            latitude=values.get("latitude"),
            longitude=values.get("longitude"),
            domains=frozenset(filter(None, (wording.host(values.get(key) or "") for key in ("website", "email")))),
            mailbox=mailbox_of(values.get("email") or ""),
            page=page_of(values.get("website") or ""),
            keys=frozenset((keys or {}).items()),
        )

    def exact_keys(self) -> list[tuple[str, str]]:
        """What may alone lead to an actor: keys in sources, identifiers, addresses, domains."""
        known = [(name, getattr(self, name)) for name in ("siren", "siret", "rna", "uai", *_ADDRESSES)]
        return [*self.keys, *(pair for pair in known if pair[1]), *(("domain", domain) for domain in self.domains)]


@dataclass(frozen=True, slots=True)
class Match:
    """`score` from 0 to 1; `certain` when an identifier says so; `branch` when the SIREN is the same but not the SIRET."""

    ref: Any
    score: float
    certain: bool
    branch: bool
    reasons: tuple[str, ...]


class Matcher:
    """Finds the look-alikes of a candidate among those added, in memory; rare words lead to the few worth comparing."""

    def __init__(self, candidates: Iterable[Candidate] = (), *, metres: int = 100) -> None:
        self.metres = metres
        self._all: dict[Any, Candidate] = {}
        self._by_key: dict[tuple[str, str], list[Any]] = defaultdict(list)
        self._by_word: dict[str, list[Any]] = defaultdict(list)
        self._by_place_word: dict[tuple[int, str], list[Any]] = defaultdict(list)
        self._frequency: Counter[str] = Counter()
        for candidate in candidates:
            self.add(candidate)

    def add(self, candidate: Candidate) -> None:
        ref = candidate.ref
        self._all[ref] = candidate
        for key in candidate.exact_keys():
            self._by_key[key].append(ref)
        for word in set(candidate.words):
            self._frequency[word] += 1
            self._by_word[word].append(ref)
            if candidate.commune_id is not None:
                self._by_place_word[candidate.commune_id, word[:4]].append(ref)

    def find(self, candidate: Candidate, limit: int = 5) -> list[Match]:
        """The look-alikes, best first; none below `LIKELY`."""
        refs: dict[Any, None] = {}
        for key in candidate.exact_keys():
            if len(found := self._by_key.get(key, ())) <= 40:
                refs.update(dict.fromkeys(found))
        for word in sorted(set(candidate.words), key=lambda word: self._frequency[word])[:3]:
            if len(found := self._by_word.get(word, ())) <= 60:
                refs.update(dict.fromkeys(found))
        if candidate.commune_id is not None:
            for word in set(candidate.words):
                if len(found := self._by_place_word.get((candidate.commune_id, word[:4]), ())) <= 60:
                    refs.update(dict.fromkeys(found))
        refs.pop(candidate.ref, None)
        matches = [match for ref in refs if (match := self._compare(candidate, self._all[ref])) is not None]
        return sorted(matches, key=lambda match: -match.score)[:limit]

    def _compare(self, one: Candidate, other: Candidate) -> Match | None:
        if shared := one.keys & other.keys:
            return Match(
                other.ref, 1.0, True, False, tuple(_("même identifiant %s") % scheme for scheme, _value in shared)
            )
        for name in ("siret", "rna", "uai"):
            if getattr(one, name) and getattr(one, name) == getattr(other, name):
                return Match(other.ref, 1.0, True, False, (_("même %s") % name.upper(),))
        if {scheme for scheme, _value in one.keys} & {scheme for scheme, _value in other.keys}:
            return None  # The same source gave them two keys.
        names = self._name_likeness(one, other)
        if one.siren and one.siren == other.siren:
            differs = bool(one.siret and other.siret) or names < 0.8
            return Match(other.ref, 0.9 if differs else 0.96, not differs, differs, (_("même SIREN"),))
        for name in ("siret", "rna", "uai"):
            if getattr(one, name) and getattr(other, name):
                return None
        return self._weigh(one, other, names)

    def _weigh(self, one: Candidate, other: Candidate, names: float) -> Match | None:
        same = [name for name in _ADDRESSES if getattr(one, name) and getattr(one, name) == getattr(other, name)]
        reasons = [str(_ADDRESSES[name]) for name in same]
        same_commune = one.commune_id is not None and one.commune_id == other.commune_id
        metres = None
        if (
            one.latitude is not None
            and other.latitude is not None
            and one.longitude is not None
            and other.longitude is not None
        ):
            metres = 1000 * distance_km(one.latitude, one.longitude, other.latitude, other.longitude)
        elsewhere = one.commune_id is not None and other.commune_id is not None and not same_commune
        domain = bool(one.domains & other.domains)
        if names >= 0.7:
            reasons.append(_("nom identique") if folded(one.name) == folded(other.name) else _("nom proche"))
        score = names * 0.8
        if same_commune:
            score += 0.1
            reasons.append(_("même commune"))
        if metres is not None and metres <= self.metres:
            score += 0.08
            reasons.append(_("à %d m") % metres)
        if domain or same:
            score += 0.12
        if domain and not same:
            reasons.append(_("même site ou domaine de messagerie"))
        near = metres is not None and metres <= 1000
        if not (same_commune or domain or same or near):
            # Nothing but the name: not enough when another place is known, nor when its words are common.
            score -= 0.25 if elsewhere or max(map(self._weight, one.words), default=0.0) < RARE else 0.05
        if names < 0.6 or score < LIKELY:
            telling = [name for name in same if self._is_telling(name, one)]
            if not telling:
                return None
            score = LIKELY + 0.02 * len(telling) + (0.02 if same_commune else 0.0)
        return Match(other.ref, round(min(score, 0.94), 3), False, False, tuple(reasons))

    def _is_telling(self, address: str, one: Candidate) -> bool:
        holders = self._by_key.get((address, getattr(one, address)), ())
        return sum(ref != one.ref for ref in holders) <= SHARED_BY

    def _name_likeness(self, one: Candidate, other: Candidate) -> float:
        """Share of the words in common, each weighed by its rarity; a word agrees with one that differs by a slip."""
        if one.words == other.words:
            return 1.0
        for short, long in ((one, other), (other, one)):
            if short.acronym and folded(short.acronym) == " ".join(long.words):
                return 0.9
        rest = list(other.words)
        agreed = total = 0.0
        for word in one.words:
            weight = self._weight(word)
            total += weight
            best = max(rest, key=lambda there: JaroWinkler.similarity(word, there), default=None)
            if best is not None and (likeness := JaroWinkler.similarity(word, best)) >= 0.9:
                rest.remove(best)
                agreed += weight * likeness
        total += sum(self._weight(word) for word in rest)
        spelled = fuzz.token_sort_ratio(" ".join(one.words), " ".join(other.words)) / 100 - 0.05
        return max(agreed / total if total else 0.0, spelled)

    def _weight(self, word: str) -> float:
        return 0.3 + log((len(self._all) + 2) / (self._frequency[word] + 1)) if self._all else 1.0


_COLUMNS = (
    "pk",
    "name",
    "acronym",
    "siren",
    "siret",
    "rna",
    "uai",
    "commune_id",
    "commune__name",
    "latitude",
    "longitude",
    "website",
    "email",
)


def candidates_of(network: Network, **narrowing: Any) -> list[Candidate]:
    """The actors listed in a network as candidates: two queries whatever their number."""
    actors = Actor.objects.filter(listings__network=network, **narrowing)
    keys = defaultdict(set)
    for actor_id, scheme, value in Identifier.objects.filter(actor__in=actors).values_list(
        "actor_id", "scheme", "value"
    ):
        keys[actor_id].add((scheme, value))
    return [
        Candidate(
            ref=pk,
            name=name,
            acronym=acronym,
            siren=siren,
            siret=siret,
            rna=rna,
            uai=uai,
            commune_id=commune_id,
            commune_name=commune_name or "",
            latitude=latitude,
            longitude=longitude,
            domains=frozenset(filter(None, (wording.host(website), wording.host(email)))),
            mailbox=mailbox_of(email),
            page=page_of(website),
            keys=frozenset(keys[pk]),
        )
        for pk, name, acronym, siren, siret, rna, uai, commune_id, commune_name, latitude, longitude, website, email in (
            actors.values_list(*_COLUMNS)
        )
    ]


def lookalikes(values: Mapping[str, Any], network: Network, exclude: int | None = None) -> list[Match]:
    """The look-alikes of one actor being entered, `exclude` being the actor edited; refs are actor ids."""
    candidate = Candidate.from_values(values, ref=exclude)
    if not candidate.name and not candidate.exact_keys():
        return []
    near = Q(name_key__startswith=(candidate.words or ("",))[0][:5]) if candidate.words else Q()
    for word in candidate.words:
        if len(word) >= 4:
            near |= Q(name_key__contains=word)
    for name in ("siren", "siret", "rna", "uai"):
        if value := getattr(candidate, name):
            near |= Q(**{name: value})
    for domain in candidate.domains:
        near |= Q(website__icontains=domain) | Q(email__iendswith=f"@{domain}")
    if candidate.mailbox:
        near |= Q(email__iexact=candidate.mailbox)
    if candidate.page:
        near |= Q(website__icontains=candidate.page)
    pool = Actor.objects.filter(near).values("pk")
    matcher = Matcher(candidates_of(network, pk__in=pool), metres=network.setting("lookalike_metres"))
    return matcher.find(candidate)
