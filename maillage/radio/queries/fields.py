"""What the forms of the radio show of each row, as they name it."""

from typing import Any

from django.utils import timezone

from maillage.radio.models import Episode, Item, Show

SHOW = (
    "name", "summary", "stations", "minutes", "rate", "language", "category", "is_explicit", "owner_name", "owner_email",
    "image", "image_alt", "is_open",
)  # fmt: skip
EPISODE = ("title", "summary", "notes", "transcript", "season", "number", "planned_at")
ITEM = ("title", "kind", "words", "questions", "contact", "planned", "departments")


def show_fields(show: Show) -> dict[str, Any]:
    return {name: show.image.name or "" if name == "image" else getattr(show, name) for name in SHOW}


def episode_fields(episode: Episode) -> dict[str, Any]:
    held: dict[str, Any] = {name: getattr(episode, name) for name in EPISODE}
    if episode.planned_at is not None:
        held["planned_at"] = timezone.localtime(episode.planned_at)
    return held


def item_fields(item: Item) -> dict[str, Any]:
    held: dict[str, Any] = {name: getattr(item, name) for name in ITEM if name != "departments"}
    held["departments"] = sorted(place.pk for place in item.departments.all()) if item.pk else []
    return held
