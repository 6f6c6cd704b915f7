"""Proposing a content to another network, taking it there or not, taking it back; following what becomes of it at home."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core import jobs
from maillage.core.dates import date_format
from maillage.core.errors import Conflict, Refused
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.networks.queries import partners_of
from maillage.sharing import rules
from maillage.sharing.actions.telling import tell_answer, tell_hosts, tell_withdrawn
from maillage.sharing.enums import ShareState
from maillage.sharing.models import Share
from maillage.sharing.queries import content_of
from maillage.sharing.registry import ShareableKind, kind_named

DAY = timedelta(days=1)
AGAIN = timedelta(days=30)


def propose(*, by: Viewer, kind: ShareableKind, content: Any, to: Sequence[Network], note: str = "") -> list[Share]:
    """To each network of `to`; where it is proposed or told already, nothing changes. A network that said no is not asked again
    before `AGAIN` has passed; one that saw it taken back and proposed again the same day is told once."""
    rules.may_propose(by, kind, content).require()
    if not to:
        raise Refused(_("Choisissez au moins un réseau."), status=422)
    allowed = set(partners_of(by.network).values_list("pk", flat=True))
    made = []
    with transaction.atomic():
        for network in sorted(to, key=lambda each: each.pk):
            if network.pk not in allowed:
                raise Refused(_("Ce réseau ne reçoit pas de propositions."), status=422)
            earlier = Share.objects.about(kind.name, content.pk).filter(home=by.network, host=network)
            _require_no_refusal(earlier, network)
            told_today = earlier.filter(created_at__gte=timezone.now() - DAY).exists()
            share = Share(
                kind=kind.name, object_id=content.pk, title=str(content)[:200], home=by.network, host=network,
                note=note.strip(), proposed_by=by.user,
            )  # fmt: skip
            share.full_clean(validate_constraints=False)
            try:
                with transaction.atomic():
                    share.save()
            except IntegrityError:
                continue  # It stands there already.
            record("share.proposed", by=by, subject=share, details={"network": str(network)}, touch=False)
            if not told_today:
                tell_hosts(share)
            made.append(share)
    return made


def _require_no_refusal(earlier: "QuerySet[Share]", network: Network) -> None:
    """A refusal is heard: nobody proposes until someone tires."""
    said_no = earlier.filter(state=ShareState.REFUSED, decided_at__gt=timezone.now() - AGAIN)
    last = said_no.order_by("-decided_at").first()
    if last is not None and last.decided_at is not None:
        told = {"network": network, "day": date_format(timezone.localtime(last.decided_at + AGAIN), "j F Y")}
        raise Refused(
            _("%(network)s n'en a pas voulu il y a peu : vous pourrez le lui proposer de nouveau après le %(day)s.")
            % told,
            status=409,
        )


def accept(*, by: Viewer, share: Share) -> Share:
    """It is told among the contents of this network from now on."""
    with transaction.atomic():
        share = _held(share)
        rules.may_answer(by, share).require()
        content = content_of(share)
        if content is None or not content.is_shown or not share.home.is_public:
            raise Conflict(_("Ce contenu n'est plus en ligne dans son réseau : il ne peut pas paraître ici."))
        share = _decide(by, share, ShareState.ACCEPTED)
        Network.objects.filter(pk=share.host_id).update(has_guests=True)
        record("share.accepted", by=by, subject=share, details={"network": str(share.home)})
        _refresh(share)
        tell_answer(share)
    return share


def refuse(*, by: Viewer, share: Share, reason: str) -> Share:
    with transaction.atomic():
        share = _held(share)
        rules.may_answer(by, share).require()
        share = _decide(by, share, ShareState.REFUSED, _said(reason))
        record("share.refused", by=by, subject=share, details={"network": str(share.home)}, touch=False)
        tell_answer(share)
    return share


def withdraw(*, by: Viewer, share: Share, reason: str = "") -> Share:
    """By the network it comes from, or by the one that took it, which says why. The content lives on at home as it was."""
    with transaction.atomic():
        share = _held(share)
        rules.may_withdraw(by, share).require()
        was_told, at_home = share.is_accepted, by.network_id == share.home_id
        state = ShareState.WITHDRAWN if at_home else ShareState.REMOVED
        share = _decide(by, share, state, reason.strip() if at_home else _said(reason))
        record(f"share.{state.value}", by=by, subject=share, details={"network": str(share.other(by.network))})
        if was_told:
            _refresh(share)
        if not at_home:
            tell_answer(share)
        elif was_told:
            tell_withdrawn(share)
    return share


def _held(share: Share) -> Share:
    """Locked: two answers at once come one after the other."""
    return Share.objects.select_for_update(of=("self",)).select_related("home", "host", "proposed_by").get(pk=share.pk)


def _decide(by: Viewer, share: Share, state: ShareState, reason: str = "") -> Share:
    share.state, share.reason = state, reason
    share.decided_by, share.decided_at = by.user, timezone.now()
    share.full_clean(validate_constraints=False)
    share.save()
    return share


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Dites pourquoi : l'autre réseau le lira."), status=422)
    return reason.strip()


# --- what becomes of it at home ----------------------------------------------------------------------------------------


def changed_at_home(kind: str, keys: Iterable[int]) -> None:
    """Called at the end of the actions of the app that has the contents: the other networks follow, each in its own transaction, so
    that no act holds two networks."""
    known = Share.objects.accepted().filter(kind=kind, object_id__in=list(keys))
    if told := list(known.order_by("object_id").values_list("object_id", flat=True).distinct()):
        follow_home.enqueue(kind=kind, keys=told)


def network_changed(network: Network) -> None:
    """It opened, closed or moved to another address: where its contents are told follows."""
    for kind in (
        Share.objects.filter(home=network, state=ShareState.ACCEPTED)
        .values_list("kind", flat=True)
        .distinct()
        .order_by()
    ):
        keys = Share.objects.filter(home=network, state=ShareState.ACCEPTED, kind=kind).values_list(
            "object_id", flat=True
        )
        follow_home.enqueue(kind=kind, keys=sorted(set(keys)))


def _refresh(share: Share) -> None:
    follow_home.enqueue(kind=share.kind, keys=[share.object_id])


@jobs.task()
def follow_home(job: Job, kind: str, keys: list[int]) -> None:
    """The search and the kept pages of the networks where these contents are told, or were."""
    declared = kind_named(kind)
    if declared is None:
        return
    shares = list(Share.objects.filter(kind=kind, object_id__in=keys).select_related("home", "host"))
    shown = {share.object_id for share in shares if (content := content_of(share)) is not None and content.is_shown}
    told = {
        (share.object_id, share.host_id)
        for share in shares
        if share.is_accepted and share.home.is_public and share.object_id in shown
    }
    for key in keys:
        ended = {each.host for each in shares if each.object_id == key and (key, each.host_id) not in told}
        declared.refresh([key], sorted(ended, key=lambda network: network.pk))
    for network_id in sorted({share.host_id for share in shares}):
        with transaction.atomic():
            Network(pk=network_id).touch()
