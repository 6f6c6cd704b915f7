"""What may be told to those who send letters."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import NoticeKind, declare_kind

declare_kind(
    NoticeKind("letter_sent", _("Une lettre que j'ai écrite est partie, ou n'a pas pu partir"),
               "activity/mail/notice.html", channels=("site",))
)  # fmt: skip
