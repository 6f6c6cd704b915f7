"""Proposing an introduction, or several at once: each side that has not agreed yet is asked (MAT-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import hold
from maillage.directory.models import Actor
from maillage.outreach import rules
from maillage.outreach.actions.introductions import put_in_contact
from maillage.outreach.actions.writing_to_sides import send_request, send_requests
from maillage.outreach.enums import Manner, SideAnswer, SideRole
from maillage.outreach.models import Introduction, IntroductionSide
from maillage.outreach.queries import introductions as queries
from maillage.topics.models import Term


@dataclass(frozen=True)
class Asking:
    """Who asks: an actor of the directory, or a person outside of it."""

    actor: Actor | None = None
    name: str = ""
    email: str = ""
    structure: str = ""


def introduce(*, by: Viewer, asking: Asking, found: Actor, **values: Any) -> Introduction:
    return introduce_each(by=by, asking=asking, found=[found], **values)[0]


def introduce_each(*, by: Viewer, asking: Asking, found: Sequence[Actor], **values: Any) -> list[Introduction]:
    """Several are proposed, each on its own: all are asked, or none. Whoever asks reads one message, that names them all."""
    for one in found:
        rules.may_follow(by, one).require()
    keys = [one.pk for one in found] + ([asking.actor.pk] if asking.actor is not None else [])
    with transaction.atomic():
        hold(keys, by=by)  # All at once: held pair by pair, two who ask would wait for each other.
        made = [_made(by, asking, one, **values) for one in found]
        pairs = [(one.asker, one.found) for one in made]
        for asker, side in pairs:
            if not side.answer:
                send_request(side, asker)
        if waiting := [pair for pair in pairs if not pair[0].answer]:
            send_requests(waiting)
    return made


def _made(
    by: Viewer, asking: Asking, found: Actor, *, what: str, why: str, manner: str, mission: Term | None = None
) -> Introduction:
    """Both agree already, as the team knows (`manner`): they are put in contact at once."""
    # One after the other: the same two are not asked twice by two people of the team.
    held = Actor.objects.select_for_update().order_by("pk")
    wanted = [found.pk, *([asking.actor.pk] if asking.actor is not None else [])]
    fresh = {actor.pk: actor for actor in held.filter(pk__in=wanted)}
    if len(fresh) < len(set(wanted)):
        raise Conflict(_("L'une des deux fiches n'existe plus."))
    asker, found = (fresh[asking.actor.pk] if asking.actor is not None else None), fresh[found.pk]
    if sentence := queries.why_not_introduced(by.network, asker, found):
        raise Refused(sentence, status=409)
    if (waiting := queries.open_between(by.network, asker, asking.email, found)) is not None:
        raise Refused(
            _("Une mise en relation de ces deux-là attend déjà une réponse, depuis le %(day)s.")
            % {"day": f"{timezone.localtime(waiting.asked_at):%d/%m/%Y}"},
            status=409,
        )
    introduction = Introduction(network=by.network, author=by.user, what=what, why=why, manner=manner, mission=mission)
    introduction.full_clean()
    introduction.save()
    _side(introduction, SideRole.ASKER, asking, manner != Manner.ASK_BOTH, by)
    _side(introduction, SideRole.FOUND, Asking(found), manner == Manner.AT_ONCE, by)
    details = {"actors": sorted(fresh), "manner": str(manner)}
    is_at_once = manner == Manner.AT_ONCE
    verb = "introduction.at_once" if is_at_once else "introduction.made"
    record(verb, by=by, subject=introduction, details=details, touch=False)
    if is_at_once:
        put_in_contact(introduction)
    return introduction


def _side(introduction: Introduction, role: str, who: Asking, agrees: bool, by: Viewer) -> IntroductionSide:
    side = IntroductionSide(
        introduction=introduction,
        role=role,
        actor=who.actor,
        name=who.name,
        structure=who.structure,
        email=who.actor.email if who.actor is not None else who.email,
    )
    if agrees:
        side.answer, side.answered_at, side.told_by = SideAnswer.YES, timezone.now(), by.user
    side.full_clean(exclude=["introduction"])
    side.save()
    return side
