"""Asking whether a sheet is still right, and the answers given with the personal link, without an account (DIR-9)."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.accounts.actions import forbid_address
from maillage.activity.actions import record
from maillage.core.errors import Refused
from maillage.core.jobs import task
from maillage.core.mail import absolute_url, send
from maillage.core.models import Job
from maillage.core.seen import Seen
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.editing import edit_sheet
from maillage.directory.actions.listing import set_state
from maillage.directory.actions.marking import hold
from maillage.directory.actions.telling import tell_contact_moved, tell_team
from maillage.directory.actions.withdrawing import forget_contact, forget_in_merges
from maillage.directory.actions.writing import Stamp, Written, confirm, update_actor
from maillage.directory.enums import ActorKind, ListingState, Origin, ReminderAnswer, ReminderKind
from maillage.directory.models import Actor, Merge, Reminder
from maillage.directory.queries.freshness import LINK_DAYS, is_due, origin_of, to_ask, to_tell, why_not
from maillage.directory.registry import REMINDERS_A_DAY, TOLD_A_DAY
from maillage.networks.models import Network

_KEPT = timedelta(days=3 * 365)
_BY_LINK = gettext_lazy("L'acteur, par son lien personnel")


def remind(*, by: Viewer, actor: Actor) -> Reminder:
    """Ask at once, whatever the rhythm."""
    rules.may_edit(by, actor).require()
    if sentence := why_not(by.network, actor):
        raise Refused(sentence, status=409)
    with transaction.atomic():
        hold([actor.pk], by=by)
        now = timezone.now()
        if actor.reminders.asked().filter(sent_at__gt=now - timedelta(days=1)).exists():
            raise Refused(
                _("Cet acteur a déjà été relancé aujourd'hui : laissez-lui le temps de répondre."), status=409
            )
        reminder = _send(by, actor, ReminderKind.ASKED)
        record("actor.reminded", by=by, subject=actor, touch=False)
    return reminder


def tell_listed(*, by: Viewer, actor: Actor) -> Reminder:
    """Tell whoever reads the contact address what is kept, where it came from, and how to take it away (GDP-6)."""
    rules.may_edit(by, actor).require()
    with transaction.atomic():
        hold([actor.pk], by=by)
        reminder = _send(by, actor, ReminderKind.LISTED)
        record("actor.told", by=by, subject=actor, touch=False)
    return reminder


def open_sheet(*, by: Viewer, actor: Actor) -> Reminder:
    """The link to see, correct or withdraw a sheet, for whoever holds another personal link sent to its address: an app above
    leads there, nothing is sent. One that is open serves again."""
    rules.may_edit(by, actor).require()
    with transaction.atomic():
        hold([actor.pk], by=by)
        known = Reminder.objects.filter(network=by.network, actor=actor, email=actor.email).exclude(email="")
        return known.filter(expires_at__gt=timezone.now() + timedelta(days=1)).first() or _made(
            by, actor, ReminderKind.LISTED
        )


def _made(by: Viewer, actor: Actor, kind: ReminderKind) -> Reminder:
    now = timezone.now()
    return Reminder.objects.create(
        network=by.network,
        actor=actor,
        kind=kind,
        email=actor.email,
        sent_by=by.user,
        sent_at=now,
        expires_at=now + timedelta(days=LINK_DAYS),
    )


def _send(by: Viewer, actor: Actor, kind: ReminderKind) -> Reminder:
    reminder = _made(by, actor, kind)
    address = [reminder.pk, reminder.token]
    send(
        f"directory/mail/{'reminder' if kind == ReminderKind.ASKED else 'listed'}.html",
        to=reminder.email,
        network=by.network,
        unasked=True,
        unsubscribe_url=absolute_url(by.network, reverse("directory:reminder_stop", args=address)),
        context={
            "actor": actor,
            "reminder": reminder,
            "origin": origin_of(actor),
            "button_url": absolute_url(by.network, reverse("directory:reminder_show", args=address)),
            "button_label": _("Voir la fiche et répondre"),
        },
    )
    return reminder


def answer_fresh(*, reminder: Reminder) -> None:
    """« Tout est à jour », by whoever holds the link."""
    with transaction.atomic():
        reminder = _opened(reminder)
        confirm(by=_holder(reminder), actor=reminder.actor)
        _keep(reminder, ReminderAnswer.FRESH)


def answer_edited(*, reminder: Reminder, fields: dict[str, Any], seen: Seen) -> Written:
    """What the holder of the link corrects is the actor's own word, and confirms the rest. A link may be forwarded: whoever
    read the former address learns that it changed, and the new one proves nothing for a while (`queries.claims`)."""
    with transaction.atomic():
        reminder = _opened(reminder)
        by = _holder(reminder)
        stamp = Stamp(Origin.ACTOR, _("lien personnel"), by_link=True)
        written = edit_sheet(by=by, actor=reminder.actor, fields=fields, seen=seen, stamp=stamp)
        if written.actor.email.lower() != reminder.email.lower():
            tell_contact_moved(written.actor, former=reminder.email, network=reminder.network)
        confirm(by=by, actor=reminder.actor)
        _keep(reminder, ReminderAnswer.EDITED)
    return written


def answer_stop(*, reminder: Reminder) -> None:
    """No more of these messages at this address; the link goes on opening the sheet."""
    Reminder.objects.filter(pk=reminder.pk, stopped_at=None).update(stopped_at=timezone.now())


def answer_object(*, reminder: Reminder) -> None:
    """« Retirez mes coordonnées »: at once, for good, and no import brings them back. The sheet of a person is hidden too.

    Every sheet of the instance that has the address loses it, with the telephone and the name beside it, for the address is
    forbidden everywhere; so do the mergings that would bring it back. The link and an address still kept are enough: whoever
    is on a sheet no more, or on one that went into another, objects as well.
    """
    with transaction.atomic():
        held = Actor.objects.filter(email__iexact=reminder.email).values_list("pk", flat=True)
        merged = Merge.objects.exclude(undo={}).values_list("kept", flat=True)
        hold([reminder.actor_id, *held, *merged], by=_holder(reminder))
        reminder = (
            Reminder.objects.select_for_update(of=("self",)).select_related("network", "actor").get(pk=reminder.pk)
        )
        if not (address := reminder.email):
            raise Refused(_("Vos coordonnées sont déjà retirées."), status=409)
        told: dict[Network, list[Actor]] = {reminder.network: []}
        actors = Actor.objects.filter(email__iexact=address).select_related("commune__department", "home_network")
        for actor in actors.order_by("pk"):
            _take_away(actor)
            told.setdefault(actor.home_network, []).append(actor)
        forget_in_merges(address, str(_BY_LINK))
        forbid_address(email=address, reason="objection")
        sent = Reminder.objects.filter(email__iexact=address)
        sent.update(email="", answer=ReminderAnswer.OBJECTED, answered_at=timezone.now())
        for network, theirs in told.items():
            _tell_objection(network, theirs or ([reminder.actor] if network == reminder.network else []))


def _take_away(actor: Actor) -> None:
    by = Viewer.as_system(actor.home_network, str(_BY_LINK))
    values = {"email": "", "phone": "", "contact_name": "", "contact_is_public": False}
    update_actor(by=by, actor=actor, values=values, stamp=Stamp(Origin.ACTOR, _("lien personnel")))
    if actor.kind == ActorKind.PERSON:
        for listing in actor.listings.exclude(state=ListingState.HIDDEN).select_related("network").order_by("network"):
            set_state(by=by.in_network(listing.network), actor=actor, state=ListingState.HIDDEN)
    forget_contact(actor)
    record("actor.objected", by=by, subject=actor, touch=False)


def _tell_objection(network: Network, actors: list[Actor]) -> None:
    for actor in actors:
        tell_team(
            network,
            title=_("Une personne a retiré ses coordonnées de « %(actor)s »") % {"actor": actor},
            text=_("Son adresse, son téléphone et son nom sont effacés de la fiche, et ne seront plus repris."),
            path=reverse("directory:actor_work", args=[actor.pk]),
            label=_("Voir la fiche"),
        )


def note_refusal(*, address: str) -> None:
    """The mail server refused the address: the last asking failed, and the team sees it."""
    last = Reminder.objects.filter(email__iexact=address, failed_at=None).order_by("-sent_at").values("pk")[:1]
    Reminder.objects.filter(pk__in=list(last.values_list("pk", flat=True))).update(failed_at=timezone.now())


def _holder(reminder: Reminder) -> Viewer:
    return Viewer.as_system(reminder.network, str(_BY_LINK))


def _opened(reminder: Reminder) -> Reminder:
    hold([reminder.actor_id], by=_holder(reminder))
    found = Reminder.objects.select_for_update(of=("self",)).select_related("network", "actor").get(pk=reminder.pk)
    if not found.is_open:
        raise Refused(
            _("Ce lien ne sert plus : son délai est passé, l'adresse de la fiche a changé, ou la fiche est archivée."),
            status=410,
        )
    return found


def _keep(reminder: Reminder, answer: ReminderAnswer) -> None:
    """All that was asked before is answered with it."""
    Reminder.objects.filter(actor=reminder.actor_id, answer="").update(answer=answer, answered_at=timezone.now())
    Reminder.objects.filter(pk=reminder.pk).update(answer=answer, answered_at=timezone.now())


@task(every=timedelta(days=1))
def remind_stale(job: Job) -> None:
    """Each night, a few of the oldest sheets of each network: a list of thousands is not written to at once."""
    now = timezone.now()
    for network in Network.objects.order_by("pk"):
        limit = int(network.setting(REMINDERS_A_DAY.name))
        sent = (
            Reminder.objects.asked()
            .filter(network=network, sent_by=None, sent_at__gt=now - timedelta(hours=20))
            .count()
        )
        by = Viewer.as_system(network, _("Relances"))
        for actor in to_ask(network, now, max(0, limit - sent)):
            with transaction.atomic():
                if is_due(actor, actor.reminders.asked().first(), now):
                    remind(by=by, actor=actor)


@task(every=timedelta(days=1))
def tell_all_listed(job: Job) -> None:
    """Within a month of coming from a list, an address is told of it; a few each night."""
    for network in Network.objects.order_by("pk"):
        since = timezone.now() - timedelta(hours=20)
        sent = Reminder.objects.filter(network=network, kind=ReminderKind.LISTED, sent_at__gt=since).count()
        by = Viewer.as_system(network, _("Information des personnes"))
        for actor in to_tell(network, max(0, int(network.setting(TOLD_A_DAY.name)) - sent)):
            tell_listed(by=by, actor=actor)


@task(every=timedelta(days=1))
def forget_reminders(job: Job) -> None:
    """They hold addresses; one that says that its reader wants no more is kept as long as it is that of the sheet."""
    old = Reminder.objects.filter(sent_at__lt=timezone.now() - _KEPT)
    old.exclude(stopped_at__isnull=False, email=F("actor__email")).delete()
