"""The approaches of the demonstration: two target lists, a campaign answered for weeks, another being prepared."""

from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone

from maillage.core.errors import Refused
from maillage.core.models import Job, JobStatus
from maillage.directory.actions import charter
from maillage.directory.actions.charter import Signer
from maillage.directory.enums import Nature
from maillage.directory.models import Actor, CharterVersion, Qualification
from maillage.outreach.actions.answering import answer_campaign, note_refusal, stop_campaigns
from maillage.outreach.actions.approaches import begin_approach, begin_approaches, move_approach
from maillage.outreach.actions.campaigns import write_campaign
from maillage.outreach.actions.contacts import log_contact
from maillage.outreach.actions.lists import create_list
from maillage.outreach.actions.sending import send_campaign, send_planned, start_campaign
from maillage.outreach.enums import CampaignAnswer, Stage
from maillage.outreach.models import Approach, Campaign, CampaignMessage, Contact, TargetList
from maillage.portal.management.demo.words import FIRST_NAMES, LAST_NAMES
from maillage.portal.management.demo.world import World

_OUTDOORS = "Sorties nature : loisirs, patrimoine, environnement"
_READING = "Médiathèques à équiper en mallettes"
_WHY = {
    _OUTDOORS: "Vos visites et vos ateliers font déjà regarder, compter, essayer : c'est une façon de partager les sciences.",
    _READING: "Vos rayons et vos heures du conte sont un lieu où l'on vient comprendre le monde.",
}
_LETTER = (
    "Bonjour,\n\n{pourquoi}\n\nLe réseau prête gratuitement une mallette « Petites bêtes » aux équipes proches de {commune} : "
    "trois heures d'activités dehors, pour des groupes de 6 à 12 ans. Une démonstration a lieu le premier mercredi du mois "
    "prochain, à 14 h.\n\nEst-ce que cela vous intéresserait ?\n\n{contact}"
)
_NEXT = (
    "Bonjour,\n\n{pourquoi}\n\nTrois expositions itinérantes sont libres au printemps, à moins d'une heure de {commune}. "
    "Nous les apportons et nous les installons.\n\nVoulez-vous en accueillir une ?\n\n{contact}"
)
_WORDS = {
    CampaignAnswer.INTERESTED: ["Oui, pour deux groupes le mercredi.", "", "Appelez plutôt le matin.", ""],
    CampaignAnswer.LATER: ["Après les vacances.", "", "Nous changeons de direction."],
    CampaignAnswer.NO: ["", "Nous n'avons plus d'animateur.", ""],
}
# One letter a message, in turn: interested, later, no, nothing.
_PATTERN = "i..l.n.i...i.l..n.i.l...i..n"
_ANSWERS = {"i": CampaignAnswer.INTERESTED, "l": CampaignAnswer.LATER, "n": CampaignAnswer.NO}


def tell_pipeline(world: World) -> None:
    add, ago = world.chronicle.add, world.chronicle.ago
    add(
        ago(76, 11),
        partial(_list, world, _OUTDOORS, {"leisure": 36, "heritage": 24, "environment": 18}, "cercle=3"),
    )
    add(ago(75, 10), partial(_begin, world, _OUTDOORS))
    add(ago(61, 9, 30), partial(_send, world))
    for rank in range(84):
        add(ago(60 - rank % 27, 9 + rank % 10, rank * 13 % 60), partial(_answer, world, rank))
    add(ago(58, 8), partial(_refuse, world))
    for rank in range(8):
        add(ago(31 - 2 * rank, 15, rank * 7), partial(_visit, world, rank))
    for rank in range(3):
        add(ago(14 - 4 * rank, 16), partial(_sign, world, rank))
    add(ago(29, 11), partial(_list, world, _READING, {"library": 34}, "famille=bibliotheque-et-mediatheque&cercle=3"))
    add(ago(28, 10), partial(_begin, world, _READING))
    for rank in range(9):
        add(ago(26 - 2 * rank, 10 + rank % 6, 20), partial(_call, world, rank))
    for rank in range(12):
        add(ago(20 - rank, 17, rank * 3), partial(_spot, world, rank))
    add(ago(40, 16), partial(_late, world))
    add(ago(3, 11), partial(_prepare, world))


def _chosen(world: World, key: str, count: int) -> list[int]:
    """Actors of a family, in circle 3 as far as there are enough; those with an address first."""
    known = [actor for actor in world.actors(key, 400) if actor.archived_at is None]
    third = Qualification.objects.in_force().filter(network=world.south, circle=3, nature=Nature.ASSESSED)
    ids = set(third.filter(actor__in=known).values_list("actor", flat=True))
    ranked = sorted(known, key=lambda actor: (actor.pk not in ids, not actor.email, actor.pk))
    return [actor.pk for actor in ranked[:count]]


def _list(world: World, name: str, wanted: dict[str, int], query: str, at: datetime) -> None:
    purpose = "Proposer un prêt gratuit, près de chez eux, et raconter le réseau."
    ids = [pk for key, count in wanted.items() for pk in _chosen(world, key, count)]
    made = create_list(by=world.viewer("animation"), name=name, purpose=purpose, query=query, actor_ids=ids)
    TargetList.objects.filter(pk=made.pk).update(created_at=at)


def _begin(world: World, name: str, at: datetime) -> None:
    by = world.viewer("animation")
    begin_approaches(by=by, target_list=TargetList.objects.get(network=world.south, name=name), reason=_WHY[name])


