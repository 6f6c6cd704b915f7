"""Writing a record: the one way in for forms, imports, the API and the command line.

Values are keyed by field: plain ones as Python values, `family`, `commune`, `parent` as objects, `terms` and `zone` as
collections of objects, `identifiers` as `{scheme: value}`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from maillage.activity.actions import record
from maillage.core.errors import Refused
from maillage.core.geo import distance_km
from maillage.core.richtext import sanitised
from maillage.core.text import legible, slugged
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.marking import hold, mark_changed
from maillage.directory.enums import ActorKind, ListingState, Origin, PositionQuality
from maillage.directory.models import Actor, FormerSlug, Identifier, Listing
from maillage.directory.models.completeness import completeness
from maillage.directory.queries.freshness import FORBIDDEN, is_forbidden

RELATED = {"family", "commune", "parent"}
MANY = {"terms", "zone"}
PLAIN = {
    "kind", "name", "acronym", "siren", "siret", "rna", "uai", "summary", "description", "address", "postal_code",
    "latitude", "longitude", "position_quality", "website", "email", "phone", "contact_name", "contact_is_public",
    "languages", "place_access", "access_notes", "image", "image_alt", "image_role", "image_credit", "update_rhythm", "source",
}  # fmt: skip
WRITABLE = PLAIN | RELATED | MANY
RESERVED = {"integrer", "proposer", "widget"}  # Pages of the directory itself.
FAR_KM = 30  # A point farther than this from its commune contradicts it.


@dataclass(frozen=True)
class Stamp:
    """Who writes, from what, when: kept field by field. `by_link`: whoever holds a personal link, which may be forwarded."""

    origin: str
    source: str = ""
    user_id: int | None = None
    batch: int | None = None
    at: datetime = field(default_factory=timezone.now)
    by_link: bool = False

    def as_json(self) -> dict[str, Any]:
        entry = {
            "origin": str(self.origin),
            "source": self.source,
            "at": self.at.isoformat(),
            "user": self.user_id,
            "batch": self.batch,
            "link": self.by_link or None,
        }
        return {key: value for key, value in entry.items() if value not in (None, "")}


def stamp_for(by: Viewer, actor: Actor | None = None, source: str = "") -> Stamp:
    """The stamp of a person at a form: the actor's own when one of its members writes, whatever they run elsewhere."""
    own = actor is not None and actor.pk is not None and rules.represents(by, actor)
    if own and actor is not None and by.runs_network:
        own = actor.home_network_id != by.network_id
    return Stamp(Origin.ACTOR if own else Origin.ANIMATOR, source or by.system, by.user_id)


