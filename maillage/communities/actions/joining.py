"""Coming in and going out: asked, invited, accepted, refused, left, removed. The history of each stays."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.communities import rules
from maillage.communities.actions import telling
from maillage.communities.actions.marking import held, write_down
from maillage.communities.actions.running import accept, enter
from maillage.communities.enums import MemberRole, MemberState
from maillage.communities.models import Community, CommunityCharter, CommunityMember, Follow
from maillage.communities.models.members import INVITED_DAYS
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.text import legible
from maillage.core.viewer import Viewer

MOST_INVITED = 200  # That wait for an answer: each is a message to somebody.


def join_community(
    *, by: Viewer, community: Community, charter: str = "", words: str = "", name_is_public: bool = False
) -> CommunityMember:
    """Enter an open one, or one that one is invited to; ask for the others, and for any that one was removed from. `charter` is the print of the text that the page
    showed and the person accepted."""
    with transaction.atomic():
        community = held(community)
        rules.may_join(by, community).require()
        text = _accepted(community, charter)
        standing = rules.standing_of(by, community)
        if standing is None and rules.asks_first(by, community):
            row = CommunityMember(community=community, user=by.user, state=MemberState.ASKED)
            row.words, row.name_is_public = legible(words).strip()[:500], name_is_public
            accept(row, text)
            row.save()
            write_down("community.ask", by=by, community=community, touch=False)
            telling.tell_asked(row)
            return row
        role = MemberRole(standing.role) if standing is not None else MemberRole.MEMBER
        row = enter(community, by.user, role=role, charter=text)
        CommunityMember.objects.filter(pk=row.pk).update(name_is_public=name_is_public)
        write_down("community.join", by=by, community=community)
    return row


def _accepted(community: Community, sha256: str) -> CommunityCharter | None:
    """The charter in force, which must be the one that was shown."""
    current = community.charters.first()
    if current is None:
        return None
    if not sha256:
        raise Refused(_("Acceptez la charte pour entrer."), status=422)
    if sha256 != current.sha256:
        raise Conflict(_("La charte vient de changer : relisez-la avant de l'accepter."))
    return current


def accept_charter(*, by: Viewer, community: Community, charter: str) -> CommunityMember:
    """A member accepts the text that took the place of the one they had accepted."""
    with transaction.atomic():
        community = held(community)
        row = rules.standing_of(by, community)
        if row is None or row.state != MemberState.MEMBER:
            raise Refused(_("Seuls les membres acceptent la charte."))
        accept(row, _accepted(community, charter))
        row.save()
    return row


def show_name(*, by: Viewer, community: Community, shown: bool) -> None:
    """Whether one's name is read by all, or by members alone."""
    row = rules.standing_of(by, community)
    if row is None:
        raise Refused(_("Vous n'en faites pas partie."), status=409)
    with transaction.atomic():
        CommunityMember.objects.filter(pk=row.pk).update(name_is_public=shown)
        community.network.touch()  # Pages that are kept show names.


def accept_request(*, by: Viewer, row: CommunityMember) -> CommunityMember:
    with transaction.atomic():
        row = _asked(by, row)
        user = row.user
        if user is None:
            raise Conflict(_("Cette demande n'attend plus de réponse."))
        row = enter(row.community, user, decided_by=by.user)
        write_down("community.accept", by=by, community=row.community)
        telling.tell_answer(row, accepted=True)
    return row


def refuse_request(*, by: Viewer, row: CommunityMember, reason: str) -> CommunityMember:
    with transaction.atomic():
        row = _asked(by, row)
        if not reason.strip():
            raise Refused(_("Dites pourquoi : la personne le lira."), status=422)
        row.state, row.reason = MemberState.REFUSED, legible(reason).strip()[:500]
        row.decided_by, row.ended_at = by.user, timezone.now()
        row.save()
        write_down("community.refuse", by=by, community=row.community, touch=False)
        telling.tell_answer(row, accepted=False)
    return row


def _asked(by: Viewer, row: CommunityMember) -> CommunityMember:
    community = held(row.community)
    row = CommunityMember.objects.select_related("user").get(pk=row.pk)
    row.community = community
    rules.may_change(by, community).require()
    if row.state != MemberState.ASKED:
        raise Conflict(_("Cette demande n'attend plus de réponse."))
    return row


# --- invitations --------------------------------------------------------------------------------------------------------


def invite(
    *, by: Viewer, community: Community, email: str, words: str = "", role: MemberRole = MemberRole.MEMBER
) -> CommunityMember:
    """At an address, whether an account has it or not: nothing tells which. `role` is what it offers."""
    with transaction.atomic():
        community = held(community)
        rules.may_change(by, community).require()
        waiting = CommunityMember.objects.filter(community=community, state=MemberState.INVITED)
        if waiting.count() >= MOST_INVITED:
            raise Refused(_("Deux cents invitations au plus attendent leur réponse."), status=422)
        row = CommunityMember(community=community, email=email.strip().lower(), state=MemberState.INVITED, role=role)
        row.words, row.invited_by = legible(words).strip()[:500], by.user
        row.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise Conflict(_("Cette adresse est déjà invitée.")) from None
        write_down("community.invite", by=by, community=community, touch=False)
        telling.tell_invited(row, by=by)
    return row


