"""What is told of the place of a person who gave no consent: a commune, never a home."""

from maillage.directory.enums import ActorKind
from maillage.directory.models import Actor


def keeps_home_private(kind: str, contact_is_public: bool) -> bool:
    """A person's address may be a home: without consent the commune is all that is told."""
    return kind == ActorKind.PERSON and not contact_is_public


def told_point(latitude: float | None, longitude: float | None, *, private: bool) -> tuple[float, float] | None:
    """The point that may be shown, to about a metre, or to about a kilometre for a home.

    Distances, frames and groups are reckoned from it too: from the true one, they would give it away.
    """
    if latitude is None or longitude is None:
        return None
    digits = 2 if private else 5
    return round(latitude, digits), round(longitude, digits)


def point_told_of(actor: Actor) -> tuple[float, float] | None:
    private = keeps_home_private(actor.kind, actor.contact_is_public)
    return told_point(actor.latitude, actor.longitude, private=private)
