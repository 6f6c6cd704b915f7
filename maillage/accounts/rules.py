"""Who may invite, give and take back roles, and close an account."""

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from maillage.accounts.enums import INVITED_KINDS
from maillage.accounts.models import Invitation, Role, User
from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import RoleKind, Viewer


def may_manage_people(viewer: Viewer) -> Answer:
    return allow_if(
        viewer.network is not None and viewer.is_network_admin,
        _("Seules les personnes qui administrent ce réseau voient ses comptes et donnent les rôles."),
    )


def may_give(viewer: Viewer, kind: str) -> Answer:
    """Whether `kind` may be given, or offered, in the viewer's network."""
    if not may_manage_people(viewer):
        return may_manage_people(viewer)
    return allow_if(kind in INVITED_KINDS, _("Ce rôle ne se donne pas depuis un réseau."))


def may_revoke(viewer: Viewer, role: Role) -> Answer:
    if not may_manage_people(viewer) or role.network_id != viewer.network_id:
        return Denied(_("Ce rôle n'est pas de ceux que vous pouvez retirer."))
    if role.revoked_at is not None:
        return Denied(_("Ce rôle est déjà retiré."))
    if role.kind == RoleKind.NETWORK_ADMIN and not _others_administer(role):
        return Denied(_("C'est la dernière personne qui administre ce réseau : nommez-en d'abord une autre."))
    return Allowed()


def may_invite_to_merge(viewer: Viewer, user: User) -> Answer:
    """To say that the journey exists: nobody makes one account of two for somebody else (decision 0017)."""
    if not may_manage_people(viewer):
        return may_manage_people(viewer)
    if viewer.user_id == user.pk:
        return Denied(_("Pour vos propres comptes, passez par « Mon compte › Profil »."))
    return allow_if(user.erased_at is None, _("Ce compte a été supprimé."))


def may_accept(viewer: Viewer, invitation: Invitation) -> Answer:
    if invitation.accepted_at is not None:
        return Denied(_("Cette invitation a déjà été acceptée."))
    if invitation.revoked_at is not None:
        return Denied(_("Cette invitation a été annulée. Demandez-en une autre à la personne qui vous a écrit."))
    if not invitation.is_open:
        return Denied(_("Cette invitation a expiré. Demandez-en une autre à la personne qui vous a écrit."))
    return allow_if(viewer.is_authenticated, _("Connectez-vous ou créez un compte pour accepter l'invitation."))


def may_erase(viewer: Viewer, user: User) -> Answer:
    """One closes one's own account; the last administrator names a successor first."""
    if viewer.user_id != user.pk and not viewer.system:
        return Denied(_("Chacun ne peut supprimer que son propre compte."))
    for role in Role.objects.held().filter(user=user, kind=RoleKind.NETWORK_ADMIN).select_related("network"):
        if not _others_administer(role):
            return Denied(
                _("Vous êtes la dernière personne à administrer « %(network)s » : nommez-en d'abord une autre.")
                % {"network": role.network}
            )
    platform = Role.objects.held().filter(kind=RoleKind.PLATFORM_ADMIN)
    if platform.filter(user=user).exists() and not platform.exclude(user=user).exists():
        return Denied(_("Vous êtes la dernière personne à administrer la plateforme : nommez-en d'abord une autre."))
    return Allowed()


def may_merge_accounts(viewer: Viewer, other: User | None) -> Answer:
    """Whether the account `other`, whose address the viewer proved to read, may become one with theirs.

    Reading its mail does not stand for its second factor, nor give the platform to who does not administer it.
    """
    if viewer.user is None:
        return Denied(_("Connectez-vous pour réunir un autre compte au vôtre."))
    if other is None or other.erased_at is not None or not other.is_active:
        return Denied(_("Aucun autre compte ouvert n'a cette adresse : il n'y a rien à réunir."))
    if other.pk == viewer.user_id:
        return Denied(_("Cette adresse est déjà une de celles de ce compte."))
    if Authenticator.objects.filter(user=other).exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        return Denied(
            _(
                "L'autre compte est protégé par un second facteur : connectez-vous avec lui, puis réunissez les deux comptes "
                "depuis là, ou retirez-y d'abord le second facteur."
            )
        )
    platform = Role.objects.held().filter(kind=RoleKind.PLATFORM_ADMIN)
    if platform.filter(user=other).exists() and not platform.filter(user=viewer.user_id).exists():
        return Denied(
            _("L'autre compte administre la plateforme : connectez-vous avec lui, puis réunissez les deux depuis là.")
        )
    return Allowed()


def why_kept(user: User) -> str:
    """Why an account that nobody opens is kept all the same, or ""."""
    answer = may_erase(Viewer.as_system(None, "absence"), user)
    return "" if answer else _("Seule à administrer : nommez d'abord une autre personne.")


def _others_administer(role: Role) -> bool:
    return (
        Role.objects.held()
        .filter(network=role.network_id, kind=RoleKind.NETWORK_ADMIN)
        .exclude(user=role.user_id)
        .exists()
    )
