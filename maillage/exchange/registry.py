"""What an upper app offers to importers: targets (what a line becomes) and shipped recipes (how a known file is read).

A recipe's `spec`, which networks also keep of their own, is JSON:

    {"source": "…",                                   what provenance and the journal name
     "file": {"encoding", "delimiter", "quote", "sheet", "header"},     where the detection is to be corrected
     "where": [{"column", "test", "values"}],         only these lines are read (tests: `queries.transforming.TESTS`)
     "fields": {field: {"columns": […] | "constant": "…", "join": " ", "steps": [{"do": …}]}},
                                                      ("optional": true: left out where the file has not the columns)
     "options": {…}}                                  the target's own
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField
from maillage.accounts.registry import declare as declare_personal
from maillage.activity.registry import name_task, say

Text = str | list[str]


@dataclass(frozen=True)
class TargetField:
    """A field that a column may fill.

    `synonyms` are folded names (`core.text.folded`) of columns; `looks` is a pattern that most contents of such a column
    match, `telling` when contents alone are enough to recognise it; `half` is its rank where one column holds two
    numbers; `choices` gives, for a network, the `(key, label)` it may take; `prose` is a name or a sentence; `rare` fields are shown
    apart, until a column fills them.
    """

    name: str
    label: Any
    synonyms: tuple[str, ...] = ()
    looks: str = ""
    help: Any = ""
    required: bool = False
    many: bool = False
    telling: bool = False
    half: int | None = None
    prose: bool = False
    rare: bool = False
    choices: Callable[[Any], Sequence[tuple[str, str]]] | None = None


@dataclass(frozen=True)
class TargetOption:
    """A choice made once for the whole import (`spec["options"]`)."""

    name: str
    label: Any
    choices: Sequence[tuple[str, Any]]
    default: str
    help: Any = ""


@dataclass
class Fault:
    """What is wrong in a field; when not `blocking`, the line goes on and the value is left out, or taken with a `doubt`."""

    field: str
    reason: str
    blocking: bool = True
    doubt: bool = False


@dataclass
class Prepared:
    """A line as the target understands it. `data` is JSON and enough to apply the line later; `skipped` when the line
    is none of the target's business."""

    number: int
    data: dict[str, Any] = field(default_factory=dict)
    label: str = ""
    detail: str = ""
    faults: list[Fault] = field(default_factory=list)
    skipped: bool = False

    @property
    def faults_blocking(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.blocking]


@dataclass
class Alike:
    """Something that resembles a line: an object (`ref` its id) or another line of the file (`ref` "line:12").

    `changes` are what an object and the line tell differently, as [of the object, of the line], None where they are not
    to be compared; `kept` those of them that updating the object would leave. `values` are what `Target.automation` learns
    from.
    """

    ref: int | str
    label: str
    score: float
    reasons: list[str]
    branch: bool = False
    certain: bool = False
    changes: dict[str, list[Any]] | None = None
    kept: list[str] = field(default_factory=list)
    values: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Resemblance:
    """A line and the object that it resembles most: its score, the values it was made of, what was judged (None: not yet)."""

    score: float
    values: Mapping[str, float]
    same: bool | None = None


@dataclass(frozen=True)
class Automation:
    """What the resemblances that people judged allow to decide without looking.

    `precision` is estimated for those that score `threshold` or more, `low` and `high` bound it (95 %); `certain` are the
    positions of those not yet judged among them, `to_judge` of those to judge next, in order. `asked` is how many judged
    ones are needed, `limit` the precision below which nothing is decided so.
    """

    allowed: bool
    asked: int
    judged: int
    limit: float
    threshold: float
    precision: float
    low: float
    high: float
    certain: list[int]
    to_judge: list[int]


@dataclass
class Found:
    """What a prepared line would do: verdict, object it changes, fields it changes as [before, after]."""

    verdict: str
    subject_id: int | None = None
    alike: list[Alike] = field(default_factory=list)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Missing:
    """An object of the source that its file tells of no more; the order that takes it away has `gone`."""

    subject_id: int
    label: str
    detail: str = ""


@dataclass(frozen=True)
class Difference:
    """A field as a person reads it."""

    label: str
    before: str
    after: str


@dataclass
class Order:
    """A line to apply, once decided: create, or change `subject_id`; `parent_id` makes it a branch; `distinct_from`
    lists the objects the person said it is not."""

    number: int
    data: dict[str, Any]
    subject_id: int | None = None
    parent_id: int | None = None
    distinct_from: tuple[int, ...] = ()
    gone: bool = False


@dataclass
class Applied:
    """What applying a line did: values of `enums.Outcome`, and the change to keep (None when nothing changed)."""

    number: int
    outcome: str
    subject: Any = None
    note: str = ""
    created: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


class Recorded(Protocol):
    """What `Target.restore` reads of a `models.Change`."""

    pk: int
    object_id: int
    created: bool
    before: dict[str, Any]
    after: dict[str, Any]


