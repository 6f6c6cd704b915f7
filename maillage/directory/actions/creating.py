"""Creating an actor by hand, once its look-alikes were seen."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maillage.core.viewer import Viewer
from maillage.directory.actions.listing import remember_distinct
from maillage.directory.actions.writing import create_actor
from maillage.directory.enums import PairVerdict
from maillage.directory.models import Actor


def create_checked(*, by: Viewer, values: Mapping[str, Any], shown: list[Actor], parent: Actor | None = None) -> Actor:
    """`shown` were proposed and not chosen: the pairs are remembered. `parent` makes the new actor its branch."""
    with transaction.atomic():
        actor = create_actor(by=by, values={**values, "parent": parent or values.get("parent")})
        others = [other for other in shown if parent is None or other.pk != parent.pk]
        remember_distinct(by=by, actor=actor, others=others)
        if parent is not None:
            remember_distinct(by=by, actor=actor, others=[parent], verdict=PairVerdict.BRANCH)
    return actor
