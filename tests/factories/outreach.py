"""Small worlds for the tests of the network's relations."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.outreach.enums import Stage
from maillage.outreach.models import (
    Approach,
    ApproachStep,
    Campaign,
    CampaignMessage,
    Contact,
    ContactActor,
    ListMember,
    TargetList,
)

_numbers = iter(range(1, 10**9))


def make_contact(network: Network, *actors: Actor, **fields: Any) -> Contact:
    """A call of today with `actors`, unless said otherwise."""
    contact = Contact.objects.create(network=network, **{"on": timezone.localdate(), **fields})
    ContactActor.objects.bulk_create(ContactActor(contact=contact, actor=actor) for actor in actors)
    return contact


def make_approach(actor: Actor, stage: str = Stage.TO_CONTACT, **fields: Any) -> Approach:
    """Of its home network, with its first step."""
    network = fields.pop("network", actor.home_network)
    closed_at = timezone.now() if Stage(stage).ends else None
    approach = Approach.objects.create(network=network, actor=actor, stage=stage, **{"closed_at": closed_at, **fields})
    ApproachStep.objects.create(network=network, actor=actor, stage=stage, at=approach.moved_at)
    return approach


def make_list(network: Network, *actors: Actor, name: str = "", **fields: Any) -> TargetList:
    made = TargetList.objects.create(network=network, name=name or f"Liste {next(_numbers)}", **fields)
    ListMember.objects.bulk_create(ListMember(target_list=made, actor=actor) for actor in actors)
    return made


def make_campaign(network: Network, *actors: Actor, **fields: Any) -> Campaign:
    """One being prepared, for a list of `actors`."""
    values = {"subject": "Une balade à {commune}", "body": "Bonjour,\n\n{pourquoi}\n\n{acteur} vient-il ?\n\n{contact}"}
    target_list = fields.pop("target_list", None) or make_list(network, *actors)
    return Campaign.objects.create(network=network, target_list=target_list, **{**values, **fields})


def make_message(campaign: Campaign, actor: Actor, **fields: Any) -> CampaignMessage:
    """One that was sent, and may be answered."""
    now = timezone.now()
    values = {"email": actor.email, "sent_at": now, "expires_at": now + timedelta(days=30)}
    return CampaignMessage.objects.create(
        network=campaign.network, campaign=campaign, actor=actor, **{**values, **fields}
    )
