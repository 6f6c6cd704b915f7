"""What was promised at a meeting, and what became of it."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import Viewer
from maillage.outreach import rules
from maillage.outreach.actions.officials import held_official
from maillage.outreach.enums import PromiseState
from maillage.outreach.models import Contact, Official, Promise

WRITTEN = ("promiser", "text", "due_on", "follow_on", "follower")


def note_promise(*, by: Viewer, official: Official, contact: Contact | None = None, **values: Any) -> Promise:
    """`values` are those of `WRITTEN`; followed by whoever notes it, on the day it is due, unless said otherwise."""
    with transaction.atomic():
        official = held_official(official)
        rules.may_note(by, official).require()
        if contact is not None and not contact.official_links.filter(official=official).exists():
            raise Refused(_("Cette personne n'était pas à ce contact."), status=409)
        promise = _filled(by, Promise(official=official, contact=contact), values)
        record("promise.noted", by=by, subject=official, touch=False)
    return promise


def change_promise(*, by: Viewer, promise: Promise, **values: Any) -> Promise:
    with transaction.atomic():
        official = held_official(promise.official)
        rules.may_note(by, official).require()
        promise = _filled(by, _held(promise), values)
        record("promise.changed", by=by, subject=official, touch=False)
    return promise


def settle_promise(*, by: Viewer, promise: Promise, state: str) -> Promise:
    """Kept, not kept, or waiting again."""
    with transaction.atomic():
        official = held_official(promise.official)
        rules.may_note(by, official).require()
        promise = _held(promise)
        if promise.state != state:
            promise.state = state
            promise.settled_on = None if state == PromiseState.WAITING else timezone.localdate()
            promise.full_clean()
            promise.save()
            record("promise.settled", by=by, subject=official, details={"state": state}, touch=False)
    return promise


def _held(promise: Promise) -> Promise:
    found = Promise.objects.select_for_update(of=("self",)).filter(pk=promise.pk).first()
    if found is None:
        raise Conflict(_("Quelqu'un a supprimé cette promesse."))
    return found


def _filled(by: Viewer, promise: Promise, values: dict[str, Any]) -> Promise:
    if unknown := values.keys() - set(WRITTEN):
        raise TypeError(f"a promise has no {sorted(unknown)}")
    for name, value in values.items():
        setattr(promise, name, value)
    promise.follow_on = promise.follow_on or promise.due_on
    promise.follower = promise.follower or by.user
    promise.full_clean()
    promise.save()
    return promise
