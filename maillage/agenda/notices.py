"""What may be told of events that one wrote or organises."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.enums import Rhythm
from maillage.activity.registry import NoticeKind, declare_kind

declare_kind(NoticeKind("event_answer", _("Les réponses à mes événements"), "agenda/mail/answer.html", optional=False))
declare_kind(
    NoticeKind(
        "event_organiser",
        _("Un de mes acteurs est nommé organisateur d'un événement"),
        "agenda/mail/notice.html",
        rhythm=Rhythm.NOW,
    )
)
declare_kind(
    NoticeKind(
        "event_status",
        _("Un événement que j'organise est annulé ou reporté"),
        "agenda/mail/notice.html",
        rhythm=Rhythm.NOW,
    )
)
