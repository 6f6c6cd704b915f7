"""Roles and invitations. A role is told to the journal as an act on the person who holds it."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.accounts import rules, signals
from maillage.accounts.actions.erasing import readmit_address
from maillage.accounts.actions.inviting import require_pace
from maillage.accounts.actions.security import end_sessions
from maillage.accounts.actions.telling import tell_act
from maillage.accounts.models import ApiToken, Invitation, Role, User, new_nonce
from maillage.accounts.queries import objecting_among
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks.models import Network

INVITED_AT_ONCE = 50


def grant_role(*, by: Viewer, user: User, kind: str, department: str = "") -> Role:
    """Give a role at once to someone known; the same role twice is the same role."""
    rules.may_give(by, kind).require()
    if user.erased_at is not None:
        raise Refused(_("Ce compte a été supprimé."))
    return _give(by=by, user=user, kind=kind, department=department)


def revoke_role(*, by: Viewer, role: Role) -> Role:
    """Take a role back; the sessions and the tokens of the person in this network end at once."""
    with transaction.atomic():
        role = Role.objects.select_for_update().get(pk=role.pk)
        # Two administrators who remove each other at the same time: the lock lets one see the other gone.
        list(Role.objects.select_for_update().filter(network=role.network_id, kind=RoleKind.NETWORK_ADMIN))
        rules.may_revoke(by, role).require()
        role.revoked_at = timezone.now()
        role.save(update_fields=["revoked_at", "updated_at"])
        ApiToken.objects.live().filter(user=role.user_id, network=role.network_id).update(revoked_at=role.revoked_at)
        end_sessions(user=role.user)
        tell_act("role.revoked", by=by, subject=role.user, details={"role": role.kind, "department": role.department})
    return role


def invite(*, by: Viewer, emails: list[str], kind: str, department: str = "", message: str = "") -> list[Invitation]:
    """Invite addresses to a role; one that already waits for the same role is sent again rather than doubled."""
    rules.may_give(by, kind).require()
    addresses = list(dict.fromkeys(email.strip().lower() for email in emails if email.strip()))
    if len(addresses) > INVITED_AT_ONCE:
        raise Refused(_("Pas plus de %(limit)s invitations à la fois.") % {"limit": INVITED_AT_ONCE}, status=422)
    if kind != RoleKind.ANIMATOR:
        department = ""
    sent = []
    with transaction.atomic():
        require_willing(by=by, emails=addresses)
        _require_quota(by, len(addresses))
        for email in addresses:
            waiting = Invitation.objects.open().filter(
                network=by.network, email=email, kind=kind, department=department
            )
            invitation = waiting.first() or Invitation(
                network=by.network, email=email, kind=kind, department=department, nonce=new_nonce()
            )
            invitation.message = message
            invitation.invited_by = by.user
            sent.append(_send(by, invitation, verb="invitation.sent"))
    return sent


def require_willing(*, by: Viewer, emails: list[str]) -> None:
    """No invitation goes to an address whose owner wants none (GDP-6): why is their affair, not the sender's. One's own
    addresses are asked about by nobody else."""
    refused = objecting_among(by, emails)
    if refused:
        sentence = ngettext(
            "Nous n'écrivons pas à cette adresse : %(addresses)s. Demandez-en une autre à la personne, ou qu'elle s'inscrive "
            "elle-même.",
            "Nous n'écrivons pas à ces adresses : %(addresses)s. Demandez-en d'autres aux personnes, ou qu'elles s'inscrivent "
            "elles-mêmes.",
            len(refused),
        )
        raise Refused(sentence % {"addresses": ", ".join(refused[:5])}, status=422)


def resend_invitation(*, by: Viewer, invitation: Invitation) -> Invitation:
    """Send it again with a new link and a new term; the former link dies."""
    rules.may_give(by, invitation.kind).require()
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if invitation.accepted_at is not None:
            raise Conflict(_("Cette invitation a déjà été acceptée."))
        if not invitation.email:
            raise Conflict(_("L'adresse de cette invitation est effacée : invitez de nouveau."))
        require_willing(by=by, emails=[invitation.email])
        _require_quota(by, 1)
        invitation.revoked_at = None
        return _send(by, invitation, verb="invitation.resent")


def cancel_invitation(*, by: Viewer, invitation: Invitation) -> Invitation:
    rules.may_give(by, invitation.kind).require()
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if invitation.accepted_at is not None:
            raise Conflict(_("Cette invitation a déjà été acceptée."))
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at", "updated_at"])
        tell_act("invitation.cancelled", by=by, subject=invitation, details={"role": invitation.kind})
    return invitation


def accept_invitation(*, by: Viewer, invitation: Invitation) -> Role:
    """Take the role with the account one is signed in with, whatever address the invitation went to: holding the link
    is the proof (CLM-6)."""
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().select_related("network").get(pk=invitation.pk)
        rules.may_accept(by, invitation).require()
        by = by.in_network(invitation.network)
        invitation.accepted_at = timezone.now()
        invitation.accepted_by = by.user
        invitation.save(update_fields=["accepted_at", "accepted_by", "updated_at"])
        role = _give(by=by, user=by.user, kind=invitation.kind, department=invitation.department)
        tell_act("invitation.accepted", by=by, subject=invitation, details={"role": invitation.kind})
        signals.invitation_accepted.send(sender=Invitation, invitation=invitation, by=by)
    return role


def complete_signup(*, user: User, network: Network | None) -> None:
    """Make a new person, whose address is now proved, a member of the network they signed up to; later sign-ins do
    nothing. A network that is closed takes in only those it invites. Signing up again lifts a suppression: it is the
    person's own act."""
    home = user.home_network or network
    if home is None or Role.objects.filter(user=user).exists():
        return
    readmit_address(email=user.email)
    if not home.is_public:
        return
    _give(by=Viewer(network=home, user=user), user=user, kind=RoleKind.MEMBER)


