"""Pairs of actors already compared."""

from django.db.models import Q

from maillage.directory.models import DistinctPair


def known_distinct(actor_id: int) -> set[int]:
    """Ids of the actors once found distinct from `actor_id`."""
    pairs = DistinctPair.objects.filter(Q(first=actor_id) | Q(second=actor_id)).values_list("first", "second")
    return {other for pair in pairs for other in pair if other != actor_id}
