"""Reads about networks that upper apps share."""

from django.db import connection
from django.db.models import Q

from maillage.networks.models import Network, TermChoice
from maillage.territories.enums import TerritoryKind
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
