"""What changed of a publication, in words: for its versions, for what waits, for the journal."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.activity.queries import Difference, difference
from maillage.core.dates import date_format
from maillage.core.richtext import as_text
from maillage.directory.enums import ImageRole, Licence
from maillage.publications.enums import AnnouncementType
from maillage.publications.models import Publication
from maillage.publications.queries.fields import CONTENT, as_json, place_keys, stored, term_keys
from maillage.territories.models import Territory
from maillage.topics.models import Term

_LABELS: dict[str, Any] = {"terms": gettext_lazy("Thématiques et publics"), "places": gettext_lazy("Territoires")}
_CHOICES: dict[str, dict[str, Any]] = {
    "announcement": dict(AnnouncementType.choices),
    "image_role": dict(ImageRole.choices),
    "image_licence": dict(Licence.choices),
}
Names = Mapping[tuple[str, int], str]


def label_of(name: str) -> str:
    """The French name of a field."""
    known = {each.name: each for each in Publication._meta.fields}
    label = str(_LABELS.get(name) or (known[name].verbose_name if name in known else name))
    return label[:1].upper() + label[1:]


def differences_of(changes: Sequence[Mapping[str, list[Any]]]) -> list[list[Difference]]:
    """For each set of changes (field → [before, after] as JSON), each field in words, long texts compared; two queries."""
    names = _names(changes)
    return [
        [
            difference(label_of(name), *(_shown(name, value, names) for value in pair))
            for name, pair in each.items()
            if len(pair) == 2
        ]
        for each in changes
    ]


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Of two snapshots, or of what is shown and of a version being written: the fields of `after` that say otherwise."""
    names = [name for name in CONTENT if name in after]
    return {name: [before.get(name), after[name]] for name in names if (before.get(name) or "") != (after[name] or "")}


def shown_now(publication: Publication, names: Iterable[str]) -> dict[str, Any]:
    """What everyone reads of these fields, as a version keeps them."""
    special = {"terms": lambda: sorted(term_keys(publication)), "places": lambda: place_keys(publication)}
    return {name: special[name]() if name in special else as_json(stored(publication, name)) for name in names}


def _shown(name: str, value: Any, names: Names) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if name in _CHOICES:
        return str(_CHOICES[name].get(value, value))
    if name in _NAMED:
        found = [names.get((name, int(key)), _("élément supprimé")) for key in value]
        return ", ".join(sorted(found))
    return _WORDS[name](value) if name in _WORDS else str(value)


def _media(value: Any) -> str:
    return " · ".join(each.get("title") or each.get("caption") or each.get("alt") or _("une image") for each in value)


def _day(value: Any) -> str:
    day = parse_date(str(value))
    return date_format(day, "j F Y") if day is not None else str(value)


def _moment(value: Any) -> str:
    at = parse_datetime(str(value))
    return date_format(localtime(at), r"j F Y à G \h i") if at is not None else str(value)


def _names(changes: Sequence[Mapping[str, list[Any]]]) -> Names:
    found: dict[tuple[str, int], str] = {}
    for name, (model, field) in _NAMED.items():
        keys = {int(key) for each in changes if name in each for value in each[name] for key in value or ()}
        if keys:
            rows = model.objects.filter(pk__in=keys).values_list("pk", field)
            found |= {(name, pk): str(label) for pk, label in rows}
    return found


_NAMED: dict[str, tuple[Any, str]] = {"terms": (Term, "label"), "places": (Territory, "name")}
_WORDS: dict[str, Callable[[Any], str]] = {
    "body": as_text,
    "image": lambda _value: _("une image"),
    "media": _media,
    "closes_on": _day,
    "publish_at": _moment,
}
