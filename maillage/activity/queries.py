"""Reads of the journal, of one's notices and of background jobs."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.enums import Channel
from maillage.activity.models import Entry, Notice, Preference
from maillage.activity.registry import LABELS, done_by_anyone, links_to, optional_kinds, reader_of, sentence_of
from maillage.core.models import Job
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks.enums import LegalKind
from maillage.networks.registry import SETTINGS

WHO = ("user__merged_into",)  # What naming who did it reads: two accounts of a person have one name.
MANY = 99  # Beyond, the exact number of unread notices tells nothing more.
_ROLES = dict(RoleKind.choices)
_KINDS = dict(LegalKind.choices)
_WORDS = re.compile(r"\S+\s*|\s+")
_ALIGNED = 160_000  # Words of one times words of the other that are aligned within a tenth of a second.
_LONG = 60  # Beyond so many characters a text is compared by words.


@dataclass(frozen=True)
class Piece:
    """Part of a compared text: `kind` is "same", "removed" or "added"."""

    kind: str
    text: str


@dataclass
class Difference:
    """One field of an entry; long texts carry `pieces` instead of `before` and `after`."""

    label: Any
    before: str = ""
    after: str = ""
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """An entry as it is read."""

    entry: Entry
    who: str
    sentence: str
    differences: list[Difference]
    url: str = ""


def compared(before: str, after: str) -> list[Piece]:
    """The words of two texts, aligned; of long ones the lines first, then the words of those that changed. What would still be too
    long to align is shown whole, once on each side."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) * len(new) <= _ALIGNED:
        return _aligned(old, new)
    lines, others = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(lines) * len(others) > _ALIGNED or len(lines) == len(others) == 1:
        return [Piece("removed", before), Piece("added", after)]
    pieces: list[Piece] = []
    for kind, start, end, other_start, other_end in _opcodes(lines, others):
        was, now = "".join(lines[start:end]), "".join(others[other_start:other_end])
        if kind == "equal":
            pieces.append(Piece("same", was))
        elif was and now and len(words := _WORDS.findall(was)) * len(their := _WORDS.findall(now)) <= _ALIGNED:
            pieces += _aligned(words, their)
        else:
            pieces += [Piece(side, text) for side, text in (("removed", was), ("added", now)) if text]
    return pieces


def _aligned(old: list[str], new: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    for kind, start, end, other_start, other_end in _opcodes(old, new):
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[start:end])))
            continue
        if end > start:
            pieces.append(Piece("removed", "".join(old[start:end])))
        if other_end > other_start:
            pieces.append(Piece("added", "".join(new[other_start:other_end])))
    return pieces


