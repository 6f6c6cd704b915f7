"""What may be told from here: invitations, accounts that nobody opens, imports."""

from django.utils.translation import gettext_lazy as _

from maillage.activity import actions
from maillage.activity.enums import Rhythm
from maillage.activity.registry import NoticeKind, declare_kind
from maillage.core import mail

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
declare_kind(
    NoticeKind(
        "absences",
        _("Des comptes inactifs sont prévenus ou supprimés"),
        "activity/mail/notice.html",
        rhythm=Rhythm.NOW,
    )
)
declare_kind(
    NoticeKind(
        "import_finished",
        _("Un import que j'ai lancé est terminé"),
        "activity/mail/notice.html",
        rhythm=Rhythm.NOW,
    )
)
declare_kind(
    NoticeKind(
        "mail_refused", _("Mon adresse refuse les messages"), "activity/mail/notice.html", ("site",), optional=False
    )
)
mail.ask_before_leaving("notice", actions.may_leave_alone)
mail.ask_before_leaving("letter", actions.letter_may_leave)
