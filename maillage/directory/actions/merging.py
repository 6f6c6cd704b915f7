"""Making two sheets one: what is chosen is written on the one that stays, all that pointed to the other follows.

`Merge.undo` keeps what gives everything back, in JSON values:

    {"gone": {column: value}, "many": {"terms": [ids], "zone": [ids]},     the row that went
     "kept": {column: [before, after]}, "kept_many": {…},                  what changed on the row that stays
     "followed": {"app.Model.field": [ids]},                               rows that only changed sheet
     "rewritten": [[model, id, {column: [before, after]}]],                rows that changed otherwise
     "removed": [[model, {column: value}]],                                rows that had no more place
     "slugs": [addresses]}
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.following import Planned, column_of
from maillage.core.text import folded, slugged
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.judging import settle
from maillage.directory.actions.marking import hold, mark_changed, published_in, tell_public_lists
from maillage.directory.enums import ListingState
from maillage.directory.models import Actor, FormerSlug, Listing, Merge
from maillage.directory.models.completeness import completeness
from maillage.directory.queries.documents import KIND
from maillage.directory.queries.merging import BOTH, GONE, GROUPS, MANY, choices, held, is_half_hidden
from maillage.directory.queries.relations import ancestors, planned
from maillage.search.actions import remove

Columns = dict[str, Any]


def merge(
    *, by: Viewer, kept: Actor, gone: Actor, chosen: Mapping[str, str], seen: str = "", publish: bool = False
) -> Merge:
    """`chosen` maps a group of `queries.merging.GROUPS` to the side to follow; a group that it does not name follows the
    default. `seen` is `state_of` when the two were shown: a change made since is a conflict. A sheet that one of the two
    has hidden in the viewer's network stays hidden, unless `publish` says otherwise (`queries.merging.is_half_hidden`)."""
    if kept.pk == gone.pk:
        raise Refused(_("Une fiche ne se fusionne pas avec elle-même."), status=422)
    with transaction.atomic():
        hold([kept.pk, gone.pk], by=by, going=True)
        rows = {actor.pk: actor for actor in Actor.objects.filter(pk__in=[kept.pk, gone.pk]).for_rows()}
        if len(rows) < 2:
            raise Conflict(_("L'une des deux fiches n'existe plus : quelqu'un l'a retirée ou fusionnée."))
        kept, gone = rows[kept.pk], rows[gone.pk]
        rules.may_merge(by, kept, gone).require()
        if seen and seen != state_of(kept, gone):
            raise Conflict(_("L'une des deux fiches a changé pendant que vous choisissiez. Relisez, puis fusionnez."))
        settle(by=by, one=kept, other=gone)
        undo: dict[str, Any] = {"gone": frozen(gone), "many": {name: held(gone, name) for name in MANY}}
        shown_in, publish = published_in(kept.pk, gone.pk), publish and is_half_hidden(by.network_id, kept, gone)
        before, many = _columns(kept), {name: held(kept, name) for name in MANY}
        _take(kept, gone, {choice.name: chosen.get(choice.name, choice.default) for choice in choices(kept, gone)})
        undo |= _carry(planned(kept, gone), kept)
        if publish:
            undo["rewritten"] += _publish(by, kept)
        if kept.pk in ancestors(kept):  # Through its new branches, it would be a branch of itself.
            kept.parent_id = None
        undo["slugs"] = _leave(kept, gone)
        kept.name_key = folded(kept.name)[:200]
        kept.completeness = completeness(kept, set(kept.terms.values_list("vocabulary", flat=True)))
        kept.save()
        undo |= {
            "kept": changed(before, _columns(kept)),
            "kept_many": {name: [many[name], now] for name in MANY if (now := held(kept, name)) != many[name]},
        }
        tell_public_lists(shown_in, slugs={kept.pk: kept.slug, gone.pk: gone.slug}, merged_into=kept.pk)
        told = Merge.objects.create(
            network=by.network,
            kept=kept,
            gone_id=gone.pk,
            gone_name=gone.name,
            undo=undo,
            by=by.user,
            until=timezone.now() + timedelta(days=int(by.network.setting("merge_undo_days"))),
        )
        Listing.objects.filter(actor=kept).exclude(network=by.network_id).update(changed_since_cleared=True)
        remove(KIND, gone.pk)
        record("actor.merge", by=by, subject=kept, changes=_told(undo), details={"gone": gone.name, "id": gone.pk})
        mark_changed([kept.pk])
    return told


def state_of(*actors: Actor) -> str:
    """What changes when one of the sheets does."""
    return "/".join(f"{actor.pk}.{actor.updated_at.timestamp():.6f}" for actor in actors)


