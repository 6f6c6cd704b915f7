"""What reports keep of people: the register of personal data."""

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField, declare

_REPORTS = _("Traiter les signalements de contenus")
_TERM = _("Un an après la décision (ou le délai réglé par le réseau)")

declare(
    PersonalField(
        "moderation.Report",
        "reporter",
        _REPORTS,
        LegalBasis.LEGITIMATE,
        _TERM,
        Erasure.DETACH,
        also=("case", "reason", "words", "at"),
        label=_("Signalements que vous avez faits"),
    ),
    PersonalField(
        "moderation.CaseAuthor",
        "user",
        _REPORTS,
        LegalBasis.LEGITIMATE,
        _TERM,
        Erasure.DELETE_ROW,
        also=("case",),
        label=_("Signalements de ce que vous avez écrit"),
    ),
    PersonalField(
        "moderation.Case",
        "appealed_by",
        _REPORTS,
        LegalBasis.LEGITIMATE,
        _TERM,
        Erasure.PSEUDONYM,
        also=("title", "appeal", "appealed_at", "state"),
        label=_("Décisions que vous avez contestées"),
    ),
    *(
        PersonalField(
            "moderation.Case",
            name,
            _REPORTS,
            LegalBasis.LEGITIMATE,
            _TERM,
            Erasure.PSEUDONYM,
            export=False,
            label=label,
        )
        for name, label in (
            ("decided_by", _("Décisions que vous avez prises sur des signalements")),
            ("answered_by", _("Contestations auxquelles vous avez répondu")),
        )
    ),
)