def _opcodes(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


def difference(label: Any, before: str, after: str) -> Difference:
    if max(len(before), len(after)) > _LONG and before and after:
        return Difference(label, pieces=compared(before[:20_000], after[:20_000]))
    return Difference(label, before, after)


def nameless(entry: Entry, otherwise: str = "") -> str:
    """Who did what no account and no program signs."""
    if not entry.aged_at and done_by_anyone(entry.verb):
        return _("Un visiteur")
    return (not entry.aged_at and otherwise) or _("Une personne dont le nom est effacé")


def lines_of(entries: "QuerySet[Entry] | list[Entry]", viewer: Viewer | None = None) -> list[Line]:
    """Entries in words, with the pages of their objects that `viewer` may open; give a queryset that selected `WHO`."""
    entries = list(entries)
    differences = _differences_of(entries)
    urls = _urls_of(entries, viewer) if viewer is not None else {}
    lines = []
    for entry in entries:
        values = {**entry.details, "label": entry.label or "…"}
        for name, words in (("role", _ROLES), ("kind", _KINDS)):
            if name in values:
                values[name] = words.get(values[name], values[name])
        who = str(entry.user) if entry.user is not None else (entry.system or nameless(entry, _("Maillage")))
        lines.append(Line(entry, who, sentence_of(entry.verb, values), differences[entry.pk], urls.get(entry.pk, "")))
    return lines


def _by_model(entries: list[Entry]) -> list[tuple[type[models.Model] | None, list[Entry]]]:
    by_type: dict[int | None, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_type[entry.content_type_id].append(entry)
    types = ContentType.objects
    return [(types.get_for_id(key).model_class() if key is not None else None, some) for key, some in by_type.items()]


def _urls_of(entries: list[Entry], viewer: Viewer) -> dict[int, str]:
    """The page of the object of each entry, where there is one to open: one query for each kind of object."""
    found: dict[int, str] = {}
    for model, some in _by_model(entries):
        urls = links_to(model, viewer, {entry.object_id for entry in some if entry.object_id is not None})
        found.update({entry.pk: urls[key] for entry in some if (key := entry.object_id) is not None and key in urls})
    return found


def _differences_of(entries: list[Entry]) -> dict[int, list[Difference]]:
    """What each entry changed, read by the app that knows its objects: once for each kind of object."""
    found: dict[int, list[Difference]] = {}
    for model, some in _by_model(entries):
        read = reader_of(model) or partial(_plain_differences, model)
        for entry, differences in zip(some, read([entry.changes for entry in some]), strict=True):
            found[entry.pk] = differences
    return found


def _plain_differences(
    model: type[models.Model] | None, changes: Sequence[Mapping[str, list[Any]]]
) -> list[list[Difference]]:
    """Fields under the names of their forms, values as they are kept: names, texts, numbers."""
    known = {field.name: field for field in model._meta.get_fields()} if model is not None else {}
    return [
        [
            difference(_label(name, known), *(_shown(value, known.get(name)) for value in pair))
            for name, pair in each.items()
            if len(pair) == 2
        ]
        for each in changes
    ]


def _label(name: str, known: Mapping[str, Any]) -> str:
    if name in SETTINGS:
        return str(SETTINGS[name].label)
    label = str(getattr(known.get(name), "verbose_name", "") or LABELS.get(name, name))
    return label[:1].upper() + label[1:]


def _shown(value: Any, field: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    choices = getattr(field, "choices", None)
    return str(dict(choices).get(value, value)) if choices else str(value)


def done_by(viewer: Viewer, user: User, limit: int = 50) -> list[Line]:
    """What a person did in the viewer's network."""
    return lines_of(
        Entry.objects.visible_to(viewer).of(user.pk).filter(network=viewer.network).select_related(*WHO)[:limit],
        viewer,
    )


def journal(
    viewer: Viewer, *, verb: str = "", person: int | None = None, since: date | None = None, until: date | None = None
) -> "QuerySet[Entry]":
    """The network's journal, filtered."""
    entries = Entry.objects.visible_to(viewer).filter(network=viewer.network)
    if verb:
        entries = entries.filter(verb=verb)
    if person is not None:
        entries = entries.of(person)
    if since is not None:
        entries = entries.filter(at__date__gte=since)
    if until is not None:
        entries = entries.filter(at__date__lte=until)
    return entries.select_related(*WHO)


def people_in_journal(viewer: Viewer) -> list[User]:
    """Those who did something in the network, for the filter."""
    known = Entry.objects.visible_to(viewer).filter(network=viewer.network).order_by().values("user")
    acted = User.objects.filter(pk__in=known)
    people = User.objects.filter(Q(pk__in=acted) | Q(merged__in=acted), merged_into=None).distinct()
    return list(people.order_by("name", "pk")[:200])


def unread_count(viewer: Viewer) -> int:
    """Counted up to one more than `MANY`."""
    return Notice.objects.visible_to(viewer).unread()[: MANY + 1].count()


@dataclass(frozen=True)
class Choice:
    kind: str
    label: str
    channel: str
    channel_label: str
    wanted: bool


def preferences_of(user: User) -> list[Choice]:
    """Each optional kind and channel, with what the person chose or the kind's default."""
    chosen = {(line.kind, line.channel): line.wanted for line in Preference.objects.filter(user=user)}
    return [
        Choice(
            kind.name,
            str(kind.label),
            channel.value,
            str(channel.label),
            chosen.get((kind.name, channel.value), channel.value in kind.channels),
        )
        for kind in optional_kinds()
        for channel in Channel
    ]


def jobs_of(viewer: Viewer, *, status: str = "") -> "QuerySet[Job]":
    """The jobs one may see: those of one's network; all for the platform's administration."""
    jobs: QuerySet[Any] = Job.objects.order_by("-created_at", "-pk")
    if not viewer.is_platform_admin:
        if not viewer.is_network_admin or viewer.network_id is None:
            return jobs.none()
        jobs = jobs.filter(scope=f"network:{viewer.network_id}")
    return jobs.filter(status=status) if status else jobs