def _take(kept: Actor, gone: Actor, chosen: Mapping[str, str]) -> None:
    """Set on `kept` what is to be followed of `gone`, with who wrote it."""
    for group, side in chosen.items():
        if side == GONE or (side == BOTH and group not in MANY):
            for name in GROUPS[group]:
                if group not in MANY:
                    _take_one(kept, gone, name, both=side == BOTH)
        if group in MANY and side in (GONE, BOTH):
            ids = set(held(gone, group)) | (set(held(kept, group)) if side == BOTH else set())
            getattr(kept, group).set(ids)
        if side == GONE:
            for name in GROUPS[group]:
                wrote = gone.provenance.get(name)
                kept.provenance = {key: entry for key, entry in kept.provenance.items() if key != name}
                kept.provenance |= {name: wrote} if wrote else {}
    if kept.parent_id == gone.pk:
        kept.parent_id = None
    dates = [at for at in (kept.confirmed_at, gone.confirmed_at) if at is not None]
    kept.confirmed_at = max(dates, default=None)


def _take_one(kept: Actor, gone: Actor, name: str, *, both: bool) -> None:
    column = column_of(Actor, name)
    value = getattr(gone, column)
    if both:
        value = list(dict.fromkeys([*getattr(kept, column), *value]))
    if not (column == "parent_id" and value == kept.pk):
        setattr(kept, column, value)


def _carry(plans: list[Planned], kept: Actor) -> dict[str, Any]:
    """Make all that points to one sheet point to the other; what undoes it."""
    followed: dict[str, list[int]] = {}
    rewritten: list[list[Any]] = []
    removed: list[list[Any]] = []
    for plan in plans:
        rows: QuerySet[Any] = QuerySet(plan.model)
        label = plan.model._meta.label
        if plan.follow:
            followed[plan.name] = plan.follow
            rows.filter(pk__in=plan.follow).update(**{plan.field: kept.pk})
        leaving = [fate.row for fate in plan.fates if fate.values is None]
        removed += [[label, frozen(row)] for row in leaving]
        rows.filter(pk__in=[row.pk for row in leaving]).delete()
        for fate in plan.fates:
            for row, values in ((fate.row, fate.values), (fate.held, fate.settled)):
                before = {name: plain(getattr(row, name)) for name in values or {}}
                differing = changed(before, {name: plain(value) for name, value in (values or {}).items()})
                if values and differing:
                    rewritten.append([label, row.pk, differing])
                    rows.filter(pk=row.pk).update(**values)
    return {"followed": followed, "rewritten": rewritten, "removed": removed}


def _publish(by: Viewer, kept: Actor) -> list[list[Any]]:
    """Show in the viewer's network what one of the two hid there; what undoes it."""
    rules.may_publish(by, kept).require()
    listing = Listing.objects.get(actor=kept, network=by.network_id)
    before, listing.state = listing.state, ListingState.PUBLISHED
    listing.save(update_fields=["state"])
    return [[Listing._meta.label, listing.pk, {"state": [before, listing.state]}]]


def _leave(kept: Actor, gone: Actor) -> list[str]:
    """Delete the row that nothing points to any more; both addresses lead to the one that stays."""
    addresses = {kept.slug, gone.slug}
    named = [address for address in addresses if address.startswith(slugged(kept.name, 90))]
    kept.slug = min(named, key=len, default=kept.slug)
    Actor.objects.filter(pk=gone.pk).delete()
    left = sorted(addresses - {kept.slug})
    FormerSlug.objects.bulk_create([FormerSlug(slug=slug, actor=kept) for slug in left])
    return left


def _told(undo: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What the journal says of the sheet that stays."""
    told = {name.removesuffix("_id"): pair for name, pair in undo["kept"].items()}
    for reckoned in ("name_key", "completeness", "provenance", "confirmed_at", "updated_at", "position_score"):
        told.pop(reckoned, None)
    return told | undo["kept_many"]


def _columns(actor: Actor) -> Columns:
    return {name: value for name, value in frozen(actor).items() if name not in ("id", "updated_at")}


def changed(before: Columns, after: Columns) -> dict[str, list[Any]]:
    return {name: [before[name], value] for name, value in after.items() if before[name] != value}


def frozen(row: models.Model) -> Columns:
    """Every column of a row, as JSON keeps it."""
    return {field.attname: plain(field.value_from_object(row)) for field in row._meta.concrete_fields}


def plain(value: Any) -> Any:
    """To the microsecond: what is given back is what was there."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.name or "" if isinstance(value, FieldFile) else value
