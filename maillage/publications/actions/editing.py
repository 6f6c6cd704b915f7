"""Writing a publication. What nobody reads yet is written in its place; of what everyone reads, changes are kept apart as the
version being written (`actions.revising`), so that a draft saved every few seconds shows to nobody."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core import images
from maillage.core.errors import Refused
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.richtext import sanitised
from maillage.core.seen import Seen, mark, require_unmoved
from maillage.core.text import legible, slugged
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.publications import rules
from maillage.publications.actions.crediting import credit_first
from maillage.publications.actions.marking import hold, mark_changed
from maillage.publications.actions.minding import lift_embargo_of
from maillage.publications.enums import Kind, State, VersionState
from maillage.publications.models import Publication, Version
from maillage.publications.queries.fields import (
    PLAIN,
    as_json,
    held_fields,
    open_version,
    place_keys,
    places_of,
    recorded,
    stored,
    term_keys,
    terms_of,
)

_KEPT_HOURS = 24
_UNCHECKED = ["slug", "network", "author", "preview_key"]
RESERVED = {"proposer", "integrer", "widget", "flux", "donnees"}  # Pages of the sections themselves.


def create_publication(
    *, by: Viewer, kind: str, fields: Mapping[str, Any], signed_by: Actor | None = None
) -> Publication:
    """A draft of the viewer, signed by them and, if given, by an actor that they look after."""
    rules.may_contribute(by, kind).require()
    with transaction.atomic():
        hold(by.network)
        publication = Publication(network=by.network, author=by.user, kind=Kind(kind))
        values = recorded(publication, by, fields)
        publication.slug = free_slug(publication.network_id, values["title"])
        changes = assign(publication, values, trusted=by.runs_network)
        save(publication, values)
        credit_first(by, publication, signed_by)
        record("publication.create", by=by, subject=publication, changes=changes, touch=False)
        mark_changed(publication)
        follow_picture(publication, changes)
    return publication


def edit_publication(
    *, by: Viewer, publication: Publication, fields: Mapping[str, Any], seen: Seen | None
) -> list[str]:
    """Write `fields` as its forms name them (`queries.fields`), `seen` what they showed; the names of those that changed.

    Conflict when someone else changed one of them meanwhile."""
    with transaction.atomic():
        hold(by.network, publication.pk)
        publication = Publication.objects.select_related("network").get(pk=publication.pk)
        rules.may_write(by, publication).require()
        require_unmoved(held_fields(publication, by, fields), fields, seen)
        values = recorded(publication, by, fields)
        if publication.state == State.PUBLISHED:
            return _keep_apart(by, publication, values)
        old = publication.image.name or ""
        changes = assign(publication, values, trusted=by.runs_network)
        if changes:
            save(publication, values)
            record("publication.update", by=by, subject=publication, changes=changes, touch=False)
            mark_changed(publication)
            follow_picture(publication, changes, old)
            forget_media(publication, changes)
        return list(changes)


def _keep_apart(by: Viewer, publication: Publication, values: Mapping[str, Any]) -> list[str]:
    """In the version being written: what it says as everyone reads is no longer part of it."""
    version = open_version(publication) or Version(publication=publication, author=by.user)
    trial = Publication.objects.get(pk=publication.pk)
    assign(trial, values, trusted=by.runs_network)
    check(trial)
    before = dict(version.values)
    for name, value in values.items():
        told = _told(trial, name, value)
        if mark(told) == mark(_shown(publication, name)):
            version.values.pop(name, None)
        else:
            version.values[name] = told
    if version.values == before:
        return []
    if version.pk is None or version.state == VersionState.REFUSED:
        version.author = by.user
        version.state = VersionState.WORKING
    version.at = timezone.now()
    if not version.values:
        if version.pk:
            version.delete()
        return list(before)
    version.save()
    if "image" in values and version.values.get("image"):
        images.make_derivatives.enqueue(name=version.values["image"])
    return [name for name in values if before.get(name) != version.values.get(name)]


def _told(trial: Publication, name: str, value: Any) -> Any:
    return value if name in ("terms", "places") else as_json(stored(trial, name))


def _shown(publication: Publication, name: str) -> Any:
    if name == "terms":
        return sorted(term_keys(publication))
    if name == "places":
        return place_keys(publication)
    return as_json(stored(publication, name))


def assign(publication: Publication, values: Mapping[str, Any], *, trusted: bool) -> dict[str, list[Any]]:
    """Set `values` (JSON, see `queries.fields.recorded`) without saving; field → [before, after] of what changed. KeyError on a
    field that may not be written."""
    changes: dict[str, list[Any]] = {}
    for name, given in values.items():
        if name not in (*PLAIN, "terms", "places"):
            raise KeyError(name)
        value: Any = legible(given) if isinstance(given, str) else given
        if name == "media":
            value = [{key: legible(text) for key, text in each.items()} for each in value]
        if name == "body":
            value = sanitised(value, trusted=trusted)
        before = _shown(publication, name)
        if before == value or (name == "closes_on" and before == (value or None)):
            continue
        changes[name] = [before, value]
        if name not in ("terms", "places"):
            setattr(publication, name, _as_stored(name, value))
    return changes


def _as_stored(name: str, value: Any) -> Any:
    if name != "closes_on":
        return value
    return date.fromisoformat(value) if value else None


def check(publication: Publication) -> None:
    """ValidationError or refusal for what it would not take."""
    publication.full_clean(exclude=_UNCHECKED, validate_unique=False, validate_constraints=False)
    if publication.kind == Kind.ANNOUNCEMENT and not publication.announcement:
        raise Refused(_("Choisissez le type de l'annonce."), status=422)


def save(publication: Publication, values: Mapping[str, Any]) -> None:
    check(publication)
    publication.save()
    if "terms" in values:
        publication.terms.set(terms_of(values["terms"]))
    if "places" in values:
        publication.places.set(places_of(values["places"]))


def free_slug(network_id: int, title: str, *, beside: int = 0) -> str:
    """An address part that is free in the network, or that `beside` has: the slug of the title, else with -2, -3…"""
    base = slugged(title, 80)
    held = Publication.objects.filter(network=network_id, slug__startswith=base).exclude(pk=beside)
    taken = RESERVED | set(held.values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def change_settings(*, by: Viewer, publication: Publication, publish_at: Any, comments_open: bool) -> None:
    """The moment it appears, and whether readers comment: said at once, they are no words of the text."""
    with transaction.atomic():
        hold(by.network, publication.pk)
        publication = Publication.objects.select_related("network").get(pk=publication.pk)
        rule = rules.may_plan if publish_at != publication.publish_at else rules.may_write
        rule(by, publication).require()
        before = {"publish_at": as_iso(publication.publish_at), "comments_open": publication.comments_open}
        if publish_at != publication.publish_at and publication.is_shown:
            raise Refused(_("Tout le monde le lit déjà : dépubliez-le avant d'en changer le moment."), status=409)
        publication.publish_at, publication.comments_open = publish_at, comments_open
        after = {"publish_at": as_iso(publication.publish_at), "comments_open": publication.comments_open}
        changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        if changes:
            publication.save()
            record("publication.update", by=by, subject=publication, changes=changes, touch=False)
            mark_changed(publication)
            lift_embargo_of(publication)


def as_iso(at: Any) -> str | None:
    return at.isoformat() if at is not None else None


# --- pictures -----------------------------------------------------------------------------------------------------------


def keep_picture(picture: ContentFile) -> str:
    """Keep a picture received with a form that is not over; its name, a day at most unless a text takes it."""
    name = default_storage.save(f"publications/{picture.name}", picture)
    forget_kept.enqueue(name=name, _at=timezone.now() + timedelta(hours=_KEPT_HOURS))
    return name


def follow_picture(publication: Publication, changes: Mapping[str, Any], old: str = "") -> None:
    """Make the widths of a new picture and forget the `old` one, unless a version shows it."""
    if "image" not in changes:
        return
    if publication.image:
        images.make_derivatives.enqueue(name=publication.image.name)
    if old and not is_used(old, publication):
        transaction.on_commit(lambda: images.forget(old), robust=True)


def forget_media(publication: Publication, changes: Mapping[str, Any]) -> None:
    """The pictures that the text had and neither it nor a version has any more."""
    held = changes["media"][0] if "media" in changes else []
    for name in (each["name"] for each in held if each.get("name")):
        if not is_used(name, publication):
            transaction.on_commit(partial(images.forget, name), robust=True)


def is_used(name: str, publication: Publication | None = None) -> bool:
    """Whether a publication (that one), or one of its versions, shows this picture."""
    texts, versions = Publication.objects.all(), Version.objects.all()
    if publication is not None:
        texts, versions = texts.filter(pk=publication.pk), versions.filter(publication=publication)
    return (
        texts.filter(Q(image=name) | Q(media__icontains=name)).exists()
        or versions.filter(values__icontains=name).exists()
    )


@task()
def forget_kept(job: Job, name: str) -> None:
    if not is_used(name):
        images.forget(name)
