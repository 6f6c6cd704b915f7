"""What the catalogue brings to the exchange: resources as a target.

A resource is an actor's: a line is taken when its organisation is in the directory of the network, by its name, or when the importer
names the actor that offers the rest (`fallback`, a constant of the recipe). Others are none of the network's business, and are
passed over.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.catalogue.actions.importing import Done, Line, Writer, take_back
from maillage.catalogue.actions.marking import hold
from maillage.catalogue.enums import Kind, State
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
    ShippedRecipe,
    Target,
    TargetField,
    TargetOption,
    Text,
    register_recipes,
    register_target,
)
from maillage.networks.queries import vocabularies
from maillage.topics.enums import SchoolCycle, Vocabulary

FIELDS = [
    TargetField("identifier", gettext_lazy("Identifiant dans la source"), ("identifiant", "id", "uid"), required=True),
    TargetField(
        "title", gettext_lazy("Titre"), ("titre", "titre de la ressource", "intitule"), required=True, prose=True
    ),
    TargetField("actor", gettext_lazy("Proposée par"), ("nom de l organisme", "organisme", "structure", "acteur")),
    TargetField("fallback", gettext_lazy("Acteur de l'annuaire pour les autres organismes"), rare=True),
    TargetField(
        "kind", gettext_lazy("Nature"), ("nature", "type", "type de ressource", "types de ressources proposees")
    ),
    TargetField("summary", gettext_lazy("En une phrase"), ("resume", "chapeau", "accroche"), prose=True),
    TargetField("description", gettext_lazy("Présentation"), ("presentation", "description"), prose=True),
    TargetField("website", gettext_lazy("Adresse"), ("lien vers la ressource", "lien", "url", "site", "adresse web")),
    TargetField("themes", gettext_lazy("Thématiques"), ("thematiques", "themes", "theme"), many=True),
    TargetField("audiences", gettext_lazy("Publics"), ("public", "publics", "public cible"), many=True),
    TargetField("cycles", gettext_lazy("Niveaux scolaires"), ("niveau scolaire", "niveaux", "cycles"), many=True),
    TargetField("access", gettext_lazy("Accessibilité"), ("accessibilite", "handicap"), many=True, rare=True),
    TargetField("surface", gettext_lazy("Surface (m²)"), ("surface", "surface m2"), rare=True),
    TargetField("duration", gettext_lazy("Durée (minutes)"), ("duree", "duree minutes"), rare=True),
]
# Words of files, and the kind that they mean; the first that is found counts.
_KINDS = (
    ("malle", Kind.KIT), ("mallette", Kind.KIT), ("exposition", Kind.EXHIBITION), ("spectacle", Kind.SHOW),
    ("animation", Kind.ACTIVITY), ("atelier", Kind.ACTIVITY), ("materiel", Kind.EQUIPMENT), ("jeu", Kind.GAME),
    ("ressources pedagogiques", Kind.METHOD), ("cours", Kind.METHOD), ("donnees", Kind.DATA), ("logiciel", Kind.DATA),
    ("video", Kind.MEDIA), ("audio", Kind.MEDIA), ("images", Kind.MEDIA), ("fiche", Kind.SHEET),
)  # fmt: skip
_CYCLES = (("maternelle", ("c1",)), ("primaire", ("c2", "c3")), ("college", ("c4",)), ("lycee", ("lycee",)))
_ACCESS = (("moteur", "mi"), ("visuel", "vi"), ("audiodescription", "vi"), ("auditif", "hi"), ("sous titrage", "hi"),
           ("langue des signes", "sl"), ("intellectuel", "ii"), ("mental", "ii"), ("psychique", "pi"))  # fmt: skip
_LINKS = URLValidator(schemes=["http", "https"])


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
        self.licence = licence if licence in Licence.values else Licence.RESERVED
        state = State.PUBLISHED if options.get("state") == State.PUBLISHED else State.DRAFT
        self.writer = Writer(by=by, state=state)
        here = Actor.objects.visible_to(by).order_by("-pk").values_list("name_key", "pk")
        self.actors = dict(here)
        words = vocabularies(self.network)
        self.terms = {
            name: {folded(term.label): term.pk for term in words[vocabulary]}
            for name, vocabulary in (("themes", Vocabulary.THEME), ("audiences", Vocabulary.AUDIENCE))
        }
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
        website = said["website"]
        if website:
            try:
                _LINKS(website)
            except ValidationError:
                line.faults.append(Fault("website", _("Ce n'est pas une adresse : elle est laissée."), blocking=False))
                website = ""
        line.data = {"key": said["identifier"][:200], "values": self._values(said, actor, website[:500])}
        line.label, line.detail = said["title"][:140], said["actor"]
        return line

    def _values(self, said: Mapping[str, str], actor: int, website: str) -> dict[str, Any]:
        kind = next((kind for word, kind in _KINDS if word in folded(said["kind"])), Kind.METHOD)
        terms = {pk for name in self.terms for pk in self._terms_in(name, said[name])}
        wanted: dict[str, Any] = {
            "kind": str(kind),
            "title": said["title"][:140],
            "actor": actor,
            "summary": said["summary"][:300] or said["title"][:300],
            "description": said["description"],
            "website": website,
            "licence": str(self.licence),
            "terms": sorted(terms),
            "cycles": [code for word, codes in _CYCLES if word in folded(said["cycles"]) for code in codes if code in SchoolCycle.values],
            "place_access": list(dict.fromkeys(code for word, code in _ACCESS if word in folded(said["access"]))),
            "surface": _number(said["surface"], 32_767),
            "duration": _number(said["duration"], 100_000),
        }  # fmt: skip
        return {name: value for name, value in wanted.items() if value not in ("", None, [])}

    def _terms_in(self, name: str, text: str) -> set[int]:
        """Terms of the network named whole in a list: a label may hold a comma."""
        told = f",{','.join(folded(part) for part in re.split(r'[,;|/]', text))},"
        return {pk for label, pk in self.terms[name].items() if f",{label}," in told}

    def _line(self, data: Mapping[str, Any], resource: int | None = None) -> Line:
        return Line(dict(data["values"]), self.scheme, data["key"], self.source, resource)

    def match(self, prepared: Sequence[Prepared]) -> list[Found]:
        keys = [line.data["key"] for line in prepared]
        rows = ResourceIdentifier.objects.filter(network=self.network, scheme=self.scheme, value__in=keys)
        known = dict(rows.values_list("value", "resource"))
        titles = {folded(line.data["values"]["title"]) for line in prepared}
        same = Resource.objects.filter(network=self.network, title_key__in=titles).exclude(state=State.REFUSED)
        alike = {
            (key, actor): (pk, title)
            for key, actor, pk, title in same.order_by("-pk").values_list("title_key", "actor", "pk", "title")
        }
        lines = [self._line(line.data, known.get(line.data["key"])) for line in prepared]
        plans = self.writer.plan(lines)
        return [self._found(line, each, plan, alike) for line, each, plan in zip(prepared, lines, plans, strict=True)]

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
        held = ResourceIdentifier.objects.filter(network=self.network, scheme=self.scheme)
        known: dict[str, int] = dict(held.filter(value__in=keys).values_list("value", "resource"))
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


def _number(text: str, most: int) -> int | None:
    found = re.match(r"\d{1,6}", text.replace(" ", ""))
    return int(found.group()) if found and 0 < int(found.group()) <= most else None


def _shipped() -> list[ShippedRecipe]:
    folder = Path(__file__).parent / "data" / "recipes"
    told = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    return [
        ShippedRecipe(key, each["label"], ResourceTarget.key, tuple(each["columns"]), each["spec"])
        for key, each in told.items()
    ]


register_target(ResourceTarget())
register_recipes(_shipped())
