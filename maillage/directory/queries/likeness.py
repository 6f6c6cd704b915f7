"""Look-alikes ready to be shown to a person: the actors themselves, why they resemble, whether one could be the parent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.queries.lookalikes import Match, lookalikes


@dataclass(frozen=True)
class Alike:
    actor: Actor
    match: Match


def alike(values: Mapping[str, Any], viewer: Viewer) -> list[Alike]:
    """The look-alikes that the viewer may see, best first."""
    matches = lookalikes(values, viewer.network)
    actors = Actor.objects.visible_to(viewer).select_related("family", "commune", "commune__department")
    found = {actor.pk: actor for actor in actors.filter(pk__in=[match.ref for match in matches])}
    return [Alike(found[match.ref], match) for match in matches if match.ref in found]
