"""What whoever reads the address of an actor answers to a campaign with its link, without an account."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.queries import suppressed_among
from maillage.activity.actions import notify, record
from maillage.core.errors import Refused
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import hold
from maillage.directory.actions.reminding import open_sheet
from maillage.directory.models import Reminder
from maillage.networks.models import Network
from maillage.outreach.actions.approaches import answer_approach
from maillage.outreach.enums import CampaignAnswer, Stage
from maillage.outreach.models import CampaignMessage
from maillage.outreach.queries.terms import months
from maillage.outreach.registry.approaches import KEPT

_STAGES = {
    CampaignAnswer.INTERESTED: Stage.INTERESTED,
    CampaignAnswer.LATER: Stage.LATER,
    CampaignAnswer.NO: Stage.DECLINED,
}


def answer_campaign(
    *, message: CampaignMessage, answer: CampaignAnswer, later_on: date | None = None, word: str = ""
) -> CampaignMessage:
    """The last answer counts: it moves the approach and tells whoever follows it."""
    answer = CampaignAnswer(answer)
    with transaction.atomic():
        message = _opened(message)
        by = _holder(message)
        later_on = later_on if answer == CampaignAnswer.LATER else None
        word = " ".join(word.split())
        if (message.answer, message.later_on, message.word) == (answer, later_on, word):
            return message
        message.answer, message.answered_at = answer, timezone.now()
        message.later_on, message.word = later_on, word
        message.full_clean(exclude=["actor", "campaign", "network"], validate_constraints=False)
        message.save()
        approach = answer_approach(
            by=by, actor=message.actor, stage=_STAGES[answer], next_on=later_on, follower=message.campaign.author
        )
        record("campaign.answered", by=by, subject=message, details={"answer": str(answer.label)}, touch=False)
        follower = approach.follower or message.campaign.author
        if follower is not None:
            notify(
                "campaign_answers",
                event=f"{message.pk}:{answer}",
                title=_("%(actor)s a répondu « %(answer)s »") % {"actor": message.actor.name, "answer": answer.label},
                network=message.network,
                to=follower,
                url=approach.get_absolute_url(),
                context={"text": word, "button_label": _("Voir l'approche")},
            )
    return message


def stop_campaigns(*, message: CampaignMessage) -> None:
    """No more campaigns of this network to this address; the link goes on taking answers."""
    CampaignMessage.objects.filter(pk=message.pk, stopped_at=None).update(stopped_at=timezone.now())


def open_own_sheet(*, message: CampaignMessage) -> Reminder:
    """The link to correct or withdraw the sheet, for whoever holds that of a campaign."""
    with transaction.atomic():
        message = _opened(message)
        return open_sheet(by=_holder(message), actor=message.actor)


def note_refusal(*, address: str) -> None:
    """The mail server refused the address: the team sees it, campaigns leave it alone."""
    last = CampaignMessage.objects.sent().filter(email__iexact=address, failed_at=None).order_by("-sent_at")
    pks = list(last.values_list("pk", flat=True)[:1])
    CampaignMessage.objects.filter(pk__in=pks).update(failed_at=timezone.now())


def forget_address(*, address: str) -> None:
    """Its owner is erased: what was sent is counted, not to whom."""
    CampaignMessage.objects.filter(email__iexact=address).update(email="", word="")


def _holder(message: CampaignMessage) -> Viewer:
    return Viewer.as_system(message.network, _("L'acteur, par son lien personnel"))


def _opened(message: CampaignMessage) -> CampaignMessage:
    hold([message.actor_id], by=_holder(message))
    locked = CampaignMessage.objects.select_for_update(of=("self",))
    found = locked.select_related("network", "campaign__author", "actor__commune__department").get(pk=message.pk)
    if not found.is_open:
        raise Refused(
            _("Ce lien ne sert plus : son délai est passé, l'adresse de la fiche a changé, ou la fiche est archivée."),
            status=410,
        )
    return found


@task(every=timedelta(days=1))
def forget_messages(job: Job) -> None:
    """At term, and as soon as its owner objected, the address and the words go; a wish to be left alone stays as long as the
    address is that of the sheet."""
    for network in Network.objects.order_by("pk"):
        term = timezone.now() - months(int(network.setting(KEPT.name)))
        held = CampaignMessage.objects.filter(network=network).exclude(email="", word="")
        old = held.filter(campaign__created_at__lt=term)
        old.exclude(stopped_at__isnull=False, email=F("actor__email")).update(email="", word="")
        addresses = sorted(set(held.values_list("email", flat=True)) - {""})
        for address in sorted(suppressed_among(addresses)):
            forget_address(address=address)
