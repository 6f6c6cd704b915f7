"""What an actor that keeps its contacts to itself tells all the same: of a person, a commune and never a home."""

from copy import copy

from maillage.core.viewer import Viewer
from maillage.directory.enums import ActorKind
from maillage.directory.models import Actor

_CONTACT, _HOME = frozenset({"email", "phone", "contact_name"}), frozenset({"address", "latitude", "longitude"})


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


def withheld_from(viewer: Viewer, actor: Actor) -> frozenset[str]:
    """The fields that the actor and the team of its home network keep: another network that lists it reads what all do."""
    if viewer.system or actor.home_network_id == viewer.network_id or actor.contact_is_public:
        return frozenset()
    return _CONTACT | _HOME if keeps_home_private(actor.kind, actor.contact_is_public) else _CONTACT


def as_told(actor: Actor, viewer: Viewer) -> Actor:
    """`actor`, or a copy to be read only, without what is withheld from the viewer's network."""
    withheld = withheld_from(viewer, actor)
    if not withheld:
        return actor
    told = copy(actor)
    for name in withheld & {*_CONTACT, "address"}:
        setattr(told, name, "")
    if "latitude" in withheld:
        told.latitude, told.longitude = point_told_of(actor) or (None, None)
    return told
