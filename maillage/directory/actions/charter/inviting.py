"""Links to sign, sent to the contact address of actors: one at a time, or a campaign in the background."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User, new_nonce
from maillage.accounts.queries import is_suppressed, viewer_for
from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import progress, task
from maillage.core.mail import absolute_url, send
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.marking import hold
from maillage.directory.enums import MembershipState
from maillage.directory.models import Actor, SigningLink
from maillage.directory.queries.charter import addressees, calendar_of, followed, has_stopped, memberships
from maillage.directory.registry import LINK_DAYS
from maillage.networks.models import Network

KEPT = timedelta(days=365)


def send_link(*, by: Viewer, actor: Actor) -> SigningLink:
    """Send the link to the actor's contact address; one that waits is renewed, and the former link dies."""
    rules.may_follow_signatures(by, actor).require()
    if sentence := why_not(by.network, actor):
        raise Refused(sentence, status=409)
    with transaction.atomic():
        hold([actor.pk], by=by)
        now = timezone.now()
        link = SigningLink.objects.open().filter(network=by.network, actor=actor).first()
        link = link or SigningLink(network=by.network, actor=actor)
        link.email, link.nonce, link.sent_by, link.sent_at = actor.email, new_nonce(), by.user, now
        link.expires_at = now + timedelta(days=int(by.network.setting(LINK_DAYS.name)))
        link.full_clean()
        link.save()
        _mail(by, link)
        record("charter.link", by=by, subject=actor, touch=False)
    return link


def why_not(network: Network, actor: Actor) -> str:
    """Why no link is sent to an actor; "" when one may be."""
    calendar = calendar_of(network)
    if calendar.latest is None:
        return _("Publiez d'abord une charte.")
    if actor.archived_at is not None or not followed(network).filter(pk=actor.pk).exists():
        return _("Cet acteur n'est pas dans l'annuaire de ce réseau, ou y est archivé.")
    if not actor.email:
        return _(
            "Cet acteur n'a pas d'adresse de contact : complétez sa fiche, ou enregistrez une signature sur papier."
        )
    if is_suppressed(actor.email):
        return _("La personne qui lit cette adresse a demandé à ne plus recevoir de message.")
    if has_stopped(network).filter(pk=actor.pk).exists():
        return _("La personne qui lit cette adresse ne veut plus de message sur la charte.")
    held = memberships(network, [actor.pk], calendar=calendar)[actor.pk]
    if held.state == MembershipState.SIGNED:
        return _("La charte est déjà signée pour cet acteur.")
    return ""


def revoke_link(*, by: Viewer, link: SigningLink) -> SigningLink:
    rules.may_follow_signatures(by, link.actor).require()
    with transaction.atomic():
        link = SigningLink.objects.select_for_update(of=("self",)).select_related("actor").get(pk=link.pk)
        if not link.is_open:
            raise Conflict(_("Ce lien ne sert déjà plus."))
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at", "updated_at"])
        record("charter.revoke", by=by, subject=link.actor, touch=False)
    return link


def stop_link(*, link: SigningLink) -> None:
    """Whoever reads the address wants no more of these messages: the link dies, the campaigns leave the address alone."""
    SigningLink.objects.filter(pk=link.pk, stopped_at=None).update(stopped_at=timezone.now())


def start_campaign(*, by: Viewer, actors: QuerySet[Actor]) -> int:
    """Send a link to each of `actors` that may be written to, in the background; how many were taken.

    The messages may be stopped: they leave within the network's hourly limit.
    """
    rules.may_work(by).require()
    ids = addressees(by, actors).ids
    if not ids:
        raise Refused(_("Aucun de ces acteurs n'a d'adresse à laquelle écrire."), status=409)
    with transaction.atomic():
        record("charter.campaign", by=by, details={"count": len(ids)}, touch=False)
        send_campaign.enqueue(
            _scope=f"network:{by.network_id}", network_id=by.network_id, user_id=by.user_id, actor_ids=ids
        )
    return len(ids)


@task(max_attempts=3)
def send_campaign(job: Job, network_id: int, user_id: int, actor_ids: list[int]) -> None:
    """Each link in a transaction of its own; run again, it goes on with those who have none since the campaign began."""
    network = Network.objects.get(pk=network_id)
    by = viewer_for(User.objects.filter(pk=user_id).first(), network)
    for rank, pk in enumerate(actor_ids, start=1):
        actor = Actor.objects.select_related("commune__department").filter(pk=pk).first()
        sent = SigningLink.objects.filter(network=network, actor=pk, sent_at__gte=job.created_at)
        if actor is not None and not sent.exists():
            with suppress(Refused):  # Signed, archived or out of reach since the campaign was decided.
                send_link(by=by, actor=actor)
        progress(job, rank, len(actor_ids))


@task(every=timedelta(days=1))
def forget_links(job: Job) -> None:
    """A link holds an address: it is kept a year, longer only while it says that its reader wants no more of them."""
    SigningLink.objects.filter(sent_at__lt=timezone.now() - KEPT, stopped_at=None).delete()


def _mail(by: Viewer, link: SigningLink) -> None:
    path = reverse("directory:charter_sign", args=[link.pk, link.token])
    stop = reverse("directory:charter_stop", args=[link.pk, link.token])
    calendar = calendar_of(link.network)
    held = memberships(link.network, [link.actor_id], calendar=calendar)[link.actor_id]
    send(
        "directory/mail/charter_link.html",
        to=link.email,
        network=link.network,
        unasked=True,
        unsubscribe_url=absolute_url(link.network, stop),
        context={
            "link": link,
            "actor": link.actor,
            "version": calendar.latest,
            "signed_before": held.state in (MembershipState.TO_RESIGN, MembershipState.LAPSED),
            "until": held.until,
            "button_url": absolute_url(link.network, path),
            "button_label": _("Lire et signer la charte"),
        },
    )
