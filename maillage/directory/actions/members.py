"""Who looks after a sheet: invitations, roles, departures. A sheet is never left without anyone responsible in silence.

Every act holds the actor first (`marking.hold`): two responsible people who leave at once come one after the other, and
the second one is asked for a successor.
"""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.actions import grant_role, require_pace, require_willing
from maillage.accounts.models import User, new_nonce
from maillage.accounts.queries import addresses_of
from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.mail import absolute_url, send
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory import rules
from maillage.directory.actions import telling
from maillage.directory.actions.marking import hold
from maillage.directory.enums import MemberRole
from maillage.directory.models import Actor, ActorInvitation, ActorMember
from maillage.networks.models import Network


def join(*, by: Viewer, actor: Actor, user: User, role: str) -> ActorMember:
    """Inside an act that asked its rule and holds the actor. A role already held is never lowered."""
    member, is_new = ActorMember.objects.get_or_create(actor=actor, user=user, defaults={"role": role})
    raised = not is_new and role == MemberRole.ADMIN and member.role != role
    if raised:
        member.role = role
        member.save(update_fields=["role", "updated_at"])
    if is_new or raised:
        record("actor.joined", by=by, subject=actor, details={"given": str(member.role)}, touch=False)
        telling.tell_responsible(
            actor,
            by=by,
            event=f"joined:{member.pk}:{member.updated_at.isoformat()}",
            title=_("%(person)s s'occupe désormais de « %(actor)s »") % {"person": user, "actor": actor},
        )
    return member


def set_role(*, by: Viewer, member: ActorMember, role: str, releasing: bool = False) -> ActorMember:
    with transaction.atomic():
        member = _held(by, member)
        rules.may_manage_members(by, member.actor).require()
        if role == member.role:
            return member
        orphan = _ends_responsibility(member) if role != MemberRole.ADMIN else False
        _require_knowing(orphan, releasing)
        member.role = MemberRole(role)
        member.save(update_fields=["role", "updated_at"])
        record("actor.member_role", by=by, subject=member.actor, details={"given": str(role)}, touch=False)
        telling.tell_member(
            member.actor,
            member.user,
            by=by,
            event=f"role:{member.pk}:{member.updated_at.isoformat()}",
            title=_("Votre rôle sur « %(actor)s » a changé : %(role)s")
            % {"actor": member.actor, "role": member.get_role_display()},
        )
        if orphan:
            _orphan(by, member.actor)
    return member


def remove_member(*, by: Viewer, member: ActorMember, releasing: bool = False) -> None:
    """The invitations that they sent die with their role."""
    with transaction.atomic():
        member = _held(by, member)
        rules.may_manage_members(by, member.actor).require()
        orphan = _ends_responsibility(member)
        _require_knowing(orphan, releasing)
        _take_away(member)
        record("actor.member_removed", by=by, subject=member.actor, touch=False)
        telling.tell_member(
            member.actor,
            member.user,
            by=by,
            event=f"removed:{member.pk}",
            title=_("Vous ne vous occupez plus de « %(actor)s »") % {"actor": member.actor},
            text=_("Une personne responsable de la fiche ou l'équipe d'animation vous en a retiré."),
        )
        if orphan:
            _orphan(by, member.actor)


