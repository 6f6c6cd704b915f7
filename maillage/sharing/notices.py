"""What may be told of what networks share."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import NoticeKind, declare_kind

_MAIL = "activity/mail/notice.html"
declare_kind(
    NoticeKind("share_proposed", _("Équipe d'animation : un autre réseau propose ou reprend un contenu"), _MAIL)
)
declare_kind(NoticeKind("share_answer", _("Les réponses d'autres réseaux à ce que je leur propose"), _MAIL))
