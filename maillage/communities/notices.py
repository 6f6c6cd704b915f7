"""What may be told: what appears on what one follows, what happens in one's communities."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.enums import Rhythm
from maillage.activity.registry import NoticeKind, declare_kind

_MAIL = "communities/mail/notice.html"

declare_kind(
    NoticeKind(
        "followed", _("Ce qui paraît sur ce que je suis"), "communities/mail/followed.html", rhythm=Rhythm.WEEKLY
    )
)
declare_kind(
    NoticeKind("community_asked", _("On demande à entrer dans une communauté que j'anime"), _MAIL, rhythm=Rhythm.NOW)
)
declare_kind(NoticeKind("community_answer", _("Mes communautés : réponses, retraits"), _MAIL, optional=False))
declare_kind(NoticeKind("community_invited", _("On m'invite dans une communauté"), _MAIL, optional=False))
