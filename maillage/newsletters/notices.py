"""What may be told to those who send letters."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import NoticeKind, declare_kind
from maillage.core import mail
from maillage.newsletters.actions.leaving import PREFIX
from maillage.newsletters.actions.sending import still_wanted

mail.ask_before_leaving(PREFIX, still_wanted)

declare_kind(
    NoticeKind("letter_sent", _("Une lettre que j'ai écrite est partie, ou n'a pas pu partir"),
               "activity/mail/notice.html", channels=("site",))
)  # fmt: skip
