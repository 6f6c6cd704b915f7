"""What the team may be told of its relations."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.enums import Rhythm
from maillage.activity.registry import NoticeKind, declare_kind

declare_kind(
    NoticeKind("next_steps", _("Les suites que je dois donner ce jour"), "activity/mail/notice.html", rhythm=Rhythm.NOW)
)
declare_kind(
    NoticeKind(
        "campaign_answers",
        _("Les réponses des acteurs dont je suis l'approche"),
        "activity/mail/notice.html",
        rhythm=Rhythm.DAILY,
    )
)
