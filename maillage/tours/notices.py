"""What may be told about tours: what the team is asked, what hosts are answered."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.enums import Rhythm
from maillage.activity.registry import NoticeKind, declare_kind

_MAIL = "tours/mail/notice.html"

declare_kind(
    NoticeKind("tour_answer", _("Mes demandes de passage : réponses, dates, changements"), _MAIL, optional=False)
)
declare_kind(NoticeKind("tour_taken", _("Une ressource que je propose part en tournée"), _MAIL, rhythm=Rhythm.NOW))
declare_kind(
    NoticeKind("tour_endangered", _("Une tournée dont l'exemplaire n'est plus en état"), _MAIL, rhythm=Rhythm.NOW)
)
declare_kind(NoticeKind("tour_planned", _("Une tournée que j'ai fait calculer est prête"), _MAIL, rhythm=Rhythm.NOW))
