"""What may be told of loans: all of it waits for an act of its reader, and leaves at once."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.activity.enums import Rhythm
from maillage.activity.registry import NoticeKind, declare_kind


def _declare(name: str, label: Any, *, optional: bool = True) -> None:
    declare_kind(NoticeKind(name, label, "loans/mail/notice.html", optional=optional, rhythm=Rhythm.NOW))


_declare("loan_asked", _("Les demandes de prêt auxquelles je dois répondre"))
_declare("loan_answer", _("Les réponses à mes demandes de prêt"), optional=False)
_declare("loan_course", _("La suite des prêts que je fais ou que je reçois"))
_declare("loan_reminder", _("Les rappels de retour"), optional=False)
_declare("loan_offer", _("Une place libérée en liste d'attente"), optional=False)