def leave(*, by: Viewer, actor: Actor, successor: ActorMember | None = None, releasing: bool = False) -> None:
    """The last responsible person names a successor among those who look after the sheet, or releases it knowingly."""
    with transaction.atomic():
        hold([actor.pk], by=by)
        member = ActorMember.objects.select_related("actor", "user").filter(actor=actor, user=by.user_id).first()
        if member is None:
            raise Conflict(_("Vous ne vous occupez plus de cette fiche."))
        orphan = _ends_responsibility(member)
        if orphan and successor is not None:
            heir = ActorMember.objects.select_related("user").filter(pk=successor.pk, actor=actor).first()
            if heir is None or heir.pk == member.pk or not heir.user.is_active:
                raise Conflict(_("Cette personne ne s'occupe plus de la fiche : choisissez-en une autre."))
            heir.role = MemberRole.ADMIN
            heir.save(update_fields=["role", "updated_at"])
            record("actor.member_role", by=by, subject=actor, details={"given": str(heir.role)}, touch=False)
            telling.tell_member(
                actor,
                heir.user,
                by=by,
                event=f"heir:{heir.pk}:{heir.updated_at.isoformat()}",
                title=_("Vous êtes maintenant responsable de « %(actor)s »") % {"actor": actor},
            )
            orphan = False
        _require_knowing(orphan, releasing)
        _take_away(member)
        record("actor.left", by=by, subject=actor, touch=False)
        telling.tell_responsible(
            actor,
            by=by,
            event=f"left:{member.pk}",
            title=_("%(person)s ne s'occupe plus de « %(actor)s »") % {"person": member.user, "actor": actor},
        )
        if orphan:
            _orphan(by, actor)


def is_last_responsible(member: ActorMember) -> bool:
    """As the page asks it; the acts ask again under the lock."""
    return _ends_responsibility(member)


def leave_with_the_account(*, by: Viewer, user: User) -> None:
    """Inside an erasure, before the memberships go: no sheet keeps a ghost for its responsible person. Nobody is promoted
    unasked; the team is told of each sheet that this leaves without anyone."""
    members = ActorMember.objects.filter(user=user).select_related("actor__home_network", "user").order_by("actor")
    for member in members:
        hold([member.actor_id], by=by)
        orphan = _ends_responsibility(member)
        _take_away(member)
        if orphan:
            _orphan(by.in_network(member.actor.home_network), member.actor)
    received = ActorInvitation.objects.filter(email__in=addresses_of(user))
    received.open().update(revoked_at=timezone.now())
    received.update(email="")


# --- invitations --------------------------------------------------------------------------------------------------------


def invite_member(
    *, by: Viewer, actor: Actor, email: str, role: str = MemberRole.EDITOR, message: str = ""
) -> ActorInvitation:
    """An address that already waits for this sheet is sent its invitation again rather than a second one."""
    with transaction.atomic():
        hold([actor.pk], by=by)
        rules.may_manage_members(by, actor).require()
        _require_quota(by)
        email = email.strip().lower()
        waiting = ActorInvitation.objects.open().filter(actor=actor, network=by.network, email=email).first()
        invitation = waiting or ActorInvitation(network=by.network, actor=actor, email=email)
        invitation.role, invitation.message, invitation.invited_by = MemberRole(role), message, by.user
        return _send(by, invitation)


def resend_invitation(*, by: Viewer, invitation: ActorInvitation) -> ActorInvitation:
    """A new link and a new term; the former link dies."""
    with transaction.atomic():
        invitation = _waiting(by, invitation)
        _require_quota(by)
        invitation.revoked_at = None
        return _send(by, invitation)


def cancel_invitation(*, by: Viewer, invitation: ActorInvitation) -> ActorInvitation:
    with transaction.atomic():
        invitation = _waiting(by, invitation)
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at", "updated_at"])
        record("actor.uninvited", by=by, subject=invitation.actor, touch=False)
    return invitation


def accept_invitation(*, by: Viewer, invitation: ActorInvitation) -> ActorMember:
    """Join with the account one is signed in with, whatever address the invitation went to: holding the link is the
    proof (CLM-6)."""
    with transaction.atomic():
        hold([invitation.actor_id], by=by)
        invitation = ActorInvitation.objects.select_related("actor", "network").get(pk=invitation.pk)
        rules.may_join(by, invitation).require()
        invitation.accepted_at, invitation.accepted_by = timezone.now(), by.user
        invitation.save(update_fields=["accepted_at", "accepted_by", "updated_at"])
        if not by.roles and not invitation.network.is_public:
            # A network that is closed takes in those it invites: without a role, its pages would not exist for them.
            host = Viewer.as_system(invitation.network, "invitation")
            grant_role(by=host, user=by.user, kind=RoleKind.MEMBER)
        return join(by=by, actor=invitation.actor, user=by.user, role=invitation.role)