class Session(ABC):
    """One run of a target over the lines of a batch: reads once what every line needs."""

    @abstractmethod
    def prepare(self, number: int, values: Mapping[str, Text]) -> Prepared:
        """Understand the values of a line; no query."""

    @abstractmethod
    def match(self, prepared: Sequence[Prepared]) -> list[Found]:
        """The verdict of each line without fault, in order, with a constant number of queries."""

    def missing(self) -> Sequence["Missing"]:
        """Once every line is matched: what the file, said to be whole, tells of no more."""
        return []

    @abstractmethod
    def apply(self, orders: Sequence[Order]) -> list[Applied]:
        """Write, inside the caller's transaction, with a constant number of queries."""

    def finish(self) -> None:  # noqa: B027 (most targets have nothing to do then)
        """In the last transaction of an application."""


class Target(ABC):
    """What a line of a file becomes. The target of least `order` is the one proposed first."""

    key: str
    label: Any
    plural: Any
    order: int = 50
    has_branches = False  # Whether a line may be a branch of what it resembles.

    @abstractmethod
    def fields(self, network: Any) -> list[TargetField]: ...

    def options(self, network: Any) -> list[TargetOption]:
        return []

    @abstractmethod
    def session(self, *, by: Any, batch: Any, spec: Mapping[str, Any]) -> Session: ...

    @abstractmethod
    def restore(self, *, by: Any, batch: Any, changes: Sequence[Recorded]) -> dict[int, dict[str, str]]:
        """Put back what `changes` changed, inside the caller's transaction.

        Only what still has the value the batch gave; the rest is returned by change: `{change.pk: {field: why}}`.
        """

    def url_of(self, object_id: int) -> str:
        """Where the team works on an object, or ""; no query."""
        return ""

    def label_of(self, name: str) -> str:
        """The name, for people, of a field of changes."""
        return name

    def automation(self, network: Any, pairs: Sequence[Resemblance]) -> Automation | None:
        """What may be decided of `pairs` without looking at each; None when the target never does."""
        return None

    @abstractmethod
    def learn(self, network: Any, judged: Sequence[tuple[int, Resemblance]]) -> None:
        """Keep what people judged of an applied batch, each with the key of its line."""

    @abstractmethod
    def differences(self, changes: Sequence[Mapping[str, list[Any]]]) -> list[list[Difference]]:
        """Sets of changes (field → [before, after]) as people read them, with a constant number of queries."""


@dataclass(frozen=True)
class ShippedRecipe:
    """A recipe that comes with the program. `columns` are those by which its file is recognised."""

    key: str
    label: str
    target: str
    columns: tuple[str, ...]
    spec: Mapping[str, Any]


_targets: dict[str, Target] = {}
_recipes: dict[str, ShippedRecipe] = {}


def register_target(target: Target) -> None:
    """Called from the `exchange.py` of an app."""
    _targets[target.key] = target


def register_recipes(recipes: Iterable[ShippedRecipe]) -> None:
    for recipe in recipes:
        _recipes[recipe.key] = recipe


def targets() -> list[Target]:
    return sorted(_targets.values(), key=lambda target: (target.order, target.key))


def target(key: str) -> Target:
    """KeyError on an unknown key."""
    return _targets[key]


def shipped_recipes() -> list[ShippedRecipe]:
    return sorted(_recipes.values(), key=lambda recipe: recipe.label)


def shipped_recipe(key: str) -> ShippedRecipe | None:
    return _recipes.get(key)


say(
    import__apply=_("a importé « %(label)s »"),
    import__automate=_("a décidé ensemble %(count)s ressemblances de « %(label)s »"),
    batch__undo=_("a annulé « %(label)s »"),
    recipe__save=_("a gardé la recette d'import « %(label)s »"),
    recipe__delete=_("a supprimé la recette d'import « %(name)s »"),
    batch__discard=_("a supprimé l'import « %(title)s »"),
)
name_task("maillage.exchange.actions.running.preview_lines", _("Aperçu d'un import"))
name_task("maillage.exchange.actions.running.apply_lines", _("Import d'un fichier"))
name_task("maillage.exchange.actions.running.forget_old_lines", _("Oubli des anciens fichiers d'import"))
name_task("maillage.exchange.actions.batches.undo_in_background", _("Annulation d'un import"))
_IMPORTS = _("Importer et exporter des listes : savoir qui l'a fait, et pouvoir le défaire")
_KEPT = _("Tant que le lot existe, sans le nom après la fermeture du compte")

declare_personal(
    PersonalField(
        "exchange.Batch",
        "author",
        _IMPORTS,
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.PSEUDONYM,
        also=("file_name", "created_at"),
        label=_("Imports et exports lancés"),
    ),
    PersonalField(
        "exchange.Batch",
        "author_label",
        _IMPORTS,
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.EMPTY,
        export=False,
        owner="author",
        label=_("Nom écrit sur ces lots"),
    ),
    PersonalField(
        "exchange.Recipe",
        "author",
        _IMPORTS,
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.PSEUDONYM,
        also=("name",),
        label=_("Recettes d'import écrites"),
    ),
)
