"""Writing a resource.

What is written of one that everyone finds is found at once when its writer may publish; what others write takes it out of the
site until the team has read it, which their page says before they save: nobody finds words that were read by nobody.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.catalogue import rules
from maillage.catalogue.actions import telling
from maillage.catalogue.actions.marking import hold, mark_changed
from maillage.catalogue.enums import FORM_OF, Kind, State, is_lent
from maillage.catalogue.models import Resource
from maillage.catalogue.queries.clashes import coming_bookings
from maillage.catalogue.queries.fields import (
    KEYS,
    PLAIN,
    as_json,
    held_fields,
    places_of,
    recorded,
    term_keys,
    terms_of,
    zone_keys,
)
from maillage.core.errors import Conflict, Refused
from maillage.core.richtext import sanitised
from maillage.core.seen import Seen, require_unmoved
from maillage.core.text import legible, slugged
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import hold as hold_actors

RESERVED = {"proposer", "integrer", "widget", "flux", "donnees", "collections", "points", "mes-ressources"}
_UNCHECKED = ["slug", "network", "author", "title_key"]


def create_resource(*, by: Viewer, fields: Mapping[str, Any]) -> Resource:
    """A draft; `fields` as the forms name them (`queries.fields`), `actor` among them."""
    rules.may_contribute(by).require()
    rules.may_offer(by, fields["actor"]).require()
    with transaction.atomic():
        hold_actors([fields["actor"].pk], by=by)
        hold(by.network)
        resource = Resource(network=by.network, author=by.user, actor=fields["actor"])
        values = recorded(resource, by, fields)
        resource.slug = free_slug(resource.network_id, values["title"])
        changes = assign(resource, values, trusted=by.runs_network)
        save(resource, values)
        record("resource.create", by=by, subject=resource, changes=changes, touch=False)
        mark_changed(resource.pk)
    return resource


def edit_resource(*, by: Viewer, resource: Resource, fields: Mapping[str, Any], seen: Seen | None) -> list[str]:
    """Write `fields`, `seen` what their form showed; the names of those that changed. Conflict when someone else changed one of
    them meanwhile."""
    with transaction.atomic():
        if "actor" in fields:
            hold_actors([fields["actor"].pk], by=by)
        resource = held(by, resource)
        rules.may_write(by, resource).require()
        require_unmoved(held_fields(resource, by, fields), fields, seen)
        values = recorded(resource, by, fields)
        if "actor" in values and values["actor"].pk != resource.actor_id:
            rules.may_offer(by, resource.actor).require()
            rules.may_offer(by, values["actor"]).require()
            if resource.bookings.exists():
                raise Refused(
                    _("Des réservations sont en cours : la structure qui la propose ne change plus."), status=409
                )
        if "kind" in values:
            _require_same_use(resource, Kind(values["kind"]))
        reviewed = rules.is_reviewed(by, resource)
        changes = assign(resource, values, trusted=by.runs_network)
        if changes:
            if resource.state == State.RETIRED and "title" in changes and rules.writes_at_once(by, resource):
                resource.stub_title = resource.title
            save(resource, values)
            record("resource.update", by=by, subject=resource, changes=changes, touch=False)
            if reviewed:
                await_review(by, resource)
            mark_changed(resource.pk)
    return list(changes)


def _require_same_use(resource: Resource, kind: Kind) -> None:
    """What was promised as it is stays so; what served has a history that another form could not tell."""
    if kind == resource.kind:
        return
    if coming_bookings(resource).exists():
        raise Refused(
            _("Elle a des réservations à venir : sa nature ne change pas. Honorez-les ou annulez-les d'abord."),
            status=409,
            field="kind",
        )
    if (FORM_OF[kind] != resource.form or is_lent(kind) != resource.is_lent) and resource.bookings.exists():
        raise Refused(
            _("Elle a déjà été réservée : choisissez une nature qui se prête de même, ou faites une autre fiche."),
            status=409,
            field="kind",
        )


def piece_of(rows: Any, piece: Any) -> Any:
    """A part of a resource that is held, as it is now; whoever removed it first is believed."""
    found = rows.filter(pk=piece.pk).first()
    if found is None:
        raise Conflict(_("C'est déjà retiré."))
    return found


def held(by: Viewer, resource: Resource) -> Resource:
    """The resource as it is, locked."""
    hold(by.network, resource.pk)
    found = Resource.objects.select_related("network", "author", "actor__commune__department", "commune__department")
    there = found.filter(pk=resource.pk).first()
    if there is None:
        raise Conflict(_("Cette ressource a été supprimée."))
    return there


def await_review(by: Viewer, resource: Resource) -> None:
    """Out of what everyone finds, until the team has read what was changed."""
    resource.state, resource.proposed_at = State.PROPOSED, timezone.now()
    resource.save(update_fields=["state", "proposed_at", "updated_at"])
    record("resource.propose", by=by, subject=resource)
    telling.tell_proposed(resource)


def changed(by: Viewer, resource: Resource, verb: str, **details: Any) -> None:
    """Last in an act on what a resource shows beside its fields (photos, documents, links)."""
    record(verb, by=by, subject=resource, details=details)
    if rules.is_reviewed(by, resource):
        await_review(by, resource)
    mark_changed(resource.pk)


def assign(resource: Resource, values: Mapping[str, Any], *, trusted: bool) -> dict[str, list[Any]]:
    """Set `values` without saving; field → [before, after] as JSON of what changed. KeyError on what may not be written."""
    changes: dict[str, list[Any]] = {}
    for name, given in values.items():
        if name not in (*PLAIN, *KEYS, "terms", "zone"):
            raise KeyError(name)
        value: Any = legible(given) if isinstance(given, str) else given
        if name == "description":
            value = sanitised(value, trusted=trusted)
        before, after = _kept(resource, name), as_json(value)
        if before == after:
            continue
        changes[name] = [before, after]
        if name not in ("terms", "zone"):
            setattr(resource, name, value)
        if name == "website":
            resource.look_again()
    return changes


def _kept(resource: Resource, name: str) -> Any:
    if name == "terms":
        return sorted(term_keys(resource))
    if name == "zone":
        return zone_keys(resource)
    return as_json(getattr(resource, f"{name}_id" if name in KEYS else name))


def save(resource: Resource, values: Mapping[str, Any]) -> None:
    """ValidationError on what it would not take; Conflict when someone else moved the other bound of a range."""
    for low, high in (("age_min", "age_max"), ("group_min", "group_max")):
        if None not in (least := getattr(resource, low), most := getattr(resource, high)) and most < least:
            raise Conflict(_("Quelqu'un a changé l'autre borne entre-temps : relisez et enregistrez de nouveau."))
    resource.full_clean(exclude=_UNCHECKED, validate_unique=False, validate_constraints=False)
    resource.save()
    if "terms" in values:
        resource.terms.set(terms_of(values["terms"]))
    if "zone" in values:
        resource.zone.set(places_of(values["zone"]))


def free_slug(network_id: int, title: str) -> str:
    """An address part that is free in the network: the slug of the title, else with -2, -3…"""
    base = slugged(title, 80) or "ressource"
    found = Resource.objects.filter(network=network_id, slug__startswith=base).values_list("slug", flat=True)
    taken = RESERVED | set(found)
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