def join_network(*, by: Viewer) -> Role:
    """Someone of another network becomes a member of this one: same account, new role."""
    if by.network is None or not by.is_authenticated:
        raise Refused(_("Connectez-vous pour rejoindre ce réseau."))
    if not by.network.is_public and not by.roles:
        raise Refused(_("Ce réseau n'est pas ouvert : il faut y être invité."))
    return _give(by=by, user=by.user, kind=RoleKind.MEMBER)


def _give(*, by: Viewer, user: User, kind: str, department: str = "") -> Role:
    if kind != RoleKind.ANIMATOR:
        department = ""
    network = None if kind == RoleKind.PLATFORM_ADMIN else by.network
    wanted = Role(user=user, network=network, kind=kind, department=department, granted_by=by.user)
    with transaction.atomic():
        held = Role.objects.held().filter(user=user, network=network, kind=kind, department=department).first()
        if held is not None:
            return held
        try:
            with transaction.atomic():
                wanted.save()
        except IntegrityError:
            return Role.objects.held().get(user=user, network=network, kind=kind, department=department)
        tell_act("role.granted", by=by, subject=user, details={"role": kind, "department": department})
    return wanted


def _send(by: Viewer, invitation: Invitation, *, verb: str) -> Invitation:
    sent = Invitation.objects.filter(network=invitation.network, kind=invitation.kind, department=invitation.department)
    by_person = int(invitation.network.setting("invitations_per_hour"))
    require_pace(by=by, sent=sent, email=invitation.email, by_person=by_person)
    now = timezone.now()
    invitation.nonce = new_nonce()
    invitation.sent_at = now
    invitation.expires_at = now + timedelta(days=int(invitation.network.setting("invitation_days")))
    invitation.full_clean()
    invitation.save()
    tell_act(verb, by=by, subject=invitation, details={"role": invitation.kind})
    signals.invited.send(sender=Invitation, invitation=invitation, by=by)
    return invitation


def _require_quota(by: Viewer, count: int) -> None:
    """Invitations go to addresses that asked for nothing: no more than the network's hourly limit."""
    if by.network is None or by.system:
        return
    limit = int(by.network.setting("invitations_per_hour"))
    recent = Invitation.objects.filter(network=by.network, sent_at__gt=timezone.now() - timedelta(hours=1)).count()
    if recent + count > limit:
        raise Refused(
            _("Pas plus de %(limit)s invitations par heure : réessayez plus tard.") % {"limit": limit}, status=429
        )
