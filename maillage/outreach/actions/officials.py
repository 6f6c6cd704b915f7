"""Elected officials and their mandates: entering, correcting, hearing their objection, forgetting them at their term."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.actions import forbid_address
from maillage.accounts.queries import is_suppressed
from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.outreach import rules
from maillage.outreach.actions.forgetting import forget_how_to_reach, forget_whole
from maillage.outreach.models import Contact, ContactOfficial, Mandate, Official
from maillage.outreach.queries.terms import months
from maillage.outreach.registry.officials import OFFICIALS_KEPT

WRITTEN = ("civility", "first_name", "last_name", "email", "phone", "address", "source", "sourced_on")
MANDATE = ("function", "delegation", "territory", "body", "since", "until")


def add_official(*, by: Viewer, mandate: dict[str, Any], **values: Any) -> Official:
    """With the first mandate, of `MANDATE`: nobody is an elected official of nowhere."""
    with transaction.atomic():
        Network.objects.select_for_update().get(pk=by.network.pk)
        official = Official(network=by.network)
        held = Mandate(official=official, **mandate)
        rules.may_act_in(by, held.department).require()
        _refuse_twins(by, held, values)
        _fill(official, values)
        official.save()
        held.official = official
        held.full_clean()
        held.save()
        record("official.added", by=by, subject=official, touch=False)
    return official


def change_official(*, by: Viewer, official: Official, **values: Any) -> Official:
    with transaction.atomic():
        official = held_official(official)
        rules.may_note(by, official).require()
        _fill(official, values)
        official.save()
        record("official.changed", by=by, subject=official, touch=False)
    return official


def object_to_be_kept(*, by: Viewer, official: Official) -> Official:
    """At their word: what was noted of them goes for good, in what imports kept too, their address is never recorded again;
    name, mandates and the refusal stay, so that nobody enters them anew."""
    with transaction.atomic():
        official = held_official(official)
        rules.may_meet(by, official).require()
        if official.objected_at is None:
            if official.email:
                forbid_address(email=official.email, reason="objection")
            official.email = official.phone = official.address = ""
            official.objected_at = timezone.now()
            official.save()
            official.promises.all().delete()
            official.letters.all().delete()
            _leave_contacts(official)
            forget_how_to_reach(official)
            record("official.objected", by=by, subject=official, touch=False)
    return official


def stop_letters(*, by: Viewer, official: Official) -> None:
    """No more letters, by post or by e-mail: said to the team, or by the link at the foot of a message."""
    with transaction.atomic():
        official = held_official(official)
        if official.stopped_at is None:
            official.stopped_at = timezone.now()
            official.save()
            record("official.stopped", by=by, subject=official, touch=False)


def remove_official(*, by: Viewer, official: Official) -> None:
    """Entered by mistake. Who objected or wants no more letters stays: it is what remembers the refusal."""
    with transaction.atomic():
        official = held_official(official)
        rules.may_remove(by, official).require()
        _leave_contacts(official)
        record("official.removed", by=by, subject=official, touch=False)
        forget_whole(official)
        official.delete()


def add_mandate(*, by: Viewer, official: Official, **values: Any) -> Mandate:
    with transaction.atomic():
        official = held_official(official)
        rules.may_note(by, official).require()
        mandate = Mandate(official=official, **values)
        rules.may_act_in(by, mandate.department).require()
        mandate.full_clean()
        mandate.save()
        record("mandate.added", by=by, subject=official, touch=False)
    return mandate


def change_mandate(*, by: Viewer, mandate: Mandate, **values: Any) -> Mandate:
    with transaction.atomic():
        official = held_official(mandate.official)
        rules.may_note(by, official).require()
        mandate = _held_mandate(official, mandate)
        for name in MANDATE:
            if name in values:
                setattr(mandate, name, values[name])
        rules.may_act_in(by, mandate.department).require()
        mandate.full_clean()
        mandate.save()
        record("mandate.changed", by=by, subject=official, touch=False)
    return mandate


def remove_mandate(*, by: Viewer, mandate: Mandate) -> None:
    with transaction.atomic():
        official = held_official(mandate.official)
        rules.may_note(by, official).require()
        if official.mandates.count() < 2:
            raise Refused(_("C'est son seul mandat : terminez-le par une date, ou supprimez la fiche."), status=409)
        _held_mandate(official, mandate).delete()
        record("mandate.removed", by=by, subject=official, touch=False)


def held_official(official: Official) -> Official:
    found = Official.objects.select_for_update(of=("self",)).with_mandates().filter(pk=official.pk).first()
    if found is None:
        raise Conflict(_("Quelqu'un a supprimé cette fiche."))
    return found


def held_officials(officials: Iterable[Official]) -> list[Official]:
    """As they are now, in the order given; locked in that of their keys, so that two who write never wait for each other."""
    asked = list(dict.fromkeys(official.pk for official in officials))
    locked = Official.objects.select_for_update(of=("self",)).with_mandates().filter(pk__in=asked).order_by("pk")
    found = {official.pk: official for official in locked}
    if len(found) < len(asked):
        raise Conflict(_("Quelqu'un a supprimé une de ces fiches."))
    return [found[pk] for pk in asked]


def _held_mandate(official: Official, mandate: Mandate) -> Mandate:
    found = official.mandates.filter(pk=mandate.pk).first()
    if found is None:
        raise Conflict(_("Quelqu'un a retiré ce mandat."))
    return found


def _fill(official: Official, values: dict[str, Any]) -> None:
    if unknown := values.keys() - set(WRITTEN):
        raise TypeError(f"an official has no {sorted(unknown)}")
    for name, value in values.items():
        setattr(official, name, value)
    if values.get("email") and is_suppressed(values["email"]):
        raise Refused(_("La personne qui lit cette adresse a demandé qu'elle ne soit plus enregistrée."), status=409)
    official.full_clean()


def _refuse_twins(by: Viewer, mandate: Mandate, values: dict[str, Any]) -> None:
    """The same name with the same mandate is the same person, objecting ones first."""
    key = folded(f"{values.get('last_name', '')} {values.get('first_name', '')}")
    twins = Official.objects.filter(network=by.network_id, name_key=key).order_by("pk")
    if mandate.territory is not None:
        twins = twins.filter(mandates__territory=mandate.territory)
    else:
        twins = twins.filter(mandates__body=mandate.body)
    if (twin := twins.first()) is None:
        return
    if twin.objected_at is not None:
        raise Refused(_("Cette personne s'est opposée à ce que l'on garde ses données."), status=409)
    raise Refused(_("%(name)s est déjà dans la liste, pour ce territoire.") % {"name": twin}, status=409)


def _leave_contacts(official: Official) -> None:
    """Contacts with nobody else go; of the others, this person is no longer part."""
    links = ContactOfficial.objects.filter(official=official)
    alone = Contact.objects.filter(pk__in=links.values("contact")).filter(
        ~Exists(ContactOfficial.objects.filter(contact=OuterRef("pk")).exclude(official=official)), links=None
    )
    Contact.objects.filter(pk__in=list(alone.values_list("pk", flat=True))).delete()
    links.delete()


@task(every=timedelta(days=1))
def forget_officials(job: Job) -> None:
    """Those whose last mandate ended long ago, the refusals too; their contacts with actors stay without them."""
    for network in Network.objects.order_by("pk"):
        term = timezone.localdate() - months(int(network.setting(OFFICIALS_KEPT.name)))
        recent = Mandate.objects.filter(official=OuterRef("pk")).exclude(until__lt=term)
        old = Official.objects.filter(~Exists(recent), network=network, created_at__date__lt=term)
        for official in old.order_by("pk"):
            with transaction.atomic():
                _leave_contacts(official)
                forget_whole(official)
                official.delete()
