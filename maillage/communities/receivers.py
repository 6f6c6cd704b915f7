"""What goes with a row that goes: the picture of a community."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from maillage.communities.models import Community
from maillage.core import images


@receiver(post_delete, sender=Community)
def forget_picture(instance: Community, **kwargs: Any) -> None:
    if name := instance.image.name:
        transaction.on_commit(lambda: images.forget(name), robust=True)
