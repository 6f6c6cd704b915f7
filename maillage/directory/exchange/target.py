"""What a line of a file becomes, told to the exchange: an actor. The work is done by `session`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.directory.actions.restoring import Restorer
from maillage.directory.exchange import automating
from maillage.directory.exchange.fields import FIELDS, OPTIONS
from maillage.directory.exchange.session import ActorSession
from maillage.directory.queries.history import differences_of, label_of
from maillage.exchange.registry import (
    Automation,
    Difference,
    Recorded,
    Resemblance,
    Target,
    TargetField,
    TargetOption,
)

_RECKONED = {"position_score", "slug"}


class ActorTarget(Target):
    key = "actors"
    label = gettext_lazy("acteur")
    plural = gettext_lazy("acteurs")
    order = 10
    has_branches = True

    def fields(self, network: Any) -> list[TargetField]:
        return FIELDS

    def options(self, network: Any) -> list[TargetOption]:
        return OPTIONS

    def session(self, *, by: Viewer, batch: Any, spec: Mapping[str, Any]) -> "ActorSession":
        return ActorSession(by=by, batch=batch, spec=spec)

    def restore(self, *, by: Viewer, batch: Any, changes: Sequence[Recorded]) -> dict[int, dict[str, str]]:
        return Restorer(by=by, network=batch.network, changes=changes).run()

    def automation(self, network: Any, pairs: Sequence[Resemblance]) -> Automation:
        return automating.automation(network, pairs)

    def learn(self, network: Any, judged: Sequence[tuple[int, Resemblance]]) -> None:
        automating.learn(network, judged)

    def url_of(self, object_id: int) -> str:
        return reverse("directory:actor_work", args=[object_id])

    def label_of(self, name: str) -> str:
        return str(label_of(name))

    def differences(self, changes: Sequence[Mapping[str, list[Any]]]) -> list[list[Difference]]:
        """Without the keys that the program made itself, nor what it reckons from the place."""
        told = [{name: _told(name, pair) for name, pair in each.items() if name not in _RECKONED} for each in changes]
        texts = differences_of(told, by_words=False)
        shown = [[Difference(str(one.label), one.before, one.after) for one in text] for text in texts]
        for each, differences in zip(changes, shown, strict=True):
            if (line := -(each.get("parent", [None, None])[1] or 0)) > 0:  # See `ActorSession._sheet`.
                differences.append(Difference(self.label_of("parent"), "", _("ligne %s du fichier") % line))
        return [[one for one in differences if one.before != one.after] for differences in shown]


def _told(name: str, pair: list[Any]) -> list[Any]:
    if name == "identifiers":
        return [
            {scheme: key for scheme, key in (held or {}).items() if not scheme.startswith("liste:")} for held in pair
        ]
    return [None, None] if name == "parent" and (pair[1] or 0) < 0 else pair
