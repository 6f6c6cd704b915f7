"""Campaigns before they leave: written, changed, tried on oneself, thrown away."""

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Refused
from maillage.core.mail import absolute_url, send
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.outreach import rules
from maillage.outreach.models import Campaign, TargetList
from maillage.outreach.queries.campaign_letters import letter_for


def write_campaign(
    *, by: Viewer, target_list: TargetList, subject: str, body: str, answer_by: date | None = None
) -> Campaign:
    rules.may_follow(by).require()
    with transaction.atomic():
        campaign = Campaign(
            network=by.network,
            target_list=target_list,
            subject=subject,
            body=body,
            answer_by=answer_by,
            author=by.user,
        )
        campaign.full_clean()
        campaign.save()
        record("campaign.written", by=by, subject=campaign, touch=False)
    return campaign


def change_campaign(*, by: Viewer, campaign: Campaign, **values: Any) -> Campaign:
    """`values`: `target_list`, `subject`, `body`, `answer_by`."""
    with transaction.atomic():
        campaign = held(campaign)
        rules.may_change_campaign(by, campaign).require()
        if unknown := values.keys() - {"target_list", "subject", "body", "answer_by"}:
            raise TypeError(f"a campaign has no {sorted(unknown)}")
        for name, value in values.items():
            setattr(campaign, name, value)
        campaign.full_clean()
        campaign.save()
        record("campaign.changed", by=by, subject=campaign, touch=False)
    return campaign


def remove_campaign(*, by: Viewer, campaign: Campaign) -> None:
    with transaction.atomic():
        campaign = held(campaign)
        rules.may_change_campaign(by, campaign).require()
        record("campaign.removed", by=by, subject=campaign, touch=False)
        campaign.delete()


def try_campaign(*, by: Viewer, campaign: Campaign, actor: Actor) -> None:
    """The message as `actor` would read it, to oneself; its button leads to the preview."""
    rules.may_follow(by, actor).require()
    if by.user is None:
        raise Refused(_("Il faut un compte pour s'envoyer un essai."))
    path = f"{reverse('outreach:campaign_preview', args=[campaign.pk])}?acteur={actor.pk}"
    send(
        "outreach/mail/campaign.html",
        to=by.user.email,
        network=by.network,
        context={
            "letter": letter_for(campaign, actor),
            "campaign": campaign,
            "actor": actor,
            "trial": True,
            "button_url": absolute_url(by.network, path),
            "button_label": _("Voir l'aperçu"),
        },
    )


def held(campaign: Campaign) -> Campaign:
    found = Campaign.objects.select_for_update(of=("self",)).select_related("network", "author", "target_list")
    return found.get(pk=campaign.pk)
