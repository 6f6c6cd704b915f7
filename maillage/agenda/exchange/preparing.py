"""The values of a line about an event, understood: texts in, `Prepared` out, what is wrong told field by field."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.agenda.actions.writing import as_json
from maillage.agenda.enums import Attendance, EventState, Price
from maillage.agenda.exchange import dating, reading
from maillage.agenda.exchange.fields import VOCABULARIES
from maillage.agenda.exchange.known import KnownActors
from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import Schedule
from maillage.agenda.queries.kept import schedule_from_json
from maillage.agenda.queries.schedules import faults
from maillage.core.dates import date_format
from maillage.core.text import folded
from maillage.exchange.queries import parsing
from maillage.exchange.queries.parsing import Misread
from maillage.exchange.queries.places import Place
from maillage.exchange.registry import Fault, Prepared, Text
from maillage.networks.models import Network
from maillage.networks.queries import vocabularies
from maillage.territories.models import Territory
from maillage.territories.queries.zones import zone_of

_LIMITS = {
    "summary": 300, "address": 250, "place_name": 200, "organiser_name": 200, "conditions": 500, "access_notes": 300,
    "source": 120,
}  # fmt: skip
_PARSERS: dict[str, Callable[[str], Any]] = {
    "status": reading.status,
    "attendance": reading.attendance,
    "online_url": parsing.website,
    "website": parsing.website,
    "source_url": parsing.website,
    "price": reading.price,
    "age_min": reading.age,
    "age_max": reading.age,
    "postal_code": parsing.postal_code,
}
_COPIED = ("summary", "address", "place_name", "conditions", "access_notes", "source")
WRITTEN = (
    "title", "summary", "description", "attendance", "online_url", "place_name", "address", "postal_code", "latitude",
    "longitude", "place_access", "access_notes", "organiser_name", "website", "age_min", "age_max", "price", "conditions",
    "bookings", "source", "source_url", "status",
)  # fmt: skip
_UNCHECKED = {field.name for field in Event._meta.fields} - set(WRITTEN)
_ONLINE = re.compile(r"https?://|\b(?:en ligne|visio\w*|zoom|teams|webinaire|jitsi)\b", re.IGNORECASE)
_TITLE = 140


class Preparer:
    """What every line needs to be understood, read once; a line then costs no query."""

    def __init__(self, network: Network, place: Place, actors: KnownActors, scheme: str, state: str) -> None:
        self.place, self.actors, self.scheme = place, actors, scheme
        self.publishes = state == EventState.PUBLISHED
        self.terms: dict[str, dict[str, int]] = defaultdict(dict)
        for vocabulary, terms in vocabularies(network).items():
            for term in terms:
                self.terms[vocabulary][folded(term.label)] = term.pk
                self.terms[vocabulary][folded(term.slug)] = term.pk

    def prepare(self, number: int, values: Mapping[str, Text]) -> Prepared:
        line = Prepared(number)
        values = self._placed(values)
        data: dict[str, Any] = {}
        self._identifier(data, values)
        line.data = data
        if not self.place.may_concern(values):
            line.skipped = True
            return line
        self._title(line, data, values)
        for field in _COPIED:
            if text := parsing.one(values.get(field, "")):
                data[field] = parsing.cut(text, _LIMITS[field])
        for field, parser in _PARSERS.items():
            self._read(line, data, field, values, parser)
        self._texts(data, values)
        self._lists(line, data, values)
        self._attendance(data, values)
        self._place(line, data, values)
        self._people(data, values)
        if not line.skipped:
            self._dates(line, data, values)
        self._key(data, values)
        line.label = data["title"]
        line.detail = " · ".join(filter(None, [_when(data), data.get("place_name", ""), self.place.name_of(data)]))
        if not line.skipped and not line.faults_blocking:
            self._clean(line)
        return line

    def _title(self, line: Prepared, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        title = parsing.one(values.get("title", ""))
        if not title:
            line.faults.append(Fault("title", _("Le titre manque.")))
        data["title"] = parsing.cut(title, _TITLE)

    def _read(
        self, line: Prepared, data: dict[str, Any], field: str, values: Mapping[str, Text], parser: Callable[[str], Any]
    ) -> None:
        """What is not understood is left out and told; the event comes all the same."""
        given = values.get(field, "")
        text = parsing.one(given if isinstance(given, str) else next(iter(given), ""))
        if not text:
            return
        try:
            value = parser(text)
        except Misread as error:
            line.faults.append(Fault(field, str(error), blocking=False))
            return
        if value is not None:
            data[field] = str(value) if isinstance(value, str) else value

    def _texts(self, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        """A short text too long is the beginning of the presentation, where there is none."""
        if text := parsing.rich(values.get("description", "")):
            data["description"] = text
        elif len(summary := parsing.one(values.get("summary", ""))) > _LIMITS["summary"]:
            data["description"] = parsing.rich(values.get("summary", summary))
        if "price" not in data and (conditions := data.get("conditions")):
            with suppress(Misread):  # Conditions say many other things.
                data["price"] = str(reading.price(conditions))
        if folded(data.get("conditions", "")) in map(folded, map(str, Price.labels)):
            del data["conditions"]  # The price alone, which is told by itself.
        if data.get("age_min") and data.get("age_max") and data["age_max"] < data["age_min"]:
            del data["age_max"]

    def _lists(self, line: Prepared, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        if ways := reading.bookings(values.get("registration", "")):
            data["bookings"] = ways
        if access := reading.access(values.get("access", "")):
            data["place_access"] = access
        terms: set[int] = set()
        for field, vocabulary in VOCABULARIES.items():
            for text in _many(values.get(field, "")):
                if (term := self.terms[vocabulary].get(folded(text))) is not None:
                    terms.add(term)
                else:
                    reason = _("« %s » n'est pas dans le vocabulaire du réseau.") % parsing.cut(text, 80)
                    line.faults.append(Fault(field, reason, blocking=False))
        for text in _many(values.get("keywords", "")):
            said = folded(text)
            terms |= {
                self.terms[vocabulary][said] for vocabulary in VOCABULARIES.values() if said in self.terms[vocabulary]
            }
        if terms:
            data["terms"] = sorted(terms)

    @staticmethod
    def _placed(values: Mapping[str, Text]) -> Mapping[str, Text]:
        """A place told in one line, told in its parts; a postal code told in the address, told apart."""
        line = parsing.one(values.get("place_line", ""))
        if line and not _ONLINE.search(line):
            given = values.get("place_line", "")
            parts = reading.place_parts(given if isinstance(given, str) else ", ".join(given))
            values = {**parts, **{name: value for name, value in values.items() if value}}
        if not values.get("postal_code") and not values.get("insee"):
            address = parsing.one(values.get("address", ""))
            if code := re.findall(r"\b\d{5}\b", address):
                values = {**values, "postal_code": code[-1]}
        return values

    @staticmethod
    def _attendance(data: dict[str, Any], values: Mapping[str, Text]) -> None:
        line = parsing.one(values.get("place_line", ""))
        if "attendance" not in data and _ONLINE.search(line):
            data["attendance"] = str(Attendance.ONLINE)
            if "online_url" not in data and (link := re.search(r"https?://\S+", line)):
                try:
                    data["online_url"] = parsing.website(link[0])
                except Misread:
                    return

    def _place(self, line: Prepared, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        """The commune, or that of the actor at whose place it is. A draft may still be anywhere."""
        told = any(values.get(name) for name in ("commune", "insee", "postal_code", "latitude"))
        venue = self.actors.venue(data.get("place_name", ""), None) if not told else None
        if venue is not None:
            data["venue"], data["commune"] = venue
            return
        online = data.get("attendance") == Attendance.ONLINE
        count = len(line.faults)
        self.place.locate(line, data, values, required=not online)
        if online or not self.publishes:
            for fault in line.faults[count:]:
                fault.blocking = False
        found = self.actors.venue(data.get("place_name", ""), data.get("commune"))
        if found is not None:
            data["venue"] = found[0]
        elif data.get("place_name") and folded(data["place_name"]) == folded(self.place.name_of(data)):
            del data["place_name"]  # Where a format asks for a name, that of the commune stands for none.

    def _people(self, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        """Those of the directory; the others by their names."""
        unknown = []
        for text in _many(values.get("organiser", "")):
            name = parsing.cut(parsing.one(text), _LIMITS["organiser_name"])
            actor = self.actors.organiser(name, data.get("commune")) if name else None
            if actor is not None:
                data["organisers"] = list(dict.fromkeys([*data.get("organisers", ()), actor]))
            elif name:
                unknown.append(name)
        if unknown:
            data["organiser_name"] = parsing.cut(", ".join(unknown), _LIMITS["organiser_name"])

    def _dates(self, line: Prepared, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        known = self.place.resolver.index.by_pk.get(data.get("commune", 0))
        zone = ZoneInfo(zone_of(Territory(code=known.code) if known is not None else None))
        try:
            schedule, field = self._schedule(line, values, zone)
        except Misread as error:
            name = next((name for name in ("timings", "hours", "start", "end") if values.get(name)), "timings")
            line.faults.append(Fault(name, str(error)))
            return
        if schedule.is_empty:
            line.faults.append(Fault(field, _("Aucune date n'a été trouvée.")))
            return
        line.faults += [Fault(field, sentence) for sentence in faults(schedule)][:1]
        if why := parsing.one(values.get("incomplete", "")):
            sentence = (
                _("Plus de dates que l'agenda n'en garde : les dernières sont retenues.") if why == "many"
                else _("Sa répétition n'est pas comprise : seule la première date est retenue.")
            )  # fmt: skip
            line.faults.append(Fault("timings", sentence, blocking=False, doubt=True))
        data["schedule"] = as_json(schedule)

    def _schedule(self, line: Prepared, values: Mapping[str, Text], zone: ZoneInfo) -> tuple[Schedule, str]:
        """From the list of dates, else from the sentences, else from the columns of beginning and end."""
        begin, end = parsing.one(values.get("start", "")), parsing.one(values.get("end", ""))
        given = values.get("timings", "")
        if pairs := dating.pairs(given if isinstance(given, str) else " ".join(given)):
            found = [dating.told(*pair, zone) for pair in pairs]
            self._doubt_ends(line, "timings", any(guessed for _told, guessed in found))
            return Schedule(dating.slots(told for told, _guessed in found)), "timings"
        given = values.get("hours", "")
        text = given if isinstance(given, str) else "\n".join(given)
        if text and (understood := dating.in_words(text)) is not None:
            schedule, unsure = understood
            if unsure:
                sentence = _("Ces heures ne sont pas comprises : les journées entières sont retenues.")
                line.faults.append(Fault("hours", sentence, blocking=False, doubt=True))
            return schedule, "hours"
        if not begin:
            return Schedule(), "start"
        told, guessed = dating.from_days(begin, end, zone)
        self._doubt_ends(line, "end", guessed)
        return Schedule(dating.slots([told])), "start"

    @staticmethod
    def _doubt_ends(line: Prepared, field: str, guessed: bool) -> None:
        if guessed:
            sentence = _("L'heure de fin n'est pas dite : une heure après le début.")
            line.faults.append(Fault(field, sentence, blocking=False, doubt=True))

    def _identifier(self, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        if text := parsing.one(values.get("identifier", "")):
            data["identifiers"] = {self.scheme: text if len(text) <= 200 else hashlib.sha256(text.encode()).hexdigest()}

    def _key(self, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        """For a line that has none: the same line read again gives the same key, also when its hours change."""
        if "identifiers" not in data:
            day = _days(data)[:1]
            parts = [data["title"], *(parsing.one(values.get(name, "")) for name in ("place_name", "commune")), *day]
            key = hashlib.sha256("|".join(map(folded, parts)).encode()).hexdigest()[:32]
            data["identifiers"] = {f"liste:{self.scheme}"[:60]: key}

    def _clean(self, line: Prepared) -> None:
        """The checks of the model itself, so that nothing prepared can fail to be written."""
        values = {name: line.data[name] for name in WRITTEN if name in line.data}
        try:
            Event(**values).clean_fields(exclude=_UNCHECKED)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                line.faults.append(Fault(field, messages[0]))


def _many(value: Text) -> list[str]:
    return ([value] if value else []) if isinstance(value, str) else value


def _days(data: Mapping[str, Any]) -> list[str]:
    schedule = data.get("schedule", {})
    days = [slot[0][:10] for slot in schedule.get("slots", ())] + [
        rule["days"][0] for rule in schedule.get("rules", ())
    ]
    return sorted(days)


def _when(data: Mapping[str, Any]) -> str:
    """The first date in figures, and how many others."""
    schedule = schedule_from_json(data.get("schedule", {}))
    starts = sorted([slot.starts.date() for slot in schedule.slots] + [rule.first_on for rule in schedule.rules])
    if not starts:
        return ""
    first, others = date_format(starts[0], "j N Y"), len(starts) - 1
    if not others:
        return first
    sentence = ngettext("%(first)s et %(count)s autre date", "%(first)s et %(count)s autres dates", others)
    return sentence % {"first": first, "count": others}
