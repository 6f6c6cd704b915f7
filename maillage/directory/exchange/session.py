"""One import of actors: its lines matched with the sheets known, then written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.queries import suppressed_among
from maillage.core.text import slugged
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.bulk import BulkWriter
from maillage.directory.actions.marking import hold
from maillage.directory.actions.sheets import Done, Sheet
from maillage.directory.actions.writing import Stamp
from maillage.directory.enums import ActorKind, ListingState, Origin
from maillage.directory.exchange.known import Key, Known
from maillage.directory.exchange.preparing import WRITTEN, Preparer, reads_as
from maillage.directory.exchange.referring import Parents
from maillage.directory.models import Actor, Merge
from maillage.directory.queries.lookalikes import Match, record_of
from maillage.exchange.enums import Outcome, Verdict
from maillage.exchange.queries.parsing import Misread
from maillage.exchange.queries.places import Place
from maillage.exchange.registry import (
    Alike,
    Applied,
    Fault,
    Found,
    Order,
    Prepared,
    Session,
    Text,
)
from maillage.territories.models import Territory

_OF_A_PERSON = ("email", "phone", "contact_name")


class ActorSession(Session):
    def __init__(self, *, by: Viewer, batch: Any, spec: Mapping[str, Any]) -> None:
        options = spec.get("options", {})
        self.by, self.network, self.batch = by, by.network, batch
        self.source = str(spec.get("source") or batch.source)[:120]
        self.scheme = slugged(str(options.get("scheme") or self.source), 40)
        self.stamp = Stamp(Origin.IMPORT, self.source, by.user_id, batch.pk)
        self.writer = BulkWriter(
            by=by,
            stamp=self.stamp,
            state=str(options.get("state") or ListingState.DRAFT),
            overwrite=str(options.get("overwrite") or "all"),
            same=reads_as,
        )
        self.place = Place(self.network, only_perimeter=options.get("perimeter", "only") == "only")
        self.preparer = Preparer(self.network, self.place, self.scheme)
        self.known = Known(self.network)
        self.parents = Parents(self.known, self.scheme) if "parent" in spec.get("fields", {}) else None
        self.seen: dict[Key, int] = {}
        self.claimed: dict[int, int] = {}
        self.subjects: dict[int, int | None] = {}

    def prepare(self, number: int, values: Mapping[str, Text]) -> Prepared:
        return self.preparer.prepare(number, values)

    # --- matching -----------------------------------------------------------------------------------------------------

    def match(self, prepared: Sequence[Prepared]) -> list[Found]:
        self.place.fetch([line.data for line in prepared])
        objecting = self._objecting(line.data for line in prepared)
        found: list[Found | None] = []
        sheets: list[Sheet] = []
        places: list[int] = []
        for line in prepared:
            known = self._kept_out(line, objecting) or self._refer(line) or self._known(line)
            if isinstance(known, int) and known == line.data.get("parent_ref"):
                known = Found(Verdict.ERROR, faults=[Fault("parent", _("Un acteur n'est pas sa propre antenne."))])
            if isinstance(known, int):
                places.append(len(found))
                sheets.append(self._sheet(line.data, known))
                found.append(None)
            else:
                found.append(known)
                if self.parents is not None and known.verdict not in (Verdict.ERROR, Verdict.BARRED):
                    self.parents.add(line.number, line.data["name"], line.data.get("slug", ""))
        for place, sheet, done in zip(places, sheets, self.writer.plan(sheets), strict=True):
            found[place] = self._planned(prepared[place], sheet, done)
        matched = [each for each in found if each is not None]
        self._compare(prepared, matched)
        return matched

    def _compare(self, prepared: Sequence[Prepared], found: Sequence[Found]) -> None:
        """What each look-alike and the line tell differently; of an actor that the network does not list, nothing."""
        pairs = [
            (alike, self._sheet(line.data, alike.ref))
            for line, each in zip(prepared, found, strict=True)
            for alike in each.alike
            if isinstance(alike.ref, int) and alike.ref in self.known.listed
        ]
        for (alike, _sheet), done in zip(pairs, self.writer.compare([sheet for _alike, sheet in pairs]), strict=True):
            alike.changes, alike.kept = done.changes, sorted(set(done.kept))

    @staticmethod
    def _objecting(rows: Iterable[Mapping[str, Any]]) -> set[str]:
        """The addresses of those who asked never to be recorded again."""
        return suppressed_among(sorted({data["email"] for data in rows if data.get("email")}))

    @staticmethod
    def _kept_out(line: Prepared, objecting: set[str]) -> Found | None:
        """An organisation comes without the contact of who objected; a person who objected does not come."""
        if line.data.get("email") not in objecting:
            return None
        if line.data.get("kind") == ActorKind.PERSON:
            sentence = _("Cette personne a demandé à ne plus figurer dans nos listes.")
            return Found(Verdict.ERROR, faults=[Fault("email", sentence)])
        sentence = _("La personne qui a cette adresse a demandé à ne plus figurer dans nos listes : ni son adresse, ni le téléphone, ni le nom ne sont repris.")  # fmt: skip
        line.faults.append(Fault("email", sentence, blocking=False))
        _forget(line.data)
        return None

    def _refer(self, line: Prepared) -> Found | None:
        """Find what the line is a branch of; an error when it cannot be told."""
        if self.parents is None or not line.data.get("parent"):
            return None
        try:
            line.data["parent_ref"] = self.parents.find(line.data["parent"])
        except Misread as error:
            return Found(Verdict.ERROR, faults=[Fault("parent", str(error))])
        return None

    def _known(self, line: Prepared) -> int | Found:
        """The actor that a line surely is, else what it would do."""
        data, ref = line.data, f"line:{line.number}"
        keys = self._keys(data)
        if not self._in_reach(data):
            return self._barred()
        earlier = next((self.seen[key] for key in keys if key in self.seen), None)
        self.seen.update({key: line.number for key in keys if key not in self.seen})
        if earlier is not None:
            reason = _("même identifiant que la ligne %s") % earlier
            alike = Alike(f"line:{earlier}", self.known.names.get(f"line:{earlier}", ""), 1.0, [reason], certain=True)
            return Found(Verdict.LOOKALIKE, alike=[alike])
        record = record_of({**data, "commune": self.place.commune(data)}, ref, data.get("identifiers"))
        actor_id = self.known.find([*keys, *self._codes(data)])
        if actor_id is not None and not self.known.may_use(actor_id):
            sentence = _("Cet acteur est suivi par un autre réseau, qui ne l'a pas encore publié.")
            return Found(Verdict.ERROR, faults=[Fault("name", sentence)])
        matches = self.known.alike(record) if actor_id is None else []
        if actor_id is None and matches and matches[0].certain and isinstance(matches[0].ref, int):
            actor_id = matches[0].ref
        if actor_id is not None:
            if (other := self.claimed.setdefault(actor_id, line.number)) != line.number:
                reason = _("la ligne %s modifie déjà cette fiche") % other
                return Found(
                    Verdict.LOOKALIKE, alike=[Alike(actor_id, self.known.names.get(actor_id, ""), 1.0, [reason])]
                )
            return actor_id
        if not data.get("slug"):
            self.known.add(record)
        if matches:
            return Found(Verdict.LOOKALIKE, alike=[self._alike(match) for match in matches])
        return Found(Verdict.CREATE)

    def _keys(self, data: Mapping[str, Any]) -> list[Key]:
        """What tells a line from the others. A whole sheet has its address: those that share a SIRET are as many actors."""
        identifiers = list(data.get("identifiers", {}).items())
        return [("slug", data["slug"]), *identifiers] if data.get("slug") else [*identifiers, *self._codes(data)]

    @staticmethod
    def _codes(data: Mapping[str, Any]) -> list[Key]:
        return [(name, data[name]) for name in ("siret", "rna", "uai") if data.get(name)]

    def _alike(self, match: Match) -> Alike:
        label = self.known.names.get(match.ref, "")
        return Alike(
            match.ref,
            label,
            match.score,
            [str(reason) for reason in match.reasons],
            match.branch,
            match.certain,
            values=match.values,
        )

    def _planned(self, line: Prepared, sheet: Sheet, done: Done) -> Found:
        if not rules.in_reach(self.by, done.actor):
            return self._barred()
        verdict = Verdict.UPDATE if done.changes else Verdict.IDENTICAL
        return Found(verdict, subject_id=sheet.actor_id, changes=done.changes)

    @staticmethod
    def _barred() -> Found:
        sentence = _("Cet acteur est dans un département que vous n'animez pas.")
        return Found(Verdict.BARRED, faults=[Fault("commune", sentence)])

    def _in_reach(self, data: Mapping[str, Any]) -> bool:
        return self.by.animates(self.place.department_of(data))

    # --- writing ------------------------------------------------------------------------------------------------------

    def _sheet(self, data: Mapping[str, Any], actor_id: int | None = None) -> Sheet:
        values = {name: data[name] for name in WRITTEN if name in data}
        if not data.get("slug"):
            values.setdefault("source", self.source)
        if (commune := self.place.commune(data)) is not None:
            values["commune"] = commune
        known = self.preparer.term_by_id
        if (family := known.get(data.get("family", 0))) is not None:
            values["family"] = family
        if terms := [known[pk] for pk in data.get("terms", ()) if pk in known]:
            values["terms"] = terms
        if zone := data.get("zone"):
            values["zone"] = [Territory(pk=pk) for pk in zone]
        if (parent := data.get("parent_ref")) is not None:
            # Not written yet: no actor has a negative key, so the plan shows a change.
            values["parent"] = Actor(pk=parent if isinstance(parent, int) else -_line_named(parent))
        return Sheet(
            values,
            dict(data.get("identifiers", {})),
            data.get("circle"),
            data.get("circle_reason", ""),
            actor_id,
            slug=data.get("slug", ""),
            state=data.get("listing_state", ""),
            circle_since=date.fromisoformat(data["circle_since"]) if "circle_since" in data else None,
            confirmed_at=self._noon(data.get("confirmed_at")),
        )

    def _noon(self, day: str | None) -> datetime | None:
        """A file tells a day: its middle, which is that day everywhere in France, or now when it is today's."""
        if not day:
            return None
        return min(timezone.make_aware(datetime.combine(date.fromisoformat(day), time(12))), self.stamp.at)

    def apply(self, orders: Sequence[Order]) -> list[Applied]:
        """A line to create whose key has come meanwhile changes that actor instead: applying twice creates nothing.

        A branch is written after the line it is a branch of, so in as many rounds as the chunk has generations.
        """
        self.place.fetch([order.data for order in orders])
        self._follow_merges(orders)
        self._find_parents(orders)
        objecting = self._objecting(order.data for order in orders)
        applied: dict[int, Applied] = {}
        waiting = list(orders)
        while waiting:
            numbers = {order.number for order in waiting}
            ready = [order for order in waiting if self._parent_line(order) not in numbers] or waiting
            self._apply(ready, objecting, applied)
            self.subjects.update({number: each.subject and each.subject.pk for number, each in applied.items()})
            waiting = [order for order in waiting if order.number not in applied]
        return [applied[order.number] for order in orders]

    @staticmethod
    def _follow_merges(orders: Sequence[Order]) -> None:
        """What was decided of a sheet that went into another since holds of that one; of one that is gone, nothing."""
        named = {pk for order in orders for pk in (order.subject_id, order.parent_id, *order.distinct_from)} - {None}
        merges = Merge.objects.in_force().filter(gone_id__in=named)
        into = {pk: pk for pk in named} | dict(merges.values_list("gone_id", "kept"))
        present = set(Actor.objects.filter(pk__in=into.values()).values_list("pk", flat=True))
        for order in orders:
            order.subject_id, order.parent_id = into.get(order.subject_id), into.get(order.parent_id)
            order.distinct_from = tuple(dict.fromkeys(into[pk] for pk in order.distinct_from if into[pk] in present))

    @staticmethod
    def _parent_line(order: Order) -> int | None:
        ref = order.data.get("parent_ref")
        return _line_named(ref) if isinstance(ref, str) else None

    def _find_parents(self, orders: Sequence[Order]) -> None:
        """The actors of the earlier lines that these are branches of."""
        here = {order.number for order in orders}
        lines = {number for order in orders if (number := self._parent_line(order)) is not None}
        if missing := lines - here - self.subjects.keys():
            rows = self.batch.lines.filter(number__in=missing).values_list("number", "subject_id")
            self.subjects.update(dict(rows))

    def _refusal(self, order: Order, objecting: set[str]) -> str:
        if not self._in_reach(order.data):
            return _("Département que vous n'animez pas.")
        line = self._parent_line(order)
        if line is not None and self.subjects.get(line) is None:
            return _("La fiche dont elle est une antenne (ligne %s) n'a pas été importée.") % line
        if order.data.get("email") in objecting:
            if order.data.get("kind") == ActorKind.PERSON:
                return _("Cette personne a demandé à ne plus figurer dans nos listes.")
            _forget(order.data)
        return ""

    def _apply(self, orders: Sequence[Order], objecting: set[str], applied: dict[int, Applied]) -> None:
        creating: list[tuple[int, Sheet]] = []
        changing: list[tuple[int, Sheet]] = []
        for order in orders:
            if note := self._refusal(order, objecting):
                applied[order.number] = Applied(order.number, Outcome.REFUSED, note=note)
                continue
            sheet = self._sheet(order.data, order.subject_id)
            sheet.parent_id, sheet.distinct_from = order.parent_id, order.distinct_from
            if (line := self._parent_line(order)) is not None:
                sheet.values["parent"] = Actor(pk=self.subjects[line])
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
        hold([sheet.actor_id for _n, sheet in changing if sheet.actor_id is not None], by=self.by)
        changing = self._existing(changing, applied)
        for (number, sheet), done in zip(creating, self.writer.create([sheet for _n, sheet in creating]), strict=True):
            told = {**sheet.values, "identifiers": sheet.identifiers, "slug": sheet.slug}
            self.known.learn(done.actor.pk, self._keys(told))
            applied[number] = self._applied(number, done)
        for (number, sheet), done in zip(changing, self.writer.update([sheet for _n, sheet in changing]), strict=True):
            self.known.learn(done.actor.pk, list(sheet.identifiers.items()))
            applied[number] = self._applied(number, done)

    def _existing(self, changing: Sequence[tuple[int, Sheet]], applied: dict[int, Applied]) -> list[tuple[int, Sheet]]:
        """The sheets to change that are still there, and within the reach of who imports; the others are told."""
        actors = Actor.objects.select_related("commune__department").in_bulk([sheet.actor_id for _n, sheet in changing])
        found = []
        for number, sheet in changing:
            actor = actors.get(sheet.actor_id)
            if actor is None:
                applied[number] = Applied(number, Outcome.LEFT, note=_("La fiche n'existe plus."))
            elif not rules.in_reach(self.by, actor):
                applied[number] = Applied(number, Outcome.REFUSED, note=_("Département que vous n'animez pas."))
            else:
                found.append((number, sheet))
        return found

    def _applied(self, number: int, done: Done) -> Applied:
        outcome = Outcome.CREATED if done.created else Outcome.UPDATED if done.changes else Outcome.UNCHANGED
        note = _("Laissé à qui l'a écrit : %s") % ", ".join(sorted(set(done.kept))) if done.kept else ""
        return Applied(number, outcome, done.actor, note, done.created, done.before, done.after)


def _line_named(ref: str) -> int:
    return int(ref.removeprefix("line:"))


def _forget(data: dict[str, Any]) -> None:
    for name in _OF_A_PERSON:
        data.pop(name, None)
