"""Placing contents in a community, putting one first, taking one away."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.communities import rules
from maillage.communities.actions import telling
from maillage.communities.actions.marking import held, write_down
from maillage.communities.models import Community, Placement
from maillage.core.errors import Conflict, Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor


def place(*, by: Viewer, community: Community, words: str = "", **of: Any) -> Placement:
    """`of`: one of `event`, `publication`, `actor`, which everyone may read."""
    with transaction.atomic():
        community = held(community)
        rules.may_place(by, community).require()
        placement = Placement(community=community, added_by=by.user, words=legible(words).strip()[:300], **of)
        _require_shown(by, placement)
        placement.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                placement.save()
        except IntegrityError:
            raise Conflict(_("C'est déjà dans cette communauté.")) from None
        write_down("community.place", by=by, community=community, details={"content": str(placement)[:140]})
        telling.tell_placed.enqueue(placement_id=placement.pk, _scope=f"network:{community.network_id}")
    return placement


def _require_shown(by: Viewer, placement: Placement) -> None:
    thing = placement.thing
    if isinstance(thing, Actor):
        shown = Actor.objects.visible_to(Viewer(network=by.network)).filter(pk=thing.pk).exists()
    else:
        shown = thing.is_shown and thing.network_id == placement.community.network_id
    if not shown:
        raise Refused(_("On place dans une communauté ce que tout le monde peut lire."), status=409)


def unplace(*, by: Viewer, placement: Placement) -> None:
    with transaction.atomic():
        placement = _held(placement)
        rules.may_unplace(by, placement).require()
        write_down("community.unplace", by=by, community=placement.community, details={"content": str(placement)[:140]})
        placement.delete()


def put_first(*, by: Viewer, placement: Placement, first: bool) -> None:
    with transaction.atomic():
        placement = _held(placement)
        rules.may_change(by, placement.community).require()
        placement.first_at = timezone.now() if first else None
        placement.save(update_fields=["first_at"])
        placement.community.network.touch()


def _held(placement: Placement) -> Placement:
    community = held(placement.community)
    found = Placement.objects.select_related("event", "publication", "actor").filter(pk=placement.pk).first()
    if found is None:
        raise Conflict(_("Ce contenu n'est plus dans la communauté."))
    found.community = community
    return found
