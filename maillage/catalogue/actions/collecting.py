"""Collections: resources that people put together."""

from collections.abc import Collection as Collection_
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import record
from maillage.catalogue import rules
from maillage.catalogue.actions import telling
from maillage.catalogue.actions.marking import hold
from maillage.catalogue.models import Collection, CollectionEditor, CollectionItem, Resource
from maillage.core.errors import Refused
from maillage.core.text import slugged
from maillage.core.viewer import Viewer

ITEMS, EDITORS = 200, 20
_RESERVED = {"ouvrir", "mes-collections"}


def create_collection(*, by: Viewer, fields: Mapping[str, Any], first: Resource | None = None) -> Collection:
    """With a first resource when it is opened from its page."""
    rules.may_collect(by).require()
    with transaction.atomic():
        hold(by.network)
        collection = Collection(network=by.network, author=by.user, slug=_free_slug(by.network_id, fields["title"]))
        _write(by, collection, fields)
        record("collection.create", by=by, subject=collection)
        if first is not None and first.is_shown:
            CollectionItem.objects.create(collection=collection, resource=first, title=first.title)
    return collection


def edit_collection(*, by: Viewer, collection: Collection, fields: Mapping[str, Any]) -> Collection:
    with transaction.atomic():
        collection = _held(by, collection)
        _write(by, collection, fields)
        record("collection.update", by=by, subject=collection)
    return collection


def _write(by: Viewer, collection: Collection, fields: Mapping[str, Any]) -> None:
    before = (collection.title, collection.summary)
    collection.title, collection.summary = fields["title"], fields["summary"]
    if collection.pk:
        _unlist(by, collection, before != (collection.title, collection.summary))
    if rules.may_list_collection(by) and "is_listed" in fields:
        collection.is_listed = fields["is_listed"]
    collection.full_clean(exclude=["slug", "network", "author"], validate_unique=False, validate_constraints=False)
    collection.save()


def _unlist(by: Viewer, collection: Collection, has_new_words: bool) -> None:
    """Words that the team has not read are not in the list that it answers for."""
    if has_new_words and collection.is_listed and not rules.may_list_collection(by):
        collection.is_listed = False
        collection.save(update_fields=["is_listed", "updated_at"])


def _held(by: Viewer, collection: Collection) -> Collection:
    hold(by.network)
    collection = Collection.objects.select_related("network").get(pk=collection.pk)
    rules.may_edit_collection(by, collection).require()
    collection.editors.filter(user=by.user_id, accepted_at=None).update(accepted_at=timezone.now())
    return collection


def add_item(*, by: Viewer, collection: Collection, resource: Resource, note: str = "") -> CollectionItem:
    with transaction.atomic():
        collection = _held(by, collection)
        if not resource.is_shown or resource.network_id != collection.network_id:
            raise Refused(_("Seule une ressource en ligne entre dans une collection."), status=422, field="adresse")
        if collection.items.filter(resource=resource).exists():
            raise Refused(_("Elle est déjà dans cette collection."), status=409, field="adresse")
        if collection.items.count() >= ITEMS:
            raise Refused(
                _("Deux cents ressources au plus : retirez-en une, ou ouvrez une autre collection."),
                status=422,
                field="adresse",
            )
        _unlist(by, collection, bool(note.strip()))
        last = collection.items.aggregate(last=Max("position"))["last"]
        item = CollectionItem(
            collection=collection, resource=resource, title=resource.title, note=note.strip(),
            position=0 if last is None else last + 1,
        )  # fmt: skip
        item.full_clean()
        item.save()
        record("collection.update", by=by, subject=collection, details={"added": resource.title})
    return item


def arrange_items(
    *, by: Viewer, collection: Collection, items: Sequence[tuple[int, str]], removed: Collection_[int] = ()
) -> None:
    """(key, note) of those that were read, in their order, and keys of those that leave. One that someone else added meanwhile is in
    neither: it stays, last."""
    with transaction.atomic():
        collection = _held(by, collection)
        collection.items.filter(pk__in=removed).delete()
        known = {item.pk: item for item in collection.items.all()}
        kept = [(known.pop(key), note) for key, note in items if key in known]
        kept += [(item, item.note) for item in known.values()]
        _unlist(by, collection, [item.note for item, _note in kept] != [note.strip()[:300] for _item, note in kept])
        for position, (item, note) in enumerate(kept):
            item.position, item.note = position, note.strip()[:300]
            item.save(update_fields=["position", "note"])
        record("collection.update", by=by, subject=collection, details={"items": len(kept)})


def add_editor(*, by: Viewer, collection: Collection, email: str) -> None:
    """Someone who has an account in the network writes it too. Whether an address has one is not told: what was asked is done or
    not, in silence."""
    with transaction.atomic():
        hold(by.network)
        rules.may_own_collection(by, collection).require()
        if collection.editors.filter(accepted_at__isnull=False).count() >= EDITORS:
            raise Refused(_("Vingt personnes au plus."), status=422)
        here = User.objects.filter(email__iexact=email.strip(), roles__network=by.network, erased_at=None)
        user = here.exclude(pk=collection.author_id or 0).distinct().first()
        if user is None:
            return
        _row, made = CollectionEditor.objects.get_or_create(collection=collection, user=user)
        if made:
            record("collection.editors", by=by, subject=collection)
            telling.tell_editor(collection, user, by=by)


def remove_editor(*, by: Viewer, editor: CollectionEditor) -> None:
    """By who opened it, or by the person themselves."""
    with transaction.atomic():
        hold(by.network)
        if editor.user_id != by.user_id:
            rules.may_own_collection(by, editor.collection).require()
        editor.delete()
        record("collection.editors", by=by, subject=editor.collection)


def delete_collection(*, by: Viewer, collection: Collection) -> None:
    with transaction.atomic():
        hold(by.network)
        rules.may_own_collection(by, collection).require()
        record("collection.delete", by=by, subject=collection)
        collection.delete()


def _free_slug(network_id: int | None, title: str) -> str:
    base = slugged(title, 80) or "collection"
    found = Collection.objects.filter(network=network_id, slug__startswith=base).values_list("slug", flat=True)
    taken = _RESERVED | set(found)
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
