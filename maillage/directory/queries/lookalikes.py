"""Is this actor already there? The records of a network as `linkage` compares them, and what is told of a likeness.

An identifier decides alone; all else is a probability, which a person weighs. The very same mailbox or page is worth a
question under any name, never an answer: a town hall's is that of its museum and of its library.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Max

from maillage.directory.enums import PositionQuality
from maillage.directory.models import Actor, Identifier, Lesson, Listing
from maillage.directory.queries.explaining import CODES, is_same_siren, reasons
from maillage.linkage.queries.comparing import NAMES, features, is_branch
from maillage.linkage.queries.index import GrowingIndex, Likeness
from maillage.linkage.queries.model import Model, fit, shipped
from maillage.linkage.queries.records import Profile, Rarity, Record
from maillage.linkage.queries.reviewing import DEFAULT, may_teach
from maillage.networks.models import Network

SHARED_BY = 3  # An address that more actors have is that of a town hall or a head office: it tells nothing alone.
_SURE = {PositionQuality.EXACT, PositionQuality.ADDRESS}  # The middle of a commune is that of all its actors.
_MADE_OF_THE_LINE = "liste:"  # A key made from the line itself says nothing when it differs.
_COLUMNS = (
    "pk", "name", "acronym", *CODES, "address", "postal_code", "commune__name", "commune__code", "commune__department__code",
    "latitude", "longitude", "position_quality", "phone", "email", "website",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """`score` from 0 to 1; `certain` when an identifier says so; `branch` when the SIREN is the same but not the SIRET;
    `values` are the features that are not nothing."""

    ref: Any
    score: float
    certain: bool
    branch: bool
    reasons: tuple[str, ...]
    values: dict[str, float]


def record_of(values: Mapping[str, Any], ref: Any = None, identifiers: Mapping[str, str] | None = None) -> Record:
    """From the values of `actions.create_actor`, `identifiers` being its keys in sources; `ref` is an actor id or a
    reference of the caller's."""
    commune = values.get("commune")
    department = commune.department.code if commune is not None and commune.department is not None else ""
    codes = {code: values.get(code) or "" for code in CODES}
    known = {scheme: key for scheme, key in (identifiers or {}).items() if not scheme.startswith(_MADE_OF_THE_LINE)}
    return Record(
        key=ref,
        name=values.get("name") or "",
        acronym=values.get("acronym") or "",
        identifiers=frozenset(pair for pair in {**known, **codes}.items() if pair[1]),
        address=values.get("address") or "",
        postal_code=values.get("postal_code") or "",
        city=commune.name if commune is not None else "",
        place_code=commune.code if commune is not None else "",
        department=department,
        latitude=values.get("latitude"),
        longitude=values.get("longitude"),
        phones=_told(values.get("phone")),
        emails=_told(values.get("email")),
        websites=_told(values.get("website")),
    )


