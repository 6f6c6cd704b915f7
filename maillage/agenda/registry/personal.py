"""What the agenda keeps of people: the register of personal data."""

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField
from maillage.accounts.registry import declare as declare_personal

_AGENDA = _("Tenir l'agenda du réseau : savoir qui a écrit et relu quoi")
_KEPT = _("Tant que l'événement existe, sans le nom après la fermeture du compte")

declare_personal(
    PersonalField(
        "agenda.Event",
        "author",
        _AGENDA,
        LegalBasis.CONTRACT,
        _KEPT,
        Erasure.PSEUDONYM,
        also=("title", "summary", "state", "created_at"),
        label=_("Événements que vous avez écrits"),
    ),
    PersonalField(
        "agenda.Event",
        "decided_by",
        _AGENDA,
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.PSEUDONYM,
        also=("title", "decided_at"),
        label=_("Événements que vous avez relus"),
    ),
    PersonalField(
        "agenda.Organiser",
        "added_by",
        _AGENDA,
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Organisateurs que vous avez nommés"),
    ),
    PersonalField(
        "agenda.EventRevision",
        "author",
        _AGENDA,
        LegalBasis.CONTRACT,
        _("Jusqu'à la réponse, puis avec l'événement"),
        Erasure.DELETE_ROW,
        also=("values", "state", "sent_at", "reason"),
        label=_("Modifications d'événements que vous avez proposées"),
    ),
    PersonalField(
        "agenda.EventRevision",
        "decided_by",
        _AGENDA,
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Modifications d'événements que vous avez relues"),
    ),
)
