"""On what terms a lender lends, and when it is closed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.catalogue import rules
from maillage.catalogue.actions.marking import hold
from maillage.catalogue.models import Closure, LendingTerms, Resource
from maillage.catalogue.signals import reopened
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import hold as hold_actors
from maillage.directory.models import Actor

CLOSURES = 100
FIELDS = (
    "open_halves", "closed_on_holidays", "hours", "pickup_notes", "notice_days", "max_days", "renewals", "at_once", "transport", "setup", "buffer",
    "borrowers", "open_first_days", "offer_hours", "needs_agreement", "needs_insurance", "needs_deposit",
)  # fmt: skip


def set_terms(*, by: Viewer, actor: Actor, fields: Mapping[str, Any], resource: Resource | None = None) -> LendingTerms:
    """Of a lender, or of one resource of it: None (or "") is asked of the next. Bookings already made keep theirs."""
    rules.may_lend(by, actor).require()
    if resource is not None:
        rules.may_edit(by, resource).require()
    with transaction.atomic():
        hold_actors([actor.pk], by=by)
        hold(by.network)
        one = {"resource": resource} if resource is not None else {"actor": actor}
        terms = LendingTerms.objects.filter(network=by.network, **one).first() or LendingTerms(
            network=by.network, **one
        )
        before = {name: getattr(terms, name) for name in FIELDS}
        for name in FIELDS:
            if name in fields:
                setattr(terms, name, fields[name])
        terms.full_clean(validate_constraints=False)
        terms.save()
        if "families" in fields:
            terms.families.set(fields["families"])
        changes = {
            name: [before[name], getattr(terms, name)] for name in FIELDS if before[name] != getattr(terms, name)
        }
        reopened.send(sender=Closure, network=by.network, actor=actor)
        verb = "lending.terms" if resource is None else "resource.terms"
        record(verb, by=by, subject=actor if resource is None else resource, details={"fields": sorted(changes)})
    return terms


def add_closure(*, by: Viewer, actor: Actor, first_on: date, last_on: date, reason: str = "") -> Closure:
    """What is booked then stays booked: the page shows it before (`queries.clashes`)."""
    rules.may_lend(by, actor).require()
    if last_on < first_on:
        raise Refused(_("La fermeture finit après avoir commencé."), status=422, field="last_on")
    with transaction.atomic():
        hold_actors([actor.pk], by=by)
        hold(by.network)
        coming = Closure.objects.filter(network=by.network, actor=actor, last_on__gte=timezone.localdate())
        if coming.count() >= CLOSURES:
            raise Refused(_("Cent fermetures à venir au plus : annulez-en une d'abord."), status=422, field="first_on")
        if coming.filter(first_on=first_on, last_on=last_on).exists():
            raise Refused(_("Cette fermeture est déjà annoncée."), status=409, field="first_on")
        closure = Closure(network=by.network, actor=actor, first_on=first_on, last_on=last_on, reason=reason.strip())
        closure.full_clean()
        closure.save()
        record("lending.closure", by=by, subject=actor, details={"days": [first_on.isoformat(), last_on.isoformat()]})
    return closure


def remove_closure(*, by: Viewer, closure: Closure) -> None:
    rules.may_lend(by, closure.actor).require()
    with transaction.atomic():
        hold(by.network)
        record("lending.reopen", by=by, subject=closure.actor, details={"days": [str(closure)]})
        closure.delete()
        reopened.send(sender=Closure, network=by.network, actor=closure.actor)
