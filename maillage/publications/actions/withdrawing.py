"""Pictures of a text that everyone read and reads no more."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maillage.core import images
from maillage.publications.actions.editing import is_used
from maillage.publications.models import Publication, Version


def withdraw_pictures(publication: Publication) -> None:
    """Under names that nobody was told, in the text and in its versions alike, so that they stay equal. Within the transaction that
    hides it, once it is saved."""
    versions = list(Version.objects.filter(publication=publication))
    held = [
        (publication.image.name or "", publication.media),
        *((one.values.get("image"), one.values.get("media")) for one in versions),
    ]
    names = {name for image, media in held for name in (image, *(each.get("name") for each in media or [])) if name}
    moved = {name: new for name in sorted(names) if (new := images.renamed(name)) != name}
    if not moved:
        return
    publication.image = moved.get(publication.image.name or "", publication.image.name)
    publication.media = _media(publication.media, moved)
    Publication.objects.filter(pk=publication.pk).update(image=publication.image.name or "", media=publication.media)
    for version in versions:
        values = dict(version.values)
        if values.get("image"):
            values["image"] = moved.get(values["image"], values["image"])
        if values.get("media"):
            values["media"] = _media(values["media"], moved)
        Version.objects.filter(pk=version.pk).update(values=values)
    transaction.on_commit(lambda: _forget(list(moved)), robust=True)


def _media(media: list[dict[str, Any]], moved: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{**each, "name": moved.get(each["name"], each["name"])} if each.get("name") else each for each in media]


def _forget(names: list[str]) -> None:
    for name in names:
        if not is_used(name):
            images.forget(name)
