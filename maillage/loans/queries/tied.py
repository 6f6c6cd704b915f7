"""Copies that go together: a kit and what lies in it."""

from collections.abc import Iterable

from maillage.catalogue.models import Component


def lying_with(copies: Iterable[int]) -> set[int]:
    """These copies, the kits in which they lie and what lies in them: when one is away, so are the others that it ties."""
    found = set(copies)
    kits = Component.objects.filter(part__in=found).values_list("kit", flat=True)
    parts = Component.objects.filter(kit__in=found).values_list("part", flat=True)
    return found | set(kits) | set(parts)
