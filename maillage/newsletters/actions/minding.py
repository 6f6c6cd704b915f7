"""What time brings: addresses that nobody confirmed, letters sent long ago, proofs that have served."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.core.jobs import task
from maillage.core.models import Job, JobStatus
from maillage.newsletters.actions.marking import held
from maillage.newsletters.actions.sending import send_letter
from maillage.newsletters.enums import LetterState, Origin, SubscriptionState
from maillage.newsletters.models import Consent, Delivery, Letter, Subscription
from maillage.newsletters.models.subscriptions import hash_of
from maillage.newsletters.registry import CONFIRM_WITHIN, DELIVERIES_KEPT_MONTHS, PROOFS_KEPT

_LEAVING = [LetterState.SENDING, LetterState.SENT]
_OVER = [LetterState.SENT, LetterState.CANCELLED]


@task(every=timedelta(days=1))
def forget_letters(job: Job) -> None:
    forget_unconfirmed()
    forget_deliveries()
    forget_proofs()


@task(every=timedelta(hours=1))
def send_again(job: Job) -> None:
    """Messages that no mail server took, for hours, are planned again for a week: a letter that was told sent goes on."""
    lost = Delivery.objects.filter(job__status=JobStatus.FAILED, failed_at=None, skipped="")
    lost = lost.filter(letter__started_at__gt=timezone.now() - timedelta(days=7), letter__state__in=_LEAVING)
    for pk in sorted(set(lost.values_list("letter", flat=True))):
        with transaction.atomic():
            letter = held(Letter.objects.get(pk=pk))
            if letter.state in _LEAVING and lost.filter(letter=letter).update(sent_at=None, job=None):
                Letter.objects.filter(pk=pk).update(state=LetterState.SENDING, updated_at=timezone.now())
                send_letter.enqueue(
                    _scope=f"network:{letter.network_id}", _unique=f"newsletter:{pk}:again", letter_id=pk
                )


def forget_unconfirmed() -> int:
    """An address that had left keeps its row: only the asking is forgotten. One of a list whose message has not left yet waits.
    One that was refused before it ever confirmed goes too."""
    limit = timezone.now() - CONFIRM_WITHIN
    Subscription.objects.exclude(state=SubscriptionState.PENDING).filter(asked_at__lt=limit).update(
        asked_at=None, askings=[]
    )
    never_wrote = Q(asked_at=None, created_at__lt=limit) & ~Q(origin=Origin.IMPORT, mailed_at=None)
    pending = Q(state=SubscriptionState.PENDING) & (Q(asked_at__lt=limit) | never_wrote)
    refused = Q(state=SubscriptionState.FAILED, confirmed_at=None, failed_at__lt=limit)
    found = Subscription.objects.filter(pending | refused)
    count = found.count()
    found.delete()
    return count


def forget_deliveries() -> None:
    """Who received what is forgotten, how many did stays."""
    old = Letter.objects.filter(state__in=_OVER, forgotten_at=None)
    for letter in old.filter(finished_at__lt=timezone.now() - timedelta(days=DELIVERIES_KEPT_MONTHS * 365 // 12)):
        with transaction.atomic():
            theirs = Delivery.objects.filter(letter=letter)
            letter.sent_count = theirs.sent().count() or letter.sent_count
            letter.refused_count = theirs.filter(failed_at__isnull=False).count() or letter.refused_count
            letter.skipped_count = theirs.exclude(skipped="").count() or letter.skipped_count
            letter.forgotten_at = timezone.now()
            letter.save()
            theirs.delete()


def forget_proofs() -> None:
    """Three years after the last line of an address that is not subscribed any more."""
    limit = timezone.now() - PROOFS_KEPT
    old = set(Consent.objects.filter(at__lt=limit).values_list("email_hash", flat=True).distinct())
    old -= set(Consent.objects.filter(at__gte=limit).values_list("email_hash", flat=True).distinct())
    if not old:
        return
    gone = Q(state__in=[SubscriptionState.STOPPED, SubscriptionState.FAILED])
    standing = Subscription.objects.exclude(gone).values_list("email", flat=True).iterator()
    old -= {hash_of(email) for email in standing}
    Consent.objects.filter(email_hash__in=old, at__lt=limit).delete()
