"""Writing programmes and episodes."""

from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core import images
from maillage.core.errors import Conflict
from maillage.core.richtext import sanitised
from maillage.core.seen import Seen, require_unmoved
from maillage.core.text import legible, slugged
from maillage.core.viewer import Viewer
from maillage.radio import rules
from maillage.radio.actions.marking import forget, held, hold, mark_changed, mark_show_changed
from maillage.radio.enums import ItemKind
from maillage.radio.models import Episode, Item, Show
from maillage.radio.queries.fields import EPISODE, SHOW, episode_fields, show_fields

RESERVED = {"son", "podcast", "abonnement"}  # Pages of the section, and of each programme.


def create_show(*, by: Viewer, fields: Mapping[str, Any]) -> Show:
    rules.may_work(by).require()
    with transaction.atomic():
        hold(by.network)
        show = Show(network=by.network)
        old = _assign(show, fields, SHOW)
        show.slug = _free(Show.objects.filter(network=by.network), show.name, 60)
        show.full_clean(exclude=["network", "slug"], validate_unique=False, validate_constraints=False)
        show.save()
        record("show.create", by=by, subject=show)
        _follow_picture(show, old)
    return show


def edit_show(*, by: Viewer, show: Show, fields: Mapping[str, Any], seen: Seen | None) -> list[str]:
    """The names of the fields that changed; conflict when someone else changed one of them meanwhile."""
    with transaction.atomic():
        hold(by.network)
        show = Show.objects.select_related("network").get(pk=show.pk)
        rules.may_edit_show(by, show).require()
        require_unmoved(show_fields(show), fields, seen)
        before = show_fields(show)
        old = _assign(show, fields, SHOW)
        changes = {name: [before[name], value] for name, value in show_fields(show).items() if before[name] != value}
        if changes:
            show.full_clean(exclude=["network", "slug"], validate_unique=False, validate_constraints=False)
            show.save()
            record("show.update", by=by, subject=show, changes=changes)
            _follow_picture(show, old)
            mark_show_changed(show)
        return list(changes)


def create_episode(*, by: Viewer, show: Show, fields: Mapping[str, Any]) -> Episode:
    """Its number is the next one of the programme (of its season) unless said otherwise."""
    rules.may_edit_show(by, show).require()
    with transaction.atomic():
        hold(by.network)
        episode = Episode(network=show.network, show=show, author=by.user)
        _assign(episode, fields, EPISODE)
        if episode.number is None:
            last = show.episodes.filter(season=episode.season).aggregate(last=models.Max("number"))["last"]
            episode.number = (last or 0) + 1
        _require_free_number(episode)
        episode.slug = _free(show.episodes.all(), episode.title, 80)
        _check(episode)
        episode.save()
        record("episode.create", by=by, subject=episode, touch=False)
        mark_changed(episode)
    return episode


def edit_episode(*, by: Viewer, episode: Episode, fields: Mapping[str, Any], seen: Seen | None) -> list[str]:
    """The names of the fields that changed; conflict when someone else changed one of them meanwhile."""
    with transaction.atomic():
        episode = held(by.network, episode)
        rules.may_edit(by, episode).require()
        require_unmoved(episode_fields(episode), fields, seen)
        before = episode_fields(episode)
        _assign(episode, fields, EPISODE)
        after = episode_fields(episode)
        changes = {name: [_told(before[name]), _told(after[name])] for name in after if before[name] != after[name]}
        if changes:
            _require_free_number(episode)
            _check(episode)
            episode.save()
            record("episode.update", by=by, subject=episode, changes=changes, touch=False)
            mark_changed(episode)
        return list(changes)


def copy_frame(*, by: Viewer, episode: Episode, fields: Mapping[str, Any]) -> Episode:
    """A new episode of the same programme with the frame of that one: its items in order, with their kind and planned length; the
    jingles and the free chronicles keep their title, what was about something is to be filled anew."""
    with transaction.atomic():
        rules.may_edit(by, episode).require()
        made = create_episode(by=by, show=episode.show, fields=fields)
        rows = []
        for position, item in enumerate(episode.items.all()):
            about = item.event_id or item.actor_id or item.publication_id
            title = Item(kind=item.kind).get_kind_display().capitalize() if about else item.title
            words = item.words if item.kind == ItemKind.JINGLE else ""
            rows.append(
                Item(episode=made, position=position, kind=item.kind, title=title, words=words, planned=item.planned)
            )
        Item.objects.bulk_create(rows)
        record("episode.copy", by=by, subject=made, details={"from": episode.title}, touch=False)
    return made


def delete_episode(*, by: Viewer, episode: Episode) -> None:
    """What nobody ever heard, with its sound."""
    with transaction.atomic():
        episode = held(by.network, episode)
        rules.may_delete(by, episode).require()
        record("episode.delete", by=by, subject=episode, touch=False)
        forget(episode)
        episode.delete()


def keep_picture(picture: ContentFile) -> str:
    return default_storage.save(f"radio/{picture.name}", picture)


def _assign(row: Any, fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """Set the fields without saving; KeyError on one that may not be written. The name of the picture that it had."""
    old = row.image.name or "" if hasattr(row, "image") else ""
    for name, given in fields.items():
        if name not in names:
            raise KeyError(name)
        value = legible(given) if isinstance(given, str) else given
        if name == "notes":
            value = sanitised(value, trusted=True)
        setattr(row, name, value)
    return old


def _check(episode: Episode) -> None:
    episode.full_clean(
        exclude=["network", "show", "author", "slug", "audio"], validate_unique=False, validate_constraints=False
    )


def _require_free_number(episode: Episode) -> None:
    if episode.number is None:
        return
    same = Episode.objects.filter(show=episode.show, season=episode.season, number=episode.number)
    if same.exclude(pk=episode.pk).exists():
        raise Conflict(_("Un autre épisode de cette émission porte déjà ce numéro."))


def _told(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _free(rows: Any, title: str, limit: int) -> str:
    """An address part that is free among `rows`: the slug of the title, else with -2, -3…"""
    base = slugged(title, limit) or "episode"
    taken = RESERVED | set(rows.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _follow_picture(show: Show, old: str) -> None:
    now = show.image.name or ""
    if now and now != old:
        images.make_derivatives.enqueue(name=now)
    if old and now != old:
        transaction.on_commit(lambda: images.forget(old), robust=True)
