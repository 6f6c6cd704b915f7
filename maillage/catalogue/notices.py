"""What may be told of the resources that one offers, uses or puts together."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import NoticeKind, declare_kind

_MAIL = "catalogue/mail/notice.html"

declare_kind(
    NoticeKind("resource_answer", _("Les réponses à mes ressources"), "catalogue/mail/answer.html", optional=False)
)
declare_kind(NoticeKind("resource_link", _("Un lien d'une ressource ne répond plus"), "catalogue/mail/answer.html"))
declare_kind(NoticeKind("resource_feedback", _("Un avis sur une ressource, ou une réponse à mon avis"), _MAIL))
declare_kind(NoticeKind("collection_editor", _("On me propose de composer une collection"), _MAIL))
