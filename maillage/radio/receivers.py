"""What goes with a row that goes: its sound, its picture."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from maillage.core import audio, images
from maillage.radio.models import Episode, Show


@receiver(post_delete, sender=Episode)
def forget_sound(instance: Episode, **kwargs: Any) -> None:
    if name := instance.audio.name or "":
        transaction.on_commit(lambda: audio.forget(name), robust=True)


@receiver(post_delete, sender=Show)
def forget_picture(instance: Show, **kwargs: Any) -> None:
    if name := instance.image.name or "":
        transaction.on_commit(lambda: images.forget(name), robust=True)
