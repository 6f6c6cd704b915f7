"""What a line of a file becomes, told to the exchange: an event. The work is done by `session`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda.actions.restoring import Restorer
from maillage.agenda.enums import Attendance, EventState, EventStatus, Price
from maillage.agenda.exchange.fields import FIELDS, OPTIONS
from maillage.agenda.exchange.session import EventSession
from maillage.agenda.models import Event
from maillage.agenda.queries.kept import schedule_from_json
from maillage.core.dates import date_format
from maillage.core.richtext import as_text
from maillage.core.viewer import Viewer
from maillage.directory.enums import PlaceAccess
from maillage.directory.models import Actor
from maillage.exchange.registry import Difference, Recorded, Resemblance, Target, TargetField, TargetOption
from maillage.territories.models import Territory
from maillage.topics.models import Term

_CHOICES = {
    "status": dict(EventStatus.choices), "state": dict(EventState.choices), "attendance": dict(Attendance.choices),
    "price": dict(Price.choices), "place_access": dict(PlaceAccess.choices),
}  # fmt: skip
_LABELS = {
    "schedule": gettext_lazy("dates"), "organisers": gettext_lazy("organisateurs"), "identifiers": gettext_lazy("identifiants"),
    "terms": gettext_lazy("thématiques, publics et types d'action"), "featured_at": gettext_lazy("mis en avant"),
}  # fmt: skip
_OBJECTS = {"terms": Term, "organisers": Actor, "venue": Actor, "commune": Territory, "parent": Event}
_DATES_SHOWN = 3
_RECKONED = {"provenance"}


class EventTarget(Target):
    key = "events"
    label = gettext_lazy("événement")
    plural = gettext_lazy("événements")
    order = 20

    def fields(self, network: Any) -> list[TargetField]:
        return FIELDS

    def options(self, network: Any) -> list[TargetOption]:
        return OPTIONS

    def session(self, *, by: Viewer, batch: Any, spec: Mapping[str, Any]) -> EventSession:
        return EventSession(by=by, batch=batch, spec=spec)

    def restore(self, *, by: Viewer, batch: Any, changes: Sequence[Recorded]) -> dict[int, dict[str, str]]:
        return Restorer(by=by, network=batch.network, changes=changes).run()

    def learn(self, network: Any, judged: Sequence[tuple[int, Resemblance]]) -> None:
        """Events are compared by rules: there is nothing to learn."""

    def url_of(self, object_id: int) -> str:
        return reverse("agenda:event_work", args=[object_id])

    def label_of(self, name: str) -> str:
        if name in _LABELS:
            return str(_LABELS[name])
        known = {field.name: field for field in Event._meta.fields}
        return str(known[name].verbose_name) if name in known else name

    def differences(self, changes: Sequence[Mapping[str, list[Any]]]) -> list[list[Difference]]:
        names = self._names(changes)
        return [
            [
                Difference(self.label_of(name), *(_in_words(name, value, names) for value in pair))
                for name, pair in each.items()
                if name not in _RECKONED
            ]
            for each in changes
        ]

    @staticmethod
    def _names(changes: Sequence[Mapping[str, list[Any]]]) -> dict[tuple[str, int], str]:
        """The names of the objects that these changes name: a query for each kind."""
        wanted: dict[str, set[int]] = {name: set() for name in _OBJECTS}
        for each in changes:
            for name, pair in each.items():
                if name in _OBJECTS:
                    wanted[name].update(
                        pk for held in pair for pk in (held if isinstance(held, list) else [held]) if pk
                    )
        return {
            (name, pk): str(found)
            for name, ids in wanted.items()
            if ids
            for pk, found in _OBJECTS[name]._default_manager.in_bulk(ids).items()
        }


def _in_words(name: str, value: Any, names: Mapping[tuple[str, int], str]) -> str:
    if value in (None, "", [], {}):
        return ""
    if name in _OBJECTS:
        return ", ".join(names.get((name, pk), "…") for pk in (value if isinstance(value, list) else [value]))
    if name == "schedule":
        return _dates(value)
    if name == "description":
        return as_text(value)
    if name == "bookings":
        return ", ".join(each["value"] for each in value)
    if name == "identifiers":
        return ", ".join(f"{scheme} : {key}" for scheme, key in value.items())
    choices = _CHOICES.get(name, {})
    return ", ".join(str(choices.get(each, each)) for each in (value if isinstance(value, list) else [value]))


def _dates(told: Mapping[str, Any]) -> str:
    if not isinstance(told, Mapping):
        return str(told)
    schedule = schedule_from_json(told)
    starts = sorted(
        [(slot.starts, "j N Y" if slot.all_day else r"j N Y \à H:i") for slot in schedule.slots],
        key=lambda each: each[0],
    )
    found = [date_format(at, shape) for at, shape in starts[:_DATES_SHOWN]]
    found += [
        _("du %(first)s au %(last)s")
        % {
            "first": date_format(rule.first_on, "j N Y"),
            "last": date_format(rule.last_on, "j N Y") if rule.last_on else "…",
        }
        for rule in schedule.rules[:_DATES_SHOWN]
    ]
    rest = len(starts) + len(schedule.rules) - len(found)
    return ", ".join(found) + (_(" et %s autres") % rest if rest else "")
