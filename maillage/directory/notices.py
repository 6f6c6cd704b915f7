"""What may be told of the sheets that one looks after, or asks to."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.enums import Rhythm
from maillage.activity.registry import NoticeKind, declare_kind

declare_kind(
    NoticeKind(
        "claim_received",
        _("Quelqu'un demande à s'occuper d'une de mes fiches, ou y signale une erreur"),
        "directory/mail/claim.html",
        rhythm=Rhythm.NOW,
    )
)
declare_kind(NoticeKind("claim_answer", _("Mes demandes sur une fiche"), "directory/mail/claim.html", optional=False))
declare_kind(
    NoticeKind(
        "actor_member",
        _("Les personnes qui s'occupent de mes fiches changent"),
        "activity/mail/notice.html",
        rhythm=Rhythm.NOW,
    )
)
declare_kind(
    NoticeKind(
        "revision_answer",
        _("Les réponses à mes modifications de fiches"),
        "directory/mail/revision.html",
        optional=False,
    )
)
declare_kind(
    NoticeKind("trust", _("La confiance que me donne un réseau"), "directory/mail/revision.html", optional=False)
)