def invite_person(*, by: Viewer, community: Community, user: User, words: str = "") -> CommunityMember:
    """Someone of the network, chosen by name."""
    with transaction.atomic():
        community = held(community)
        rules.may_change(by, community).require()
        row = CommunityMember(community=community, user=user, state=MemberState.INVITED)
        row.words, row.invited_by = legible(words).strip()[:500], by.user
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise Conflict(_("Cette personne est déjà membre, invitée, ou demande à entrer.")) from None
        write_down("community.invite", by=by, community=community, touch=False)
        telling.tell_invited(row, by=by)
    return row


def take_invitation(*, by: Viewer, row: CommunityMember, token: str) -> Community:
    """Whoever holds the link of a message takes its invitation for their account; entering is `join_community`."""
    rules.may_follow(by).require()
    with transaction.atomic():
        community = held(row.community)
        row = CommunityMember.objects.get(pk=row.pk)
        if not row.is_opened_by(token) or not row.is_open or community.is_closed:
            raise Conflict(_("Cette invitation n'est plus valable."))
        if row.user_id is not None:
            if row.user_id != by.user_id:
                raise Conflict(_("Cette invitation n'est plus valable."))
            return community
        if rules.was_removed(by, community, since=row.created_at):
            raise Conflict(_("Vous en avez été retiré depuis cette invitation : demandez-en une autre."))
        own = rules.standing_of(by, community)
        if own is not None and own.state != MemberState.ASKED:
            if own.state == MemberState.MEMBER and row.role == MemberRole.ANIMATOR:
                own.role = MemberRole.ANIMATOR
                own.save()
            row.delete()  # They are there already, with another address.
            return community
        if own is not None:
            own.delete()
        row.user, row.email = by.user, ""
        row.save()
    return community


def decline_invitation(*, by: Viewer, community: Community) -> None:
    with transaction.atomic():
        community = held(community)
        row = rules.standing_of(by, community)
        if row is None or row.state != MemberState.INVITED:
            raise Conflict(_("Cette invitation n'est plus valable."))
        row.state, row.ended_at = MemberState.REFUSED, timezone.now()
        row.save()
        write_down("community.decline", by=by, community=community, touch=False)


def cancel_invitation(*, by: Viewer, row: CommunityMember) -> None:
    with transaction.atomic():
        community = held(row.community)
        rules.may_change(by, community).require()
        row = CommunityMember.objects.get(pk=row.pk)
        if row.state != MemberState.INVITED:
            raise Conflict(_("Cette invitation a déjà reçu sa réponse."))
        row.state, row.email, row.ended_at, row.decided_by = MemberState.REMOVED, "", timezone.now(), by.user
        row.save()
        write_down("community.uninvite", by=by, community=community, touch=False)


@task(every=timedelta(days=1))
def forget_invitations(job: Job) -> None:
    """Nobody answered: the address is forgotten with the invitation."""
    term = timezone.now() - timedelta(days=INVITED_DAYS)
    CommunityMember.objects.filter(state=MemberState.INVITED, user=None, created_at__lt=term).delete()


# --- going out ----------------------------------------------------------------------------------------------------------


def leave_community(*, by: Viewer, community: Community) -> None:
    with transaction.atomic():
        community = held(community)
        rules.may_leave(by, community).require()
        row = rules.standing_of(by, community)
        if row is not None:
            _end(row, MemberState.LEFT)
            write_down("community.leave", by=by, community=community)


def remove_member(*, by: Viewer, row: CommunityMember, reason: str = "") -> None:
    """At once: they read, place and receive nothing more; what they placed stays under their name (GRP-2)."""
    with transaction.atomic():
        community = held(row.community)
        rules.may_change(by, community).require()
        row = CommunityMember.objects.select_related("user").get(pk=row.pk)
        row.community = community
        if row.state != MemberState.MEMBER:
            raise Conflict(_("Cette personne n'en fait plus partie."))
        if row.user_id == by.user_id:
            raise Refused(_("Pour partir vous-même, quittez la communauté."), status=409)
        row.reason, row.decided_by = legible(reason).strip()[:500], by.user
        _end(row, MemberState.REMOVED)
        write_down("community.remove", by=by, community=community)
        telling.tell_removed(row)


def _end(row: CommunityMember, state: MemberState) -> None:
    row.state, row.ended_at, row.role = state, timezone.now(), MemberRole.MEMBER
    row.save()
    Follow.objects.filter(user=row.user_id, community=row.community_id).delete()


def set_animator(*, by: Viewer, row: CommunityMember, animates: bool) -> None:
    """A member animates, or no longer; the last one stays until another does."""
    with transaction.atomic():
        community = held(row.community)
        rules.may_change(by, community).require()
        row = CommunityMember.objects.get(pk=row.pk)
        if row.state != MemberState.MEMBER:
            raise Conflict(_("Cette personne n'en fait plus partie."))
        others = CommunityMember.objects.animating().filter(community=community).exclude(pk=row.pk)
        if not animates and not others.exists():
            raise Refused(_("C'est la dernière personne à l'animer : nommez-en d'abord une autre."), status=409)
        row.role = MemberRole.ANIMATOR if animates else MemberRole.MEMBER
        row.save()
        write_down("community.role", by=by, community=community)
