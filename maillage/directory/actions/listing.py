"""State of an actor in a network, archiving, circles, notes, and pairs known to be distinct."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.marking import bury, hold, mark_changed, unbury
from maillage.directory.enums import ListingState, Nature, PairVerdict
from maillage.directory.models import Actor, DistinctPair, Listing, Note, Qualification


def set_state(*, by: Viewer, actor: Actor, state: str) -> Listing:
    """Publish, hide or set aside an actor in the viewer's network; also clears « modifiée ailleurs »."""
    rules.may_publish(by, actor).require()
    with transaction.atomic():
        hold([actor.pk], by=by)
        listing = Listing.objects.get(actor=actor, network=by.network_id)
        before = listing.state
        listing.state = ListingState(state)
        listing.changed_since_cleared = False
        if state == ListingState.PUBLISHED and listing.published_at is None:
            listing.published_at = timezone.now()
        listing.save()
        if before != state:
            if state == ListingState.PUBLISHED and actor.archived_at is None:
                unbury(listing.network, actor.pk)
            elif before == ListingState.PUBLISHED:
                bury(listing.network, actor.pk, actor.slug)
            record("actor.state", by=by, subject=actor, changes={"state": [before, state]})
        mark_changed([actor.pk], only_in=by.network_id)
    return listing


def archive(*, by: Viewer, actor: Actor, reason: str) -> Actor:
    """A closed actor leaves lists, map, search and mailings of every network; its page and its past stay."""
    rules.may_archive(by, actor).require()
    with transaction.atomic():
        hold([actor.pk], by=by)
        actor = Actor.objects.get(pk=actor.pk)
        if actor.archived_at is not None:
            raise Refused(_("Cet acteur est déjà archivé."), status=409)
        actor.archived_at, actor.archive_reason = timezone.now(), reason
        actor.save(update_fields=["archived_at", "archive_reason", "updated_at"])
        for listing in actor.listings.filter(state=ListingState.PUBLISHED).select_related("network"):
            bury(listing.network, actor.pk, actor.slug)
        record("actor.archive", by=by, subject=actor, details={"reason": reason})
        mark_changed([actor.pk])
    return actor


def unarchive(*, by: Viewer, actor: Actor) -> Actor:
    rules.may_archive(by, actor).require()
    with transaction.atomic():
        hold([actor.pk], by=by)
        actor = Actor.objects.get(pk=actor.pk)
        actor.archived_at, actor.archive_reason = None, ""
        actor.save(update_fields=["archived_at", "archive_reason", "updated_at"])
        for listing in actor.listings.filter(state=ListingState.PUBLISHED).select_related("network"):
            unbury(listing.network, actor.pk)
        record("actor.unarchive", by=by, subject=actor)
        mark_changed([actor.pk])
    return actor


def set_circle(
    *,
    by: Viewer,
    actor: Actor,
    circle: int | None,
    reason: str = "",
    source: str = "",
    nature: str = Nature.ASSESSED,
    on: date | None = None,
    seen: Collection[int] | None = None,
) -> Qualification | None:
    """Give `actor` a circle in the viewer's network from `on`, closing the one in force; None only closes it.

    Two changes on the same day keep the later one. `seen` are the ids of the qualifications in force when the person
    decided: a change made meanwhile by someone else is a conflict.
    """
    rules.may_qualify(by, actor).require()
    on = on or timezone.localdate()
    with transaction.atomic():
        hold([actor.pk], by=by)
        held = Qualification.objects.filter(network=by.network_id, actor=actor, nature=nature).in_force().first()
        if seen is not None:
            _require_unchanged(by, actor, nature, held, seen)
        before = held.circle if held else None
        if held is not None:
            if on < held.since:
                raise Refused(
                    _("Une qualification plus récente existe déjà : choisissez une date postérieure."), status=409
                )
            if held.since == on:
                held.delete()
            else:
                held.until = on
                held.save(update_fields=["until"])
        given = None
        if circle is not None:
            given = Qualification.objects.create(
                network=by.network,
                actor=actor,
                nature=nature,
                circle=circle,
                reason=reason,
                source=source,
                since=on,
                author=by.user,
                author_label=by.system or str(by.user or ""),
            )
        record(
            "actor.qualify",
            by=by,
            subject=actor,
            changes={"circle": [before, circle]},
            details={"reason": reason, "source": source, "nature": str(nature), "since": on.isoformat()},
        )
        mark_changed([actor.pk], only_in=by.network_id)
    return given


def _require_unchanged(
    by: Viewer, actor: Actor, nature: str, held: Qualification | None, seen: Collection[int]
) -> None:
    known = Qualification.objects.filter(network=by.network_id, actor=actor, nature=nature, pk__in=seen)
    if set(known.values_list("pk", flat=True)) != ({held.pk} if held is not None else set()):
        raise Conflict(
            _(
                "Quelqu'un a changé le cercle de cet acteur pendant que vous décidiez. Relisez-le, puis enregistrez de nouveau."
            )
        )


def add_note(*, by: Viewer, actor: Actor, body: str) -> Note:
    rules.may_work(by).require()
    with transaction.atomic():
        note = Note.objects.create(network=by.network, actor=actor, author=by.user, body=body)
        record("actor.note", by=by, subject=actor, touch=False)
    return note


def remember_distinct(*, by: Viewer, actor: Actor, others: list[Actor], verdict: str = PairVerdict.DIFFERENT) -> None:
    """« None of these »: the pairs are not proposed again."""
    rules.may_work(by).require()
    for other in others:
        first, second = sorted([actor.pk, other.pk])
        DistinctPair.objects.update_or_create(
            first_id=first, second_id=second, defaults={"verdict": verdict, "by": by.user}
        )
