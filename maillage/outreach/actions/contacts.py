"""Logging what was said to an actor, doing what comes next, forgetting the words at their term."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.accounts.models import User
from maillage.activity.actions import notify, record
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.outreach import rules
from maillage.outreach.actions.approaches import follow_contact
from maillage.outreach.actions.officials import held_officials
from maillage.outreach.actions.promises import note_promise
from maillage.outreach.models import Contact, ContactActor, ContactOfficial, Official
from maillage.outreach.queries.terms import months
from maillage.outreach.registry.contacts import CONTACTS_KEPT

WRITTEN = ("on", "channel", "person", "about", "mission", "minutes", "next_step", "next_on", "next_for")


def log_contact(
    *,
    by: Viewer,
    actors: Iterable[Actor] = (),
    officials: Iterable[Official] = (),
    promise: dict[str, Any] | None = None,
    **values: Any,
) -> Contact:
    """`values` are those of `WRITTEN`. What is to be done next is by default for whoever writes. `promise` is what was
    promised there, as `promises.note_promise` takes it, by or to the first of `officials`."""
    with transaction.atomic():
        met = held_officials(officials)
        contact = Contact(network=by.network, author=by.user)
        _write(by, contact, list(actors), met, values)
        if promise is not None and met:
            note_promise(by=by, official=met[0], contact=contact, **promise)
        record("contact.logged", by=by, subject=contact, details=_named(contact), touch=False)
        _advance(by, contact)
    return contact


def change_contact(
    *,
    by: Viewer,
    contact: Contact,
    actors: Iterable[Actor] = (),
    officials: Iterable[Official] = (),
    **values: Any,
) -> Contact:
    with transaction.atomic():
        met = held_officials(officials)  # Before the contact, as their objection does.
        contact = _held(contact)
        rules.may_change_contact(by, contact).require()
        _write(by, contact, list(actors), met, values)
        record("contact.changed", by=by, subject=contact, details=_named(contact), touch=False)
        _advance(by, contact)
    return contact


def remove_contact(*, by: Viewer, contact: Contact) -> None:
    with transaction.atomic():
        contact = _held(contact)
        rules.may_change_contact(by, contact).require()
        record("contact.removed", by=by, subject=contact, details=_named(contact), touch=False)
        contact.delete()


def finish_step(*, by: Viewer, contact: Contact, done: bool = True) -> Contact:
    """The next step was taken; or was not, after all."""
    with transaction.atomic():
        contact = _held(contact)
        rules.may_finish_step(by, contact).require()
        if not contact.next_step:
            raise Refused(_("Ce contact n'appelle pas de suite."), status=409)
        if done != (contact.next_done_at is not None):
            contact.next_done_at = timezone.now() if done else None
            contact.save()
            verb = "contact.done" if done else "contact.reopened"
            record(verb, by=by, subject=contact, details=_named(contact), touch=False)
    return contact


def _held(contact: Contact) -> Contact:
    found = Contact.objects.select_for_update(of=("self",)).filter(pk=contact.pk).first()
    if found is None:
        raise Conflict(_("Quelqu'un a supprimé ce contact."))
    return found


def _write(
    by: Viewer, contact: Contact, actors: list[Actor], officials: list[Official], values: dict[str, Any]
) -> None:
    """Those that it was already with are asked nothing more: one may have moved to another département since."""
    there = set(contact.links.values_list("actor", flat=True)) if contact.pk else set()
    met = set(contact.official_links.values_list("official", flat=True)) if contact.pk else set()
    rules.may_follow(by, *(actor for actor in actors if actor.pk not in there)).require()
    for official in officials:
        if official.pk not in met:
            rules.may_note(by, official).require()
    if not actors and not officials:
        raise Refused(_("Dites avec quel acteur, ou quel élu ou quelle élue."), status=422)
    if unknown := values.keys() - set(WRITTEN):
        raise TypeError(f"a contact has no {sorted(unknown)}")
    step = (contact.next_step, contact.next_on)
    for name, value in values.items():
        setattr(contact, name, value)
    if not contact.next_step:
        contact.next_on = contact.next_for = None
    elif contact.next_for is None:
        contact.next_for = by.user
    if step != (contact.next_step, contact.next_on):
        contact.next_done_at = None
    contact.full_clean()
    contact.save()
    wanted = {actor.pk for actor in actors}
    contact.links.exclude(actor__in=wanted).delete()
    ContactActor.objects.bulk_create(ContactActor(contact=contact, actor_id=pk) for pk in sorted(wanted - there))
    chosen = {official.pk for official in officials}
    contact.official_links.exclude(official__in=chosen).delete()
    ContactOfficial.objects.bulk_create(ContactOfficial(contact=contact, official_id=pk) for pk in sorted(chosen - met))


def _advance(by: Viewer, contact: Contact) -> None:
    """The approaches of its actors follow."""
    follow_contact(by=by, actors=list(contact.actors.order_by("pk")), channel=contact.channel, on=contact.on)


def _named(contact: Contact) -> dict[str, Any]:
    return {
        "actors": sorted(contact.links.values_list("actor", flat=True)),
        "officials": sorted(contact.official_links.values_list("official", flat=True)),
    }


@task(every=timedelta(days=1))
def remind_next_steps(job: Job) -> None:
    """Each day, what someone is to do that day or should have done: one message, and none when nothing is new."""
    today = timezone.localdate()
    for network in Network.objects.order_by("pk"):
        due = Contact.objects.filter(network=network, next_on__lte=today).with_next_step()
        new = due.filter(next_on=today).values("next_for")
        for person in User.objects.filter(pk__in=new, is_active=True, erased_at=None).order_by("pk"):
            count = due.filter(next_for=person).count()
            notify(
                "next_steps",
                event=f"{network.pk}:{today}",
                title=ngettext("%(count)s suite à donner", "%(count)s suites à donner", count) % {"count": count},
                network=network,
                to=person,
                url=reverse("outreach:week"),
                context={"button_label": _("Voir ma semaine")},
            )


@task(every=timedelta(days=1))
def forget_words(job: Job) -> None:
    """At their term the words and the names go; that there was a contact, how and for which mission, is counted for ever."""
    for network in Network.objects.order_by("pk"):
        term = timezone.localdate() - months(int(network.setting(CONTACTS_KEPT.name)))
        old = Contact.objects.filter(network=network, on__lt=term)
        old.exclude(words="").update(about="", person="", next_step="", next_on=None, words="")