def _send(world: World, at: datetime) -> None:
    by = world.viewer("animation")
    target_list = TargetList.objects.get(network=world.south, name=_OUTDOORS)
    subject = "Une mallette « Petites bêtes » près de {commune}"
    campaign = write_campaign(by=by, target_list=target_list, subject=subject, body=_LETTER)
    try:
        start_campaign(by=by, campaign=campaign)
    except Refused:  # A smaller demonstration has nobody with an address there.
        return
    send_planned(campaign, at_most=1000, told=lambda done, total: None)
    Job.objects.filter(task=send_campaign.name).update(status=JobStatus.DONE, finished_at=at)
    Campaign.objects.filter(pk=campaign.pk).update(created_at=at, started_at=at, finished_at=at + timedelta(minutes=20))
    until = timezone.now() + timedelta(days=60)
    CampaignMessage.objects.sent().filter(campaign=campaign).update(sent_at=at, expires_at=until)


def _messages(world: World) -> list[CampaignMessage]:
    sent = CampaignMessage.objects.sent().filter(network=world.south).select_related("actor")
    return list(sent.order_by("pk"))


def _answer(world: World, rank: int, at: datetime) -> None:
    answer = _ANSWERS.get(_PATTERN[rank % len(_PATTERN)])
    for message in _messages(world)[rank : rank + 1]:
        if answer is None or message.failed_at:
            return
        words = _WORDS[answer]
        month = at.date() + timedelta(days=92) if rank % 2 else None
        later = date(month.year, month.month, 1) if month else None
        answer_campaign(message=message, answer=answer, later_on=later, word=words[rank % len(words)])
        CampaignMessage.objects.filter(pk=message.pk).update(answered_at=at)


def _refuse(world: World, at: datetime) -> None:
    """Two addresses that nobody reads any more, someone who wants no more messages."""
    messages = _messages(world)
    for message in messages[9:11]:
        note_refusal(address=message.email)
        CampaignMessage.objects.filter(pk=message.pk).update(failed_at=at)
    for message in messages[12:13]:
        stop_campaigns(message=message)


def _interested(world: World) -> list[Approach]:
    found = Approach.objects.open().filter(network=world.south, stage=Stage.INTERESTED)
    return list(found.select_related("actor").order_by("pk"))


def _visit(world: World, rank: int, at: datetime) -> None:
    """Some were visited before they answered, others after."""
    open_ = Approach.objects.open().filter(network=world.south, stage=Stage.CONTACTED).select_related("actor")
    for approach in open_.order_by("pk")[rank : rank + 1]:
        about = "Visite du mercredi : les enfants ont construit un hôtel à insectes."
        _logs(world, approach.actor, "visit", about, at)


def _call(world: World, rank: int, at: datetime) -> None:
    members = TargetList.objects.get(network=world.south, name=_READING).actors.order_by("pk")
    for actor in members[3 * rank : 3 * rank + 1]:
        _logs(world, actor, "phone", "Présentation du prêt d'expositions.", at)


def _logs(world: World, actor: Actor, channel: str, about: str, at: datetime) -> None:
    contact = log_contact(by=world.viewer("animation"), actors=[actor], channel=channel, about=about, on=at.date())
    Contact.objects.filter(pk=contact.pk).update(created_at=at)


def _sign(world: World, rank: int, at: datetime) -> None:
    """On paper, after a visit: the approach has come to its end."""
    version = CharterVersion.objects.filter(network=world.south).published().first()
    for approach in _interested(world)[:1]:
        if version is None:
            return
        name = f"{FIRST_NAMES[rank * 11 % len(FIRST_NAMES)]} {LAST_NAMES[rank * 13 % len(LAST_NAMES)]}"
        try:
            charter.record_paper(
                by=world.viewer("animation"),
                actor=approach.actor,
                version=version,
                signer=Signer(name, "responsable de la structure"),
                on=at.date(),
            )
        except Refused:
            return


def _spot(world: World, rank: int, at: datetime) -> None:
    """Seen from afar, to be known better; not yet written to."""
    for actor in Actor.objects.filter(pk__in=_chosen(world, "venue", 12)).order_by("pk")[rank : rank + 1]:
        try:
            begin_approach(
                by=world.viewer("animation" if rank % 3 else "admin"),
                actor=actor,
                stage=Stage.TO_IDENTIFY if rank % 4 else Stage.TO_CONTACT,
                reason="Vos visites racontent comment on bâtissait et pourquoi cela tient." if rank % 2 else "",
                next_on=at.date() + timedelta(days=25) if rank % 5 == 0 else None,
            )
        except Refused:
            return


def _late(world: World, at: datetime) -> None:
    """Someone promised to come back, and the day has passed."""
    open_ = Approach.objects.open().filter(network=world.south, stage=Stage.CONTACTED)
    for approach in open_.select_related("actor").order_by("-pk")[:2]:
        move_approach(
            by=world.viewer("animation"), approach=approach, stage=Stage.LATER, next_on=at.date() + timedelta(days=38)
        )


def _prepare(world: World, at: datetime) -> None:
    target_list = TargetList.objects.get(network=world.south, name=_READING)
    answer_by = timezone.localdate(world.chronicle.now) + timedelta(days=30)
    written = write_campaign(
        by=world.viewer("animation"),
        target_list=target_list,
        subject="Une exposition à accueillir ce printemps à {commune} ?",
        body=_NEXT,
        answer_by=answer_by,
    )
    Campaign.objects.filter(pk=written.pk).update(created_at=at)
