"""Reads about networks that upper apps share."""

from django.db.models import Q

from maillage.networks.models import Network, TermChoice
from maillage.territories.enums import TerritoryKind
from maillage.topics.models import Term


def terms_of(network: Network | None, vocabulary: str) -> list[Term]:
    """The terms a network uses, in its order and under its names (one query; `label` may be the network's own)."""
    terms = Term.objects.of(vocabulary)
    if network is None:
        return list(terms.filter(is_shared=True))
    choices = {choice.term_id: choice for choice in TermChoice.objects.filter(network=network, term__vocabulary=vocabulary)}
    kept = []
    for term in terms:
        choice = choices.get(term.pk)
        if choice is None and not term.is_shared:
            continue
        if choice is not None:
            if choice.is_hidden:
                continue
            term.label = choice.label or term.label
            term.position = choice.position if choice.position is not None else term.position
        kept.append(term)
    return sorted(kept, key=lambda term: (term.position, term.label))


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
