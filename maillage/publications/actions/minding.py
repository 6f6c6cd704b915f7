"""What time brings: embargoes lifted, announcements over, refused texts forgotten."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from maillage.activity.actions import record
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.publications.actions.marking import forget, hold, mark_changed
from maillage.publications.enums import CreditState, Kind, State
from maillage.publications.models import Credit, Publication
from maillage.publications.registry import REFUSED_KEPT

ASKED_DAYS = 90


@task()
def lift_embargo(job: Job, publication_id: int) -> None:
    """Pages kept while it was not to be seen are made anew; the text itself shows by its own date."""
    with transaction.atomic():
        found = Publication.objects.select_related("network").filter(pk=publication_id, state=State.PUBLISHED).first()
        if found is None or (found.publish_at is not None and found.publish_at > timezone.now()):
            return  # Taken back, or put off meanwhile: another job waits for the new moment.
        hold(found.network, found.pk)
        mark_changed(found)


def lift_embargo_of(publication: Publication) -> None:
    """See to it that pages are made anew at the minute set."""
    if publication.is_embargoed:
        scope = f"network:{publication.network_id}"
        lift_embargo.enqueue(publication_id=publication.pk, _at=publication.publish_at, _scope=scope)


@task(every=timedelta(days=1))
def close_announcements(job: Job) -> None:
    """Those that ended since yesterday leave the lists: pages, feeds and search are made anew."""
    yesterday = timezone.localdate() - timedelta(days=1)
    over = Publication.objects.filter(kind=Kind.ANNOUNCEMENT, state=State.PUBLISHED, closes_on=yesterday)
    for publication in over.select_related("network").order_by("pk"):
        with transaction.atomic():
            hold(publication.network, publication.pk)
            mark_changed(publication)


@task(every=timedelta(days=1))
def close_questions(job: Job) -> None:
    """Nobody answered whether they sign: the address is forgotten, and the question closed."""
    asked = Credit.objects.filter(state=CreditState.WAITING, created_at__lt=timezone.now() - timedelta(days=ASKED_DAYS))
    asked.update(state=CreditState.DECLINED, email="", answered_at=timezone.now())


@task(every=timedelta(days=1))
def forget_refused(job: Job) -> None:
    """Those refused and never proposed again go at their term."""
    refused = Publication.objects.filter(state=State.REFUSED, published_at=None).select_related("network")
    for publication in refused.order_by("pk"):
        kept = timedelta(days=30 * int(publication.network.setting(REFUSED_KEPT.name)))
        if publication.updated_at > timezone.now() - kept:
            continue
        with transaction.atomic():
            hold(publication.network, publication.pk)
            if not refused.filter(pk=publication.pk).exists():
                continue  # Proposed again meanwhile.
            by = Viewer.as_system(publication.network, "forget_refused")
            record("publication.delete", by=by, subject=publication, touch=False)
            forget(publication)
            publication.delete()
