"""What the catalogue brings to the exchange: resources as a target.

A resource is an actor's: a line is taken when its organisation is in the directory of the network, by its name, or when the importer
names the actor that offers the rest (`fallback`, a constant of the recipe). Others are none of the network's business, and are
passed over.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.catalogue.actions.importing import Done, Line, Writer, take_back
from maillage.catalogue.actions.marking import hold
from maillage.catalogue.enums import State
from maillage.catalogue.exchange.fields import FIELDS, shipped
from maillage.catalogue.exchange.reading import Reader
from maillage.catalogue.models import Resource, ResourceIdentifier
from maillage.catalogue.queries.history import differences_of, label_of
from maillage.core.text import folded, slugged
from maillage.core.viewer import Viewer
from maillage.directory.enums import Licence
from maillage.directory.models import Actor
from maillage.exchange.enums import Outcome, Verdict
from maillage.exchange.registry import (
    Alike,
    Applied,
    Difference,
    Fault,
    Found,
    Order,
    Prepared,
    Recorded,
    Resemblance,
    Session,
    Target,
    TargetField,
    TargetOption,
    Text,
    register_recipes,
    register_target,
)


class ResourceTarget(Target):
    key = "resources"
    label = gettext_lazy("ressource")
    plural = gettext_lazy("ressources")
    order = 30

    def fields(self, network: Any) -> list[TargetField]:
        return FIELDS

    def options(self, network: Any) -> list[TargetOption]:
        return [
            TargetOption("state", gettext_lazy("Les nouvelles sont"), [(State.DRAFT, gettext_lazy("gardées en brouillon")),
                         (State.PUBLISHED, gettext_lazy("publiées aussitôt"))], State.DRAFT),
            TargetOption("licence", gettext_lazy("Licence de ce qui se télécharge"), Licence.choices, Licence.RESERVED,
                         gettext_lazy("Quand le fichier ne la dit pas : celle que la source annonce.")),
        ]  # fmt: skip

    def session(self, *, by: Viewer, batch: Any, spec: Mapping[str, Any]) -> "ResourceSession":
        return ResourceSession(by, batch, spec)

    def restore(self, *, by: Viewer, batch: Any, changes: Sequence[Recorded]) -> dict[int, dict[str, str]]:
        return take_back(by=by, changes=changes)

    def url_of(self, object_id: int) -> str:
        return reverse("catalogue:resource_work", args=[object_id])

    def label_of(self, name: str) -> str:
        return label_of(name)

    def learn(self, network: Any, judged: Sequence[tuple[int, Resemblance]]) -> None:
        """Resources are compared by their titles: there is nothing to learn."""

    def differences(self, changes: Sequence[Mapping[str, list[Any]]]) -> list[list[Difference]]:
        return [[Difference(each.label, each.before, each.after) for each in told] for told in differences_of(changes)]


class ResourceSession(Session):
    """Reads the actors and the words of the network once."""

    def __init__(self, by: Viewer, batch: Any, spec: Mapping[str, Any]) -> None:
        options = spec.get("options", {})
        self.by, self.network = by, by.network
        self.source = str(spec.get("source") or batch.source or batch.title)[:120]
        self.scheme = slugged(self.source, 60) or "import"
        licence = options.get("licence", "")
        state = State.PUBLISHED if options.get("state") == State.PUBLISHED else State.DRAFT
        self.writer = Writer(by=by, state=state)
        here = Actor.objects.visible_to(by).order_by("-pk").values_list("name_key", "pk", "commune")
        self.actors = {name: (pk, commune) for name, pk, commune in here}
        self.reader = Reader(self.network, licence if licence in Licence.values else Licence.RESERVED)
        self.seen: dict[str, int] = {}

    def prepare(self, number: int, values: Mapping[str, Text]) -> Prepared:
        line = Prepared(number)
        said = {each.name: _one(values.get(each.name, "")) for each in FIELDS}
        actor = self.actors.get(folded(said["actor"])) or self.actors.get(folded(said["fallback"]))
        if actor is None:
            line.skipped = True
            return line
        if not said["title"]:
            line.faults.append(Fault("title", _("Le titre manque.")))
        if not said["identifier"]:
            line.faults.append(Fault("identifier", _("L'identifiant manque : relire le fichier ferait des doubles.")))
        read, faults = self.reader.read(values, *actor)
        line.faults += faults
        line.data = {"key": said["identifier"][:200], "values": read}
        line.label, line.detail = said["title"][:140], said["actor"]
        return line

    def _line(self, data: Mapping[str, Any], resource: int | None = None) -> Line:
        return Line(dict(data["values"]), self.scheme, data["key"], self.source, resource)

    def match(self, prepared: Sequence[Prepared]) -> list[Found]:
        keys = [line.data["key"] for line in prepared]
        known = self._known(keys)
        titles = {folded(line.data["values"]["title"]) for line in prepared}
        same = Resource.objects.filter(network=self.network, title_key__in=titles).exclude(state=State.REFUSED)
        alike = {
            (key, actor): (pk, title)
            for key, actor, pk, title in same.order_by("-pk").values_list("title_key", "actor", "pk", "title")
        }
        lines = [self._line(line.data, known.get(line.data["key"])) for line in prepared]
        plans = self.writer.plan(lines)
        return [self._found(line, each, plan, alike) for line, each, plan in zip(prepared, lines, plans, strict=True)]

    def _known(self, keys: Iterable[str]) -> dict[str, int]:
        """Resources by their key in the source; an export of this network names them by their own."""
        wanted = list(keys)
        own = Resource.objects.filter(network=self.network, uid__in=wanted)
        rows = ResourceIdentifier.objects.filter(network=self.network, scheme=self.scheme, value__in=wanted)
        return dict(own.values_list("uid", "pk")) | dict(rows.values_list("value", "resource"))

    def _found(self, line: Prepared, each: Line, plan: Done, alike: Mapping[tuple[str, int], tuple[int, str]]) -> Found:
        if plan.refusal:
            return Found(Verdict.BARRED, faults=[Fault("actor", plan.refusal)])
        earlier = self.seen.setdefault(each.key, line.number)
        if earlier != line.number:
            reason = _("même identifiant que la ligne %s") % earlier
            return Found(Verdict.LOOKALIKE, alike=[Alike(f"line:{earlier}", line.label, 1.0, [reason], certain=True)])
        if each.resource_id is not None:
            verdict = Verdict.UPDATE if plan.changes else Verdict.IDENTICAL
            return Found(verdict, each.resource_id, changes=plan.changes)
        other = alike.get((folded(each.values["title"]), each.values["actor"]))
        if other is not None:
            reasons = [_("même titre, même structure")]
            return Found(Verdict.LOOKALIKE, alike=[Alike(other[0], other[1], 1.0, reasons)], changes=plan.changes)
        return Found(Verdict.CREATE, changes=plan.changes)

    def apply(self, orders: Sequence[Order]) -> list[Applied]:
        """Everything is read anew: what another list brought since the preview is changed, or left, never made twice."""
        hold(self.network)
        wanted = {order.number: self._line(order.data, order.subject_id) for order in orders}
        left = self._left(orders, wanted)
        rest = [order for order in orders if order.number not in left]
        applied = {number: Applied(number, Outcome.LEFT, note=note) for number, note in left.items()}
        written = self.writer.write([wanted[order.number] for order in rest])
        for order, each in zip(rest, written, strict=True):
            applied[order.number] = self._applied(order.number, each)
        return [applied[order.number] for order in orders]

    def _left(self, orders: Sequence[Order], wanted: Mapping[int, Line]) -> dict[int, str]:
        """Why lines are left, by number; those to create whose key has come meanwhile change that resource instead."""
        keys = {line.key for line in wanted.values()}
        known = self._known(keys)
        titles = {folded(str(line.values["title"])) for line in wanted.values() if line.resource_id is None}
        same = Resource.objects.filter(network=self.network, title_key__in=titles).exclude(state=State.REFUSED)
        # Of the same source under another key, it is another one.
        came: dict[tuple[str, int], set[int]] = {}
        for title, actor, pk in same.exclude(identifiers__scheme=self.scheme).values_list("title_key", "actor", "pk"):
            came.setdefault((title, actor), set()).add(pk)
        left: dict[int, str] = {}
        for order in orders:
            line = wanted[order.number]
            found = known.get(line.key)
            alike = came.get((folded(str(line.values["title"])), line.values["actor"]), set())
            if line.resource_id is None and found:
                line.resource_id = found
            elif found is not None and found != line.resource_id:
                left[order.number] = _("Même identifiant qu'une autre ligne.")
            elif line.resource_id is None and alike - set(order.distinct_from):
                left[order.number] = _("Une ressource du même titre est venue depuis l'aperçu : relisez cette ligne.")
            else:
                known[line.key] = line.resource_id or 0  # A second line with that key is left.
        return left

    @staticmethod
    def _applied(number: int, each: Done) -> Applied:
        if each.refusal:
            return Applied(number, Outcome.REFUSED, note=each.refusal)
        outcome = Outcome.CREATED if each.created else Outcome.UPDATED if each.changes else Outcome.UNCHANGED
        before = {} if each.created else {name: pair[0] for name, pair in each.changes.items()}
        after = {name: pair[1] for name, pair in each.changes.items()}
        return Applied(number, outcome, each.resource, "", each.created, before, after)


def _one(value: Text) -> str:
    return (", ".join(value) if isinstance(value, list) else value).strip()


register_target(ResourceTarget())
register_recipes(shipped(ResourceTarget.key))
