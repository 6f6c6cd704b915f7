"""The sheet of an independent person goes when that person erases their account, and no import brings it back."""

from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from maillage.accounts.actions import forbid_address
from maillage.accounts.models import User
from maillage.activity.actions import forget_about, record
from maillage.core import images
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import bury
from maillage.directory.actions.writing import Stamp, update_actor
from maillage.directory.enums import ActorKind, Origin, RevisionState
from maillage.directory.models import Actor, ActorMember, Merge, Revision, Signature, Tombstone
from maillage.directory.queries.documents import KIND
from maillage.directory.queries.merging import pictures_of
from maillage.exchange.models import Change, Line
from maillage.search.actions import remove

CONTACT = ("email", "phone", "contact_name")


def withdraw_own_sheets(*, by: Viewer, user: User) -> None:
    """Inside the transaction of the erasure. A sheet that someone else looks after too stays: it is theirs as well.

    What would undo the merging of a sheet that they looked after holds their data: that merging is for good.
    """
    for merge in Merge.objects.filter(kept__members__user=user).select_related("kept").order_by("pk"):
        if merge.undo.get("gone", {}).get("kind") == ActorKind.PERSON:
            forget_about(Actor(pk=merge.gone_id))
            forget_about(merge.kept, only=["details.gone"])
        _forget_undo(merge)
    shared = ActorMember.objects.exclude(user=user).values("actor")
    own = Actor.objects.filter(kind=ActorKind.PERSON, members__user=user).exclude(pk__in=shared)
    for actor in Actor.objects.select_for_update().filter(pk__in=list(own.values_list("pk", flat=True))).order_by("pk"):
        _withdraw(by.in_network(actor.home_network), actor)


def _forget_undo(merge: Merge) -> None:
    """A merging is for good: what would undo it goes, with the pictures that nothing shows."""
    pictures = pictures_of(merge)
    merge.undo, merge.gone_name = {}, ""
    merge.save(update_fields=["undo", "gone_name"])
    for picture in pictures:
        if not Actor.objects.filter(image=picture).exists():
            transaction.on_commit(partial(images.forget, picture), robust=True)


def forget_contact(actor: Actor) -> None:
    """Whoever was named as the contact objected: nothing that was written of them stays, in the journal, in what imports
    kept of their lines and changes, in what undoes a merging, in what editors proposed."""
    forget_about(actor, only=[f"changes.{name}" for name in CONTACT])
    _forget_changes(actor.pk)
    for merge in actor.merges.exclude(undo={}):
        for name in CONTACT:
            merge.undo["gone"][name] = ""
            merge.undo["kept"].pop(name, None)
        merge.save(update_fields=["undo"])
    for revision in actor.revisions.all():
        _forget_proposed(revision)


def _forget_changes(actor_id: int) -> None:
    changes = Change.objects.filter(content_type=ContentType.objects.get_for_model(Actor), object_id=actor_id)
    for change in changes:
        for held in (change.before, change.after):
            for name in CONTACT:
                held.pop(name, None)
        change.save(update_fields=["before", "after"])
    batches = changes.values("batch")
    Line.objects.filter(batch__in=batches, subject_id=actor_id).update(raw=[], data={}, alike=[], changes={})


def forget_in_merges(address: str, by_system: str) -> None:
    """What would undo a merging loses the address too, with the telephone and the name beside it; so does the sheet that took
    them from the one that went, and the journal of both. The caller holds the sheets that stay."""
    for merge in Merge.objects.exclude(undo={}).select_related("kept__home_network").order_by("pk").iterator():
        if address.lower() not in addresses_in(merge.undo):
            continue
        taken = take_out(merge.undo, address)
        merge.save(update_fields=["undo"])
        kept = merge.kept
        values = {name: "" for name, value in taken.items() if getattr(kept, name) == value}
        by = Viewer.as_system(kept.home_network, by_system)
        update_actor(by=by, actor=kept, values=values, stamp=Stamp(Origin.ANIMATOR, by_system))
        for actor in (kept, Actor(pk=merge.gone_id)):
            forget_about(actor, only=[f"changes.{name}" for name in CONTACT])
        _forget_changes(merge.gone_id)


def addresses_in(undo: dict[str, Any]) -> set[str]:
    return {held for row, side in _rows(undo) if (held := _address(row, side))}


def take_out(undo: dict[str, Any], address: str, *, undoing: bool = False) -> dict[str, str]:
    """What the sheet that stays took from the one that went, by field. What was sent to the address comes back closed.

    `undoing`: what merging wrote stays, to be compared with what is there.
    """
    taken = {}
    if _address(undo["gone"], None) == address.lower() and not undoing:
        for name in {*CONTACT} & undo["kept"].keys():
            if (value := undo["gone"][name]) and undo["kept"][name][1] == value:
                taken[name], undo["kept"][name][1] = value, ""
    for row, side in _rows(undo):
        if _address(row, side) != address.lower() or (undoing and side == 1):
            continue
        for name in {*CONTACT} & row.keys():
            if side is None:
                row[name] = ""
            else:
                row[name][side] = ""
        if side is None and row.get("revoked_at", "") is None:
            row["revoked_at"] = timezone.now().isoformat()
    return taken


def _rows(undo: dict[str, Any]) -> list[tuple[dict[str, Any], int | None]]:
    """Each row that `Merge.undo` keeps, by column: its values, or of each the pair that it was and became (a side of it)."""
    whole = [undo["gone"], *(columns for _label, columns in undo["removed"])]
    pairs = [undo["kept"], *(differing for _label, _key, differing in undo["rewritten"])]
    return [(row, None) for row in whole] + [(row, side) for row in pairs for side in (0, 1)]


def _address(row: dict[str, Any], side: int | None) -> str:
    held = row.get("email") or ""
    held = held if isinstance(held, str) or side is None else held[side]
    return str(held).lower()


def _forget_proposed(revision: Revision) -> None:
    """What else was proposed still waits; a proposal that says nothing more is closed."""
    if not {*revision.values, *revision.before} & {*CONTACT}:
        return
    for held in (revision.values, revision.before):
        for name in CONTACT:
            held.pop(name, None)
    if not revision.values and (revision.is_waiting or revision.is_refused):
        revision.state, revision.decided_at = RevisionState.WITHDRAWN, timezone.now()
    revision.save(update_fields=["values", "before", "state", "decided_at", "updated_at"])


def _withdraw(by: Viewer, actor: Actor) -> None:
    for listing in actor.listings.select_related("network").order_by("network"):
        bury(listing.network, actor.pk, "")
    ids = [actor.pk, *actor.merges.values_list("gone_id", flat=True)]  # Its own, and those that went into it.
    Tombstone.objects.filter(actor_id__in=ids).update(slug="")
    remove(KIND, actor.pk)
    for pk in ids:
        forget_about(Actor(pk=pk))
    changes = Change.objects.filter(content_type=ContentType.objects.get_for_model(Actor), object_id__in=ids)
    batches = list(changes.values_list("batch", flat=True))
    changes.update(label="", before={}, after={}, kept={})
    lines = Line.objects.filter(batch__in=batches, subject_id__in=ids)
    lines.update(raw=[], data={}, label="", detail="", alike=[], changes={})
    if actor.email:
        forbid_address(email=actor.email, reason="erasure")
    if actor.image:
        picture = str(actor.image.name)
        transaction.on_commit(lambda: images.forget(picture), robust=True)
    # Their own charter, signed for nobody else.
    Signature.objects.filter(actor=actor).delete()
    actor.delete()
    record("actor.withdraw", by=by)
