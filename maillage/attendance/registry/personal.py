"""What the registrations keep of people: the register of personal data."""

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import COLUMNS, Erasure, LegalBasis, PersonalField, declare

_COMING = _("S'inscrire à un événement : garder une place, prévenir d'un changement, savoir qui est venu")
_KEPT = _("Deux mois après la date (ou le délai réglé par le réseau) ; deux jours sans confirmation")

declare(
    PersonalField(
        "attendance.Registration",
        "user",
        _COMING,
        LegalBasis.CONTRACT,
        _KEPT,
        Erasure.WITHDRAW,
        also=("session", "name", "email", "places", "group_name", "level", "state", "created_at", "came"),
        label=_("Inscriptions à des événements"),
    ),
    *(
        PersonalField(
            "attendance.Registration", field, _COMING, LegalBasis.CONTRACT, _KEPT, Erasure.WITHDRAW,
            owner="user", export=False, label=label,
        )
        for field, label in (("email", _("Adresse donnée à l'inscription")), ("name", _("Nom donné à l'inscription")))
    ),
)  # fmt: skip
COLUMNS.setdefault("session", _("date"))
COLUMNS.setdefault("came", _("personnes venues"))
