"""Small worlds for the tests of the network's relations."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.outreach.enums import Function, Stage
from maillage.outreach.models import (
    Approach,
    ApproachStep,
    Campaign,
    CampaignMessage,
    Contact,
    ContactActor,
    FollowUp,
    Introduction,
    IntroductionSide,
    Letter,
    ListMember,
    Mandate,
    Need,
    Official,
    Partnership,
    Recipient,
    TargetList,
)
from tests.factories.directory import make_commune

_numbers = iter(range(1, 10**9))


def make_contact(network: Network, *actors: Actor, **fields: Any) -> Contact:
    """A call of today with `actors`, unless said otherwise."""
    contact = Contact.objects.create(network=network, **{"on": timezone.localdate(), **fields})
    ContactActor.objects.bulk_create(ContactActor(contact=contact, actor=actor) for actor in actors)
    return contact


def make_need(network: Network, actor: Actor | None = None, *, terms: Any = (), days: int = 180, **fields: Any) -> Need:
    """A need of today for a speaker, unless said otherwise; it ends in `days`."""
    today = timezone.localdate()
    values = {"kind": "speaker", "title": "Une intervention sur l'eau", "expires_on": today + timedelta(days=days)}
    if actor is None:
        values["heard_from"] = "Une enseignante"
    if fields.get("state", "open") != "open":
        values["closed_on"] = today
    need = Need.objects.create(network=network, actor=actor, **{**values, **fields})
    need.terms.set(terms)
    return need


def make_official(network: Network, last_name: str = "", *, territory: Any = None, **fields: Any) -> Official:
    """A mayor in office, unless said otherwise: with an e-mail and a postal address."""
    number = next(_numbers)
    mandate = {
        name: fields.pop(name) for name in ("function", "delegation", "body", "since", "until") if name in fields
    }
    values = {
        "last_name": last_name or f"Personne {number}",
        "first_name": "Claude",
        "email": f"elu{number}@mairie.test",
        "address": "Mairie\n1 place de la Halle\n34000 Montpellier",
        "source": "Site de la mairie",
        **fields,
    }
    official = Official.objects.create(network=network, **values)
    place = territory if territory is not None or mandate.get("body") else make_commune()
    Mandate.objects.create(official=official, territory=place, **{"function": Function.MAYOR, **mandate})
    return Official.objects.with_mandates().get(pk=official.pk)


def make_letter(network: Network, *officials: Official, subject: str = "Bonjour", body: str = "<p>{nom}</p>") -> Letter:
    """A letter for these officials, not sent, by nobody."""
    letter = Letter.objects.create(network=network, subject=subject, body=body)
    Recipient.objects.bulk_create(
        Recipient(letter=letter, official=official, mandate=official.mandates.first()) for official in officials
    )
    return letter


def make_introduction(
    network: Network, asker: Actor | None, found: Actor, *, met: int | None = None, **fields: Any
) -> Introduction:
    """A request sent to both today, or in contact for `met` days; without `asker`, Odile Marty, outside the directory."""
    now = timezone.now()
    at = now - timedelta(days=met or 0)
    values = {"what": "Un atelier d'astronomie", "asked_at": at, **fields}
    if met is not None:
        values |= {"state": "met", "met_at": at}
    introduction = Introduction.objects.create(network=network, **values)
    outside = {"name": "Odile Marty", "structure": "Mairie de Mende", "email": "odile@exemple.test"}
    for role, actor in (("asker", asker), ("found", found)):
        side = IntroductionSide.objects.create(
            introduction=introduction,
            role=role,
            actor=actor,
            sent_at=at,
            expires_at=now + timedelta(days=45),
            **({"email": actor.email} if actor is not None else outside),
            **({"answer": "yes", "answered_at": at, "contact_at": at} if met is not None else {}),
        )
        for rank, days in ((1, 15), (2, 90)) if met is not None else ():
            FollowUp.objects.create(side=side, rank=rank, due_on=timezone.localdate(at) + timedelta(days=days))
    return introduction


def make_partnership(network: Network, actor: Actor, other: Actor, **fields: Any) -> Partnership:
    """Declared by `actor` today, unless said otherwise."""
    first, second = sorted((actor, other), key=lambda one: one.pk)
    values = {"title": "Un cycle d'ateliers sur l'eau", "email": other.email, **fields}
    if values.get("state", "declared") != "declared":
        values.setdefault("decided_at", timezone.now())
    return Partnership.objects.create(network=network, first=first, second=second, by_first=first == actor, **values)


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
