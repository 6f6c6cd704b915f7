"""Reads about networks that upper apps share."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from maillage.networks.enums import LegalKind
from maillage.networks.models import ConsortiumMember, Network, TermChoice
from maillage.networks.registry import SETTINGS
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

_vocabularies: dict[int, tuple[int, dict[str, list[Term]]]] = {}


def vocabularies(network: Network | None) -> dict[str, list[Term]]:
    """The terms a network uses by vocabulary, in its order and under its names.

    Two queries, once per version of the network and process; not kept inside a transaction.
    """
    if network is not None and not connection.in_atomic_block:
        kept = _vocabularies.get(network.pk)
        if kept is not None and kept[0] == network.content_version:
            return kept[1]
    terms = Term.objects.all() if network is not None else Term.objects.filter(is_shared=True)
    choices = {choice.term_id: choice for choice in TermChoice.objects.filter(network=network)} if network else {}
    found: dict[str, list[Term]] = {vocabulary: [] for vocabulary in Vocabulary.values}
    for term in terms:
        choice = choices.get(term.pk)
        if choice is None and not term.is_shared:
            continue
        if choice is not None:
            if choice.is_hidden:
                continue
            term.label = choice.label or term.label
            term.position = choice.position if choice.position is not None else term.position
        found[term.vocabulary].append(term)
    for kept_terms in found.values():
        kept_terms.sort(key=lambda term: (term.position, term.label))
    if network is not None and not connection.in_atomic_block:
        _vocabularies[network.pk] = (network.content_version, found)
    return found


def terms_of(network: Network | None, vocabulary: str) -> list[Term]:
    return vocabularies(network)[vocabulary]


def in_perimeter(network: Network, commune_field: str = "commune") -> Q:
    """The condition that `commune_field` (path to a commune) lies in the network's perimeter; all when it has none."""
    ids: dict[str, list[int]] = {}
    for pk, kind in network.perimeter.values_list("pk", "kind"):
        ids.setdefault(kind, []).append(pk)
    if not ids:
        return Q()
    condition = Q()
    if TerritoryKind.COMMUNE in ids:
        condition |= Q(**{f"{commune_field}__in": ids[TerritoryKind.COMMUNE]})
    for kind in (TerritoryKind.REGION, TerritoryKind.DEPARTMENT, TerritoryKind.EPCI):
        if kind in ids:
            condition |= Q(**{f"{commune_field}__{kind}__in": ids[kind]})
    return condition


def departments_of(network: Network | None) -> list[Territory]:
    """The départements that the perimeter touches, by name; all of France when the network has no perimeter."""
    departments = Territory.objects.departments().order_by("name", "code")
    if network is None:
        return list(departments)
    perimeter = list(network.perimeter.values_list("pk", "kind", "department_id"))
    if not perimeter:
        return list(departments)
    regions = [pk for pk, kind, _ in perimeter if kind == TerritoryKind.REGION]
    direct = [pk for pk, kind, _ in perimeter if kind == TerritoryKind.DEPARTMENT]
    parents = [department for _, kind, department in perimeter if department and kind != TerritoryKind.DEPARTMENT]
    return list(departments.filter(Q(region__in=regions) | Q(pk__in=[*direct, *parents])))


@dataclass(frozen=True)
class TermUse:
    """A term as a network may use it: its shared name, the network's own name, whether it is hidden, its rank."""

    term: Term
    label: str
    own_label: str
    is_hidden: bool
    is_own: bool
    position: int


def held_terms(uses: list[TermUse]) -> dict[str, Any]:
    """What a network holds of its terms, under the names of the fields that change them."""
    held: dict[str, Any] = {}
    for use in uses:
        held |= {f"label-{use.term.pk}": use.label, f"hidden-{use.term.pk}": use.is_hidden}
    return held


def term_uses(network: Network, vocabulary: str) -> list[TermUse]:
    """Every term that the network may set: the shared ones and its own, hidden ones included, in its order."""
    choices = {
        choice.term_id: choice for choice in TermChoice.objects.filter(network=network, term__vocabulary=vocabulary)
    }
    uses = []
    for term in Term.objects.of(vocabulary):
        choice = choices.get(term.pk)
        if choice is None and not term.is_shared:
            continue
        position = choice.position if choice is not None and choice.position is not None else term.position
        own_label = choice.label if choice is not None else ""
        hidden = choice is not None and choice.is_hidden
        uses.append(TermUse(term, own_label or term.label, own_label, hidden, not term.is_shared, position))
    return sorted(uses, key=lambda use: (use.position, use.label))


def legal_text(network: Network | None, kind: LegalKind) -> str:
    """The network's own text (sanitised when it was saved), or "" when the shipped one is to be shown."""
    if network is None:
        return ""
    return network.legal_texts.filter(kind=kind).values_list("body", flat=True).first() or ""


def settings_of(network: Network) -> dict[str, Any]:
    """Every declared setting with the network's value."""
    return {name: network.setting(name) for name in SETTINGS}


def consortium_values(member: ConsortiumMember) -> dict[str, Any]:
    """What is held of an association of the consortium, as its form shows it."""
    fields = ("name", "website", "contact_email", "role", "position")
    territories = list(member.territories.order_by("kind", "name")) if member.pk else []
    return {**{name: getattr(member, name) for name in fields}, "territories": territories}


def territories_by_codes(codes: list[str]) -> tuple[list[Territory], list[str]]:
    """Territories written as `region:76`, `departement:31`, `epci:200066827`, `commune:31555`, and what was not found.

    A bare code is read as a département, then an EPCI, then a commune.
    """
    kinds = {
        "region": TerritoryKind.REGION,
        "departement": TerritoryKind.DEPARTMENT,
        "epci": TerritoryKind.EPCI,
        "commune": TerritoryKind.COMMUNE,
    }
    found, unknown = [], []
    for written in codes:
        prefix, _, code = written.strip().rpartition(":")
        candidates = [kinds[prefix.lower()]] if prefix.lower() in kinds else []
        if not prefix:
            candidates = [TerritoryKind.DEPARTMENT, TerritoryKind.EPCI, TerritoryKind.COMMUNE]
        places = (Territory.objects.filter(kind=kind, code=code.upper()).first() for kind in candidates)
        place = next((place for place in places if place is not None), None)
        if place is None:
            unknown.append(written)
        elif place not in found:
            found.append(place)
    return found, unknown


def partners_of(network: Network | None) -> "QuerySet[Network]":
    """The networks to which one may propose: the others that everyone may read."""
    others = Network.objects.filter(is_public=True).exclude(host=None).order_by("name", "pk")
    return others.exclude(pk=network.pk) if network is not None else others.none()
