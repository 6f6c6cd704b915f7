"""Two sheets beside each other: what they tell differently, and which of the two should be followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy

from maillage.activity.queries import Difference
from maillage.core.following import column_of
from maillage.core.viewer import Viewer
from maillage.directory.enums import ListingState, Origin
from maillage.directory.models import Actor, ActorMember, Listing, Merge
from maillage.directory.queries.history import differences_of, label_of

KEPT, GONE, BOTH = "kept", "gone", "both"
MANY = ("terms", "zone")
LISTS = ("languages", "place_access")
# What is chosen together: an address without its commune, or a picture without its text, would say something else.
GROUPS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "acronym": ("acronym",),
    "kind": ("kind",),
    "company": ("siren", "siret"),
    "rna": ("rna",),
    "uai": ("uai",),
    "parent": ("parent",),
    "family": ("family",),
    "terms": ("terms",),
    "summary": ("summary",),
    "description": ("description",),
    "place": ("address", "postal_code", "commune"),
    "position": ("latitude", "longitude", "position_quality", "position_score"),
    "zone": ("zone",),
    "website": ("website",),
    "email": ("email",),
    "phone": ("phone",),
    "contact_name": ("contact_name",),
    "contact_is_public": ("contact_is_public",),
    "languages": ("languages",),
    "place_access": ("place_access",),
    "access_notes": ("access_notes",),
    "image": ("image", "image_alt", "image_role", "image_credit"),
    "update_rhythm": ("update_rhythm",),
    "source": ("source",),
}
_LABELS = {
    "company": gettext_lazy("SIREN et SIRET"),
    "place": gettext_lazy("Adresse"),
    "position": gettext_lazy("Position sur la carte"),
}
_UNSHOWN = {"position_score", "image_role"}
_TRUST = [Origin.ACTOR, Origin.ANIMATOR, Origin.API, Origin.IMPORT]  # Whose words are followed first.


@dataclass(frozen=True)
class Choice:
    """A group of fields that the two sheets tell differently: what each tells, who wrote it, which to follow.

    `alone` when one of them says nothing; `can_add` when the two may be put together.
    """

    name: str
    label: Any
    differences: list[Difference]  # `before` of the kept sheet, `after` of the one that goes.
    default: str
    alone: bool
    can_add: bool


def held(actor: Actor, name: str) -> Any:
    """A value as the journal keeps it: ids for what is linked."""
    if name in MANY:
        return sorted(getattr(actor, name).values_list("pk", flat=True))
    if name == "image":
        return actor.image.name or ""
    return getattr(actor, column_of(Actor, name))


def choices(kept: Actor, gone: Actor) -> list[Choice]:
    """What has to be chosen, in the order of the sheet; a constant number of queries."""
    told = {name: [held(kept, name), held(gone, name)] for names in GROUPS.values() for name in names}
    if told["parent"][0] == gone.pk or told["parent"][1] == kept.pk:
        told["parent"] = [None, None]  # Neither can be the branch of what is becoming itself.
    changed = {name: pair for name, pair in told.items() if pair[0] != pair[1] and name not in _UNSHOWN}
    readable = dict(
        zip(changed, differences_of([{name: pair} for name, pair in changed.items()], by_words=False), strict=True)
    )
    found = []
    for group, names in GROUPS.items():
        differing = [name for name in names if name in changed]
        if differing:
            pairs = [told[name] for name in differing]
            sides = [any(_says(pair[side]) for pair in pairs) for side in (0, 1)]
            found.append(
                Choice(
                    name=group,
                    label=_LABELS.get(group) or label_of(group),
                    differences=[readable[name][0] for name in differing],
                    default=_default(kept, gone, group, sides),
                    alone=not all(sides),
                    can_add=group in MANY + LISTS and all(sides),
                )
            )
    return found


def _says(value: Any) -> bool:
    return value not in (None, "", [], 0, 0.0)


def _default(kept: Actor, gone: Actor, group: str, sides: Sequence[bool]) -> str:
    if group == "contact_is_public":
        return KEPT if not kept.contact_is_public else GONE  # The stricter: nobody's consent is widened by merging.
    if not all(sides):
        return KEPT if sides[0] else GONE
    if group in MANY + LISTS:
        return BOTH
    if group == "name" and kept.name.isupper() != gone.name.isupper():
        return GONE if kept.name.isupper() else KEPT  # All in capitals, it comes from a list.
    if group == "position":
        if kept.commune_id != gone.commune_id:  # A point goes with its commune.
            return _default(kept, gone, "place", sides)
        return GONE if gone.position_score > kept.position_score else KEPT
    return GONE if _trust(gone, group) > _trust(kept, group) else KEPT


def _trust(actor: Actor, group: str) -> tuple[int, str]:
    """Whoever wrote it, the actor first; then the latest."""
    wrote = [entry for name in GROUPS[group] if (entry := actor.provenance.get(name))]
    ranks = [-_TRUST.index(entry["origin"]) if entry.get("origin") in _TRUST else -len(_TRUST) for entry in wrote]
    dates = [at.isoformat() for entry in wrote if (at := parse_datetime(entry.get("at", "")))]
    return max(ranks, default=-len(_TRUST) - 1), max(dates, default="")


def is_half_hidden(network_id: int | None, kept: Actor, gone: Actor) -> bool:
    """Whether one of the two is in the public list of a network where the other was hidden: someone has to say."""
    listings = Listing.objects.filter(network=network_id, actor__in=[kept.pk, gone.pk], actor__archived_at=None)
    return set(listings.values_list("state", flat=True)) == {ListingState.PUBLISHED, ListingState.HIDDEN}


def better_first(one: Actor, other: Actor) -> tuple[Actor, Actor]:
    """The one to keep, then the other: not archived, looked after by someone, fuller, older."""
    followed = set(ActorMember.objects.filter(actor__in=[one.pk, other.pk]).values_list("actor_id", flat=True))

    def worth(actor: Actor) -> tuple[bool, bool, int, int]:
        return actor.archived_at is None, actor.pk in followed, actor.completeness, -actor.pk

    return (one, other) if worth(one) >= worth(other) else (other, one)


def pictures_of(merge: Merge) -> set[str]:
    """The stored pictures that undoing a merging may need."""
    if not merge.undo:
        return set()
    return {merge.undo["gone"].get("image"), *merge.undo["kept"].get("image", ())} - {"", None}


def kept_instead(viewer: Viewer, pk: int) -> int | None:
    """The id of the sheet that `pk` went into, for those who may know of the merge: its team, and who looks after it."""
    known = Q(network=viewer.network_id) if viewer.runs_network else Q(pk=None)
    if viewer.is_authenticated and not viewer.system:
        known |= Q(kept__in=ActorMember.objects.filter(user=viewer.user_id).values("actor"))
    return Merge.objects.in_force().filter(known, gone_id=pk).values_list("kept_id", flat=True).first()


def is_needed_to_undo(picture: str) -> bool:
    """Whether a picture that no sheet shows any more may come back with a merging undone."""
    held = Merge.objects.in_force().exclude(undo={})
    return any(picture in pictures_of(merge) for merge in held.iterator())
