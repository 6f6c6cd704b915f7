"""Sending a campaign: one row a message, written when it is decided; each leaves once, whatever happens to the worker."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import progress, task
from maillage.core.mail import absolute_url, send, slots_left
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import hold
from maillage.directory.models import Actor
from maillage.directory.queries.freshness import origin_of
from maillage.outreach import rules
from maillage.outreach.actions.approaches import contact_once
from maillage.outreach.actions.campaigns import held
from maillage.outreach.enums import CampaignState, Skip
from maillage.outreach.models import Campaign, CampaignMessage
from maillage.outreach.queries.campaign_letters import letter_for
from maillage.outreach.queries.recipients import Recap, recap, why_not_now
from maillage.outreach.registry.approaches import ANSWERS_OPEN

_BATCH = 500
_WAIT = timedelta(minutes=10)


def print_of(campaign: Campaign, found: Recap) -> str:
    """Ties the confirmation to what was read: these words, to these actors."""
    ids = [actor.pk for actor in found.actors]
    return hashlib.sha256(repr((campaign.subject, campaign.body, str(campaign.answer_by), ids)).encode()).hexdigest()[
        :32
    ]


def start_campaign(*, by: Viewer, campaign: Campaign, read: str = "") -> Campaign:
    """Decide once whom it is for; the messages leave in the background. `read` is `print_of` what was shown."""
    with transaction.atomic():
        campaign = held(campaign)
        rules.may_change_campaign(by, campaign).require()
        campaign.full_clean(exclude=["answer_by"])
        if campaign.answer_by is not None and campaign.answer_by < timezone.localdate():
            raise Refused(_("La date pour répondre est passée : changez-la."), status=409)
        found = recap(by, campaign.target_list)
        if read and read != print_of(campaign, found):
            raise Conflict(_("La liste ou le texte a changé depuis : relisez avant d'envoyer."))
        if not found.actors:
            raise Refused(_("Aucun acteur de la liste ne peut recevoir ce message."), status=409)
        rows = [
            CampaignMessage(network=by.network, campaign=campaign, actor=actor, email=actor.email)
            for actor in found.actors
        ]
        rows += [
            CampaignMessage(network=by.network, campaign=campaign, actor=actor, skipped=skip)
            for skip, actors in found.reasons
            for actor in actors
        ]
        CampaignMessage.objects.bulk_create(rows, batch_size=_BATCH)
        campaign.state, campaign.started_at = CampaignState.SENDING, timezone.now()
        campaign.save()
        record("campaign.sent", by=by, subject=campaign, details={"count": len(found.actors)}, touch=False)
        _enqueue(campaign)
    return campaign


def _enqueue(campaign: Campaign, at: datetime | None = None) -> None:
    send_campaign.enqueue(_scope=f"network:{campaign.network_id}", _at=at, campaign_id=campaign.pk)


def stop_campaign(*, by: Viewer, campaign: Campaign) -> Campaign:
    """What has not left does not leave."""
    rules.may_follow(by).require()
    with transaction.atomic():
        campaign = held(campaign)
        if not campaign.is_sending:
            raise Refused(_("Cette campagne n'est pas en cours d'envoi."), status=409)
        campaign.messages.planned().update(skipped=Skip.HALTED)
        campaign.state, campaign.finished_at = CampaignState.STOPPED, timezone.now()
        campaign.save()
        record("campaign.stopped", by=by, subject=campaign, touch=False)
    return campaign


def resume_campaign(*, by: Viewer, campaign: Campaign) -> Campaign:
    """A sending whose task failed goes on with those that have not left."""
    rules.may_follow(by).require()
    with transaction.atomic():
        campaign = held(campaign)
        if not campaign.is_sending:
            raise Refused(_("Cette campagne n'est pas en cours d'envoi."), status=409)
        record("campaign.resumed", by=by, subject=campaign, touch=False)
        _enqueue(campaign)
    return campaign


@task(max_attempts=5)
def send_campaign(job: Job, campaign_id: int) -> None:
    """Each message in a transaction of its own, with the mail job that it makes: run again, it goes on with the others. When
    the network's hour is full, it comes back later rather than fill the queue: to stop it then really stops it."""
    campaign = Campaign.objects.select_related("network").get(pk=campaign_id)
    left = slots_left(campaign.network)
    if not send_planned(campaign, at_most=left, told=lambda done, total: progress(job, done, total)):
        _enqueue(campaign, timezone.now() + _WAIT)


def send_planned(campaign: Campaign, *, at_most: int, told: Callable[[int, int], None]) -> bool:
    """Whether all has left. `told` hears how many have, of how many."""
    total = campaign.messages.filter(skipped="").count()
    done = campaign.messages.sent().count()
    for pk in list(campaign.messages.planned().values_list("pk", flat=True)):
        if at_most <= 0:
            return False
        if _send_one(pk):
            done, at_most = done + 1, at_most - 1
        told(done, total)
    with transaction.atomic():
        campaign = held(campaign)
        if campaign.is_sending and not campaign.messages.planned().exists():
            campaign.state, campaign.finished_at = CampaignState.SENT, timezone.now()
            campaign.save()
    return True


def _send_one(pk: int) -> bool:
    with transaction.atomic():
        known = CampaignMessage.objects.filter(pk=pk).values("campaign", "actor").first()
        if known is None:
            return False
        by = Viewer.as_system(None, _("Campagne"))
        hold([known["actor"]], by=by)
        campaign = held(Campaign(pk=known["campaign"]))
        message = CampaignMessage.objects.select_for_update().filter(pk=pk).first()
        if message is None or message.sent_at is not None or message.skipped or not campaign.is_sending:
            return False
        actor = Actor.objects.select_related("commune__department").get(pk=message.actor_id)
        if skip := why_not_now(campaign.network, actor, message.email):
            message.skipped, message.email = skip, ""
            message.save()
            return False
        now = timezone.now()
        message.sent_at = now
        message.expires_at = now + timedelta(days=int(campaign.network.setting(ANSWERS_OPEN.name)))
        message.save()
        contact_once(
            by=Viewer.as_system(campaign.network, _("Campagne : %(subject)s") % {"subject": campaign}),
            actor=actor,
            follower=campaign.author,
        )
        _mail(campaign, message, actor)
    return True


def _mail(campaign: Campaign, message: CampaignMessage, actor: Actor) -> None:
    address = [message.pk, message.token]
    send(
        "outreach/mail/campaign.html",
        to=message.email,
        network=campaign.network,
        unasked=True,
        unsubscribe_url=absolute_url(campaign.network, reverse("outreach:proposal_stop", args=address)),
        context={
            "letter": letter_for(campaign, actor),
            "campaign": campaign,
            "actor": actor,
            "origin": origin_of(actor),
            "trial": False,
            "button_url": absolute_url(campaign.network, reverse("outreach:proposal_show", args=address)),
            "button_label": _("Répondre en un clic"),
        },
    )
