"""Undoing a merging: the sheet that went comes back with all that was its own; what was changed since stays, and is told."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.accounts.queries import suppressed_among
from maillage.activity.actions import record
from maillage.core import images
from maillage.core.following import uniques
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.judging import unsettle
from maillage.directory.actions.marking import hold, mark_changed, published_in, tell_public_lists
from maillage.directory.actions.merging import plain
from maillage.directory.actions.withdrawing import addresses_in, take_out
from maillage.directory.actions.writing import free_slugs
from maillage.directory.models import Actor, FormerSlug, Listing, Merge
from maillage.directory.models.completeness import completeness
from maillage.directory.queries.freshness import FORBIDDEN_CONTACT
from maillage.directory.queries.history import label_of
from maillage.directory.queries.merging import held, is_needed_to_undo, pictures_of


def undo_merge(*, by: Viewer, merge: Merge) -> list[str]:
    """Give back the sheet that went into another; what could not be put back, in words.

    The merges of one sheet are undone from the last to the first.
    """
    with transaction.atomic():
        hold([merge.kept_id, merge.gone_id], by=by)
        merge = Merge.objects.select_for_update(of=("self",)).select_related("network").get(pk=merge.pk)
        kept = Actor.objects.for_rows().get(pk=merge.kept_id)
        undo = merge.undo
        was = _thawed(Actor, undo["gone"]) if undo else None
        rules.may_undo_merge(by, merge, kept, was).require()
        shown_in = published_in(kept.pk, merge.gone_id)
        left = _leave_forbidden(undo)
        left += _put_back_kept(kept, undo)
        address = undo["gone"]["slug"]
        FormerSlug.objects.filter(actor=kept, slug__in=[address, kept.slug]).delete()
        if any(rows.filter(slug=address).exists() for rows in (Actor.objects, FormerSlug.objects)):
            undo["gone"]["slug"] = free_slugs([undo["gone"]["name"]])[0]
            left.append(_("l'adresse de sa page, qu'une autre fiche a prise (elle en a reçu une nouvelle)"))
        gone = _bring_back(undo)
        left += _put_back_rows(undo, kept, gone)
        tell_public_lists(shown_in, slugs={kept.pk: kept.slug, gone.pk: gone.slug})
        unsettle(by=by, one=kept, other=gone)
        merge.undone_at, merge.undone_by, merge.undo = timezone.now(), by.user, {}
        merge.save(update_fields=["undone_at", "undone_by", "undo"])
        Listing.objects.filter(actor__in=[kept, gone]).exclude(network=by.network_id).update(changed_since_cleared=True)
        for actor in (kept, gone):
            record("actor.unmerge", by=by, subject=actor, details={"gone": merge.gone_name, "left": left})
        mark_changed([kept.pk, gone.pk])
    return left


def _leave_forbidden(undo: dict[str, Any]) -> list[str]:
    """Whoever objected since is not brought back."""
    forbidden = suppressed_among(sorted(addresses_in(undo)))
    for address in sorted(forbidden):
        take_out(undo, address, undoing=True)
    return [_("e-mail, téléphone et nom du contact : %(why)s") % {"why": FORBIDDEN_CONTACT}] if forbidden else []


def _put_back_kept(kept: Actor, undo: Mapping[str, Any]) -> list[str]:
    """The columns that still say what merging wrote get back what they said."""
    left = []
    for name, (before, after) in undo["kept"].items():
        if name == "provenance":
            kept.provenance = _provenance(kept.provenance, before, after)
        elif plain(getattr(kept, name)) == after:
            setattr(kept, name, _read(Actor, name, before))
        elif name not in ("name_key", "completeness", "confirmed_at"):
            left.append(_("%(field)s : modifié depuis") % {"field": label_of(name.removesuffix("_id"))})
    for name, (before, after) in undo["kept_many"].items():
        if held(kept, name) == after:
            _set_many(kept, name, before)
        else:
            left.append(_("%(field)s : modifié depuis") % {"field": label_of(name)})
    kept.name_key = folded(kept.name)[:200]
    kept.completeness = completeness(kept, set(kept.terms.values_list("vocabulary", flat=True)))
    kept.save()
    return left


def _provenance(now: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Who wrote each field before, but for those that someone wrote since."""
    found = dict(now)
    for name in before.keys() | after.keys():
        if now.get(name) == after.get(name):
            found.pop(name, None)
            found |= {name: before[name]} if name in before else {}
    return found