def _told(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()


def records_of(network: Network, **narrowing: Any) -> Iterator[Record]:
    """The actors listed in a network: two queries whatever their number."""
    actors = Actor.objects.filter(listings__network=network, **narrowing)
    keys: dict[int, dict[str, str]] = defaultdict(dict)
    held = Identifier.objects.filter(actor__in=actors).order_by("pk")
    for actor_id, scheme, value in held.values_list("actor_id", "scheme", "value"):
        if not scheme.startswith(_MADE_OF_THE_LINE):
            keys[actor_id][scheme] = value
    for row in actors.order_by("pk").values_list(*_COLUMNS):
        given = dict(zip(_COLUMNS, row, strict=True))
        placed = given["position_quality"] in _SURE
        codes = {code: given[code] for code in CODES}
        yield Record(
            key=given["pk"],
            name=given["name"],
            acronym=given["acronym"],
            identifiers=frozenset(pair for pair in {**keys[given["pk"]], **codes}.items() if pair[1]),
            address=given["address"],
            postal_code=given["postal_code"],
            city=given["commune__name"] or "",
            place_code=given["commune__code"] or "",
            department=given["commune__department__code"] or "",
            latitude=given["latitude"] if placed else None,
            longitude=given["longitude"] if placed else None,
            phones=_told(given["phone"]),
            emails=_told(given["email"]),
            websites=_told(given["website"]),
        )


def lessons_of(network: Network) -> tuple[list[list[float]], list[bool]]:
    """What the network's people judged: rows of features in the order of `linkage`, and whether each was one actor."""
    lessons = list(Lesson.objects.filter(network=network).order_by("pk").values_list("values", "same"))
    rows = [[float(values.get(name, 0.0)) for name in NAMES] for values, _same in lessons]
    return rows, [same for _values, same in lessons]


def model_of(network: Network) -> Model:
    """The shipped weights, moved by what the network's people judged once they judged enough."""
    rows, truths = lessons_of(network)
    return fit(rows, truths, prior=shipped()) if may_teach(truths) else shipped()


def _taught(network: Network) -> tuple[int, datetime | None]:
    """What changes when someone judges a pair, judges it otherwise, or takes a verdict back."""
    told = Lesson.objects.filter(network=network).aggregate(count=Count("pk"), last=Max("at"))
    return told["count"], told["last"]


# --- the list of a network, in memory ---------------------------------------------------------------------------------


class _Known:
    """The records of a network as of a revision; one for each process that asked."""

    def __init__(self, network: Network) -> None:
        self.lock = threading.Lock()
        self.version = network.content_version
        self.taught = _taught(network)
        self.index = GrowingIndex(records_of(network), model_of(network))

    def refresh(self, network: Network) -> None:
        if (taught := _taught(network)) != self.taught:
            self.index.learn(model_of(network))
            self.taught = taught
        if network.content_version <= self.version:
            return
        listed = Listing.objects.filter(network=network)
        changed = set(listed.filter(revision__gt=self.version).values_list("actor_id", flat=True))
        for record in records_of(network, pk__in=changed) if changed else ():
            if self.index.records.get(record.key) != record:
                self.index.put(record)
        if len(self.index.records) != listed.count():
            present = set(listed.values_list("actor_id", flat=True))
            for key in [key for key in self.index.records if key not in present]:
                self.index.drop(key)
        self.version = network.content_version


_kept: dict[int, _Known] = {}
_making = threading.Lock()


def known_to(network: Network) -> GrowingIndex:
    """The actors of a network, as of its `content_version`.

    Inside a transaction a fresh index is made and thrown away: what is not committed must not stay in the shared one.
    """
    if connection.in_atomic_block:
        return GrowingIndex(records_of(network), model_of(network))
    with _making:
        known = _kept.get(network.pk)
        if known is None:
            known = _kept[network.pk] = _Known(network)
    with known.lock:
        known.refresh(network)
    return known.index


# --- what is told of a likeness ---------------------------------------------------------------------------------------


def matches(index: GrowingIndex, record: Record, limit: int = 5) -> list[Match]:
    """The look-alikes of a record, best first: likely ones, branches, and those that have the very same address."""
    profile, rarity = Profile.of(record), index.index.rarity
    near = index.likest(profile, at_least=0.0, limit=4 * limit)
    kept = [each for each in near if _is_shown(profile, each, rarity)]
    kept.sort(key=lambda each: (not is_same_by_identifier(profile, each.profile), -each.score))
    return [_match(index, profile, each) for each in kept[:limit]]


def _is_shown(one: Profile, likeness: Likeness, rarity: Rarity) -> bool:
    other = likeness.profile
    if is_same_by_identifier(one, other):
        return True
    if are_told_apart(one, other):
        return False
    branch = likeness.branch or is_same_siren(one, other)
    return branch or likeness.score >= DEFAULT.doubtful or _share_an_address(one, other, rarity)


def _share_an_address(one: Profile, other: Profile, rarity: Rarity) -> bool:
    """The very same mailbox or page, which few have."""
    shared = (one.mailboxes & other.mailboxes) | (one.pages & other.pages)
    return bool(shared) and all(rarity.contacts[address] <= SHARED_BY for address in shared)


def _match(index: GrowingIndex, one: Profile, likeness: Likeness) -> Match:
    other, rarity = likeness.profile, index.index.rarity
    certain = is_same_by_identifier(one, other)
    explanation = index.index.model.explain(one, other, rarity)
    parts = [part for part in explanation.parts if part.contribution > 0]
    return Match(
        ref=likeness.record.key,
        score=round(likeness.score, 3),
        certain=certain,
        branch=likeness.branch or (is_same_siren(one, other) and not certain),
        reasons=reasons(one, other, parts),
        values=told_values(one, other, rarity),
    )


def told_values(one: Profile, other: Profile, rarity: Rarity) -> dict[str, float]:
    """The features that are not nothing, as they are kept to learn from."""
    return {name: round(value, 4) for name, value in features(one, other, rarity).items() if value}


def is_same_by_identifier(one: Profile, other: Profile) -> bool:
    """The same SIRET, RNA, UAI or key in a source; the same SIREN and the same words, unless both SIRET are known."""
    shared = {scheme for scheme, value in one.identifiers.items() if other.identifiers.get(scheme) == value}
    if shared - {"siren"}:
        return True
    return bool(shared) and one.core == other.core and not is_branch(one, other)


def are_told_apart(one: Profile, other: Profile) -> bool:
    """A source that gave them two keys knows that they are two; so do two SIRET, RNA or UAI of unlike bodies."""
    schemes = (one.identifiers.keys() & other.identifiers.keys()) - {"siren"}
    return any(one.identifiers[scheme] != other.identifiers[scheme] for scheme in schemes) and not is_same_siren(
        one, other
    )


def lookalikes(values: Mapping[str, Any], network: Network, exclude: int | None = None) -> list[Match]:
    """The look-alikes of one actor being entered, `exclude` being the actor edited; refs are actor ids."""
    record = record_of(values, ref=exclude)
    if not (record.name or record.identifiers or record.emails or record.websites):
        return []
    return matches(known_to(network), record)
