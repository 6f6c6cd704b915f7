"""Lines of files become actors: prepared from texts, matched with those known, written by `actions.bulk`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.text import folded, slugged
from maillage.core.viewer import Viewer
from maillage.directory.actions.bulk import BulkWriter, Done, Sheet
from maillage.directory.actions.restoring import Restorer
from maillage.directory.actions.writing import Stamp
from maillage.directory.enums import ListingState, Origin
from maillage.directory.exchange import parsing
from maillage.directory.exchange.fields import FIELDS, OPTIONS, SCHEMES, VOCABULARIES
from maillage.directory.exchange.known import Known, Place
from maillage.directory.models import Actor
from maillage.directory.queries.lookalikes import Candidate, Match
from maillage.exchange.enums import Outcome, Verdict
from maillage.exchange.registry import (
    Alike,
    Applied,
    Fault,
    Found,
    Order,
    Prepared,
    Recorded,
    Session,
    Target,
    TargetField,
    TargetOption,
    Text,
)
from maillage.networks.queries import vocabularies
from maillage.topics.models import Term

CODES = ("siret", "siren", "rna", "uai")
_PLAIN = ("address", "postal_code", "website", "email", "phone", "contact_name", "summary", "description", "acronym")
_LIMITS = {"address": 250, "contact_name": 120, "summary": 300, "acronym": 40}
_PARSERS = {
    "website": parsing.website,
    "email": parsing.email,
    "phone": parsing.phone,
    "postal_code": parsing.postal_code,
}


class ActorTarget(Target):
    key = "actors"
    label = gettext_lazy("acteur")
    plural = gettext_lazy("acteurs")

    def fields(self, network: Any) -> list[TargetField]:
        return FIELDS

    def options(self, network: Any) -> list[TargetOption]:
        return OPTIONS

    def session(self, *, by: Viewer, batch: Any, spec: Mapping[str, Any]) -> "ActorSession":
        return ActorSession(by=by, batch=batch, spec=spec)

    def restore(self, *, by: Viewer, batch: Any, changes: Sequence[Recorded]) -> dict[int, dict[str, str]]:
        return Restorer(by=by, network=batch.network, changes=changes).run()

    def url_of(self, object_id: int) -> str:
        slug = Actor.objects.filter(pk=object_id).values_list("slug", flat=True).first()
        try:
            return reverse("directory:actor_show", args=[slug]) if slug else ""
        except NoReverseMatch:
            return ""


class ActorSession(Session):
    def __init__(self, *, by: Viewer, batch: Any, spec: Mapping[str, Any]) -> None:
        options = spec.get("options", {})
        self.by, self.network = by, by.network
        self.source = str(spec.get("source") or batch.source or batch.title)[:120]
        self.scheme = slugged(str(options.get("scheme") or self.source), 40)
        self.stamp = Stamp(Origin.IMPORT, self.source, by.user_id, batch.pk)
        self.writer = BulkWriter(
            by=by,
            stamp=self.stamp,
            state=str(options.get("state") or ListingState.DRAFT),
            overwrite=str(options.get("overwrite") or "all"),
        )
        self.place = Place(self.network, only_perimeter=options.get("perimeter", "only") == "only")
        self.terms: dict[str, dict[str, Term]] = defaultdict(dict)
        self.term_by_id: dict[int, Term] = {}
        for vocabulary, terms in vocabularies(self.network).items():
            for term in terms:
                self.term_by_id[term.pk] = term
                self.terms[vocabulary][folded(term.label)] = term
                self.terms[vocabulary][folded(term.slug)] = term
        self.known = Known(self.network)
        self.seen: dict[tuple[str, str], int] = {}
        self.claimed: dict[int, int] = {}
        self.keyed = "identifier" in spec.get("fields", {})

    # --- preparing ----------------------------------------------------------------------------------------------------

    def prepare(self, number: int, values: Mapping[str, Text]) -> Prepared:
        line = Prepared(number)
        if not self.place.may_concern(values):
            line.skipped = True
            return line
        data: dict[str, Any] = {}
        name = parsing.one(values.get("name", "")).strip('"«» ')
        if not name:
            line.faults.append(Fault("name", _("Le nom manque.")))
        data["name"] = parsing.cut(name, 200)
        for field in _PLAIN:
            if field in values:
                self._plain(line, data, field, values[field])
        for field in CODES:
            if text := parsing.one(values.get(field, "")):
                self._read(
                    line, data, field, lambda field=field, text=text: parsing.identifier(field, text), blocking=True
                )
        if "siret" in data:
            data.setdefault("siren", data["siret"][:9])
        if kind := values.get("kind"):
            data["kind"] = (
                "person" if folded(parsing.one(kind)).startswith(("person", "independant")) else "organisation"
            )
        self._vocabularies(line, data, values)
        self._identifiers(data, values)
        self._circle(line, data, values)
        self.place.locate(line, data, values)
        line.data, line.label = data, data["name"]
        line.detail = " · ".join(part for part in (self.place.name_of(data), self._family_name(data)) if part)
        if not line.skipped and not line.faults_blocking:
            self._clean(line)
        return line

    def _read(self, line: Prepared, data: dict[str, Any], field: str, read: Any, *, blocking: bool = False) -> None:
        try:
            data[field] = read()
        except parsing.Misread as error:
            line.faults.append(Fault(field, str(error), blocking=blocking))

    def _plain(self, line: Prepared, data: dict[str, Any], field: str, value: Text) -> None:
        """A contact that cannot be used is left out and told; it does not keep the actor away."""
        if field == "description":
            if text := parsing.rich(value):
                data[field] = text
            return
        text = parsing.one(value)
        if field in _PARSERS and isinstance(value, list):
            text = next(iter(value), "")
        if not text:
            return
        if (parser := _PARSERS.get(field)) is not None:
            self._read(line, data, field, lambda: parser(text))
        elif field == "acronym" and len(text) > _LIMITS[field]:
            line.faults.append(Fault(field, _("Ce sigle est trop long."), blocking=False))
        else:
            data[field] = parsing.cut(text, _LIMITS[field])

    def _vocabularies(self, line: Prepared, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        terms: list[int] = []
        for field, vocabulary in VOCABULARIES.items():
            given = values.get(field) or []
            for text in [given] if isinstance(given, str) else given:
                term = self.terms[vocabulary].get(folded(text))
                if term is None:
                    reason = _("« %s » n'est pas dans le vocabulaire du réseau.") % parsing.cut(text, 80)
                    line.faults.append(Fault(field, reason, blocking=False))
                elif field == "family":
                    data.setdefault("family", term.pk)
                else:
                    terms.append(term.pk)
        if terms:
            data["terms"] = sorted(set(terms))

    def _identifiers(self, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        identifiers = {}
        if text := parsing.one(values.get("identifier", "")):
            identifiers[self.scheme] = text[:80]
        for scheme in SCHEMES:
            if text := parsing.one(values.get(f"identifier:{scheme}", "")):
                identifiers[scheme] = text.rstrip("/").rsplit("/", 1)[-1][:80]
        slug = parsing.one(values.get("slug", ""))
        if slug:
            data["slug"] = slug
        elif not identifiers and not data.keys() & set(CODES):
            identifiers[f"liste:{self.scheme}"[:40]] = parsing.derived_key(values)
        if identifiers:
            data["identifiers"] = identifiers

    def _circle(self, line: Prepared, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        if not values.get("circle"):
            return
        try:
            number, reason = parsing.circle(values["circle"])
        except parsing.Misread as error:
            line.faults.append(Fault("circle", str(error)))
            return
        data["circle"] = number
        reason = parsing.one(values.get("circle_reason", "")) or reason
        data["circle_reason"] = parsing.cut(
            _("Proposé à l'import : %s") % reason if reason else _("Proposé à l'import."), 300
        )

    def _family_name(self, data: Mapping[str, Any]) -> str:
        term = self.term_by_id.get(data.get("family", 0))
        return term.label if term is not None else ""

    def _clean(self, line: Prepared) -> None:
        """The checks of the model itself, so that nothing prepared can fail to be written."""
        values = {
            name: line.data[name]
            for name in (*_PLAIN, *CODES, "name", "kind", "latitude", "longitude")
            if name in line.data
        }
        try:
            Actor(**values).clean_fields(exclude=_UNCHECKED)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                line.faults.append(Fault(field, messages[0]))

    # --- matching -----------------------------------------------------------------------------------------------------

    def match(self, prepared: Sequence[Prepared]) -> list[Found]:
        self.place.fetch([line.data for line in prepared])
        found: list[Found | None] = []
        sheets: list[Sheet] = []
        places: list[int] = []
        for line in prepared:
            known = self._known(line)
            if isinstance(known, int):
                places.append(len(found))
                sheets.append(self._sheet(line.data, known))
                found.append(None)
            else:
                found.append(known)
        for place, sheet, done in zip(places, sheets, self.writer.plan(sheets), strict=True):
            found[place] = self._planned(prepared[place], sheet, done)
        return [each for each in found if each is not None]

    def _known(self, line: Prepared) -> int | Found:
        """The actor that a line surely is, else what it would do."""
        data, ref = line.data, f"line:{line.number}"
        keys = self._keys(data)
        earlier = next((self.seen[key] for key in keys if key in self.seen), None)
        self.seen.update({key: line.number for key in keys if key not in self.seen})
        if earlier is not None:
            reason = _("même identifiant que la ligne %s") % earlier
            alike = Alike(f"line:{earlier}", self.known.names.get(f"line:{earlier}", ""), 1.0, [reason], certain=True)
            return Found(Verdict.LOOKALIKE, alike=[alike])
        candidate = self._candidate(data, ref)
        actor_id = self.known.find(keys)
        if actor_id is not None and not self.known.may_use(actor_id):
            sentence = _("Cet acteur est suivi par un autre réseau, qui ne l'a pas encore publié.")
            return Found(Verdict.ERROR, faults=[Fault("name", sentence)])
        if actor_id is None and data.get("slug"):
            return Found(Verdict.ERROR, faults=[Fault("slug", _("Aucune fiche de ce réseau n'a cet identifiant."))])
        matches = self.known.matcher.find(candidate) if actor_id is None else []
        if actor_id is None and matches and matches[0].certain and isinstance(matches[0].ref, int):
            actor_id = matches[0].ref
        if actor_id is not None:
            if (other := self.claimed.setdefault(actor_id, line.number)) != line.number:
                reason = _("la ligne %s modifie déjà cette fiche") % other
                return Found(
                    Verdict.LOOKALIKE, alike=[Alike(actor_id, self.known.names.get(actor_id, ""), 1.0, [reason])]
                )
            return actor_id
        self.known.add(candidate)
        if matches:
            return Found(Verdict.LOOKALIKE, alike=[self._alike(match) for match in matches])
        return Found(Verdict.CREATE)

    def _keys(self, data: Mapping[str, Any]) -> list[tuple[str, str]]:
        keys = [("slug", data["slug"])] if data.get("slug") else []
        keys += list(data.get("identifiers", {}).items())
        return keys + [(name, data[name]) for name in ("siret", "rna", "uai") if data.get(name)]

    def _candidate(self, data: Mapping[str, Any], ref: Any) -> Candidate:
        values = {**data, "commune": self.place.commune(data)}
        keys = {
            scheme: value for scheme, value in data.get("identifiers", {}).items() if not scheme.startswith("liste:")
        }
        return Candidate.from_values(values, ref=ref, keys=keys)

    def _alike(self, match: Match) -> Alike:
        label = self.known.names.get(match.ref, "")
        return Alike(
            match.ref, label, match.score, [str(reason) for reason in match.reasons], match.branch, match.certain
        )

    def _planned(self, line: Prepared, sheet: Sheet, done: Done) -> Found:
        actor_id = sheet.actor_id
        if not self._in_reach(line.data) and done.changes:
            return Found(
                Verdict.ERROR, faults=[Fault("commune", _("Cet acteur est dans un département que vous n'animez pas."))]
            )
        return Found(Verdict.UPDATE if done.changes else Verdict.IDENTICAL, subject_id=actor_id, changes=done.changes)

    def _in_reach(self, data: Mapping[str, Any]) -> bool:
        return self.by.animates(self.place.department_of(data))

    # --- writing ------------------------------------------------------------------------------------------------------

    def _sheet(self, data: Mapping[str, Any], actor_id: int | None = None) -> Sheet:
        values = {
            name: data[name] for name in (*_PLAIN, *CODES, "name", "kind", "latitude", "longitude") if name in data
        }
        values["source"] = self.source
        if (commune := self.place.commune(data)) is not None:
            values["commune"] = commune
        if (family := self.term_by_id.get(data.get("family", 0))) is not None:
            values["family"] = family
        if terms := [self.term_by_id[pk] for pk in data.get("terms", ()) if pk in self.term_by_id]:
            values["terms"] = terms
        return Sheet(
            values, dict(data.get("identifiers", {})), data.get("circle"), data.get("circle_reason", ""), actor_id
        )

    def apply(self, orders: Sequence[Order]) -> list[Applied]:
        """A line to create whose key has come meanwhile changes that actor instead: applying twice creates nothing."""
        self.place.fetch([order.data for order in orders])
        creating: list[tuple[int, Sheet]] = []
        changing: list[tuple[int, Sheet]] = []
        applied: dict[int, Applied] = {}
        for order in orders:
            sheet = self._sheet(order.data, order.subject_id)
            sheet.parent_id, sheet.distinct_from = order.parent_id, order.distinct_from
            if not self._in_reach(order.data):
                note = _("Département que vous n'animez pas.")
                applied[order.number] = Applied(order.number, Outcome.REFUSED, note=note)
                continue
            keys = self._keys(order.data)
            if sheet.actor_id is None:
                sheet.actor_id = self.known.find(keys)
            else:
                sheet.identifiers = {
                    scheme: value
                    for scheme, value in sheet.identifiers.items()
                    if self.known.find([(scheme, value)]) in (None, sheet.actor_id)
                }
            if sheet.actor_id is None:
                creating.append((order.number, sheet))
                self.known.reserve(keys)
            elif sheet.actor_id in self.known.reserved:
                applied[order.number] = Applied(
                    order.number, Outcome.LEFT, note=_("Même identifiant qu'une autre ligne.")
                )
            else:
                changing.append((order.number, sheet))
        existing = set(
            Actor.objects.filter(pk__in=[sheet.actor_id for _n, sheet in changing]).values_list("pk", flat=True)
        )
        gone = [number for number, sheet in changing if sheet.actor_id not in existing]
        applied.update({number: Applied(number, Outcome.LEFT, note=_("La fiche n'existe plus.")) for number in gone})
        changing = [(number, sheet) for number, sheet in changing if sheet.actor_id in existing]
        for (number, sheet), done in zip(creating, self.writer.create([sheet for _n, sheet in creating]), strict=True):
            self.known.learn(done.actor.pk, self._keys({**sheet.values, "identifiers": sheet.identifiers}))
            applied[number] = self._applied(number, done)
        for (number, sheet), done in zip(changing, self.writer.update([sheet for _n, sheet in changing]), strict=True):
            self.known.learn(done.actor.pk, list(sheet.identifiers.items()))
            applied[number] = self._applied(number, done)
        return [applied[order.number] for order in orders]

    def _applied(self, number: int, done: Done) -> Applied:
        outcome = Outcome.CREATED if done.created else Outcome.UPDATED if done.changes else Outcome.UNCHANGED
        note = _("Laissé à qui l'a écrit : %s") % ", ".join(sorted(set(done.kept))) if done.kept else ""
        return Applied(number, outcome, done.actor, note, done.created, done.before, done.after)


_UNCHECKED = {
    field.name
    for field in Actor._meta.fields
    if field.is_relation or field.name in ("slug", "name_key", "image", "provenance")
}
