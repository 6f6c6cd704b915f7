"""The sheet of an independent person goes when that person erases their account, and no import brings it back."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from maillage.accounts.actions import forbid_address
from maillage.accounts.models import User
from maillage.activity.actions import forget_about, record
from maillage.core import images
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import bury
from maillage.directory.enums import ActorKind
from maillage.directory.models import Actor, ActorMember, Merge, Signature, Tombstone
from maillage.directory.queries.documents import KIND
from maillage.exchange.models import Change, Line
from maillage.search.actions import remove


def withdraw_own_sheets(*, by: Viewer, user: User) -> None:
    """Inside the transaction of the erasure. A sheet that someone else looks after too stays: it is theirs as well.

    What would undo the merging of a sheet that they looked after holds their data: that merging is for good.
    """
    Merge.objects.filter(kept__members__user=user).update(undo={}, gone_name="")
    shared = ActorMember.objects.exclude(user=user).values("actor")
    own = Actor.objects.filter(kind=ActorKind.PERSON, members__user=user).exclude(pk__in=shared)
    for actor in Actor.objects.select_for_update().filter(pk__in=list(own.values_list("pk", flat=True))).order_by("pk"):
        _withdraw(by.in_network(actor.home_network), actor)


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
