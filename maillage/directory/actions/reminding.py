"""Asking whether a sheet is still right, and the answers given with the personal link, without an account (DIR-9)."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import new_nonce
from maillage.activity.actions import record
from maillage.core.errors import Refused
from maillage.core.jobs import task
from maillage.core.mail import absolute_url, send
from maillage.core.models import Job
from maillage.core.seen import Seen
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.editing import edit_sheet
from maillage.directory.actions.marking import hold
from maillage.directory.actions.writing import Stamp, Written, confirm
from maillage.directory.enums import Origin, ReminderAnswer
from maillage.directory.models import Actor, Reminder
from maillage.directory.queries.freshness import LINK_DAYS, is_due, to_ask, why_not
from maillage.directory.registry import REMINDERS_A_DAY
from maillage.networks.models import Network

_KEPT = timedelta(days=3 * 365)


def remind(*, by: Viewer, actor: Actor) -> Reminder:
    """Ask at once, whatever the rhythm; the links sent before die."""
    rules.may_edit(by, actor).require()
    if sentence := why_not(by.network, actor):
        raise Refused(sentence, status=409)
    with transaction.atomic():
        hold([actor.pk], by=by)
        now = timezone.now()
        if actor.reminders.filter(sent_at__gt=now - timedelta(days=1)).exists():
            raise Refused(
                _("Cet acteur a déjà été relancé aujourd'hui : laissez-lui le temps de répondre."), status=409
            )
        Reminder.objects.filter(actor=actor).update(nonce=new_nonce())
        reminder = Reminder.objects.create(
            network=by.network,
            actor=actor,
            email=actor.email,
            sent_by=by.user,
            sent_at=now,
            expires_at=now + timedelta(days=LINK_DAYS),
        )
        _mail(by, reminder)
        record("actor.reminded", by=by, subject=actor, touch=False)
    return reminder


def answer_fresh(*, reminder: Reminder) -> None:
    """« Tout est à jour », by whoever holds the link."""
    with transaction.atomic():
        reminder = _opened(reminder)
        confirm(by=_holder(reminder), actor=reminder.actor)
        _keep(reminder, ReminderAnswer.FRESH)


def answer_edited(*, reminder: Reminder, fields: dict[str, Any], seen: Seen) -> Written:
    """What the holder of the link corrects is the actor's own word, and confirms the rest."""
    with transaction.atomic():
        reminder = _opened(reminder)
        by = _holder(reminder)
        written = edit_sheet(
            by=by, actor=reminder.actor, fields=fields, seen=seen, stamp=Stamp(Origin.ACTOR, _("lien personnel"))
        )
        confirm(by=by, actor=reminder.actor)
        _keep(reminder, ReminderAnswer.EDITED)
    return written


def answer_stop(*, reminder: Reminder) -> None:
    """No more of these messages at this address."""
    Reminder.objects.filter(pk=reminder.pk).update(answer=ReminderAnswer.STOPPED, answered_at=timezone.now())


def note_refusal(*, address: str) -> None:
    """The mail server refused the address: the last asking failed, and the team sees it."""
    last = Reminder.objects.filter(email__iexact=address, failed_at=None).order_by("-sent_at").values("pk")[:1]
    Reminder.objects.filter(pk__in=list(last.values_list("pk", flat=True))).update(failed_at=timezone.now())


def _holder(reminder: Reminder) -> Viewer:
    return Viewer.as_system(reminder.network, _("L'acteur, par son lien personnel"))


def _opened(reminder: Reminder) -> Reminder:
    hold([reminder.actor_id], by=_holder(reminder))
    found = Reminder.objects.select_for_update(of=("self",)).select_related("network", "actor").get(pk=reminder.pk)
    if found.nonce != reminder.nonce or not found.is_open:
        raise Refused(_("Ce lien ne sert plus : un autre a été envoyé depuis, ou son délai est passé."), status=410)
    if found.actor.archived_at is not None:
        raise Refused(_("Cette fiche est archivée : écrivez à l'équipe du réseau."), status=409)
    return found


def _keep(reminder: Reminder, answer: ReminderAnswer) -> None:
    """All that was asked before is answered with it."""
    Reminder.objects.filter(actor=reminder.actor_id, answer="").update(answer=answer, answered_at=timezone.now())
    Reminder.objects.filter(pk=reminder.pk).update(answer=answer, answered_at=timezone.now())


def _mail(by: Viewer, reminder: Reminder) -> None:
    address = [reminder.pk, reminder.token]
    send(
        "directory/mail/reminder.html",
        to=reminder.email,
        network=by.network,
        unsubscribe_url=absolute_url(by.network, reverse("directory:reminder_stop", args=address)),
        context={
            "actor": reminder.actor,
            "reminder": reminder,
            "button_url": absolute_url(by.network, reverse("directory:reminder_show", args=address)),
            "button_label": _("Voir la fiche et répondre"),
        },
    )


@task(every=timedelta(days=1))
def remind_stale(job: Job) -> None:
    """Each night, a few of the oldest sheets of each network: a list of thousands is not written to at once."""
    now = timezone.now()
    for network in Network.objects.order_by("pk"):
        limit = int(network.setting(REMINDERS_A_DAY.name))
        sent = Reminder.objects.filter(network=network, sent_by=None, sent_at__gt=now - timedelta(hours=20)).count()
        by = Viewer.as_system(network, _("Relances"))
        for actor in to_ask(network, now, max(0, limit - sent)):
            with transaction.atomic():
                if is_due(actor, actor.reminders.first(), now):
                    remind(by=by, actor=actor)


@task(every=timedelta(days=1))
def forget_reminders(job: Job) -> None:
    """They hold addresses; one that says that its reader wants no more is kept as long as it is that of the sheet."""
    Reminder.objects.filter(sent_at__lt=timezone.now() - _KEPT).exclude(answer=ReminderAnswer.STOPPED).delete()
