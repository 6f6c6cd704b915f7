"""One import of events: its lines matched with those known, then written."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.agenda import rules
from maillage.agenda.actions.importing import Done, EventWriter, Sheet
from maillage.agenda.enums import EventState
from maillage.agenda.exchange.known import KnownActors
from maillage.agenda.exchange.preparing import WRITTEN, Preparer
from maillage.agenda.models import Event, EventIdentifier
from maillage.agenda.queries.kept import schedule_from_json
from maillage.agenda.queries.lookalikes import LikenessIndex, Match, traits_of, traits_of_values
from maillage.agenda.queries.wording import place_of
from maillage.core.dates import date_format
from maillage.core.text import slugged
from maillage.core.viewer import Viewer
from maillage.directory.actions.writing import Stamp
from maillage.directory.enums import Origin
from maillage.directory.models import Actor
from maillage.exchange.enums import Outcome, Verdict
from maillage.exchange.queries.places import Place
from maillage.exchange.registry import Alike, Applied, Fault, Found, Missing, Order, Prepared, Session, Text
from maillage.topics.models import Term

_CALENDARS = "ics:"  # A calendar has the scheme of its source; its keys are unique in the world.


class EventSession(Session):
    def __init__(self, *, by: Viewer, batch: Any, spec: Mapping[str, Any]) -> None:
        options = spec.get("options", {})
        self.by, self.network, self.batch = by, by.network, batch
        self.source = str(spec.get("source") or batch.source)[:120]
        self.scheme = _scheme(str(options.get("scheme") or ""), self.source)
        self.state = EventState.PUBLISHED if options.get("state") == EventState.PUBLISHED else EventState.DRAFT
        self.is_complete = options.get("complete") == "yes"
        self.writer = EventWriter(
            by=by, stamp=Stamp(Origin.IMPORT, self.source, by.user_id, batch.pk), state=self.state
        )
        self.place = Place(self.network, only_perimeter=options.get("perimeter", "only") == "only")
        self.preparer = Preparer(self.network, self.place, KnownActors(self.network), self.scheme, self.state)
        self.told: set[str] = set()
        self.lines = 0
        self.seen: dict[tuple[str, str], int] = {}
        self.claimed: dict[int, int] = {}
        self.labels: dict[Any, str] = {}
        self._index: LikenessIndex | None = None

    @property
    def index(self) -> LikenessIndex:
        """The network's events, and the lines of the file as they come."""
        if self._index is None:
            here = Event.objects.filter(network=self.network).exclude(state=EventState.REFUSED)
            self._index = LikenessIndex(traits_of(here))
        return self._index

    def prepare(self, number: int, values: Mapping[str, Text]) -> Prepared:
        line = self.preparer.prepare(number, values)
        self.told |= {value for scheme, value in line.data.get("identifiers", {}).items() if scheme == self.scheme}
        self.lines += not line.skipped and not line.faults_blocking
        return line

    # --- matching -----------------------------------------------------------------------------------------------------

    def match(self, prepared: Sequence[Prepared]) -> list[Found]:
        found: list[Found | None] = []
        sheets = self._sheets([line.data for line in prepared])
        known = self._known([line.data for line in prepared])
        plans: list[tuple[int, Sheet]] = []
        for rank, (line, sheet) in enumerate(zip(prepared, sheets, strict=True)):
            result = self._known_or(line, sheet, known)
            if isinstance(result, int):
                sheet.event_id = result
                plans.append((rank, sheet))
                found.append(None)
            else:
                found.append(result)
        for (rank, sheet), done in zip(plans, self.writer.plan([sheet for _rank, sheet in plans]), strict=True):
            found[rank] = self._planned(sheet, done)
        matched = [each for each in found if each is not None]
        self._compare(sheets, matched)
        return matched

    def _known(self, rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
        """Events by the keys of these lines: one query."""
        keys = {pair for data in rows for pair in data.get("identifiers", {}).items()}
        values = [value for _scheme, value in keys]
        rows_known = EventIdentifier.objects.filter(network=self.network, value__in=values).order_by("-pk")
        found: dict[tuple[str, str], int] = {}
        for scheme, value, event_id in rows_known.values_list("scheme", "value", "event"):
            if scheme.startswith(_CALENDARS) and self.scheme.startswith(_CALENDARS):
                found.setdefault((self.scheme, value), event_id)
            if (scheme, value) in keys:
                found[scheme, value] = event_id
        return found

    def _known_or(self, line: Prepared, sheet: Sheet, known: Mapping[tuple[str, str], int]) -> int | Found:
        """The event that the line surely is, else what it would do."""
        keys = list(sheet.identifiers.items())
        if not self._in_reach(line.data):
            return self._barred()
        earlier = next((self.seen[key] for key in keys if key in self.seen), None)
        self.seen.update({key: line.number for key in keys if key not in self.seen})
        if earlier is not None:
            reason = _("même identifiant que la ligne %s") % earlier
            label = self.labels.get(f"line:{earlier}", "")
            return Found(Verdict.LOOKALIKE, alike=[Alike(f"line:{earlier}", label, 1.0, [reason], certain=True)])
        self.labels[f"line:{line.number}"] = f"{line.label} ({line.detail})" if line.detail else line.label
        event_id = next((known[key] for key in keys if key in known), None)
        traits = traits_of_values(sheet.values, f"line:{line.number}", sheet.identifiers)
        if event_id is not None:
            if (other := self.claimed.setdefault(event_id, line.number)) != line.number:
                reason = _("la ligne %s modifie déjà cet événement") % other
                return Found(Verdict.LOOKALIKE, alike=[Alike(event_id, line.label, 1.0, [reason])])
            return event_id
        matches = self.index.alike(traits)
        self.index.put(traits)
        if matches:
            return Found(Verdict.LOOKALIKE, alike=[self._alike(match) for match in matches])
        return Found(Verdict.CREATE)

    def _alike(self, match: Match) -> Alike:
        return Alike(match.ref, self.labels.get(match.ref, ""), match.score, list(match.reasons))

    def _planned(self, sheet: Sheet, done: Done | None) -> Found:
        if done is None:
            return Found(Verdict.CREATE)
        if not rules.in_reach(self.by, done.held or done.event):
            return self._barred()
        verdict = Verdict.UPDATE if done.changes else Verdict.IDENTICAL
        return Found(verdict, subject_id=sheet.event_id, changes=done.changes)

    def _compare(self, sheets: Sequence[Sheet], found: Sequence[Found]) -> None:
        """What each look-alike is, and what it and the line tell differently."""
        pairs = [
            (alike, Sheet(sheet.values, event_id=alike.ref))
            for sheet, each in zip(sheets, found, strict=True)
            for alike in each.alike
            if isinstance(alike.ref, int)
        ]
        for (alike, _sheet), done in zip(pairs, self.writer.plan([sheet for _alike, sheet in pairs]), strict=True):
            if done is not None:
                alike.label = self._described(done.held or done.event)
                alike.changes, alike.kept = done.changes, sorted(set(done.kept))

    @staticmethod
    def _described(event: Event) -> str:
        at = date_format(event.first_at.astimezone(event.tz), "j N Y") if event.first_at is not None else ""
        told = " · ".join(filter(None, [at, place_of(event)]))
        return f"{event.title} ({told})" if told else event.title

    @staticmethod
    def _barred() -> Found:
        sentence = _("Cet événement est dans un département que vous n'animez pas.")
        return Found(Verdict.BARRED, faults=[Fault("commune", sentence)])

    def _in_reach(self, data: Mapping[str, Any]) -> bool:
        """One without a commune is everybody's."""
        return "commune" not in data or self.by.animates(self.place.department_of(data))

    def missing(self) -> list[Missing]:
        """Those to come that this source announced and that are not in its file; none when no line of it was understood."""
        if not self.is_complete or not self.lines:
            return []
        keys = EventIdentifier.objects.filter(network=self.network, scheme=self.scheme)
        gone = {event for event, value in keys.values_list("event", "value") if value not in self.told}
        kept = {event for event, value in keys.values_list("event", "value") if value in self.told}
        coming = Event.objects.filter(Q(last_at=None) | Q(last_at__gt=timezone.now()), network=self.network)
        found = coming.filter(pk__in=gone - kept, source=self.source, state=EventState.PUBLISHED)
        return [
            Missing(event.pk, event.title, self._described(event).removeprefix(event.title).strip(" ()"))
            for event in found.select_related("commune__department", "venue").order_by("first_at", "pk")
            if rules.in_reach(self.by, event)
        ]

    # --- writing ------------------------------------------------------------------------------------------------------

    def _sheets(self, rows: Sequence[Mapping[str, Any]]) -> list[Sheet]:
        """Three queries for all."""
        self.place.fetch(rows)
        actors = Actor.objects.select_related("commune__department").in_bulk(
            {pk for data in rows for pk in (*data.get("organisers", ()), data.get("venue")) if pk is not None}
        )
        terms = Term.objects.in_bulk({pk for data in rows for pk in data.get("terms", ())})
        return [self._sheet(data, actors, terms) for data in rows]

    def _sheet(self, data: Mapping[str, Any], actors: Mapping[int, Actor], terms: Mapping[int, Term]) -> Sheet:
        values = {name: data[name] for name in WRITTEN if name in data}
        values.setdefault("source", self.source)
        if (commune := self.place.commune(data)) is not None:
            values["commune"] = commune
        if (venue := actors.get(data.get("venue", 0))) is not None:
            values["venue"] = venue
        if organisers := [actors[pk] for pk in data.get("organisers", ()) if pk in actors]:
            values["organisers"] = organisers
        if found := [terms[pk] for pk in data.get("terms", ()) if pk in terms]:
            values["terms"] = found
        if "schedule" in data:
            values["schedule"] = schedule_from_json(data["schedule"])
        return Sheet(values, dict(data.get("identifiers", {})))

    def apply(self, orders: Sequence[Order]) -> list[Applied]:
        """A line to create whose key has come meanwhile changes that event instead: applying twice creates nothing."""
        applied: dict[int, Applied] = {}
        self._withdraw([order for order in orders if order.gone], applied)
        rest = [order for order in orders if not order.gone]
        known = self._known([order.data for order in rest])
        named = {pk for order in rest for pk in (order.subject_id, *order.distinct_from) if pk is not None}
        found_here = Event.objects.filter(network=self.network, pk__in=named)
        present = set(found_here.values_list("pk", flat=True))
        creating: list[tuple[int, Sheet]] = []
        changing: list[tuple[int, Sheet]] = []
        for order, sheet in zip(rest, self._sheets([order.data for order in rest]), strict=True):
            keys = list(sheet.identifiers.items())
            if not self._in_reach(order.data):
                applied[order.number] = Applied(
                    order.number, Outcome.REFUSED, note=_("Département que vous n'animez pas.")
                )
                continue
            sheet.distinct_from = tuple(pk for pk in order.distinct_from if pk in present)
            found = next((known[key] for key in keys if key in known), None)
            sheet.event_id = order.subject_id if order.subject_id in present else found
            if sheet.event_id is None and order.subject_id is None:
                creating.append((order.number, sheet))
                known.update(dict.fromkeys(keys, 0))  # A second line with the same key, in the chunk, is left.
            elif sheet.event_id:
                sheet.identifiers = {
                    key: value for key, value in keys if known.get((key, value)) in (None, sheet.event_id)
                }
                changing.append((order.number, sheet))
            else:
                note = (
                    _("L'événement n'existe plus.") if order.subject_id else _("Même identifiant qu'une autre ligne.")
                )
                applied[order.number] = Applied(order.number, Outcome.LEFT, note=note)
        for (number, _sheet), done in zip(creating, self.writer.create([sheet for _n, sheet in creating]), strict=True):
            applied[number] = self._applied(number, done)
        self._change(changing, applied)
        return [applied[order.number] for order in orders]

    def _change(self, changing: Sequence[tuple[int, Sheet]], applied: dict[int, Applied]) -> None:
        reachable = self._reachable([sheet.event_id for _n, sheet in changing if sheet.event_id])
        kept = [(number, sheet) for number, sheet in changing if sheet.event_id in reachable]
        for number, _sheet in changing:
            applied[number] = Applied(number, Outcome.REFUSED, note=_("Département que vous n'animez pas."))
        for (number, _sheet), done in zip(kept, self.writer.update([sheet for _n, sheet in kept]), strict=True):
            gone = Applied(number, Outcome.LEFT, note=_("L'événement n'existe plus."))
            applied[number] = self._applied(number, done) if done is not None else gone

    def _reachable(self, ids: Iterable[int]) -> set[int]:
        events = Event.objects.filter(pk__in=list(ids)).select_related("commune__department")
        return {event.pk for event in events if rules.in_reach(self.by, event)}

    def _withdraw(self, orders: Sequence[Order], applied: dict[int, Applied]) -> None:
        reachable = self._reachable([order.subject_id for order in orders if order.subject_id])
        reason = _("Sa source, %s, ne l'annonce plus.") % self.source
        done = {each.event.pk: each for each in self.writer.withdraw(sorted(reachable), reason)}
        for order in orders:
            each = done.get(order.subject_id or 0)
            applied[order.number] = (
                Applied(order.number, Outcome.REMOVED, each.event, "", False, each.before, each.after)
                if each is not None
                else Applied(order.number, Outcome.LEFT, note=_("L'événement n'est plus publié."))
            )

    @staticmethod
    def _applied(number: int, done: Done) -> Applied:
        outcome = Outcome.CREATED if done.created else Outcome.UPDATED if done.changes else Outcome.UNCHANGED
        note = _("Laissé à qui l'a écrit : %s") % ", ".join(sorted(set(done.kept))) if done.kept else ""
        return Applied(number, outcome, done.event, note, done.created, done.before, done.after)

    def finish(self) -> None:
        """When the source last told of them."""
        told = self.batch.lines.exclude(subject_id=None).exclude(verdict=Verdict.GONE).values("subject_id")
        keys = EventIdentifier.objects.filter(network=self.network, scheme=self.scheme, event__in=told)
        keys.update(seen_at=timezone.now())


def _scheme(chosen: str, source: str) -> str:
    """« ics » is completed by the source: two calendars are two sources, whose files are whole each for itself."""
    if chosen.strip().rstrip(":") == "ics":
        return f"{_CALENDARS}{slugged(source, 50)}"
    return slugged(chosen or source, 40)
