"""What changed of an event made readable: journal and revisions, as before and after in French."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.activity.models import Entry
from maillage.activity.queries import Difference, difference
from maillage.agenda.enums import Attendance, EventState, EventStatus, Price
from maillage.agenda.models import Event
from maillage.agenda.queries.fields import BOOKINGS, TERMS
from maillage.agenda.queries.sentences import schedule_in_words
from maillage.agenda.queries.typed import schedule_from
from maillage.core.dates import date_format
from maillage.core.richtext import as_text
from maillage.core.text import whole_number
from maillage.directory.enums import LANGUAGES, ImageRole, Licence, PlaceAccess
from maillage.directory.models import Actor
from maillage.territories.models import Territory
from maillage.topics.enums import SchoolCycle
from maillage.topics.models import Term

_CHOICES: dict[str, Any] = {
    "state": dict(EventState.choices),
    "status": dict(EventStatus.choices),
    "attendance": dict(Attendance.choices),
    "price": dict(Price.choices),
    "image_role": dict(ImageRole.choices),
    "image_licence": dict(Licence.choices),
}
_CODES: dict[str, Mapping[str, Any]] = {
    "languages": LANGUAGES,
    "place_access": dict(PlaceAccess.choices),
    "cycles": dict(SchoolCycle.choices),
}
_LABELS: dict[str, Any] = {
    "themes": gettext_lazy("Thématiques"),
    "audiences": gettext_lazy("Publics"),
    "action_kinds": gettext_lazy("Types d'action"),
    "schedule": gettext_lazy("Dates"),
    "timing": gettext_lazy("Date"),
    "organisers": gettext_lazy("Organisateurs"),
    "booking_public": gettext_lazy("Inscription, tout public"),
    "booking_school": gettext_lazy("Inscription, groupes scolaires"),
    "starts_at": gettext_lazy("Début"),
    "ends_at": gettext_lazy("Fin"),
    "is_cancelled": gettext_lazy("Annulée"),
    "note": gettext_lazy("Précision"),
}
Names = Mapping[tuple[str, int], str]


def entries_about(event: Event, viewer: Any) -> "QuerySet[Entry]":
    content_type = ContentType.objects.get_for_model(Event)
    return Entry.objects.visible_to(viewer).filter(content_type=content_type, object_id=event.pk)


def differences_of(changes: Sequence[Mapping[str, list[Any]]]) -> list[list[Difference]]:
    """Sets of changes (field → [before, after]) made readable: four queries at most whatever their number."""
    names = _names(changes)
    return [
        [
            difference(label_of(name), *(_shown(name, value, names) for value in pair))
            for name, pair in each.items()
            if len(pair) == 2
        ]
        for each in changes
    ]


def label_of(name: str) -> str:
    """The French name of a field."""
    known = {each.name: each for each in (*Event._meta.fields, *Event._meta.many_to_many)}
    label = str(_LABELS.get(name) or (known[name].verbose_name if name in known else name))
    return label[:1].upper() + label[1:]


def labels_of(names: Sequence[str]) -> list[str]:
    return [label_of(name) for name in names]


def _shown(name: str, value: Any, names: Names) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if name in _CHOICES:
        return str(_CHOICES[name].get(value, value))
    if name in _WORDS:
        return _WORDS[name](value)
    if name in _CODES:
        return ", ".join(str(_CODES[name].get(code, code)) for code in value)
    if name in _NAMED:
        of = _NAMED[name]
        labels = [names.get((of, key), _("élément supprimé")) for key in _keys(value)]
        return ", ".join(sorted(labels) if of == "terms" else labels)
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)


def _moment(value: Any) -> str:
    at = parse_datetime(str(value))
    return date_format(timezone.localtime(at), r"j F Y à G \h i") if at is not None else str(value)


def _read(value: Any) -> Any:
    """The text of a revision, or what the journal keeps: dates without their keys."""
    if isinstance(value, str):
        return schedule_from(value)
    from_journal = {
        "slots": [[*each[:3], 0] for each in value.get("slots", [])],
        "rules": [
            {
                "weekdays": each["weekdays"],
                "starts": each["times"][0],
                "ends": each["times"][1],
                "first_on": each["days"][0],
                "last_on": each["days"][1],
                "every": each["every"],
                "nth": each["nth"],
                "excluded": each["excluded"],
                "key": 0,
            }
            for each in value.get("rules", [])
        ],
        **({"appointment": value["appointment"]} if "appointment" in value else {}),
    }
    return schedule_from(json.dumps(from_journal))


def _keys(value: Any) -> list[int]:
    """One key, a list of them (the journal), or their text (organisers of a revision)."""
    if isinstance(value, str):
        return [key for word in value.split() if (key := whole_number(word)) is not None]
    return list(value) if isinstance(value, list) else [value]


def _names(changes: Sequence[Mapping[str, list[Any]]]) -> Names:
    wanted: dict[str, set[int]] = {of: set() for of in _MODELS}
    for each in changes:
        for name in _NAMED.keys() & each.keys():
            for value in each[name]:
                if value not in (None, "", []):
                    wanted[_NAMED[name]].update(_keys(value))
    found: dict[tuple[str, int], str] = {}
    for of, (model, field) in _MODELS.items():
        if wanted[of]:
            rows = model.objects.filter(pk__in=wanted[of]).values_list("pk", field)
            found |= {(of, pk): str(label) for pk, label in rows}
    return found


_NAMED = {
    **dict.fromkeys(("terms", *TERMS), "terms"),
    "organisers": "actors",
    "venue": "actors",
    "commune": "communes",
    "parent": "events",
}
_MODELS: dict[str, tuple[Any, str]] = {
    "terms": (Term, "label"),
    "actors": (Actor, "name"),
    "communes": (Territory, "name"),
    "events": (Event, "title"),
}
_WORDS: dict[str, Callable[[Any], str]] = {
    "schedule": lambda value: schedule_in_words(_read(value)),
    "bookings": lambda value: ", ".join(each["value"] for each in value),
    **dict.fromkeys(BOOKINGS, lambda value: ", ".join(str(value).splitlines())),
    "description": as_text,
    "image": lambda _value: _("une image"),
    **dict.fromkeys(("publish_at", "previous_at", "starts_at", "ends_at", "timing"), _moment),
}
