"""What each night does about claims and suggestions: hand over what nobody answered, forget what has served."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from maillage.activity.actions import record
from maillage.core import jobs
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory.actions import telling
from maillage.directory.enums import RevisionState
from maillage.directory.models import ActorInvitation, Claim, ClaimCode, Revision, Suggestion, Trust
from maillage.directory.models.claims import OPEN_STATES
from maillage.directory.registry import CLAIMS_KEPT, SUGGESTIONS_KEPT
from maillage.networks.models import Network

_YEAR = timedelta(days=365)


@jobs.task(every=timedelta(hours=24))
def mind_claims(job: Job) -> None:
    """Each claim past its term is handed to the team once: doing it again changes and tells nothing."""
    late = Claim.objects.open().filter(deadline__lte=timezone.now(), escalated_at=None)
    for pk in list(late.order_by("deadline").values_list("pk", flat=True)):
        _escalate(pk)


def _escalate(pk: int) -> None:
    with transaction.atomic():
        claim = (
            Claim.objects.select_for_update(of=("self",))
            .select_related("actor", "network")
            .filter(pk=pk, escalated_at=None, state__in=OPEN_STATES)
            .first()
        )
        if claim is None or not claim.is_late:
            return
        claim.escalated_at = timezone.now()
        claim.save(update_fields=["escalated_at", "updated_at"])
        by = Viewer.as_system(claim.network, "Maillage")
        record("claim.escalated", by=by, subject=claim, touch=False)
        telling.tell_team_of_claim(claim)


@jobs.task(every=timedelta(hours=24))
def forget_claims(job: Job) -> None:
    """Proofs once they can no longer be asked for; closed claims, suggestions and answered revisions at the term of their
    network; trust a year after it was taken back."""
    now = timezone.now()
    for network in Network.objects.order_by("pk"):
        closed = Claim.objects.filter(network=network).exclude(state__in=OPEN_STATES)
        closed.filter(decided_at__lt=_before(now, network, CLAIMS_KEPT.name)).delete()
        rest = timedelta(days=int(network.setting("claim_rest_days")))
        for claim in closed.filter(decided_at__lt=now - rest).exclude(document=""):
            claim.document.delete(save=False)
            Claim.objects.filter(pk=claim.pk).update(document="", document_type="")
        Suggestion.objects.filter(network=network, created_at__lt=_before(now, network, SUGGESTIONS_KEPT.name)).delete()
        answered = Revision.objects.filter(network=network).exclude(state=RevisionState.WAITING)
        answered.filter(decided_at__lt=_before(now, network, SUGGESTIONS_KEPT.name)).delete()
    Trust.objects.filter(revoked_at__lt=now - _YEAR).delete()
    ClaimCode.objects.filter(expires_at__lt=now).delete()
    ActorInvitation.objects.filter(sent_at__lt=now - _YEAR).delete()


def _before(now: datetime, network: Network, setting: str) -> datetime:
    return now - timedelta(days=int(network.setting(setting)) * 365 / 12)
