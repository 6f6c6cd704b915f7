"""The kinds of content that networks share, each declared by its app; words of the journal; what is kept of people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField, declare
from maillage.activity.registry import name_task, say
from maillage.core.permissions import Answer
from maillage.core.viewer import Viewer


@dataclass(frozen=True)
class ShareableKind:
    """A kind of content of an app above. `name` is its word in addresses; `model` has `objects.visible_to(viewer)`, `shown()`,
    `network`, `get_absolute_url()`, and its `str()` is the title.

    `may_share(viewer, content)` is the rule of who proposes it elsewhere, asked in its own network. `refresh(keys, left)` makes the
    search of every network know these contents as they are told now, and forget them in the networks of `left`.
    `work_url` names the page of a content for its team, which takes its key.
    """

    name: str
    label: Any
    model: type[Model]
    may_share: Callable[[Viewer, Any], Answer]
    refresh: Callable[[Sequence[int], Sequence[Any]], None]
    work_url: str


_kinds: dict[str, ShareableKind] = {}


def shareable(kind: ShareableKind) -> ShareableKind:
    """Called from the `panels.py` of the app that has the content."""
    _kinds[kind.name] = kind
    return kind


def kind_named(name: str) -> ShareableKind | None:
    return _kinds.get(name)


say(
    share__proposed=_("a proposé à %(network)s : %(label)s"),
    share__withdrawn=_("a repris à %(network)s : %(label)s"),
    share__accepted=_("a accueilli, de %(network)s : %(label)s"),
    share__refused=_("n'a pas accueilli, de %(network)s : %(label)s"),
    share__removed=_("a retiré ce qui venait de %(network)s : %(label)s"),
)
name_task("maillage.sharing.actions.follow_home", _("Contenus d'autres réseaux : mise à jour"))

declare(
    *(
        PersonalField(
            "sharing.Share",
            name,
            _("Partager des contenus entre réseaux"),
            LegalBasis.LEGITIMATE,
            _("Tant que le contenu existe"),
            Erasure.PSEUDONYM,
            export=False,
            label=label,
        )
        for name, label in (
            ("proposed_by", _("Contenus que vous avez proposés à d'autres réseaux")),
            ("decided_by", _("Contenus d'autres réseaux dont vous avez décidé")),
        )
    )
)
