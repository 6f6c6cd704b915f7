"""What goes with a row that goes: pictures of a text and of its versions; signatures of a person who is erased."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from maillage.accounts import signals as account_signals
from maillage.accounts.models import User
from maillage.core import images
from maillage.publications.actions.crediting import withdraw_signatures
from maillage.publications.actions.editing import is_used
from maillage.publications.models import Publication, Version


def _pictures(image: str, media: Any) -> list[str]:
    return [name for name in (image, *(each.get("name", "") for each in media or [])) if name]


def _forget(names: list[str]) -> None:
    for name in names:
        if not is_used(name):
            images.forget(name)


@receiver(post_delete, sender=Publication)
def forget_pictures(instance: Publication, **kwargs: Any) -> None:
    if names := _pictures(instance.image.name or "", instance.media):
        transaction.on_commit(lambda: _forget(names), robust=True)


@receiver(post_delete, sender=Version)
def forget_pictures_of_version(instance: Version, **kwargs: Any) -> None:
    if names := _pictures(instance.values.get("image") or "", instance.values.get("media")):
        transaction.on_commit(lambda: _forget(names), robust=True)


@receiver(account_signals.erasing)
def take_names_away(user: User, **kwargs: Any) -> None:
    withdraw_signatures(user=user)
