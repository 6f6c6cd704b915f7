"""Words of editors in the demonstration: two that wait, one refused, one taken; a contributor whom the network trusts."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from maillage.core.seen import marks, read
from maillage.directory.actions import revising, trusting
from maillage.directory.enums import MemberRole, RefusalReason
from maillage.directory.models import Actor, ActorMember, Revision, Trust
from maillage.directory.queries.fields import held_fields
from maillage.portal.management.demo.world import World


def tell_trust(world: World) -> None:
    """Before Fanny takes over an atelier whose sheet is published."""
    fanny, noe = world.viewer("acteur"), world.viewer("animation")

    def given(at: datetime) -> None:
        if ActorMember.objects.filter(user=fanny.user, actor__home_network=world.south).exists():
            trust = trusting.give_trust(by=noe, user=fanny.user, reason="Des fiches justes depuis cinq mois.")
            Trust.objects.filter(pk=trust.pk).update(given_at=at, created_at=at)

    world.chronicle.add(world.chronicle.ago(41, 10), given)


def tell_revisions(world: World) -> None:
    """Yann and the member of the Pôle write for sheets that others answer for."""
    yann, pole, noe = world.viewer("membre"), world.viewer("pole"), world.viewer("animation")
    add, ago = world.chronicle.add, world.chronicle.ago

    def joins(at: datetime) -> None:
        for actor in [*world.actors("museum", 1), *world.actors("fablab", 1)]:
            held, _new = ActorMember.objects.get_or_create(
                actor=actor, user=yann.user, defaults={"role": MemberRole.EDITOR}
            )
            ActorMember.objects.filter(pk=held.pk).update(created_at=at)

    def propose(at: datetime, who: Any, key: str, **fields: Any) -> Revision | None:
        for actor in world.actors(key, 1):
            made = revising.propose_edit(by=who, actor=actor, fields=fields, seen=None)
            if made is not None:
                Revision.objects.filter(pk=made.pk).update(sent_at=at, created_at=at)
            return made
        return None

    def taken(at: datetime) -> None:
        if made := propose(at, yann, "museum", access_notes="Ascenseur par la cour, sonnez à l'accueil."):
            names = list(made.values)
            seen = read(marks(held_fields(made.actor, noe, names)))
            revising.accept_revision(by=noe, revision=made, names=names, seen=seen, word="Merci Yann.")
            world.chronicle.date_fields([made.actor_id], at)
            Actor.objects.filter(pk=made.actor_id).update(confirmed_at=at)
            _answered(made, at + timedelta(days=1))

    def refused(at: datetime) -> None:
        words = "Le meilleur atelier de la région, à prix cassés tout l'été !"
        if made := propose(at, yann, "fablab", summary=words):
            reason = "Dites ce que l'on y fait et pour qui, sans réclame : nous le publierons volontiers."
            revising.refuse_revision(by=noe, revision=made, code=RefusalReason.PROMOTIONAL, reason=reason)
            _answered(made, at + timedelta(days=2))

    add(ago(66, 9), joins)
    add(ago(48, 18), taken)
    add(ago(26, 20), refused)
    add(ago(9, 21), partial(propose, who=yann, key="museum", phone="05 36 49 31 08", summary=_SUMMARY))
    add(ago(3, 19), partial(propose, who=pole, key="association", website="https://petits-curieux.example/agenda"))


_SUMMARY = "Des herbiers à feuilleter, une visite contée le mercredi et des nuits du muséum au printemps."


def _answered(revision: Revision, at: datetime) -> None:
    Revision.objects.filter(pk=revision.pk).update(decided_at=at)