@dataclass
class Written:
    """`changes`: field → [before, after] as JSON values; `kept`: fields that the actor wrote itself and an import left."""

    actor: Actor
    changes: dict[str, list[Any]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    many: dict[str, list[int]] = field(default_factory=dict)


def assign(
    actor: Actor, values: Mapping[str, Any], stamp: Stamp, *, current: Mapping[str, Iterable[int]] | None = None
) -> Written:
    """Set `values` on `actor` without saving; `current` gives the ids of its `terms` and `zone` (read when absent).

    An empty value from an import never erases, and an import never changes what the actor wrote. KeyError on a field
    that may not be written.
    """
    written = Written(actor)
    imported = stamp.origin in (Origin.IMPORT, Origin.API)
    for name, given in values.items():
        value = given
        if name not in WRITABLE:
            raise KeyError(name)
        if isinstance(value, str):
            value = legible(value)
        if name == "description":
            value = sanitised(value, trusted=stamp.origin == Origin.ANIMATOR)
        if name in ("latitude", "longitude") and value is not None:
            value = round(value, 7)  # A centimetre: what a spreadsheet writes and reads back unchanged.
        before, after = compared(actor, name, value, current)
        if before == after or (imported and after in (None, "", [])):
            continue
        if imported and actor.wrote_itself(name):
            written.kept.append(name)
            continue
        if name in MANY:
            written.many[name] = after
        else:
            setattr(actor, name, "" if value is False and name == "image" else value)
        actor.provenance[name] = stamp.as_json()
        written.changes[name] = [before, after]
    _place(actor, written.changes)
    return written


def compared(actor: Actor, name: str, value: Any, current: Mapping[str, Iterable[int]] | None) -> tuple[Any, Any]:
    """The value there and the value given, as the journal keeps them (ids, file names)."""
    if name in MANY:
        before = sorted(current.get(name, ()) if current is not None else _ids(actor, name))
        return before, sorted({item.pk for item in value})
    if name in RELATED:
        return getattr(actor, f"{name}_id"), value.pk if value is not None else None
    if name == "image":  # A file, its stored name, or False to remove it.
        return actor.image.name or "", value if isinstance(value, str) else getattr(value, "name", "")
    return getattr(actor, name), value


def _ids(actor: Actor, name: str) -> list[int]:
    return list(getattr(actor, name).values_list("pk", flat=True)) if actor.pk else []


def _place(actor: Actor, changes: Mapping[str, Any]) -> None:
    """Derive the position from the commune where no better one is known, and distrust one that contradicts it."""
    by_hand = {"latitude", "longitude"} & changes.keys()
    if by_hand and actor.latitude is not None:
        if "position_quality" not in changes:
            actor.position_quality = PositionQuality.EXACT
    elif actor.commune is not None and (
        actor.latitude is None
        or ("commune" in changes and actor.position_quality in (PositionQuality.COMMUNE, PositionQuality.ESTIMATED))
    ):
        actor.latitude, actor.longitude = actor.commune.latitude, actor.commune.longitude
        measured = actor.commune.position_source not in ("estimated", "none")
        actor.position_quality = PositionQuality.COMMUNE if measured else PositionQuality.ESTIMATED
    if actor.latitude is None or actor.longitude is None:
        actor.position_quality, actor.position_score = PositionQuality.TO_PLACE, 0.0
        return
    centre = actor.commune
    if by_hand and centre is not None and centre.latitude is not None and centre.longitude is not None:
        if distance_km(actor.latitude, actor.longitude, centre.latitude, centre.longitude) > FAR_KM:
            actor.position_quality = PositionQuality.TO_PLACE
    actor.position_score = {
        PositionQuality.EXACT: 1.0,
        PositionQuality.ADDRESS: 0.8,
        PositionQuality.COMMUNE: 0.5,
        PositionQuality.ESTIMATED: 0.3,
    }.get(PositionQuality(actor.position_quality), 0.1)


def free_slugs(names: list[str]) -> list[str]:
    """A free address part for each name, in order: the slug of the name, else with -2, -3…"""
    bases = [slugged(name, 90) for name in names]
    taken = set(RESERVED)
    for base in set(bases):
        taken.update(Actor.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        taken.update(FormerSlug.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slugs = []
    for base in bases:
        slug, number = base, 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        taken.add(slug)
        slugs.append(slug)
    return slugs


def create_actor(
    *,
    by: Viewer,
    values: Mapping[str, Any],
    identifiers: Mapping[str, str] | None = None,
    state: str = ListingState.DRAFT,
    stamp: Stamp | None = None,
) -> Actor:
    """A new actor, listed in the viewer's network. Who typed it confirms it; a program or a file confirms nothing."""
    rules.may_create(by).require()
    stamp = stamp or stamp_for(by)
    with transaction.atomic():
        confirmed_at = stamp.at if stamp.origin in (Origin.ACTOR, Origin.ANIMATOR) else None
        actor = Actor(home_network=by.network, slug=free_slugs([values["name"]])[0], confirmed_at=confirmed_at)
        if "contact_is_public" not in values:
            actor.contact_is_public = values.get("kind", ActorKind.ORGANISATION) == ActorKind.ORGANISATION
        refuse_forbidden(actor, values)
        written = assign(actor, values, stamp, current={})
        rules.may_edit(by, actor).require()
        _save(written)
        for scheme, value in (identifiers or {}).items():
            Identifier.objects.create(actor=actor, scheme=scheme, value=value)
        Listing.objects.create(
            network=by.network,
            actor=actor,
            state=state,
            published_at=stamp.at if state == ListingState.PUBLISHED else None,
        )
        record("actor.create", by=by, subject=actor, changes=written.changes)
        mark_changed([actor.pk])
    return actor


def update_actor(*, by: Viewer, actor: Actor, values: Mapping[str, Any], stamp: Stamp | None = None) -> Written:
    """Change a record, at once: `actions.revising` is for those whose words wait."""
    stamp = stamp or stamp_for(by, actor)
    with transaction.atomic():
        hold([actor.pk], by=by)
        actor = Actor.objects.select_related("commune__department").get(pk=actor.pk)
        rules.may_write(by, actor).require()
        refuse_forbidden(actor, values)
        old_name, old_slug = actor.name, actor.slug
        written = assign(actor, values, stamp)
        if not written.changes:
            return written
        if actor.name != old_name:
            FormerSlug.objects.filter(
                slug=slugged(actor.name, 90), actor=actor
            ).delete()  # Its own address, found again.
            actor.slug = free_slugs([actor.name])[0]
            FormerSlug.objects.get_or_create(slug=old_slug, defaults={"actor": actor})
        if stamp.origin == Origin.ACTOR:
            actor.confirmed_at = stamp.at
        _save(written)
        Listing.objects.filter(actor=actor).exclude(network=by.network_id).update(changed_since_cleared=True)
        record("actor.update", by=by, subject=actor, changes=written.changes)
        mark_changed([actor.pk])
    return written


def refuse_forbidden(actor: Actor, values: Mapping[str, Any]) -> None:
    """An address whose owner asked never to be recorded again comes back by no hand."""
    if is_forbidden(actor, values.get("email") or ""):
        raise Refused(str(FORBIDDEN), status=422)


def check_values(actor: Actor, values: Mapping[str, Any]) -> None:
    """ValidationError for what the record would refuse; nothing is written."""
    trial = Actor.objects.select_related("commune").get(pk=actor.pk)
    refuse_forbidden(trial, values)
    assign(trial, values, Stamp(Origin.ACTOR))
    trial.full_clean(exclude=_UNCHECKED, validate_unique=False, validate_constraints=False)


_UNCHECKED = ["slug", "home_network"]


def _save(written: Written) -> None:
    actor = written.actor
    actor.full_clean(exclude=_UNCHECKED, validate_unique=False, validate_constraints=False)
    actor.save()
    for name, ids in written.many.items():
        getattr(actor, name).set(ids)
    actor.completeness = completeness(actor, set(actor.terms.values_list("vocabulary", flat=True)))
    Actor.objects.filter(pk=actor.pk).update(completeness=actor.completeness)


def confirm(*, by: Viewer, actor: Actor, at: datetime | None = None) -> None:
    """« Tout est à jour »."""
    rules.may_edit(by, actor).require()
    with transaction.atomic():
        hold([actor.pk], by=by)
        Actor.objects.filter(pk=actor.pk).update(confirmed_at=at or timezone.now())
        record("actor.confirm", by=by, subject=actor)
        mark_changed([actor.pk])
