"""Which sheets to ask about, and what came of asking.

An actor is asked when its sheet is older than the rhythm it chose, a second time after `ANSWER_DAYS` of silence, then no
more until its rhythm has passed again. Two silences are told to the public.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.accounts.queries import is_suppressed
from maillage.core.viewer import Viewer
from maillage.directory.enums import ListingState, ReminderKind
from maillage.directory.models import Actor, Listing, Reminder
from maillage.directory.queries.history import provenance
from maillage.networks.models import Network

ANSWER_DAYS = 30  # Without an answer for so long, an asking is a silence.
SILENCES = 2  # Before the public is told.
LINK_DAYS = 90
FORBIDDEN = gettext_lazy("La personne qui lit cette adresse a demandé qu'elle ne soit plus enregistrée.")

FORBIDDEN_CONTACT = gettext_lazy("la personne concernée a demandé que ce ne soit plus enregistré")


def silences(reminders: Iterable[Reminder], actor: Actor, now: datetime | None = None) -> int:
    """How many askings since the last confirmation nobody answered in time."""
    before = (now or timezone.now()) - timedelta(days=ANSWER_DAYS)
    since = actor.confirmed_at or actor.created_at
    asked = [one for one in reminders if one.kind == ReminderKind.ASKED]
    return sum(not one.answer and since < one.sent_at < before for one in asked)


def is_due(actor: Actor, last: Reminder | None, now: datetime) -> bool:
    """Whether to ask again; `last` is the last asking. An address that was refused is not written to again."""
    if not actor.is_stale:
        return False
    since = actor.confirmed_at or actor.created_at
    if last is None or last.sent_at < since:
        return True
    if last.failed_at is not None and last.email == actor.email:
        return False
    asked = actor.reminders.asked().filter(sent_at__gt=since).count()
    wait = ANSWER_DAYS if asked % SILENCES else 30 * actor.update_rhythm
    return last.sent_at < now - timedelta(days=wait)


def to_ask(network: Network, now: datetime, limit: int) -> list[Actor]:
    """The sheets of a network to ask about, the oldest first; `limit` at most."""
    shown = Listing.objects.filter(actor=OuterRef("pk"), network=network, state=ListingState.PUBLISHED)
    actors = Actor.objects.current().filter(Exists(shown), home_network=network).exclude(email="")
    actors = actors.exclude(Exists(_stopped(network)))
    found: list[Actor] = []
    for actor in actors.order_by("confirmed_at", "created_at", "pk").iterator(chunk_size=500):
        if len(found) >= limit:
            break
        if actor.is_stale and is_due(actor, actor.reminders.asked().first(), now) and not is_suppressed(actor.email):
            found.append(actor)
    return found


def to_tell(network: Network, limit: int) -> list[Actor]:
    """The sheets whose contact address came from someone else than its holder, who was never told; the latest first."""
    told = Reminder.objects.filter(actor=OuterRef("pk"), email__iexact=OuterRef("email"))
    actors = Actor.objects.current().filter(~Exists(told), home_network=network).exclude(email="")
    found: list[Actor] = []
    for actor in actors.order_by("-created_at", "pk").iterator(chunk_size=500):
        if len(found) >= limit:
            break
        if not actor.wrote_itself("email") and not is_suppressed(actor.email):
            found.append(actor)
    return found


def is_forbidden(actor: Actor, email: str) -> bool:
    """An address that `actor` has not, whose owner asked never to be recorded again."""
    return email.lower() != actor.email.lower() and is_suppressed(email)


def origin_of(actor: Actor) -> str:
    """Where the contact address came from and when, in words, for whoever reads it."""
    wrote = provenance(actor, Viewer()).get("email")
    return wrote.sentence if wrote is not None else ""


def _stopped(network: Network) -> QuerySet[Reminder]:
    """The askings to the present address of an actor after which its reader wanted no more."""
    there = Reminder.objects.filter(network=network, actor=OuterRef("pk"), email=OuterRef("email"))
    return there.exclude(stopped_at=None)


def why_not(network: Network, actor: Actor) -> str:
    """Why nobody is asked about a sheet; "" when someone may be."""
    if actor.archived_at is not None:
        return _("Cet acteur est archivé.")
    if not actor.email:
        return _("Cette fiche n'a pas d'adresse de contact.")
    if is_suppressed(actor.email):
        return _("La personne qui lit cette adresse a demandé à ne plus recevoir de message.")
    if Actor.objects.filter(Exists(_stopped(network)), pk=actor.pk).exists():
        return _("La personne qui lit cette adresse ne veut plus de ces messages.")
    return ""


def reminder_opened_by(network: Network | None, pk: int, token: str) -> Reminder | None:
    """The asking of a link, on the host of its own network."""
    found = Reminder.objects.select_related("network", "actor__commune__department").filter(pk=pk, network=network)
    reminder = found.first()
    return reminder if reminder is not None and reminder.is_opened_by(token) else None


@dataclass(frozen=True)
class Asked:
    """A sheet in the list of the team: its last asking, how many silences, whether the address was refused."""

    actor: Actor
    last: Reminder | None
    silences: int
    refused: bool


def states(viewer: Viewer) -> dict[str, QuerySet[Actor]]:
    """The sheets that the viewer may change, by what came of asking: "silent", "refused", "asked", "mute" (no address)."""
    mine = Actor.objects.editable_by(viewer).current().filter(home_network=viewer.network_id)
    asked = Reminder.objects.filter(network=viewer.network_id, actor=OuterRef("pk"))
    open_ = asked.unanswered().filter(Q(sent_at__gt=OuterRef("confirmed_at")) | Q(actor__confirmed_at=None))
    late = open_.filter(sent_at__lt=timezone.now() - timedelta(days=ANSWER_DAYS))
    refused = asked.filter(email=OuterRef("email")).exclude(failed_at=None)
    return {
        "silent": mine.filter(Exists(late)),
        "refused": mine.filter(Exists(refused)),
        "asked": mine.filter(Exists(open_)).exclude(Exists(late)),
        "mute": mine.filter(email="", listings__network=viewer.network_id),
    }


def asked_rows(actors: Iterable[Actor], network: Any) -> list[Asked]:
    """One query for the askings of a page."""
    actors = list(actors)
    held: dict[int, list[Reminder]] = {actor.pk: [] for actor in actors}
    for reminder in Reminder.objects.filter(network=network, actor__in=actors).order_by("-sent_at", "-pk"):
        held[reminder.actor_id].append(reminder)
    return [
        Asked(
            actor,
            next(iter(held[actor.pk]), None),
            silences(held[actor.pk], actor),
            any(one.failed_at is not None and one.email == actor.email for one in held[actor.pk]),
        )
        for actor in actors
    ]
