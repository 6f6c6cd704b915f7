"""Declaring a partnership, confirming or refusing it from the other side (MAT-6)."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import new_nonce
from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.outreach import rules
from maillage.outreach.actions.writing_to_sides import ask_partner
from maillage.outreach.enums import PartnershipState
from maillage.outreach.models import Introduction, IntroductionSide, Partnership
from maillage.outreach.queries.introductions import other_side
from maillage.outreach.queries.partnerships import confirmation_ends_at
from maillage.topics.models import Term

WAITING_AT_MOST = 5  # Declared by one actor and not confirmed yet.


def declare_partnership(
    *,
    by: Viewer,
    actor: Actor,
    other: Actor,
    title: str,
    theme: Term | None = None,
    mission: Term | None = None,
    began_on: date | None = None,
    introduction: Introduction | None = None,
) -> Partnership:
    """For `actor`; the other side is asked to confirm. Declared by the other already, this confirms it."""
    rules.may_declare_partnership(by, actor, other).require()
    return _declare(by, actor, other, title, theme, mission, began_on, introduction)


def declare_by_link(*, side: IntroductionSide, title: str) -> Partnership:
    """By whoever holds the link of a side, once « un projet est né »; both sides are in the directory."""
    other = other_side(side)
    if side.actor is None or other.actor is None:
        raise Refused(_("Un partenariat se déclare entre deux acteurs de l'annuaire."), status=409)
    introduction = side.introduction
    by = Viewer.as_system(introduction.network, _("L'acteur, par son lien personnel"))
    return _declare(by, side.actor, other.actor, title, None, introduction.mission, None, introduction)


def _declare(
    by: Viewer,
    actor: Actor,
    other: Actor,
    title: str,
    theme: Term | None,
    mission: Term | None,
    began_on: date | None,
    introduction: Introduction | None,
) -> Partnership:
    if actor.pk == other.pk:
        raise Refused(_("Un partenariat se fait à deux : choisissez un autre acteur."), status=422)
    if began_on is not None and began_on > timezone.localdate():
        raise Refused(_("Un partenariat se déclare quand il a commencé."), status=422)
    first, second = sorted((actor, other), key=lambda each: each.pk)
    with transaction.atomic():
        # Held in this order by whoever declares one of the same two: the second finds what the first wrote.
        held_actors = Actor.objects.select_for_update().order_by("pk").in_bulk([first.pk, second.pk])
        if len(held_actors) < 2:
            raise Conflict(_("L'une des deux fiches n'existe plus."))
        first, second = held_actors[first.pk], held_actors[second.pk]
        if first.archived_at is not None or second.archived_at is not None:
            raise Refused(_("L'un des deux acteurs est archivé : il ne déclare plus de partenariat."), status=409)
        other = held_actors[other.pk]
        there = Partnership.objects.select_for_update(of=("self",)).filter(
            network=by.network, first=first, second=second, object_key=folded(title)[:200]
        )
        if (held := there.first()) is not None:
            return _declared_again(by, held, actor)
        if by.system or not by.runs_network:
            _require_few_waiting(by, actor)
        now = timezone.now()
        partnership = Partnership(
            network=by.network,
            first=first,
            second=second,
            title=title,
            theme=theme,
            mission=mission,
            began_on=began_on or timezone.localdate(),
            by_first=actor.pk == first.pk,
            declared_by=by.user,
            declared_at=now,
            introduction=introduction,
            email=other.email,
            expires_at=confirmation_ends_at(by.network, now),
        )
        partnership.full_clean()
        partnership.save()
        record("partnership.declared", by=by, subject=partnership, details=_named(partnership), touch=False)
        ask_partner(partnership)
    return partnership


def _require_few_waiting(by: Viewer, actor: Actor) -> None:
    """Each one writes to somebody, in words of its own: whoever is not of the team waits for the answers."""
    own = Q(first=actor, by_first=True) | Q(second=actor, by_first=False)
    waiting = Partnership.objects.filter(own, network=by.network, state=PartnershipState.DECLARED)
    if waiting.count() >= WAITING_AT_MOST:
        raise Refused(
            _(
                "%(count)d partenariats attendent déjà d'être confirmés. Attendez une réponse, ou demandez à l'équipe "
                "du réseau de déclarer celui-ci."
            )
            % {"count": WAITING_AT_MOST},
            status=409,
        )


def _declared_again(by: Viewer, held: Partnership, actor: Actor) -> Partnership:
    if held.waits and held.declarer.pk != actor.pk:
        return _decide(by, held, confirmed=True)
    raise Refused(_("Ce partenariat est déjà déclaré : il ne compte qu'une fois."), status=409)


def decide_partnership(*, by: Viewer, partnership: Partnership, confirmed: bool) -> Partnership:
    """The other side, or the team in its place."""
    with transaction.atomic():
        partnership = _held(partnership)
        rules.may_decide_partnership(by, partnership).require()
        return _decide(by, partnership, confirmed=confirmed)


def decide_by_link(*, partnership: Partnership, confirmed: bool) -> Partnership:
    with transaction.atomic():
        partnership = _held(partnership)
        if partnership.is_ended:
            raise Refused(_("L'un des deux acteurs est archivé : ce partenariat ne se confirme plus."), status=409)
        if not partnership.is_open:
            raise Refused(_("Ce lien ne sert plus : son délai est passé, ou l'adresse a changé."), status=410)
        by = Viewer.as_system(partnership.network, _("L'acteur, par son lien personnel"))
        return _decide(by, partnership, confirmed=confirmed)


def _decide(by: Viewer, partnership: Partnership, *, confirmed: bool) -> Partnership:
    """The same answer again is no news; the other one is a conflict, but to confirm what was refused."""
    wanted = PartnershipState.CONFIRMED if confirmed else PartnershipState.REFUSED
    if partnership.state == wanted:
        return partnership
    if partnership.state == PartnershipState.CONFIRMED:
        raise Conflict(_("Ce partenariat est déjà confirmé."))
    partnership.state, partnership.decided_at, partnership.decided_by = wanted, timezone.now(), by.user
    partnership.full_clean()
    partnership.save()
    verb = "partnership.confirmed" if confirmed else "partnership.refused"
    record(verb, by=by, subject=partnership, details=_named(partnership), touch=False)
    return partnership


def ask_again(*, by: Viewer, partnership: Partnership) -> bool:
    """A new link to the address that the other side has now; whether somebody could be written to."""
    with transaction.atomic():
        partnership = _held(partnership)
        rules.may_decide_partnership(by, partnership).require()
        if not partnership.waits:
            raise Conflict(_("Ce partenariat a déjà sa réponse."))
        partnership.email, partnership.nonce = partnership.other.email, new_nonce()
        partnership.expires_at = confirmation_ends_at(partnership.network, timezone.now())
        partnership.save()
        record("partnership.asked", by=by, subject=partnership, details=_named(partnership), touch=False)
        return ask_partner(partnership)


def stop_asking(*, partnership: Partnership) -> None:
    """No more messages that ask this actor to confirm: said by the link, but not by that of a former address. The link goes on
    answering."""
    if partnership.email and partnership.email.lower() != partnership.other.email.lower():
        return
    Partnership.objects.filter(pk=partnership.pk, stopped_at=None).update(stopped_at=timezone.now())


def _held(partnership: Partnership) -> Partnership:
    rows = Partnership.objects.select_for_update(of=("self",)).select_related(
        "network", "first__commune__department", "second__commune__department"
    )
    found = rows.filter(pk=partnership.pk).first()
    if found is None:
        raise Conflict(_("Ce partenariat n'existe plus."))
    return found


def _named(partnership: Partnership) -> dict[str, list[int]]:
    return {"actors": [partnership.first_id, partnership.second_id]}


def forget_partner(*, email: str) -> None:
    """Whoever has this address is written to no more: their link goes with it."""
    if email:
        Partnership.objects.filter(email__iexact=email).update(email="")


@task(every=timedelta(days=1))
def forget_partnership_links(job: Job) -> None:
    """The address goes with the answer, or with the end of the link."""
    old = Partnership.objects.exclude(email="")
    now = timezone.now()
    old.exclude(state=PartnershipState.DECLARED).filter(decided_at__lt=now - timedelta(days=1)).update(email="")
    old.filter(expires_at__lt=now).update(email="")