def _set_many(actor: Actor, name: str, ids: list[int]) -> None:
    """Those that still exist."""
    related = Actor._meta.get_field(name).related_model
    getattr(actor, name).set(QuerySet(related).filter(pk__in=ids))


def _bring_back(undo: Mapping[str, Any]) -> Actor:
    columns = dict(undo["gone"])
    for field in Actor._meta.concrete_fields:
        key, related = columns[field.attname], field.related_model
        if field.null and isinstance(related, type) and key is not None:
            if not QuerySet(related).filter(pk=key).exists():
                columns[field.attname] = None
    gone = _thawed(Actor, columns)
    gone.save_base(raw=True, force_insert=True)
    for name, ids in undo["many"].items():
        _set_many(gone, name, ids)
    return gone


def _thawed(model: type[models.Model], columns: Mapping[str, Any]) -> Any:
    """The row that `merging.frozen` kept."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: fields[name].to_python(value) for name, value in columns.items() if name in fields})


def _read(model: type[models.Model], column: str, value: Any) -> Any:
    """A value of a column, from how JSON kept it."""
    field: Any = model._meta.get_field(column)
    return field.to_python(value)


def _put_back_rows(undo: Mapping[str, Any], kept: Actor, gone: Actor) -> list[str]:
    left = []
    for name, keys in undo["followed"].items():
        label, _dot, field = name.rpartition(".")
        rows: QuerySet[Any] = QuerySet(apps.get_model(label)).filter(pk__in=keys)
        rows.filter(**{field: kept.pk}).update(**{field: gone.pk})
    for label, key, differing in reversed(undo["rewritten"]):
        model = apps.get_model(label)
        row = QuerySet(model).filter(pk=key).first()
        if row is None or any(plain(getattr(row, name)) != after for name, (_before, after) in differing.items()):
            left.append(_("%(kind)s : modifié depuis") % {"kind": model._meta.verbose_name})
            continue
        columns = {name: _read(model, name, before) for name, (before, _after) in differing.items()}
        QuerySet(model).filter(pk=key).update(**columns)
    for label, columns in undo["removed"]:
        model = apps.get_model(label)
        row = _thawed(model, columns)
        _name_who_they_are_now(row)
        if _is_possible(row):
            row.save_base(raw=True, force_insert=True)
        else:
            left.append(_("%(kind)s : une autre a pris sa place") % {"kind": model._meta.verbose_name})
    return left


def _name_who_they_are_now(row: models.Model) -> None:
    """Someone whose account became one with another meanwhile is found under the other."""
    for field in row._meta.concrete_fields:
        key = getattr(row, field.attname)
        if field.related_model is User and key is not None:
            now = User.objects.filter(pk=key, merged_into__isnull=False).values_list("merged_into", flat=True).first()
            setattr(row, field.attname, now or key)


def _is_possible(row: models.Model) -> bool:
    """Whether nothing took its place meanwhile, and what it points to still exists."""
    model = type(row)
    for field in model._meta.concrete_fields:
        key = getattr(row, field.attname)
        if field.is_relation and key is not None and field.related_model is not None:
            there: QuerySet[Any] = QuerySet(field.related_model).filter(pk=key)
            if field.related_model is User:
                there = there.filter(erased_at=None)
            if not there.exists():
                return False
    for columns, condition in uniques(model):
        wanted = {column: getattr(row, column) for column in columns}
        others: QuerySet[Any] = QuerySet(model).filter(**wanted)
        if condition is not None:
            others = others.filter(condition)
        if None not in wanted.values() and others.exists():
            return False
    return not QuerySet(model).filter(pk=row.pk).exists()


@task(every=timedelta(days=1))
def forget_old_merges(job: Job) -> None:
    """What undoes a merging holds people's data: it goes with the right to undo, and so do the pictures left over."""
    for merge in Merge.objects.in_force().filter(until__lt=timezone.now()).exclude(undo={}).iterator():
        pictures = pictures_of(merge)
        merge.undo = {}
        merge.save(update_fields=["undo"])
        for picture in pictures:
            if not Actor.objects.filter(image=picture).exists() and not is_needed_to_undo(picture):
                images.forget(picture)
