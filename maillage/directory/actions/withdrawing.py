"""The sheet of an independent person goes when that person erases their account, and no import brings it back."""

from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from maillage.accounts.actions import forbid_address
from maillage.accounts.models import User
from maillage.activity.actions import forget_about, record
from maillage.core import images
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import bury
from maillage.directory.enums import ActorKind, RevisionState
from maillage.directory.models import Actor, ActorMember, Merge, Revision, Signature, Tombstone
from maillage.directory.queries.documents import KIND
from maillage.directory.queries.merging import pictures_of
from maillage.exchange.models import Change, Line
from maillage.search.actions import remove

_CONTACT = ("email", "phone", "contact_name")


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
    forget_about(actor, only=[f"changes.{name}" for name in _CONTACT])
    changes = Change.objects.filter(content_type=ContentType.objects.get_for_model(Actor), object_id=actor.pk)
    for change in changes:
        for held in (change.before, change.after):
            for name in _CONTACT:
                held.pop(name, None)
        change.save(update_fields=["before", "after"])
    batches = changes.values("batch")
    Line.objects.filter(batch__in=batches, subject_id=actor.pk).update(raw=[], data={}, alike=[], changes={})
    for merge in actor.merges.exclude(undo={}):
        for name in _CONTACT:
            merge.undo["gone"][name] = ""
            merge.undo["kept"].pop(name, None)
        merge.save(update_fields=["undo"])
    for revision in actor.revisions.all():
        _forget_proposed(revision)


def _forget_proposed(revision: Revision) -> None:
    """What else was proposed still waits; a proposal that says nothing more is closed."""
    if not {*revision.values, *revision.before} & {*_CONTACT}:
        return
    for held in (revision.values, revision.before):
        for name in _CONTACT:
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
