"""What may be told of reports: to who makes them, to who wrote what is reported, to who decides."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.enums import Rhythm
from maillage.activity.registry import NoticeKind, declare_kind

declare_kind(
    NoticeKind(
        "report_answer", _("Mes signalements : reçus, décidés"), "moderation/mail/notice.html", rhythm=Rhythm.NOW
    )
)
declare_kind(
    NoticeKind(
        "content_reported",
        _("Ce que j'ai écrit est signalé, masqué ou retiré"),
        "moderation/mail/notice.html",
        optional=False,
    )
)
declare_kind(
    NoticeKind(
        "moderation_alert",
        _("Équipe d'animation : un contenu est signalé, ou une décision contestée"),
        "moderation/mail/notice.html",
        rhythm=Rhythm.NOW,
    )
)
