"""Look-alikes ready to be shown to a person: the actors themselves, why they resemble, whether one could be the parent.

A person reads at a glance what a program must not decide: the same name alone is shown too, unless both places are known
and differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.queries.lookalikes import Match, lookalikes

_SHOWN = 5
_POOL = 300
_CLOSE = 88  # Of 100: two names that differ by a letter or two, or by the order of their words.


@dataclass(frozen=True)
class Alike:
    actor: Actor
    match: Match


def alike(values: Mapping[str, Any], viewer: Viewer) -> list[Alike]:
    """The look-alikes that the viewer may see, best first."""
    matches = lookalikes(values, viewer.network)[:_SHOWN]
    if len(matches) < _SHOWN:
        known = {match.ref for match in matches}
        matches += [match for match in _same_name(values, viewer) if match.ref not in known][: _SHOWN - len(matches)]
    actors = Actor.objects.visible_to(viewer).select_related("family", "commune", "commune__department")
    found = {actor.pk: actor for actor in actors.filter(pk__in=[match.ref for match in matches])}
    return [Alike(found[match.ref], match) for match in matches if match.ref in found]


def _same_name(values: Mapping[str, Any], viewer: Viewer) -> list[Match]:
    key = folded(values.get("name") or "")
    longest = max(key.split(), key=len, default="")
    if len(longest) < 3:
        return []
    commune = values.get("commune")
    pool = Actor.objects.visible_to(viewer).filter(name_key__contains=longest[:5])
    if commune is not None:
        pool = pool.filter(Q(commune=commune) | Q(commune=None))
    likely = []
    for pk, name in pool.order_by("pk").values_list("pk", "name_key")[:_POOL]:
        likeness = fuzz.token_sort_ratio(key, name)
        if likeness >= _CLOSE:
            likely.append(
                Match(pk, likeness / 125, False, False, (_("nom identique") if likeness == 100 else _("nom proche"),))
            )
    return sorted(likely, key=lambda match: -match.score)
