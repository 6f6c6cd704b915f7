"""The history of a record made readable: journal entries as before and after in French, rich text compared by words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.accounts.models import User
from maillage.activity.models import Entry
from maillage.activity.queries import Difference, difference, nameless
from maillage.core.dates import date_format
from maillage.core.richtext import as_text
from maillage.core.viewer import Viewer
from maillage.directory.enums import (
    LANGUAGES,
    ActorKind,
    Circle,
    ImageRole,
    ListingState,
    Origin,
    PlaceAccess,
    PositionQuality,
)
from maillage.directory.models import Actor
from maillage.directory.registry import DONE
from maillage.territories.models import Territory
from maillage.topics.models import Term

_CHOICES: dict[str, Any] = {
    "kind": dict(ActorKind.choices),
    "state": dict(ListingState.choices),
    "position_quality": dict(PositionQuality.choices),
    "circle": dict(Circle.choices),
    "image_role": dict(ImageRole.choices),
}
_CODES: dict[str, dict[str, Any]] = {
    "languages": LANGUAGES,
    "place_access": dict(PlaceAccess.choices),
}  # Lists of them.
_TERMS = {"themes", "audiences", "action_kinds"}  # As the form of a sheet names them.
_LABELS: dict[str, Any] = {
    "themes": gettext_lazy("Thématiques"),
    "audiences": gettext_lazy("Publics"),
    "action_kinds": gettext_lazy("Types d'action"),
    "circle": gettext_lazy("Cercle"),
    "state": gettext_lazy("État"),
    "archived": gettext_lazy("Archivé"),
    "identifiers": gettext_lazy("Identifiants"),
    "slug": gettext_lazy("Adresse de la page"),
    "position_score": gettext_lazy("Sûreté de la position"),
}


@dataclass
class Happened:
    """An entry as it is read: who, what, the differences, the reason given."""

    entry: Entry
    who: str
    what: Any
    differences: list[Difference]
    reason: str = ""


@dataclass(frozen=True)
class Wrote:
    """Who wrote a field last."""

    origin: str
    sentence: str


def history(entries: Iterable[Entry], viewer: Viewer) -> list[Happened]:
    """`entries` made readable: three queries whatever their number (terms, territories, people)."""
    entries = list(entries)
    names = _names([entry.changes for entry in entries])
    people = _people({entry.user_id for entry in entries if entry.user_id})
    return [
        Happened(
            entry=entry,
            who=people.get(entry.user_id or 0) or entry.system or nameless(entry),
            what=DONE.get(entry.verb, entry.verb),
            differences=_differences(entry.changes, names),
            reason=_reason(entry),
        )
        for entry in entries
    ]


def _reason(entry: Entry) -> str:
    """What was said of why, or the other sheet that was spoken of."""
    details = entry.details
    named = [_("« %s »") % details[key] for key in ("gone", "other") if details.get(key)]
    return ", ".join(filter(None, [details.get("reason", ""), *named, *details.get("left", ())]))


def entries_about(actor: Actor, viewer: Viewer) -> QuerySet[Entry]:
    """What was done to a sheet, and to those that became one with it."""
    ids = [actor.pk, *actor.merges.in_force().values_list("gone_id", flat=True)]
    content_type = ContentType.objects.get_for_model(Actor)
    return Entry.objects.visible_to(viewer).filter(content_type=content_type, object_id__in=ids)


def differences_of(changes: Sequence[Mapping[str, list[Any]]], *, by_words: bool = True) -> list[list[Difference]]:
    """Sets of changes (field → [before, after]) made readable: two queries whatever their number."""
    names = _names(changes)
    return [_differences(each, names, by_words=by_words) for each in changes]


def _differences(
    changes: Mapping[str, list[Any]], names: Mapping[tuple[str, int], str], *, by_words: bool = True
) -> list[Difference]:
    return [_difference(name, pair, names, by_words=by_words) for name, pair in changes.items() if len(pair) == 2]


def _difference(name: str, pair: list[Any], names: Mapping[tuple[str, int], str], *, by_words: bool) -> Difference:
    before, after = (_shown(name, value, names) for value in pair)
    label = label_of(name)
    return difference(label, before, after) if by_words else Difference(label, before, after)


def label_of(name: str) -> Any:
    """The French name of a field."""
    if name in _LABELS:
        return _LABELS[name]
    known = {each.name: each for each in (*Actor._meta.fields, *Actor._meta.many_to_many)}
    if name not in known:
        return name
    label = str(known[name].verbose_name)
    return label[:1].upper() + label[1:]


def _shown(name: str, value: Any, names: Mapping[tuple[str, int], str]) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{scheme} {key}" for scheme, key in value.items())
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if name == "confirmed_at":
        return _day(datetime.fromisoformat(value))
    if name in _CHOICES:
        return str(_CHOICES[name].get(value, value))
    if name in ("family", "commune", "parent"):
        return names.get((name, value), _("élément supprimé"))
    if name in ("terms", "zone", *_TERMS):
        of = "zone" if name == "zone" else "terms"
        return ", ".join(sorted(names.get((of, pk), _("élément supprimé")) for pk in value))
    if name in _CODES:
        return ", ".join(str(_CODES[name].get(code, code)) for code in value)
    if name == "description":
        return as_text(value)
    if name == "image":
        return _("une image")
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _names(changes: Sequence[Mapping[str, list[Any]]]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {"family": set(), "terms": set(), "commune": set(), "zone": set(), "parent": set()}
    for each in changes:
        for name in (wanted.keys() | _TERMS) & each.keys():
            for value in each[name]:
                wanted["terms" if name in _TERMS else name].update(
                    value if isinstance(value, list) else [value] if value else []
                )
    labels: dict[tuple[str, int], str] = {}
    terms = dict(Term.objects.filter(pk__in=wanted["family"] | wanted["terms"]).values_list("pk", "label"))
    territories = dict(Territory.objects.filter(pk__in=wanted["commune"] | wanted["zone"]).values_list("pk", "name"))
    parents = dict(Actor.objects.filter(pk__in=wanted["parent"]).values_list("pk", "name")) if wanted["parent"] else {}
    for name, found in (
        ("family", terms),
        ("terms", terms),
        ("commune", territories),
        ("zone", territories),
        ("parent", parents),
    ):
        labels.update({(name, pk): label for pk, label in found.items() if pk in wanted[name]})
    return labels


def _people(ids: set[int]) -> dict[int, str]:
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}


def provenance(actor: Actor, viewer: Viewer) -> dict[str, Wrote]:
    """Field → who wrote it last, when, from what. Names of the team are shown to the team alone."""
    people = _people({entry.get("user") for entry in actor.provenance.values()} - {None}) if viewer.runs_network else {}
    return {name: _wrote(entry, people) for name, entry in actor.provenance.items()}


def _wrote(entry: dict[str, Any], people: dict[int, str]) -> Wrote:
    at = parse_datetime(entry.get("at", ""))
    day = _day(at) if at else ""
    origin = entry.get("origin", "")
    name = people.get(entry.get("user") or 0, "")
    source = entry.get("source", "")
    if origin == Origin.ACTOR:
        sentence = _("écrit par l'acteur le %(day)s") % {"day": day}
    elif origin == Origin.ANIMATOR and name:
        sentence = _("écrit par %(name)s (animation) le %(day)s") % {"name": name, "day": day}
    elif origin == Origin.ANIMATOR:
        sentence = _("écrit par l'animation le %(day)s") % {"day": day}
    elif source:
        sentence = _("importé de « %(source)s » le %(day)s") % {"source": source, "day": day}
    else:
        sentence = _("importé le %(day)s") % {"day": day}
    return Wrote(origin, sentence)


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y")
