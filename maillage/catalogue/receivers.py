"""What goes with a row that goes: the files of photos and of documents. What an actor offers comes and goes with its sheet."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from maillage.catalogue.actions.marking import follow_actors
from maillage.catalogue.models import FileVersion, Photo
from maillage.core import images
from maillage.directory.models import Actor, Listing, Merge


@receiver(post_delete, sender=Photo)
def forget_photo(instance: Photo, **kwargs: Any) -> None:
    if name := instance.image.name:
        transaction.on_commit(lambda: images.forget(name), robust=True)


@receiver(post_delete, sender=FileVersion)
def forget_file(instance: FileVersion, **kwargs: Any) -> None:
    if name := instance.file.name:  # None of one withdrawn.
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)


@receiver([post_save, post_delete], sender=Listing)
def follow_listing(instance: Listing, **kwargs: Any) -> None:
    follow_actors(instance.actor_id)


@receiver(post_save, sender=Actor)
def follow_archiving(instance: Actor, update_fields: Any = None, **kwargs: Any) -> None:
    if "archived_at" in (update_fields or ()):
        follow_actors(instance.pk)


@receiver(post_save, sender=Merge)
def follow_merging(instance: Merge, **kwargs: Any) -> None:
    """Done or undone: what one of the two offered is offered by the other."""
    follow_actors(instance.kept_id, instance.gone_id)
