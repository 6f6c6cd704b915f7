"""What changed of a resource, in words, for the journal and for imports."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from maillage.activity.queries import Difference, difference
from maillage.catalogue.models import Resource
from maillage.core.richtext import as_text
from maillage.directory.enums import PlaceAccess
from maillage.directory.models import Actor
from maillage.territories.models import Territory
from maillage.topics.enums import SchoolCycle
from maillage.topics.models import Term

_OBJECTS: dict[str, Any] = {"terms": Term, "zone": Territory, "actor": Actor, "commune": Territory}
_LISTS: dict[str, dict[str, Any]] = {"cycles": dict(SchoolCycle.choices), "place_access": dict(PlaceAccess.choices)}


def label_of(name: str) -> str:
    """The French name of a field."""
    known: dict[str, Any] = {each.name: each for each in (*Resource._meta.fields, *Resource._meta.many_to_many)}
    label = str(known[name].verbose_name) if name in known else name
    return label[:1].upper() + label[1:]


def differences_of(changes: Sequence[Mapping[str, list[Any]]]) -> list[list[Difference]]:
    """For each set of changes (field → [before, after] as JSON), each field in words; one query for each kind of object."""
    names = _names(changes)
    return [
        [
            difference(label_of(name), *(in_words(name, value, names) for value in pair))
            for name, pair in each.items()
            if len(pair) == 2
        ]
        for each in changes
    ]


def _names(changes: Sequence[Mapping[str, list[Any]]]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {name: set() for name in _OBJECTS}
    for each in changes:
        for name, pair in each.items():
            if name in _OBJECTS:
                wanted[name].update(pk for held in pair for pk in (held if isinstance(held, list) else [held]) if pk)
    return {
        (name, pk): str(found)
        for name, keys in wanted.items()
        if keys
        for pk, found in _OBJECTS[name]._default_manager.in_bulk(keys).items()
    }


def in_words(name: str, value: Any, names: Mapping[tuple[str, int], str]) -> str:
    if value in (None, "", [], {}):
        return ""
    if name in _OBJECTS:
        keys = value if isinstance(value, list) else [value]
        return ", ".join(sorted(names.get((name, key), _("élément supprimé")) for key in keys))
    if name == "description":
        return as_text(value)
    if isinstance(value, list):
        return ", ".join(str(_LISTS.get(name, {}).get(each, each)) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} : {each}" for key, each in value.items())
    known: dict[str, Any] = {each.name: each for each in Resource._meta.fields}
    choices = dict(known[name].flatchoices) if name in known and known[name].choices else {}
    return str(choices.get(value, value))
