"""What may be told from here: invitations, accounts that nobody opens, imports."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import NoticeKind, declare_kind

declare_kind(NoticeKind("invitation", _("Invitation"), "activity/mail/invitation.html", ("mail",), optional=False))
declare_kind(
    NoticeKind(
        "invitation_accepted", _("Une personne que j'ai invitée accepte"), "activity/mail/notice.html", ("site",)
    )
)
declare_kind(
    NoticeKind(
        "absence", _("Suppression de mon compte faute de connexion"), "activity/mail/absence.html", ("mail",), False
    )
)
declare_kind(NoticeKind("absences", _("Des comptes inactifs sont prévenus ou supprimés"), "activity/mail/notice.html"))
declare_kind(NoticeKind("import_finished", _("Un import que j'ai lancé est terminé"), "activity/mail/notice.html"))
