"""Reads of the journal, of one's notices and of background jobs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.enums import Channel
from maillage.activity.models import Entry, Notice, Preference
from maillage.activity.registry import done_by_anyone, optional_kinds, sentence_of
from maillage.core.models import Job
from maillage.core.viewer import RoleKind, Viewer

MANY = 99  # Beyond, the exact number of unread notices tells nothing more.
_ROLES = dict(RoleKind.choices)


@dataclass(frozen=True)
class Line:
    """An entry as it is read."""

    entry: Entry
    who: str
    sentence: str


def nameless(entry: Entry, otherwise: str = "") -> str:
    """Who did what no account and no program signs."""
    if not entry.aged_at and done_by_anyone(entry.verb):
        return _("Un visiteur")
    return (not entry.aged_at and otherwise) or _("Une personne dont le nom est effacé")


def lines_of(entries: "QuerySet[Entry] | list[Entry]") -> list[Line]:
    """Entries in words; give a queryset that selected `user`."""
    lines = []
    for entry in entries:
        values = {**entry.details, "label": entry.label or "…"}
        if "role" in values:
            values["role"] = _ROLES.get(values["role"], values["role"])
        who = str(entry.user) if entry.user is not None else (entry.system or nameless(entry, _("Maillage")))
        lines.append(Line(entry, who, sentence_of(entry.verb, values)))
    return lines


def about(viewer: Viewer, subject: models.Model, limit: int = 50) -> list[Line]:
    """What was done to an object, for those who may read it (template `activity/_lines.html`)."""
    return lines_of(Entry.objects.visible_to(viewer).about(subject).select_related("user")[:limit])


def done_by(viewer: Viewer, user: User, limit: int = 50) -> list[Line]:
    """What a person did in the viewer's network."""
    return lines_of(
        Entry.objects.visible_to(viewer).filter(user=user, network=viewer.network).select_related("user")[:limit]
    )


def journal(
    viewer: Viewer, *, verb: str = "", person: int | None = None, since: date | None = None, until: date | None = None
) -> "QuerySet[Entry]":
    """The network's journal, filtered."""
    entries = Entry.objects.visible_to(viewer).filter(network=viewer.network)
    if verb:
        entries = entries.filter(verb=verb)
    if person is not None:
        entries = entries.filter(user=person)
    if since is not None:
        entries = entries.filter(at__date__gte=since)
    if until is not None:
        entries = entries.filter(at__date__lte=until)
    return entries.select_related("user")


def people_in_journal(viewer: Viewer) -> list[User]:
    """Those who did something in the network, for the filter."""
    known = Entry.objects.visible_to(viewer).filter(network=viewer.network).order_by().values("user")
    return list(User.objects.filter(pk__in=known).order_by("name", "pk")[:200])


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