def _waiting(by: Viewer, invitation: ActorInvitation) -> ActorInvitation:
    hold([invitation.actor_id], by=by)
    invitation = ActorInvitation.objects.select_related("actor__commune__department", "network").get(pk=invitation.pk)
    rules.may_manage_members(by, invitation.actor).require()
    if invitation.accepted_at is not None:
        raise Conflict(_("Cette invitation a déjà été acceptée."))
    if not invitation.email:
        raise Conflict(_("L'adresse de cette invitation est effacée : invitez de nouveau."))
    return invitation


def _send(by: Viewer, invitation: ActorInvitation) -> ActorInvitation:
    """The link is written into the message only: the journal does not keep it. To whoever objected nothing goes; why is
    their affair, not the sender's."""
    require_willing(by=by, emails=[invitation.email])
    sent = ActorInvitation.objects.filter(network=invitation.network, actor=invitation.actor)
    require_pace(by=by, sent=sent, email=invitation.email, by_person=_by_person(invitation.network))
    invitation.nonce, invitation.sent_at = new_nonce(), timezone.now()
    invitation.expires_at = invitation.sent_at + timedelta(days=int(invitation.network.setting("invitation_days")))
    invitation.full_clean()
    invitation.save()
    record("actor.invited", by=by, subject=invitation.actor, details={"given": str(invitation.role)}, touch=False)
    path = reverse("directory:actor_join", args=[invitation.pk, invitation.token])
    send(
        "directory/mail/member_invitation.html",
        to=invitation.email,
        network=invitation.network,
        unasked=by.user is None or invitation.email not in addresses_of(by.user),
        context={
            "invitation": invitation,
            "inviter": str(by.user) if by.user is not None else str(invitation.network),
            "button_url": absolute_url(invitation.network, path),
            "button_label": _("Voir l'invitation"),
        },
    )
    return invitation


def _require_quota(by: Viewer) -> None:
    """Invitations go to addresses that asked for nothing: no more than the network's hourly limit, a tenth of it for one
    person."""
    if by.network is None or by.system:
        return
    limit = int(by.network.setting("invitations_per_hour"))
    recent = ActorInvitation.objects.filter(network=by.network, sent_at__gt=timezone.now() - timedelta(hours=1))
    if recent.count() >= limit or recent.filter(invited_by=by.user_id).count() >= _by_person(by.network):
        raise Refused(_("Trop d'invitations en une heure : réessayez plus tard."), status=429)


def _by_person(network: Network) -> int:
    return max(int(network.setting("invitations_per_hour")) // 10, 1)


# --- what they share ----------------------------------------------------------------------------------------------------


def _held(by: Viewer, member: ActorMember) -> ActorMember:
    hold([member.actor_id], by=by)
    found = ActorMember.objects.select_related("actor__commune__department", "user").filter(pk=member.pk).first()
    if found is None:
        raise Conflict(_("Cette personne ne s'occupe plus de la fiche."))
    return found


def _ends_responsibility(member: ActorMember) -> bool:
    """Whether nobody would be responsible for the sheet without this member."""
    responsible = ActorMember.objects.responsible().filter(actor=member.actor_id)
    return responsible.filter(pk=member.pk).exists() and not responsible.exclude(pk=member.pk).exists()


def _require_knowing(orphan: bool, releasing: bool) -> None:
    if orphan and not releasing:
        raise Refused(
            _("Plus personne ne serait responsable de la fiche : nommez quelqu'un, ou confirmez que vous la libérez."),
            status=409,
        )


def _take_away(member: ActorMember) -> None:
    sent = ActorInvitation.objects.open().filter(actor=member.actor_id, invited_by=member.user_id)
    sent.update(revoked_at=timezone.now())
    ActorMember.objects.filter(pk=member.pk).delete()


def _orphan(by: Viewer, actor: Actor) -> None:
    record("actor.released", by=by, subject=actor, touch=False)
    telling.tell_orphan(actor, by=by)
