"""The kinds of content that may be reported, each declared by its app; settings of a network, words of the journal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import anyone_does, name_task, say
from maillage.core.permissions import Answer, allow_if
from maillage.core.viewer import Viewer
from maillage.networks.registry import Setting, declare


@dataclass(frozen=True)
class ReportableKind:
    """A kind of content of an app above. `name` is its word in addresses; `model` has `objects.visible_to(viewer)`,
    `get_absolute_url()`, and its `str()` is the title.

    `authors(content)` are those who wrote it, whom decisions are told to and who may contest them; `may_settle(viewer,
    content)` is the rule of who decides. `suspend(by, content)` hides what everyone reads until somebody decides,
    `remove(by, content, words)` hides it for good, `restore(by, content)` shows it again after either: actions of that app,
    called in the transaction of this one, which tell nobody. `suspend` and `remove` leave alone what is not shown.
    `department` is the path from a content to the INSEE code of its département, for the team's queue. Of a content that
    `is_secret`, the team decides without learning who is behind it: neither who wrote it nor who reported it is named.
    """

    name: str
    label: Any
    model: type[Model]
    authors: Callable[[Any], list[Any]]
    may_settle: Callable[[Viewer, Any], Answer]
    suspend: Callable[[Viewer, Any], Any]
    remove: Callable[[Viewer, Any, str], Any]
    restore: Callable[[Viewer, Any], Any]
    department: str = ""
    is_secret: Callable[[Any], bool] = lambda content: False


_kinds: dict[str, ReportableKind] = {}


def reportable(kind: ReportableKind) -> ReportableKind:
    """Called from the `panels.py` of the app that has the content."""
    _kinds[kind.name] = kind
    return kind


def kind_named(name: str) -> ReportableKind | None:
    return _kinds.get(name)


def kinds() -> list[ReportableKind]:
    return list(_kinds.values())


@dataclass(frozen=True)
class Found:
    """A content with its kind; either is None when it is there no more, or its app is not."""

    kind: ReportableKind | None
    content: Any

    @property
    def is_secret(self) -> bool:
        return self.kind is not None and self.content is not None and self.kind.is_secret(self.content)

    def may_settle(self, viewer: Viewer) -> Answer:
        """The rule of its app; of what is gone, the team closes the case."""
        if self.kind is None or self.content is None:
            return allow_if(viewer.runs_network, gettext("Les signalements sont lus par l'équipe d'animation."))
        return self.kind.may_settle(viewer, self.content)


def found_at(kind: str, pk: int) -> Found:
    """Whoever asks."""
    found = kind_named(kind)
    model: Any = found.model if found is not None else None
    return Found(found, model.objects.filter(pk=pk).first() if model is not None else None)


THRESHOLD = declare(
    Setting("reports_to_hide", 3, _("Signalements de comptes différents qui masquent un contenu (0 : jamais)"), 0, 50)
)
KEPT = declare(Setting("report_months", 12, _("Durée pendant laquelle un signalement réglé est gardé (mois)"), 6, 36))
APPEAL_DAYS = 30

say(
    report__made=_("a signalé : %(label)s"),
    case__suspended=_("a masqué en attendant une décision : %(label)s"),
    case__kept=_("a gardé ce qui était signalé : %(label)s"),
    case__removed=_("a retiré ce qui était signalé : %(label)s"),
    case__appealed=_("a contesté le retrait de : %(label)s"),
    case__appeal_granted=_("a remis ce qui était retiré : %(label)s"),
    case__appeal_refused=_("a maintenu le retrait de : %(label)s"),
)
anyone_does("report.made")
name_task("maillage.moderation.actions.minding.forget_settled", _("Oubli des signalements réglés"))
