"""What the directory answers to the apps below: what goes with an account, a commune, a claim."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.accounts.queries import addresses_of
from maillage.accounts.signals import erased, erasing, merging, suppressed
from maillage.activity.models import Notice
from maillage.core.signals import address_refused
from maillage.core.viewer import Viewer
from maillage.directory.actions import communes
from maillage.directory.actions.charter import forget_signatures_of
from maillage.directory.actions.marking import hold
from maillage.directory.actions.members import leave_with_the_account
from maillage.directory.actions.reminding import note_refusal
from maillage.directory.actions.suggesting import forget_suggested
from maillage.directory.actions.withdrawing import withdraw_own_sheets
from maillage.directory.enums import ClaimState
from maillage.directory.models import ActorInvitation, ActorMember, Claim, Reminder, Revision, SigningLink, Suggestion
from maillage.directory.queries import persons  # noqa: F401 – says what becomes of rows of two accounts
from maillage.territories.models import Territory
from maillage.territories.signals import commune_merged


@receiver(commune_merged)
def follow_merger(old: Territory, new: Territory, **kwargs: Any) -> None:
    communes.follow_merger(by=Viewer.as_system(None, _("fusion de communes")), old=old, new=new)


@receiver(address_refused)
def note_refused_address(address: str, **kwargs: Any) -> None:
    note_refusal(address=address)


@receiver(erasing)
def withdraw_sheets(user: User, by: Viewer, asked: bool, **kwargs: Any) -> None:
    if asked:
        withdraw_own_sheets(by=by, user=user)
    leave_with_the_account(by=by, user=user)
    addresses = addresses_of(user)
    Suggestion.objects.filter(email__in=addresses).update(email="")
    for address in addresses:
        Reminder.objects.filter(email__iexact=address).delete()


@receiver(suppressed)
def forget_suppressed(email: str, **kwargs: Any) -> None:
    """What was sent to the address opens nothing any more, and nothing says that it was: whoever reads it objected."""
    links = SigningLink.objects.filter(email__iexact=email)
    links.open().update(revoked_at=timezone.now())
    links.update(email="")
    invitations = ActorInvitation.objects.filter(email__iexact=email)
    invitations.open().update(revoked_at=timezone.now())
    invitations.update(email="")
    forget_suggested(email=email)


@receiver(merging)
def hold_sheets(kept: User, gone: User, by: Viewer, **kwargs: Any) -> None:
    """Acts on members hold the actor first: who leaves or hands over at the same moment comes before or after. A sheet that
    is held is asked for no more."""
    held = list(ActorMember.objects.filter(user__in=[kept, gone]).values_list("actor", flat=True))
    hold(held, by=by)
    moot = Claim.objects.open().filter(user=kept, actor__in=held)
    moot.update(state=ClaimState.CANCELLED, decided_at=timezone.now())


@receiver(erased)
def forget_name(former_name: str, **kwargs: Any) -> None:
    """Notices of who joined or left a sheet told the name."""
    if former_name:
        told = Notice.objects.filter(kind="actor_member", title__contains=former_name)
        told.update(title=_("Avis sur une personne supprimée"), url="")


@receiver(post_delete, sender=Claim)
def forget_proof(instance: Claim, **kwargs: Any) -> None:
    """Whatever takes a claim away (its term, an erasure, the end of its sheet) takes its document too."""
    if name := instance.document.name:
        storage = instance.document.storage
        transaction.on_commit(lambda: storage.delete(name), robust=True)


@receiver(post_delete, sender=Revision)
def forget_waiting_picture(instance: Revision, **kwargs: Any) -> None:
    if name := instance.picture.name:
        storage = instance.picture.storage
        transaction.on_commit(lambda: storage.delete(name), robust=True)


@receiver(erasing)
def forget_signer(user: User, **kwargs: Any) -> None:
    """Whether they asked for it or not: what they signed stays their organisation's, without their name (CHR-5)."""
    forget_signatures_of(user=user)
