"""What may be told of the texts that one writes, signs or comments."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import NoticeKind, declare_kind

_MAIL = "publications/mail/notice.html"

declare_kind(
    NoticeKind("publication_answer", _("Les réponses à mes textes"), "publications/mail/answer.html", optional=False)
)
declare_kind(NoticeKind("credit_asked", _("On me propose de signer un texte"), _MAIL, optional=False))
declare_kind(NoticeKind("credit_answered", _("Une signature que j'ai demandée reçoit sa réponse"), _MAIL))
declare_kind(NoticeKind("comment_received", _("Un commentaire sous un texte que je signe"), _MAIL))
