"""Reads of the journal, of one's notices and of background jobs."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.accounts.queries import people_of
from maillage.activity.enums import Channel, NoticeStatus, Rhythm
from maillage.activity.models import Entry, LetterHabit, Notice, Preference, RefusedAddress
from maillage.activity.registry import (
    LABELS,
    NoticeKind,
    done_by_anyone,
    links_to,
    optional_kinds,
    reader_of,
    sentence_of,
)
from maillage.core.models import Job
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks.enums import LegalKind
from maillage.networks.models import Network
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


@dataclass(frozen=True)
class Untold:
    """What the bell says: how many notices are unread, counted up to one more than `MANY`, and the pages that answer a notice or a
    message that waits."""

    unread: int
    pages: list[str]


def untold(viewer: Viewer) -> Untold:
    """One query; notices of the site come first, then messages that have not left."""
    mine = Notice.objects.filter(user=viewer.user_id, network=viewer.network)
    wanted = mine.filter(Q(channel=Channel.SITE, read_at=None) | Q(channel=Channel.MAIL, status=NoticeStatus.PENDING))
    rows = list(wanted.order_by("-channel").values_list("channel", "url")[: MANY + 1])
    pages = dict.fromkeys(url.partition("#")[0] for _channel, url in rows if url)
    return Untold(sum(channel == Channel.SITE for channel, _url in rows), list(pages))


def unread_count(viewer: Viewer) -> int:
    """Counted up to one more than `MANY`."""
    return Notice.objects.visible_to(viewer).unread()[: MANY + 1].count()


@dataclass(frozen=True)
class Wishes:
    """The channels by which a person is told of a kind, and the moment of the letter that its message waits for."""

    channels: list[str]
    due_at: datetime | None = None


def wishes_of(kind: NoticeKind, people: Iterable[User], network: Network | None) -> dict[int, Wishes]:
    """For each person that may be told anything: by id, in a constant number of queries. Without an address that receives, what
    may wait is told on the site alone."""
    told = [person for person in people if person.erased_at is None and person.is_active]
    if not kind.optional:
        return {person.pk: Wishes(list(kind.channels)) for person in told}
    keys = [person.pk for person in told]
    chosen = {
        (user, channel): (wanted, rhythm)
        for user, channel, wanted, rhythm in Preference.objects.filter(user__in=keys, kind=kind.name).values_list(
            "user", "channel", "wanted", "rhythm"
        )
    }
    habits = {habit.user_id: habit for habit in LetterHabit.objects.filter(user__in=keys)}
    refused = set(RefusedAddress.objects.filter(user__in=keys).values_list("user", "address"))
    found = {}
    for person in told:
        channels = [
            channel.value for channel in Channel if chosen.get((person.pk, channel), (channel in kind.channels, ""))[0]
        ]
        if Channel.MAIL in channels and (person.pk, person.email) in refused:
            channels = [Channel.SITE.value]
        rhythm = chosen.get((person.pk, Channel.MAIL), (True, ""))[1] or kind.own_rhythm
        due = next_letter(rhythm, network, habits.get(person.pk), timezone.now()) if network is not None else None
        found[person.pk] = Wishes(channels, due)
    return found


def next_letter(rhythm: str, network: Network, habit: LetterHabit | None, after: datetime) -> datetime | None:
    """The first letter of a rhythm strictly after a moment, by the clock of the network; None for what leaves at once."""
    if rhythm == Rhythm.NOW:
        return None
    hour = habit.hour if habit is not None else int(network.setting("digest_hour"))
    at = timezone.localtime(after, network.zone).replace(hour=hour, minute=0, second=0, microsecond=0)
    weekday = habit.weekday if habit is not None else int(network.setting("digest_day"))
    if rhythm == Rhythm.WEEKLY:
        at = _local(at, (weekday - at.isoweekday()) % 7)
        return at if at > after else _local(at, 7)
    return at if at > after else _local(at, 1)


def _local(at: datetime, days: int) -> datetime:
    """So many days later at the same hour of the clock, whatever the change of hour between."""
    return timezone.make_aware(datetime.combine(at.date() + timedelta(days=days), at.time()), at.tzinfo)


def seen_among(notices: Iterable[Notice], viewer: Viewer) -> set[int]:
    """The keys of the notices whose subject, if they have one, `viewer` may still see: one query for each kind of subject."""
    by_type: dict[int | None, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_type[notice.content_type_id].append(notice)
    seen = {notice.pk for notice in by_type.pop(None, [])}
    for key, some in by_type.items():
        model: Any = ContentType.objects.get_for_id(key).model_class() if key is not None else None
        if model is None:
            continue
        keys = [notice.object_id for notice in some]
        visible = set(model.objects.visible_to(viewer).filter(pk__in=keys).values_list("pk", flat=True))
        seen |= {notice.pk for notice in some if notice.object_id in visible}
    return seen


@dataclass(frozen=True)
class Choice:
    """What a person hears of a kind: on the site or not, and when by message ("" for never)."""

    kind: str
    label: str
    on_site: bool
    rhythm: str


def choices_of(user_id: int) -> list[Choice]:
    """Each optional kind, with what the person chose or the kind's default."""
    chosen = {(line.kind, line.channel): line for line in Preference.objects.filter(user=user_id)}
    found = []
    for kind in optional_kinds():
        site, by_mail = (chosen.get((kind.name, channel)) for channel in (Channel.SITE, Channel.MAIL))
        on_site = site.wanted if site is not None else Channel.SITE in kind.channels
        written = by_mail.wanted if by_mail is not None else Channel.MAIL in kind.channels
        rhythm = (by_mail.rhythm if by_mail is not None else "") or kind.own_rhythm
        found.append(Choice(kind.name, str(kind.label), on_site, rhythm if written else ""))
    return found


def habit_of(user: User, network: Network | None) -> tuple[int, int] | None:
    """The day (1 for Monday) and the hour of a person's letters; None where no network sends any."""
    habit = LetterHabit.objects.filter(user=user).first()
    if habit is not None:
        return habit.weekday, habit.hour
    return (int(network.setting("digest_day")), int(network.setting("digest_hour"))) if network is not None else None


def next_letters(viewer: Viewer) -> list[tuple[datetime, int]]:
    """The personal letters that wait for a person here: when, and of how many things."""
    mine = Notice.objects.waiting().filter(user=viewer.user_id, network=viewer.network, letter="")
    waiting = mine.exclude(due_at=None)
    rows = waiting.order_by("due_at").values("due_at").annotate(count=Count("pk"))
    return [(row["due_at"], row["count"]) for row in rows if row["due_at"] is not None]


def refused_addresses(viewer: Viewer) -> "QuerySet[RefusedAddress]":
    """Of the people of the viewer's network."""
    known = RefusedAddress.objects.filter(user__in=people_of(viewer))
    return known.filter(address=F("user__email")).select_related("user")


def jobs_of(viewer: Viewer, *, status: str = "") -> "QuerySet[Job]":
    """The jobs one may see: those of one's network; all for the platform's administration."""
    jobs: QuerySet[Any] = Job.objects.order_by("-created_at", "-pk")
    if not viewer.is_platform_admin:
        if not viewer.is_network_admin or viewer.network_id is None:
            return jobs.none()
        jobs = jobs.filter(scope=f"network:{viewer.network_id}")
    return jobs.filter(status=status) if status else jobs
